"""A bad rating is put right: contact, fix, the enterprise's word; or an appeal is decided. Never commits."""

from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit, clock, numbering
from foundation.accounts import queries as accounts
from foundation.accounts.queries import OrganisationView
from foundation.accounts.rules import OrganisationKind
from foundation.audit import AuditEvent
from foundation.deadlines import queries as deadline_queries
from foundation.deadlines import services as deadlines
from foundation.deadlines.limits import LIMITS
from foundation.errors import NotFound
from foundation.web.access import Actor
from notices import services as notices
from portal.feedback.models import Rating
from portal.feedback.redress import queries, rules
from portal.feedback.redress.models import Redress
from portal.feedback.redress.rules import APPEAL_LIMIT, Act, Stage
from portal.feedback.rules import next_in_turn

DESK = "/redress"


class RatedCase(Protocol):
    """What has to be known of the case that was rated badly."""

    @property
    def number(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def applicant_code(self) -> str: ...
    @property
    def window_id(self) -> int: ...


def open_redress(db: Session, case: RatedCase, at: datetime) -> None:
    """Open the task of a bad rating and give it to somebody without a hand in the case."""
    acted = set(db.scalars(select(AuditEvent.person_id).where(AuditEvent.subject == case.subject)))
    handlers = {person for person in acted if person is not None}
    today = clock.now().date()
    assignee = next_in_turn(queries.turns(db, case.window_id, today), handlers)
    if assignee is None:
        assignee = next_in_turn(queries.supervisors(db, today), handlers)
    redress = Redress(
        number=f"ZG-{at.year}-{numbering.take(db, 'redress', at.year):04}",
        case_number=case.number,
        applicant_code=case.applicant_code,
        window_id=case.window_id,
        assignee_id=assignee,
        stage=Stage.OPEN,
        opened_at=at,
    )
    db.add(redress)
    db.flush()
    _turn_clocks(db, redress, at)
    audit.record(db, redress.subject, "open", actor=None, happened_at=at, facts={})
    who = accounts.names_of(db, {assignee}).get(assignee, "") if assignee else ""
    words = f"请{who or '没有经手的同事'}在 1 个工作日内联系企业。"
    _tell(db, accounts.organisation(db, redress.window_id).code, redress, "有一件整改任务待办", words, "open")


def contact(db: Session, actor: Actor, number: str, *, heard: str) -> None:
    """The enterprise was called: what it says has gone wrong."""
    redress = _locked(db, actor, number)
    redress.contacted_at, redress.heard = clock.now(), heard
    _advance(db, actor, redress, Act.CONTACT, {"heard": heard})


def fix(db: Session, actor: Actor, number: str, *, done: str) -> None:
    """What was done about it; the enterprise is asked whether that will do."""
    redress = _locked(db, actor, number)
    redress.fixed_at, redress.done = clock.now(), done
    _advance(db, actor, redress, Act.FIX, {"done": done})
    notices.tell(
        db,
        redress.applicant_code,
        title="您反映的问题已经整改，请确认",
        body=f"办件 {redress.case_number}。请看整改情况，告诉我们是否认可。",
        link=f"/cases/{redress.case_number}/redress",
        key=f"{redress.subject}:fixed:{clock.now().isoformat()}",
    )


def reply(db: Session, actor: Actor, case_number: str, *, content: bool, words: str) -> None:
    """The enterprise confirms what was done, or does not: then the supervisor decides how it goes on."""
    view = queries.of_case(db, actor, case_number, clock.now())
    redress = _locked(db, actor, view.number)
    redress.reply = words or None
    _advance(db, actor, redress, Act.CONFIRM if content else Act.DISPUTE, {"reply": words})
    if not content:
        _tell_supervisors(db, redress, "企业不认可整改", "请决定重新整改还是办结。", "disputed")


def redo(db: Session, actor: Actor, number: str, *, reason: str) -> None:
    """重新整改: the fifteen days run anew."""
    redress = _locked(db, actor, number)
    redress.reply = reason
    _advance(db, actor, redress, Act.REDO, {"reason": reason})
    code = accounts.organisation(db, redress.window_id).code
    _tell(db, code, redress, "整改要重做", "请看督查单位的意见。", f"redo:{clock.now().isoformat()}")


def close(db: Session, actor: Actor, number: str, *, reason: str) -> None:
    """办结 although the enterprise is not content, with the reason."""
    redress = _locked(db, actor, number)
    redress.reply = reason
    _advance(db, actor, redress, Act.CLOSE, {"reason": reason})


def appeal(db: Session, actor: Actor, number: str, *, reason: str) -> None:
    """申诉 against a malicious or mistaken rating; the duty to put it right runs on meanwhile."""
    redress = _locked(db, actor, number)
    after = _take(redress, Act.APPEAL, actor)
    redress.appealed_at, redress.appeal_reason = clock.now(), reason
    _finish(db, actor, redress, Act.APPEAL, after, {"reason": reason})
    _tell_supervisors(db, redress, "有一件差评申诉", "请在 5 个工作日内作出决定。", "appeal")


def decide_appeal(db: Session, actor: Actor, number: str, *, upheld: bool, ruling: str) -> None:
    """The supervisor upholds an appeal, so that the rating no longer counts, or dismisses it."""
    redress = _locked(db, actor, number)
    act, now = Act.UPHOLD if upheld else Act.DISMISS, clock.now()
    after = _take(redress, act, actor)
    rating = db.scalars(select(Rating).where(Rating.case_number == redress.case_number)).one()
    rating.excluded_at = now if upheld else None
    redress.appeal_decided_at, redress.appeal_upheld, redress.appeal_ruling = now, upheld, ruling
    _finish(db, actor, redress, act, after, {"ruling": ruling})
    code = accounts.organisation(db, redress.window_id).code
    said = "申诉成立，不再计入" if upheld else "申诉驳回，请继续整改"
    _tell(db, code, redress, said, "请看督查单位的意见。", "ruled")


def remind(db: Session, number: str, *, title: str, key: str, supervise: bool) -> None:
    """Tell the window, and where the time is up the supervisor, that a redress waits; naming no case."""
    redress = db.scalar(select(Redress).where(Redress.number == number))
    if redress is None or not rules.clocks_of(redress.stage, appeal_open=redress.appeal_open):
        return
    codes = [accounts.organisation(db, redress.window_id).code]
    if supervise:
        codes += [body.code for body in accounts.organisations(db, OrganisationKind.SUPERVISOR)]
    for code in codes:
        _tell(db, code, redress, title, "请尽快办理。", f"{key}:{code}")


def _take(redress: Redress, act: Act, actor: Actor) -> Stage:
    appealed = redress.appealed_at is not None
    return rules.take(redress.stage, act, actor.role, appeal_open=redress.appeal_open, appealed=appealed)


def _advance(db: Session, actor: Actor, redress: Redress, act: Act, words: audit.Facts) -> None:
    _finish(db, actor, redress, act, _take(redress, act, actor), words)


def _finish(db: Session, actor: Actor, redress: Redress, act: Act, after: Stage, words: audit.Facts) -> None:
    now = clock.now()
    redress.stage = after
    db.flush()
    _turn_clocks(db, redress, now)
    facts = {"stage": after.value}
    subject = redress.subject
    audit.record(db, subject, act.value, actor=actor, happened_at=now, facts=facts, personal=words)


def _turn_clocks(db: Session, redress: Redress, at: datetime) -> None:
    """Let exactly those clocks run that belong to where it stands."""
    running = deadline_queries.running(db, redress.subject)
    wanted = rules.clocks_of(redress.stage, appeal_open=redress.appeal_open)
    for name in sorted(running - wanted):
        deadlines.stop(db, subject=redress.subject, limit=name, at=at)
    for name in sorted(wanted - running):
        holder = _holder(db, redress, name)
        deadlines.start(
            db,
            subject=redress.subject,
            limit=LIMITS[name],
            at=at,
            holder_id=holder.id,
            opening_hours=holder.opening_hours,
        )


def _holder(db: Session, redress: Redress, limit: str) -> OrganisationView:
    supervisors = accounts.organisations(db, OrganisationKind.SUPERVISOR)
    if limit == APPEAL_LIMIT and supervisors:
        return supervisors[0]
    return accounts.organisation(db, redress.window_id)


def _locked(db: Session, actor: Actor, number: str) -> Redress:
    query = select(Redress).where(Redress.number == number, queries.visible_to(actor))
    redress = db.scalar(query.with_for_update())
    if redress is None:
        raise NotFound
    return redress


def _tell(db: Session, code: str, redress: Redress, title: str, body: str, what: str) -> None:
    """An inbox is a whole organisation's: neither title, body, key nor link tells which case it is."""
    key = f"{redress.subject}:{what}"
    link = f"{DESK}/{redress.number}"
    notices.tell(db, code, title=f"{title}：{redress.number}", body=body, link=link, key=key)


def _tell_supervisors(db: Session, redress: Redress, title: str, body: str, what: str) -> None:
    for body_ in accounts.organisations(db, OrganisationKind.SUPERVISOR):
        _tell(db, body_.code, redress, title, body, f"{what}:{clock.now().isoformat()}:{body_.code}")
