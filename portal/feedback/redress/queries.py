"""Redresses, never shown to anybody with a hand in the case; what must always hold."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, select, true
from sqlalchemy.orm import Session

from foundation.accounts import queries as accounts
from foundation.accounts.models import Person
from foundation.audit import AuditEvent
from foundation.deadlines import queries as deadlines
from foundation.deadlines.models import Deadline
from foundation.deadlines.wording import ClockView
from foundation.enterprises.mandates.queries import in_scope
from foundation.errors import NotFound
from foundation.web.access import Actor, Role
from portal.feedback.models import Rating
from portal.feedback.redress.models import Redress
from portal.feedback.redress.rules import OVER, STAGE_NAMES, Act, Stage, clocks_of, possible
from portal.feedback.rules import LEVEL_NAMES, Level, Turn
from portal.window.models import Case, CasePersonal
from portal.window.queries import leading

MOST = 200


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The window's people without a hand in the case, the enterprise that rated, the supervisor."""
    match actor.role:
        case Role.WINDOW:
            line = AuditEvent.subject == "case:" + Redress.case_number
            handled = exists().where(line, AuditEvent.person_id == actor.person_id)
            return and_(Redress.window_id == actor.organisation_id, ~handled)
        case Role.ENTERPRISE:
            own = Case.applicant_code == actor.organisation_code, in_scope(actor, Case.item_code)
            return Redress.case_number.in_(select(Case.number).where(*own))
        case Role.SUPERVISOR:
            return true()
        case _:
            return false()


@dataclass(frozen=True, slots=True)
class RedressView:
    """One redress with its clocks, and what was said in the rating, for whoever has to put it right."""

    number: str
    subject: str
    case_number: str
    item_title: str
    applicant_name: str
    contact_name: str
    contact_phone: str
    level: str
    comment: str
    stage: Stage
    assignee: str
    my_turn: bool
    opened_at: datetime
    heard: str
    done: str
    fixed_at: datetime | None
    reply: str
    appealed: bool
    appeal_open: bool
    appeal_reason: str
    appeal_ruling: str
    clocks: tuple[ClockView, ...]

    @property
    def stage_name(self) -> str:
        """待联系, 整改中."""
        return STAGE_NAMES[self.stage]

    @property
    def clock(self) -> ClockView | None:
        """The most urgent one."""
        return leading(self.clocks)

    def acts(self, role: Role) -> frozenset[Act]:
        """What somebody in *role* may do now."""
        return possible(self.stage, role, appeal_open=self.appeal_open, appealed=self.appealed)


Rows = Select[Redress, Rating, Case, CasePersonal, str | None]


def _select() -> Rows:
    return (
        select(Redress, Rating, Case, CasePersonal, Person.name.label("assignee"))
        .join(Rating, Rating.case_number == Redress.case_number)
        .join(Case, Case.number == Redress.case_number)
        .outerjoin(CasePersonal, CasePersonal.case_id == Case.id)
        .outerjoin(Person, Person.id == Redress.assignee_id)
    )


def desk(db: Session, actor: Actor, now: datetime) -> list[RedressView]:
    """What is to be put right, the most urgent first; what is over comes last."""
    found = _views(db, actor, _select().where(visible_to(actor)).order_by(Redress.id.desc()).limit(MOST), now)
    return sorted(found, key=_urgency)


def _urgency(view: RedressView) -> tuple[bool, tuple[int, float], str]:
    return view.stage in OVER, view.clock.most_urgent_key if view.clock else (9, 0.0), view.number


def one(db: Session, actor: Actor, number: str, now: datetime) -> RedressView:
    """One redress; NotFound where it is not the actor's to see."""
    found = _views(db, actor, _select().where(Redress.number == number, visible_to(actor)), now)
    if not found:
        raise NotFound
    return found[0]


def of_case(db: Session, actor: Actor, case_number: str, now: datetime) -> RedressView:
    """What became of the actor's own bad rating; NotFound where there was none."""
    mine = _select().where(Redress.case_number == case_number, visible_to(actor))
    found = _views(db, actor, mine, now)
    if not found:
        raise NotFound
    return found[0]


