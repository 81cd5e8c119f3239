"""What anyone may verify, what an actor may read, and what must always hold."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, false, func, or_, select, true
from sqlalchemy.orm import Session

from foundation.enterprises.mandates.queries import unlimited
from foundation.errors import NotFound
from foundation.web.access import ADMINISTRATORS, Actor, Role
from notices.codes import as_typed
from notices.documents import Document, digest, number_text
from notices.kinds import MessageKind
from notices.models import Message, Notice, NoticeReader, OptOut, ServedHow, State
from notices.scope import about_named_items

PAGE_SIZE = 20


class Standing(StrEnum):
    """What the public page says."""

    VALID = "valid"
    VOID = "void"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verification:
    """All that an anonymous reader may know of a paper: no addressee, no subject, no contents."""

    code: str
    standing: Standing
    number: str = ""
    kind: str = ""
    dated: date | None = None
    issuer: str = ""
    digest: str = ""
    pdf_digest: str = ""
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """One line of a list of papers."""

    number: str
    verify_code: str
    heading: str
    kind: str
    issuer: str
    dated: date
    happened_at: datetime
    state: State
    printed: bool
    served_at: datetime | None
    served_how: ServedHow | None
    successor_code: str = ""

    @property
    def path(self) -> str:
        """Its page, for those who may read it."""
        return f"/notices/{self.verify_code}"

    @property
    def verify_path(self) -> str:
        """Its public page."""
        return f"/verify/{self.verify_code}"


@dataclass(frozen=True, slots=True)
class Opened:
    """A paper with everything on it, for those who may read it."""

    paper: Paper
    document: Document
    digest: str
    pdf_key: str | None
    void_reason: str | None
    addressee_code: str
    # whose series it is, and in whose name it speaks
    issuers: frozenset[str]


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """One line of the inbox."""

    key: str
    title: str
    body: str
    link: str
    statutory: bool
    created_at: datetime
    unread: bool


@dataclass(frozen=True, slots=True)
class InboxPage:
    """One page of an inbox."""

    messages: tuple[InboxMessage, ...]
    number: int
    size: int
    total: int
    unread: int


def verify(db: Session, code: str) -> Verification:
    """What is known of the paper with this code, however it was typed."""
    meant = as_typed(code)
    notice = db.scalar(select(Notice).where(Notice.verify_code == meant))
    if notice is None:
        return Verification(meant, Standing.UNKNOWN)
    successor = _successors(db, [notice]).get(notice.superseded_by_id or 0)
    return Verification(
        code=meant,
        standing=Standing(notice.state.value),
        number=notice.number,
        kind=notice.kind.label,
        dated=notice.dated,
        issuer=str(notice.fields["issuer"]),
        digest=notice.digest,
        pdf_digest=notice.pdf_key or "",
        replaced_by=successor.number if successor else "",
    )


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The papers *actor* may read: its own, in its name, sent to it; supervisors all, administrators none."""
    if actor.role is Role.SUPERVISOR:
        return true()
    if actor.role in ADMINISTRATORS:
        return false()
    code = actor.organisation_code
    sent = exists().where(NoticeReader.notice_id == Notice.id, NoticeReader.organisation_code == code)
    if actor.role is Role.ENTERPRISE:
        return sent & (unlimited(actor) | about_named_items(actor))
    return or_(Notice.organisation_code == code, Notice.competent_code == code, sent)


def of_subject(db: Session, actor: Actor, subject: str) -> list[Paper]:
    """The papers of *subject* that *actor* may read, oldest first."""
    mine = select(Notice).where(Notice.subject == subject, visible_to(actor))
    notices = db.scalars(mine.order_by(Notice.happened_at, Notice.id)).all()
    successors = _successors(db, notices)
    return [_paper(notice, successors.get(notice.superseded_by_id or 0)) for notice in notices]


def opened(db: Session, actor: Actor, code: str) -> Opened:
    """The paper with this code; NotFound where it does not exist or is not the actor's to read."""
    notice = db.scalar(select(Notice).where(Notice.verify_code == as_typed(code), visible_to(actor)))
    if notice is None:
        raise NotFound
    return Opened(
        paper=_paper(notice, _successors(db, [notice]).get(notice.superseded_by_id or 0)),
        document=Document.from_json(notice.fields),
        digest=notice.digest,
        pdf_key=notice.pdf_key,
        void_reason=notice.void_reason,
        addressee_code=notice.addressee_code,
        issuers=frozenset({notice.organisation_code, notice.competent_code}),
    )


