"""Ask, pass on, answer, tell. Never commits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import queries as catalog
from catalog.queries import ItemView
from foundation import audit, clock, numbering
from foundation.accounts import queries as accounts
from foundation.accounts.queries import OrganisationView
from foundation.accounts.reference import CITY
from foundation.accounts.rules import OrganisationKind
from foundation.deadlines import queries as deadline_queries
from foundation.deadlines import services as deadlines
from foundation.deadlines.limits import LIMITS
from foundation.deadlines.rules import Limit
from foundation.deadlines.workdays import Hours
from foundation.errors import Invalid, NotFound
from foundation.web.access import Actor, Role
from notices import services as notices
from portal.window.questions import queries, rules
from portal.window.questions.models import Question, QuestionPersonal
from portal.window.questions.rules import Act, Channel, Kind, Stage
from portal.window.services.intake import window_for

LONGEST_TEASER = 60


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody asks, about which item, and how to reach them."""

    words: str
    kind: Kind = Kind.QUESTION
    item_code: str = ""
    name: str = ""
    phone: str = ""
    # the window that a visitor asks; none: the item's, else the asker's own or the city's
    window: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """The number of a question, and for an asker without an account the code to read the answer."""

    number: str
    code: str = ""


def ask(db: Session, actor: Actor, asking: Asking) -> Received:
    """A question of an enterprise that is signed in: the answer comes into its inbox."""
    region = accounts.organisation(db, actor.organisation_id).region_code
    window = window_for(db, _item(db, asking), region)
    who = {"name": asking.name or actor.person_name, "asker_code": actor.organisation_code}
    return Received(_take_in(db, actor, asking, Channel.ONLINE, window, **who).number)


def ask_unknown(db: Session, asking: Asking, *, form_key: str, origin: str) -> Received:
    """A visitor's question, so many an hour: the code that comes back reads the answer."""
    code = rules.lookup_code(form_key)
    known = db.scalar(select(Question.number).where(Question.code_digest == rules.code_digest(code)))
    if known is not None:
        return Received(known, code)
    rules.check_rate(*queries.anonymous_since(db, clock.now() - rules.RATE_SPAN, origin))
    chosen = asking.window and accounts.organisation_by_code(db, asking.window)
    window = chosen or window_for(db, _item(db, asking), CITY)
    if window.kind is not OrganisationKind.WINDOW:
        raise Invalid.of("window", "没有这个专窗", "请从给出的选项中选择")
    made = _take_in(db, None, asking, Channel.ONLINE, window, code=code, origin=origin)
    return Received(made.number, code)


def type_in(db: Session, actor: Actor, asking: Asking, channel: Channel, *, form_key: str) -> Received:
    """What somebody asked by phone or at the counter, typed by the window."""
    if channel is Channel.ONLINE:
        raise Invalid.of("channel", "请选择电话或窗口", "网上的咨询由提问人自己提交")
    if channel is Channel.PHONE and not asking.phone:
        raise Invalid.of("phone", "还没有填写电话", "请填写对方的号码，答复后要打过去")
    code = rules.lookup_code(form_key)
    window = accounts.organisation(db, actor.organisation_id)
    made = _take_in(db, actor, asking, channel, window, code=code)
    return Received(made.number, code)


def _take_in(
    db: Session,
    actor: Actor | None,
    asking: Asking,
    channel: Channel,
    window: OrganisationView,
    *,
    name: str = "",
    asker_code: str | None = None,
    code: str = "",
    origin: str | None = None,
) -> Question:
    if asking.kind is Kind.CALLBACK and not asking.phone:
        raise Invalid.of("phone", "还没有填写电话", "请填写您的号码，专窗当天打给您")
    now = clock.now()
    item = _item(db, asking)
    question = Question(
        number=f"ZX-{now.year}-{numbering.take(db, 'question', now.year):04}",
        kind=asking.kind, channel=channel, stage=Stage.ASKED, window_id=window.id, asked_at=now, missed=0,
        item_code=item.code if item else None, item_title=item.title if item else "",
        asker_code=asker_code, code_digest=rules.code_digest(code) if code else None,
        personal=QuestionPersonal(
            name=name or asking.name, phone=asking.phone, words=asking.words, origin=origin
        ),
    )  # fmt: skip
    db.add(question)
    db.flush()
    _start_clock(db, question, now)
    facts = {"kind": asking.kind.value, "channel": channel.value, "item": question.item_code}
    _record(db, actor, question, Act.ASK, now, facts, {"words": asking.words})
    if channel is Channel.ONLINE:
        title = "请回电" if asking.kind is Kind.CALLBACK else "新咨询"
        _tell(db, window.code, question, f"{title}：{question.item_title or '没有指明政策'}", "请尽快答复。")
    return question


def _item(db: Session, asking: Asking) -> ItemView | None:
    return catalog.item(db, asking.item_code) if asking.item_code else None


def pass_on(db: Session, actor: Actor, number: str, *, department: str, note: str = "") -> None:
    """转部门答复: its three working days run in its own opening hours."""
    question = locked(db, actor, number)
    found = accounts.organisation_by_code(db, department)
    if found.kind is not OrganisationKind.DEPARTMENT:
        raise Invalid.of("department", "没有这个部门", "请从给出的选项中选择")
    before = question.department_id
    question.department_id, question.note = found.id, note or None
    facts = {"department": found.code, "again": before is not None}
    _advance(db, actor, question, Act.PASS, facts, {"note": note} if note else None)
    about = question.item_title or "没有指明政策"
    _tell(
        db,
        found.code,
        question,
        f"专窗转来咨询：{about}",
        "请在 3 个工作日内答复；不属于本单位的，写明理由退回。",
    )


