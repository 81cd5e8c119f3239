"""Issue a paper, void it, replace it, serve it; tell somebody something once. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from foundation import audit, bulk, clock, numbering, outbox
from foundation.enterprises.mandates import queries as mandates
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.web.access import Actor
from notices import events, queries
from notices.channels import services as channels
from notices.codes import new_code
from notices.documents import Document, digest, number_text
from notices.kinds import OPTIONAL, MessageKind
from notices.models import Message, Notice, NoticeReader, OptOut, ServedHow, State
from notices.queries import addressed_to

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class IssuedNotice:
    """What the issuer needs to go on: the number as printed, the code, where paper and verification are."""

    id: int
    number: str
    verify_code: str
    digest: str

    @property
    def path(self) -> str:
        """The page of the paper, for those who may read it."""
        return f"/notices/{self.verify_code}"

    @property
    def verify_path(self) -> str:
        """The public page that says whether it is genuine."""
        return f"/verify/{self.verify_code}"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to issue: what it says, of what, who may read it (codes, the addressee first).

    *organisation* is the code of the body whose series it is, *competent* the one in whose name the paper
    speaks (the same where not given).
    """

    document: Document
    subject: str
    organisation: str
    readers: tuple[str, ...]
    competent: str = ""


def issue(
    db: Session,
    actor: Actor | None,
    document: Document,
    *,
    series: str,
    organisation: str,
    year: int,
    subject: str,
    readers: tuple[str, ...],
    happened_at: datetime,
    competent: str = "",
) -> IssuedNotice:
    """Give *document* the next number of *series* and freeze it in this transaction; the PDF follows."""
    paper = Paper(document, subject, organisation, readers, competent)
    return issue_all(db, actor, [paper], series=series, year=year, happened_at=happened_at)[0]


def issue_all(
    db: Session,
    actor: Actor | None,
    papers: Sequence[Paper],
    *,
    series: str,
    year: int,
    happened_at: datetime,
) -> list[IssuedNotice]:
    """As `issue` for each paper, in this order; their numbers follow each other."""
    if not all(paper.readers for paper in papers):
        raise ValueError("a paper needs an addressee among its readers")
    serials = numbering.take_many(db, f"notice:{series}", year, len(papers))
    rows = [
        _notice(actor, paper, series, year, serial, happened_at)
        for paper, serial in zip(papers, serials, strict=True)
    ]
    db.add_all(rows)
    db.flush()
    for row, paper in zip(rows, papers, strict=True):
        readers = sorted(set(paper.readers))
        db.add_all(NoticeReader(notice_id=row.id, organisation_code=each) for each in readers)
        outbox.emit(db, events.ISSUED, {"notice": row.number})
    return [IssuedNotice(row.id, row.number, row.verify_code, row.digest) for row in rows]


def _notice(
    actor: Actor | None, paper: Paper, series: str, year: int, serial: int, happened_at: datetime
) -> Notice:
    number, code, fields = number_text(series, year, serial), new_code(), paper.document.to_json()
    return Notice(
        kind=paper.document.kind, number=number, series=series, year=year, serial=serial, verify_code=code,
        organisation_code=paper.organisation, competent_code=paper.competent or paper.organisation,
        addressee_code=paper.readers[0], subject=paper.subject, fields=fields,
        digest=digest(number, code, fields), dated=paper.document.dated, state=State.VALID,
        happened_at=happened_at, recorded_at=clock.now(), issued_by=actor.person_id if actor else None,
    )  # fmt: skip


def void(db: Session, actor: Actor, number: str, reason: str) -> None:
    """Take a paper out of force; its number stays taken and its page says so."""
    if not reason.strip():
        raise Invalid.of("reason", "还没有写作废理由", "请写明理由后再提交")
    notice = _valid(db, number)
    notice.state, notice.void_reason = State.VOID, reason.strip()
    _record_end(db, actor, notice, "void", {"reason": notice.void_reason})


def supersede(db: Session, actor: Actor, number: str, by: str) -> None:
    """Replace a paper by a later one: the old one's page says so."""
    successor = _valid(db, by)
    notice = _valid(db, number)
    if notice.subject != successor.subject or notice.id == successor.id:
        raise Conflict("新文书与原文书不是同一事项，不能替代。请核对文号。")
    notice.state, notice.superseded_by_id = State.SUPERSEDED, successor.id
    _record_end(db, actor, notice, "supersede", {"by": successor.number})


def _record_end(db: Session, actor: Actor, notice: Notice, act: str, facts: dict[str, Any]) -> None:
    outbox.emit(db, events.VOIDED, {"notice": notice.number, "subject": notice.subject})
    audit.record(db, f"notice:{notice.number}", act, actor=actor, happened_at=clock.now(), facts=facts)


def _valid(db: Session, number: str) -> Notice:
    notice = _locked(db, number)
    if notice.state is not State.VALID:
        raise Conflict(f"{notice.number} 已经失效，不能再改。请刷新后查看现行文书。")
    return notice


def _locked(db: Session, number: str) -> Notice:
    notice = db.scalar(select(Notice).where(Notice.number == number).with_for_update())
    if notice is None:
        raise NotFound
    return notice