def receives(actor: Actor, opened: Opened) -> bool:
    """Whether *actor* is the enterprise to which a paper is addressed: opening it is being served."""
    return actor.role is Role.ENTERPRISE and actor.organisation_code == opened.addressee_code


def serves(actor: Actor, opened: Opened) -> bool:
    """Whether *actor* may record how a paper was served otherwise: who issued it, or in whose name."""
    return actor.role in {Role.WINDOW, Role.DEPARTMENT} and actor.organisation_code in opened.issuers


def inbox(db: Session, actor: Actor, number: int = 1) -> InboxPage:
    """One page of the messages of the actor's organisation, newest first."""
    mine = addressed_to(actor)
    rows = db.scalars(
        select(Message)
        .where(mine)
        .order_by(Message.id.desc())
        .limit(PAGE_SIZE)
        .offset((max(number, 1) - 1) * PAGE_SIZE)
    )
    return InboxPage(
        messages=tuple(
            InboxMessage(
                row.key, row.title, row.body, row.link, row.statutory, row.created_at, row.read_at is None
            )
            for row in rows
        ),
        number=max(number, 1),
        size=PAGE_SIZE,
        total=db.scalar(select(func.count()).select_from(Message).where(mine)) or 0,
        unread=unread(db, actor),
    )


def unread(db: Session, actor: Actor) -> int:
    """How many messages of the actor's organisation nobody has read."""
    unread = (addressed_to(actor), Message.read_at.is_(None))
    return db.scalar(select(func.count()).select_from(Message).where(*unread)) or 0


def opted_out(db: Session, kinds: Collection[MessageKind]) -> set[tuple[str, MessageKind]]:
    """Which organisations want no messages of these kinds."""
    rows = db.execute(select(OptOut.recipient_code, OptOut.kind).where(OptOut.kind.in_(kinds)))
    return {(row.recipient_code, row.kind) for row in rows}


def unwanted(db: Session, actor: Actor) -> set[MessageKind]:
    """The kinds of messages that the actor's organisation switched off."""
    return set(db.scalars(select(OptOut.kind).where(OptOut.recipient_code == actor.organisation_code)))


def addressed_to(actor: Actor) -> ColumnElement[bool]:
    """The messages to *actor*'s organisation, for its people who work on all its cases."""
    if actor.role in ADMINISTRATORS:
        return false()
    mine = Message.recipient_code == actor.organisation_code
    return mine & unlimited(actor) if actor.role is Role.ENTERPRISE else mine


def _paper(notice: Notice, successor: Notice | None) -> Paper:
    return Paper(
        number=notice.number,
        verify_code=notice.verify_code,
        heading=str(notice.fields["title"] or notice.kind.label),
        kind=notice.kind.value,
        issuer=str(notice.fields["issuer"]),
        dated=notice.dated,
        happened_at=notice.happened_at,
        state=notice.state,
        printed=notice.pdf_key is not None,
        served_at=notice.served_at,
        served_how=notice.served_how,
        successor_code=successor.verify_code if successor else "",
    )


def _successors(db: Session, notices: Sequence[Notice]) -> dict[int, Notice]:
    wanted = [each.superseded_by_id for each in notices if each.superseded_by_id is not None]
    if not wanted:
        return {}
    return {notice.id: notice for notice in db.scalars(select(Notice).where(Notice.id.in_(wanted)))}


def gaps(db: Session) -> list[str]:
    """Invariant: the serials of a series and year are 1..n."""
    counted = (
        select(Notice.series, Notice.year, func.count(), func.min(Notice.serial), func.max(Notice.serial))
        .group_by(Notice.series, Notice.year)
        .order_by(Notice.series, Notice.year)
    )
    return [
        f"{series}〔{year}〕: {count} papers, serials {first} to {last}"
        for series, year, count, first, last in db.execute(counted)
        if (first, last) != (1, count)
    ]


def altered(db: Session) -> list[str]:
    """Invariant: number, code and fields of every paper are those its digest was made of."""
    rows = db.scalars(select(Notice).order_by(Notice.id).execution_options(yield_per=500))
    return [
        f"{row.number}: fields do not match the digest"
        for row in rows
        if row.digest != digest(row.number, row.verify_code, row.fields)
        or row.number != number_text(row.series, row.year, row.serial)
    ]


INVARIANTS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("notice numbers run without gap or repeat", gaps),
    ("every notice says what its digest says", altered),
)
