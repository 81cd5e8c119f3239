"""What happens after the commit: the PDF is made once."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.db import Database
from foundation.files import FileStore
from foundation.outbox import Payload, Reader
from notices import events, render
from notices.documents import Document
from notices.models import Notice


def readers(files: FileStore, public_url: str) -> tuple[Reader, ...]:
    """This room's readers, with where files are kept and under which address the portal is reached."""

    def print_paper(database: Database, payload: Payload) -> Payload:
        with database.reading() as db:
            notice = db.scalars(select(Notice).where(Notice.number == payload["notice"])).one()
        return {"pdf_key": notice.pdf_key or files.put(pdf_of(notice, public_url))}

    return (Reader(events.ISSUED, "notices.print_paper", keep_print, prepare=print_paper),)


def keep_print(db: Session, payload: Payload) -> None:
    """Name the PDF that was made; the first one stays."""
    notice = db.scalars(select(Notice).where(Notice.number == payload["notice"]).with_for_update()).one()
    notice.pdf_key = notice.pdf_key or payload["pdf_key"]


def pdf_of(notice: Notice, public_url: str) -> bytes:
    """The PDF of an issued paper, from its frozen fields alone."""
    return render.pdf(
        Document.from_json(notice.fields),
        number=notice.number,
        verify_code=notice.verify_code,
        digest=notice.digest,
        public_url=public_url,
    )