def mark_served(
    db: Session, actor: Actor | None, number: str, *, how: ServedHow, at: datetime, signed_by: str = ""
) -> None:
    """Record when and how a paper reached its addressee; the first service counts, a later one is ignored."""
    notice = _locked(db, number)
    if notice.served_at is not None:
        return
    if at < notice.happened_at:
        raise Invalid.of("at", "送达时刻早于文书作出的时刻", "请核对后再提交")
    notice.served_at, notice.served_how = at, how
    audit.record(
        db,
        f"notice:{number}",
        "serve",
        actor=actor,
        happened_at=at,
        facts={"how": how.value},
        personal={"signed_by": signed_by} if signed_by else None,
    )


def serve_by_opening(db: Session, actor: Actor, code: str) -> None:
    """The addressee opened the paper: served at this moment, if it was not before."""
    opened = queries.opened(db, actor, code)
    if queries.receives(actor, opened):
        mark_served(db, actor, opened.paper.number, how=ServedHow.INBOX, at=clock.now())


def serve_otherwise(
    db: Session, actor: Actor, code: str, *, how: ServedHow, at: datetime, signed_by: str
) -> None:
    """Record service by hand, by post or by public notice: by whoever issued the paper, once."""
    opened = queries.opened(db, actor, code)
    if not queries.serves(actor, opened):
        raise NotAllowed("送达由出具文书的单位登记。请联系出具单位。")
    if at > clock.now():
        raise Invalid.of("at", "送达时刻晚于现在", "请按签收或邮寄的记录填写")
    if how is ServedHow.COUNTER and not signed_by:
        raise Invalid.of("signed_by", "还没有填写签收人", "请填写当面签收的人")
    mark_served(db, actor, opened.paper.number, how=how, at=at, signed_by=signed_by)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one organisation; its key makes sure that it is said once."""

    recipient_code: str
    title: str
    body: str
    link: str
    key: str
    kind: MessageKind = MessageKind.CASE
    statutory: bool = False
    notice_id: int | None = None

    def __post_init__(self) -> None:
        if not self.link.startswith("/") or self.link.startswith(("//", "/\\")):
            raise ValueError(f"a message links into the portal, not to {self.link!r}")


def tell(
    db: Session,
    recipient_code: str,
    *,
    title: str,
    body: str,
    link: str,
    key: str,
    statutory: bool = False,
    notice: IssuedNotice | None = None,
) -> None:
    """Put a message into an organisation's inbox, once for each *key* however often it is called."""
    notice_id = notice.id if notice else None
    tell_all(db, [Letter(recipient_code, title, body, link, key, statutory=statutory, notice_id=notice_id)])


def tell_all(db: Session, letters: Sequence[Letter]) -> None:
    """Put messages into inboxes, once for each key."""
    if not letters:
        return
    now = clock.now()
    rows = [
        {
            "key": letter.key, "recipient_code": letter.recipient_code, "title": letter.title[:LONGEST_TITLE],
            "body": letter.body, "link": letter.link, "kind": letter.kind, "statutory": letter.statutory,
            "notice_id": letter.notice_id, "created_at": now,
        }
        for letter in letters
    ]  # fmt: skip
    db.flush()
    bulk.insert(db, Message, rows, once="key")
    channels.enqueue(db, [(letter.recipient_code, letter.key) for letter in letters])


def opt_out(db: Session, actor: Actor, kind: MessageKind) -> None:
    """Send the actor's organisation no more messages of a kind; papers are served all the same."""
    mandates.check_unlimited(db, actor)
    if kind not in OPTIONAL:
        raise Invalid.of("kind", "办件进展和法定文书必须送达，不能关闭", "其他几类可以关闭")
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"recipient_code": actor.organisation_code, "kind": kind, "since": clock.now()}
    db.execute(insert(OptOut).values(**row).on_conflict_do_nothing())
    _record_choice(db, actor, "opted_out", kind)


def opt_in(db: Session, actor: Actor, kind: MessageKind) -> None:
    """Send them again."""
    mandates.check_unlimited(db, actor)
    mine = OptOut.recipient_code == actor.organisation_code, OptOut.kind == kind
    db.execute(delete(OptOut).where(*mine))
    _record_choice(db, actor, "opted_in", kind)


def _record_choice(db: Session, actor: Actor, act: str, kind: MessageKind) -> None:
    subject, facts = f"inbox:{actor.organisation_code}", {"kind": kind.value}
    audit.record(db, subject, act, actor=actor, happened_at=clock.now(), facts=facts)


def read_message(db: Session, actor: Actor, key: str) -> str:
    """Mark one message of the actor's organisation as read; returns where it leads."""
    message = db.scalar(select(Message).where(Message.key == key, addressed_to(actor)))
    if message is None:
        raise NotFound
    message.read_at = message.read_at or clock.now()
    return message.link


def read_all(db: Session, actor: Actor) -> None:
    """Mark every message of the actor's organisation as read."""
    unread = (addressed_to(actor), Message.read_at.is_(None))
    db.execute(update(Message).where(*unread).values(read_at=clock.now()))
