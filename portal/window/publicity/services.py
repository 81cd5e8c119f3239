"""公示: show, take objections by name, decide each with two people, end on the last day."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.guide import Limits
from foundation import audit, clock, four_eyes, numbering, outbox
from foundation.accounts import queries as accounts
from foundation.deadlines import queries as deadline_queries
from foundation.deadlines import services as deadlines
from foundation.errors import Conflict, Invalid, NotFound
from foundation.money import yuan
from foundation.outbox import Payload
from foundation.web.access import Actor
from foundation.web.filters import full_day
from notices import services as notices
from notices.documents import Contact, Document, Fact, Kind, Material
from notices.services import IssuedNotice
from portal.window import limits
from portal.window.events import OBJECTION_DECIDED, PUBLICITY_OVER
from portal.window.publicity import queries, rules
from portal.window.publicity.models import Objection, ObjectionPersonal, Publicity
from portal.window.publicity.rules import Shown, State
from portal.window.services.papers import SERIES


@dataclass(frozen=True, slots=True)
class Matter:
    """What is published: a case or rows of a list of one item, and who may read the paper."""

    about: str
    item_title: str
    limits: Limits
    window_id: int
    department_id: int
    lines: Sequence[Shown]
    readers: tuple[str, ...] = ()


def publish(db: Session, actor: Actor, matter: Matter, now: datetime) -> tuple[Publicity, datetime]:
    """Put it on show under a number of its own; the row, and the moment at which the last day ends."""
    number = f"GS-{now.year}-{numbering.take(db, 'publicity', now.year):03}"
    department = accounts.organisation(db, matter.department_id)
    limit = limits.limit_for("publicity", matter.limits)
    if limit is None:
        raise ValueError(f"{matter.about} has no publicity")
    reckoning = deadlines.start(
        db,
        subject=f"publicity:{number}",
        limit=limit,
        at=now,
        holder_id=department.id,
        opening_hours=department.opening_hours,
    )
    until = reckoning.due or now
    document = _document(db, matter, number, now, until, limit.length)
    paper = _issue(db, actor, matter, document, now)
    text = document.to_json()
    row = Publicity(
        number=number,
        about=matter.about,
        item_title=matter.item_title,
        department_id=department.id,
        notice_number=paper.number,
        text=text,
        digest=digest(text),
        published_at=now,
    )
    db.add(row)
    db.flush()
    facts = {"about": matter.about, "lines": len(matter.lines), "digest": row.digest}
    audit.record(db, row.subject, "publish", actor=actor, happened_at=now, facts=facts)
    return row, until


def _issue(db: Session, actor: Actor, matter: Matter, document: Document, now: datetime) -> IssuedNotice:
    window = accounts.organisation(db, matter.window_id).code
    department = accounts.organisation(db, matter.department_id).code
    return notices.issue(
        db,
        actor,
        document,
        series=SERIES[Kind.PUBLICITY],
        organisation=window,
        year=now.year,
        subject=matter.about,
        readers=(department, window, *matter.readers),
        happened_at=now,
        competent=department,
    )


def digest(text: dict[str, object]) -> str:
    """The SHA-256 of what is shown."""
    plain = json.dumps(text, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _document(
    db: Session, matter: Matter, number: str, now: datetime, until: datetime, length: str
) -> Document:
    department = accounts.organisation(db, matter.department_id)
    window = accounts.organisation(db, matter.window_id)
    calendar = deadline_queries.calendar(db).reaching(now.year, until.year)
    first = calendar.add_days(now, 1).date()
    return Document(
        kind=Kind.PUBLICITY,
        issuer=department.name,
        agent=window.name,
        addressee="社会公众",
        dated=now.date(),
        title=f"“{matter.item_title}”拟兑现名单公示",
        paragraphs=(
            f"按政策规定和审核结果，拟对下列 {len(matter.lines)} 家兑现“{matter.item_title}”，现予公示。",
            "对公示有异议的，请在公示期内实名提出，写明姓名或单位、联系电话和理由。匿名的异议不受理。"
            "收到的异议由主管部门核查，书面作出处理决定；处理完以前，有关的一户不兑付。",
            "公示期间，审核时限暂停计算。",
        ),
        facts=(
            Fact("公示编号", number),
            Fact("公示首日", full_day(first)),
            Fact("公示末日", f"{full_day(until)}（{length}）"),
        ),
        materials=tuple(
            Material(
                f"{line.name}（{line.code}）" if line.code else line.name,
                note=f"{yuan(line.amount_fen)} 元" if line.amount_fen else "",
            )
            for line in matter.lines
        ),
        contacts=(Contact("惠企政策兑现专窗", window.phone or "12345", window.name),),
    )


def set_aside(db: Session, about: str, at: datetime) -> None:
    """What was shown no longer stands: the case goes back to its reviewer and is shown anew later."""
    standing = (Publicity.about == about, Publicity.set_aside_at.is_(None))
    db.execute(update(Publicity).where(*standing).values(set_aside_at=at))


def take_objection(
    db: Session, number: str, *, name: str, phone: str, credit_code: str, statement: str, origin: str
) -> str:
    """Take an objection in, by name; its number. The department hears of it at once."""
    rules.check_objector(name)
    now = clock.now()
    rules.check_often(queries.came_from(db, origin, now))
    row = db.scalar(select(Publicity).where(Publicity.number == number).with_for_update())
    if row is None:
        raise NotFound
    if now > queries.one(db, number, now).until:
        raise Conflict("公示期已经结束，不再接受异议。有情况请拨打公示上的电话反映。")
    if credit_code and credit_code not in json.dumps(row.text):
        raise Invalid.of("credit_code", "这份公示里没有这家", "请从公示名单里选择")
    objection = Objection(
        number=f"YY-{now.year}-{numbering.take(db, 'objection', now.year):03}",
        publicity_id=row.id,
        credit_code=credit_code,
        state=State.OPEN,
        received_at=now,
        origin=origin,
    )
    db.add(objection)
    db.flush()
    db.add(ObjectionPersonal(objection_id=objection.id, name=name, phone=phone, statement=statement))
    personal = {"name": name, "phone": phone, "statement": statement}
    facts = {"publicity": number, "about": credit_code}
    audit.record(db, objection.subject, "object", actor=None, happened_at=now, facts=facts, personal=personal)
    notices.tell(
        db,
        accounts.organisation(db, row.department_id).code,
        title=f"公示收到异议：{row.item_title}",
        body=f"{objection.number}。请核查，由另一个人书面作出处理决定；处理完以前有关的一户不兑付。",
        link=f"/objections/{objection.number}",
        key=f"{objection.subject}:received",
    )
    return objection.number


def examine(db: Session, actor: Actor, number: str, *, opinion: str) -> None:
    """核查: what was found."""
    objection = _locked(db, actor, number)
    if objection.state in rules.DECIDED:
        raise Conflict("这件异议已经作出处理决定。请刷新后再看。")
    objection.state, objection.opinion, objection.examiner_id = State.EXAMINED, opinion, actor.person_id
    facts = {"opinion": opinion}
    audit.record(db, objection.subject, "examine", actor=actor, happened_at=clock.now(), facts=facts)


def decide(db: Session, actor: Actor, number: str, *, upheld: bool, decision: str) -> None:
    """处理决定, in writing, by another person; only then does the money go on, or the row is left out."""
    objection = _locked(db, actor, number)
    rules.check_examined(objection.state)
    refusal = "这件异议是您（或您代班的同事）核查的，要由另一个人作出处理决定。请交给本单位负责人。"
    four_eyes.check_other(actor, objection.examiner_id, refusal)
    now = clock.now()
    objection.state = State.UPHELD if upheld else State.DISMISSED
    objection.decision, objection.decider_id, objection.decided_at = decision, actor.person_id, now
    facts = {"upheld": upheld, "decision": decision}
    audit.record(db, objection.subject, "decide", actor=actor, happened_at=now, facts=facts)
    about = db.get_one(Publicity, objection.publicity_id)
    outbox.emit(
        db, OBJECTION_DECIDED, {"publicity": about.number, "about": about.about, "at": now.isoformat()}
    )


def _locked(db: Session, actor: Actor, number: str) -> Objection:
    query = select(Objection).join(Publicity, Publicity.id == Objection.publicity_id)
    found = db.scalar(
        query.where(Objection.number == number, queries.visible_to(actor)).with_for_update(of=Objection)
    )
    if found is None:
        raise NotFound
    return found


def sweep(db: Session, payload: Payload) -> None:
    """End what has been on show until its last day; whoever waits for it hears of it."""
    for number, at in queries.due(db, datetime.fromisoformat(payload["at"])):
        row = db.scalars(select(Publicity).where(Publicity.number == number).with_for_update()).one()
        if row.ended_at is not None:
            continue
        deadlines.stop(db, subject=row.subject, limit=queries.LIMIT, at=at)
        row.ended_at = at
        audit.record(db, row.subject, "end", actor=None, happened_at=at, facts={"about": row.about})
        outbox.emit(db, PUBLICITY_OVER, {"publicity": number, "about": row.about, "at": at.isoformat()})