def send_back(db: Session, actor: Actor, number: str, *, reason: str) -> None:
    """退回专窗, with the reason: the window's working day runs anew."""
    question = locked(db, actor, number)
    question.note = reason
    _advance(db, actor, question, Act.RETURN, {}, {"reason": reason})
    window = accounts.organisation(db, question.window_id)
    _tell(db, window.code, question, "部门退回咨询", "请看退回理由，答复提问人或转给别的部门。")


def answer(db: Session, actor: Actor, number: str, *, words: str, told: bool) -> None:
    """答复: whoever can read it is told at once; who only left a number has to be called (*told* if done)."""
    question = locked(db, actor, number)
    to_call = question.asker_code is None and bool(question.personal.phone)
    act = Act.ANSWER_TO_TELL if to_call and not told and question.kind is Kind.QUESTION else Act.ANSWER
    question.answer, question.answered_at, question.answerer_id = words, clock.now(), actor.person_id
    _advance(db, actor, question, act, {}, {"answer": words})
    if act is Act.ANSWER_TO_TELL and actor.role is Role.DEPARTMENT:
        window = accounts.organisation(db, question.window_id)
        _tell(db, window.code, question, "部门已答复，请告知提问人", "提问人只留了电话，请打过去告知。")
    if question.asker_code is not None:
        teaser = words if len(words) <= LONGEST_TEASER else f"{words[:LONGEST_TEASER]}…"
        _tell(db, question.asker_code, question, f"您的咨询有答复了：{question.item_title or '咨询'}", teaser)


def tell(db: Session, actor: Actor, number: str) -> None:
    """The asker was told over the phone what the answer is."""
    _advance(db, actor, locked(db, actor, number), Act.TELL, {})


def miss(db: Session, actor: Actor, number: str) -> None:
    """The asker was called and did not answer; the clock runs on."""
    question = locked(db, actor, number)
    question.missed += 1
    _advance(db, actor, question, Act.MISS, {"missed": question.missed})


def remind(db: Session, number: str, holder: int | None, *, title: str, key: str, supervise: bool) -> None:
    """Tell whoever holds a question that its time runs out or has run out; the supervisor too where asked."""
    question = db.scalar(select(Question).where(Question.number == number))
    if question is None or question.stage is Stage.ANSWERED:
        return
    codes = [] if holder is None else [accounts.organisation(db, holder).code]
    if supervise:
        codes += [body.code for body in accounts.organisations(db, OrganisationKind.SUPERVISOR)]
    for code in codes:
        notices.tell(
            db,
            code,
            title=f"{title}：{question.item_title or question.number}",
            body=f"咨询 {question.number}，{rules.STAGE_NAMES[question.stage]}。请尽快办理。",
            link=f"/questions/{question.number}",
            key=f"{key}:{code}",
        )


def locked(db: Session, actor: Actor, number: str) -> Question:
    """The question of *number*, locked; NotFound where it is not the actor's to see."""
    query = select(Question).where(Question.number == number, queries.visible_to(actor))
    question = db.scalar(query.with_for_update())
    if question is None:
        raise NotFound
    return question


def _advance(
    db: Session,
    actor: Actor,
    question: Question,
    act: Act,
    facts: audit.Facts,
    personal: audit.Facts | None = None,
) -> None:
    now = clock.now()
    before = rules.clock_of(question.kind, question.stage)
    returned = act is Act.RETURN
    question.stage = rules.take(question.kind, question.stage, act, actor.role)
    after = rules.clock_of(question.kind, question.stage)
    if before is not None and (before != after or returned):
        deadlines.stop(db, subject=question.subject, limit=before, at=now, actor=actor)
        if after is not None:
            _start_clock(db, question, now)
    db.flush()
    _record(db, actor, question, act, now, {"stage": question.stage.value, **facts}, personal)


def _record(
    db: Session,
    actor: Actor | None,
    question: Question,
    act: Act,
    at: datetime,
    facts: audit.Facts,
    personal: audit.Facts | None,
) -> None:
    subject = question.subject
    audit.record(db, subject, act.value, actor=actor, happened_at=at, facts=facts, personal=personal)


def _start_clock(db: Session, question: Question, at: datetime) -> None:
    name = rules.clock_of(question.kind, question.stage) or ""
    held_by = question.department_id if question.stage is Stage.PASSED else question.window_id
    holder = accounts.organisation(db, held_by or question.window_id)
    limit = LIMITS[name]
    if name == rules.CALLBACK_LIMIT:
        limit = _same_day(db, limit, at, holder)
    deadlines.start(
        db,
        subject=question.subject,
        limit=limit,
        at=at,
        holder_id=holder.id,
        opening_hours=holder.opening_hours,
    )


def _same_day(db: Session, limit: Limit, at: datetime, holder: OrganisationView) -> Limit:
    hours = Hours.from_json(holder.opening_hours)
    workdays = deadline_queries.calendar(db).reaching(at.year, at.year + 1, hours)
    return rules.same_day(limit, at, workdays)


def _tell(db: Session, code: str, question: Question, title: str, body: str) -> None:
    notices.tell(
        db,
        code,
        title=title,
        body=body,
        link=f"/questions/{question.number}",
        key=f"{question.subject}:{question.stage.value}:{clock.now().isoformat()}:{code}",
    )