def turns(db: Session, window_id: int, today: Any) -> list[Turn]:
    """Who of a window could be given a redress; the supervisor's people where nobody works there."""
    staff = accounts.staff_of(db, window_id, Role.WINDOW, today)
    return _turns(db, staff)


def supervisors(db: Session, today: Any) -> list[Turn]:
    """Who steps in where everybody of the window had a hand in the case."""
    return _turns(db, accounts.staff(db, Role.SUPERVISOR, today))


def _turns(db: Session, staff: list[int]) -> list[Turn]:
    is_open = Redress.stage.not_in(OVER)
    given = (
        select(Redress.assignee_id, func.count().filter(is_open), func.max(Redress.id))
        .where(Redress.assignee_id.in_(staff))
        .group_by(Redress.assignee_id)
    )
    known = {person: (count, last) for person, count, last in db.execute(given)}
    return [Turn(person, *known.get(person, (0, 0))) for person in staff]


def _views(db: Session, actor: Actor, query: Rows, now: datetime) -> list[RedressView]:
    rows = db.execute(query).all()
    clocks = deadlines.clocks(db, [row.Redress.subject for row in rows], now)
    return [_view(row, actor, tuple(clocks[row.Redress.subject])) for row in rows]


def _view(row: Row[Any, Any, Any, Any, Any], actor: Actor, clocks: tuple[ClockView, ...]) -> RedressView:
    redress, rating, personal = row.Redress, row.Rating, row.CasePersonal
    return RedressView(
        number=redress.number,
        subject=redress.subject,
        case_number=redress.case_number,
        item_title=row.Case.item_title,
        applicant_name=row.Case.applicant_name,
        contact_name=personal.contact_name if personal else "",
        contact_phone=personal.contact_phone if personal else "",
        level=LEVEL_NAMES[Level(rating.level)],
        comment=rating.comment or "",
        stage=redress.stage,
        assignee=row.assignee or "",
        my_turn=redress.assignee_id == actor.person_id,
        opened_at=redress.opened_at,
        heard=redress.heard or "",
        done=redress.done or "",
        fixed_at=redress.fixed_at,
        reply=redress.reply or "",
        appealed=redress.appealed_at is not None,
        appeal_open=redress.appeal_open,
        appeal_reason=redress.appeal_reason or "",
        appeal_ruling=redress.appeal_ruling or "",
        clocks=tuple(view for view in clocks if view.state not in {"done", "done_late"}),
    )


def overlooked(db: Session) -> list[str]:
    """Invariant: every bad rating has its redress."""
    bad = select(Rating.case_number).where(
        Rating.level >= Level.DISSATISFIED, ~exists().where(Redress.case_number == Rating.case_number)
    )
    return [f"case:{number}: a bad rating without redress" for number in db.scalars(bad.order_by(Rating.id))]


def miscounted(db: Session) -> list[str]:
    """Invariant: a redress's clocks are those of where it stands."""
    running: dict[str, set[str]] = {}
    ticking = select(Deadline.subject, Deadline.limit_name).where(
        Deadline.stopped_at.is_(None), Deadline.subject.startswith("redress:")
    )
    for subject, limit in db.execute(ticking):
        running.setdefault(subject, set()).add(limit)
    return [
        f"{row.subject}: {row.stage.value}, clocks {sorted(running.get(row.subject, ()))}"
        for row in db.scalars(select(Redress).order_by(Redress.id))
        if running.get(row.subject, set()) != clocks_of(row.stage, appeal_open=row.appeal_open)
    ]


def judged_by_itself(db: Session) -> list[str]:
    """Invariant: no redress is given to somebody with a hand in the case."""
    line = and_(
        AuditEvent.subject == "case:" + Redress.case_number, AuditEvent.person_id == Redress.assignee_id
    )
    query = select(Redress.number).where(exists().where(line)).order_by(Redress.id)
    return [f"{number}: given to a handler of its case" for number in db.scalars(query)]


INVARIANTS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("every bad rating is put right by somebody", overlooked),
    ("a redress's clocks are those of where it stands", miscounted),
    ("nobody puts his own case right", judged_by_itself),
)
