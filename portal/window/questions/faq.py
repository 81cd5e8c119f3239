"""Good answers become the item's FAQ: edited, proposed, let out by a second person. Never commits."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import queries as catalog
from foundation import audit, clock, four_eyes, numbering
from foundation.accounts import queries as accounts
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from foundation.web.access import Actor, Role
from notices import services as notices
from portal.window.questions import queries, rules
from portal.window.questions.models import FaqEntry, Question
from portal.window.questions.rules import FaqAct, FaqStage, Stage
from portal.window.questions.services import locked


def propose(db: Session, actor: Actor, number: str, *, question: str, answer: str) -> str:
    """Propose an answered question, edited, for its item's page; the number of the entry."""
    source = locked(db, actor, number)
    if source.item_code is None or source.stage is not Stage.ANSWERED:
        raise NotAllowed("只有已经答复、并且指明了政策的咨询可以列入常见问题。")
    if queries.faq_from(db, number) is not None:
        raise Conflict("这条咨询已经提出或列入常见问题。请在“常见问题”里查看。")
    _refuse_traces(source, question=question, answer=answer)
    item = catalog.item(db, source.item_code)
    if item.department_id is None:
        raise NotAllowed("这项政策的主管部门还没有核定，没有人可以审核这条问答。")
    now = clock.now()
    entry = FaqEntry(
        number=f"WD-{now.year}-{numbering.take(db, 'faq', now.year):04}", item_code=item.code,
        item_title=item.title, department_id=item.department_id, window_id=source.window_id,
        question_number=source.number, question=question, answer=answer, stage=FaqStage.PROPOSED,
        proposer_id=actor.person_id, proposed_at=now,
    )  # fmt: skip
    db.add(entry)
    db.flush()
    facts = {"question": source.number, "item": item.code}
    audit.record(db, entry.subject, "propose", actor=actor, happened_at=now, facts=facts)
    notices.tell(
        db,
        accounts.organisation(db, entry.department_id).code,
        title=f"待审核的常见问题：{entry.item_title}",
        body="请由没有提出它的人审核，通过后在办事指南上公开。",
        link=f"/faq/{entry.number}",
        key=f"{entry.subject}:proposed",
    )
    return entry.number


def publish(db: Session, actor: Actor, number: str) -> None:
    """Let an entry out: by the item's own department, and never by whoever proposed it."""
    entry = _locked(db, actor, number)
    _department_only(entry, actor)
    source = db.scalars(select(Question).where(Question.number == entry.question_number)).one()
    _refuse_traces(source, question=entry.question, answer=entry.answer)
    _decide(db, actor, entry, FaqAct.PUBLISH)


def decline(db: Session, actor: Actor, number: str, *, reason: str) -> None:
    """Turn a proposal down, with the reason."""
    entry = _locked(db, actor, number)
    _department_only(entry, actor)
    entry.reason = reason
    _decide(db, actor, entry, FaqAct.DECLINE)


def withdraw(db: Session, actor: Actor, number: str, *, reason: str) -> None:
    """Take a public entry back at once, with the reason; the row stays."""
    entry = _locked(db, actor, number)
    entry.stage = rules.take_faq(entry.stage, FaqAct.WITHDRAW)
    entry.reason, entry.withdrawn_at = reason, clock.now()
    _record(db, actor, entry, FaqAct.WITHDRAW)


def _decide(db: Session, actor: Actor, entry: FaqEntry, act: FaqAct) -> None:
    refusal = "这条问答是您（或您代班的同事）提出的，要由主管部门的另一个人审核。请转给同事。"
    four_eyes.check_other(actor, entry.proposer_id, refusal)
    entry.stage = rules.take_faq(entry.stage, act)
    entry.approver_id, entry.decided_at = actor.person_id, clock.now()
    _record(db, actor, entry, act)


def _record(db: Session, actor: Actor, entry: FaqEntry, act: FaqAct) -> None:
    db.flush()
    facts = {"stage": entry.stage.value}
    audit.record(db, entry.subject, act.value, actor=actor, happened_at=clock.now(), facts=facts)


def _department_only(entry: FaqEntry, actor: Actor) -> None:
    if actor.role is not Role.DEPARTMENT or actor.organisation_id != entry.department_id:
        raise NotAllowed("常见问题由这项政策的主管部门审核。请等主管部门办理。")


def _refuse_traces(source: Question, **texts: str) -> None:
    """What is public tells nothing of the asker."""
    known = (source.personal.name, source.personal.phone, source.asker_code or "")
    problems = [
        Problem(field, f"还有提问人的信息：{'、'.join(found)}", "请删去后再提交")
        for field, text in texts.items()
        if (found := rules.traces(text, known))
    ]
    if problems:
        raise Invalid(problems)


def _locked(db: Session, actor: Actor, number: str) -> FaqEntry:
    query = select(FaqEntry).where(FaqEntry.number == number, queries.faq_visible_to(actor))
    entry = db.scalar(query.with_for_update())
    if entry is None:
        raise NotFound
    return entry
