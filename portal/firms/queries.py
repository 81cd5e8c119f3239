"""What waits for one person, over all enterprises for which that person acts: a fixed number of queries."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from catalog.conditions.verdict import Outcome
from foundation.deadlines import queries as deadlines
from foundation.deadlines.wording import ClockView
from foundation.enterprises import queries as enterprises
from foundation.enterprises.mandates import queries as mandates
from foundation.enterprises.mandates.queries import Represented
from foundation.enterprises.queries import Profile
from foundation.errors import NotFound
from matching import queries as matching
from matching.rules import Item, match
from portal.firms.models import CalendarAddress
from portal.firms.rules import Task, Todo, closing, end_of, in_order, last_day, permits
from portal.window.models import Case
from portal.window.queries import leading
from portal.window.rules import Stage

ASKED = {
    Stage.SUPPLEMENT_ASKED: Todo.SUPPLY,
    Stage.REVIEW_SUPPLEMENT_ASKED: Todo.SUPPLY,
    Stage.AWAITING_ACCOUNT: Todo.CONFIRM_ACCOUNT,
    Stage.DRAFT: Todo.DRAFT,
}
OWN = frozenset({"supplement", "account"})
# an application that came to nothing may be made again
OVER = frozenset({Stage.REFUSED, Stage.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Firm:
    """One enterprise on the desk, with how much waits there."""

    membership_id: int
    credit_code: str
    name: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything before one person: tasks the most urgent first, enterprises by name."""

    tasks: tuple[Task, ...]
    clocks: Mapping[str, ClockView]
    firms: tuple[Firm, ...]


def desk(db: Session, person_id: int, *, now: datetime, days: int) -> Desk:
    """What was begun or is asked for all the enterprises of a person, and what closes within *days*."""
    firms = mandates.represented(db, person_id, now.date())
    items = {item.code: item for item in matching.items(db)}
    ending = closing(items.values(), now.date(), days)
    cases = _cases(db, firms, ending)
    clocks = _clocks(db, cases, now)
    profiles = enterprises.profiles_coded(db, [firm.credit_code for firm in firms]) if ending else {}
    tasks = [
        task
        for firm in firms
        for task in (
            *_asked(firm, cases.get(firm.credit_code, ()), items, clocks),
            *_open(firm, cases.get(firm.credit_code, ()), ending, profiles.get(firm.credit_code), now),
        )
        if permits(firm.held, task.todo, task.item_code)
    ]
    shown = in_order(tasks)
    waiting = Counter(task.credit_code for task in shown)
    return Desk(
        tasks=tuple(shown),
        clocks=clocks,
        firms=tuple(
            Firm(firm.membership_id, firm.credit_code, firm.name, waiting[firm.credit_code]) for firm in firms
        ),
    )


def calendar_of(db: Session, person_id: int) -> int | None:
    """The number of a person's calendar, if there is one."""
    mine = (CalendarAddress.person_id == person_id, CalendarAddress.revoked_at.is_(None))
    return db.scalar(select(CalendarAddress.id).where(*mine))


def owner_of_calendar(db: Session, number: int | None) -> int:
    """Whose calendar it is; NotFound where there is none, or it was revoked."""
    live = (CalendarAddress.id == number, CalendarAddress.revoked_at.is_(None))
    person_id = db.scalar(select(CalendarAddress.person_id).where(*live))
    if person_id is None:
        raise NotFound
    return person_id


def _cases(db: Session, firms: Sequence[Represented], ending: Mapping[str, Item]) -> dict[str, list[Case]]:
    """What waits for the enterprises, and what they have done about the items that close."""
    wanted = or_(Case.stage.in_(list(ASKED)), Case.item_code.in_(list(ending)))
    codes = [firm.credit_code for firm in firms]
    found: dict[str, list[Case]] = {}
    for case in db.scalars(select(Case).where(Case.applicant_code.in_(codes), wanted).order_by(Case.id)):
        found.setdefault(case.applicant_code, []).append(case)
    return found


def _clocks(db: Session, cases: Mapping[str, list[Case]], now: datetime) -> dict[str, ClockView]:
    """The clock of each case that waits for its enterprise, by case number."""
    subjects = {
        case.subject: case.number or ""
        for each in cases.values()
        for case in each
        if case.stage in ASKED and case.number
    }
    found = deadlines.clocks(db, subjects, now) if subjects else {}
    return {subjects[subject]: clock for subject, views in found.items() if (clock := _own(views))}


def _own(views: Sequence[ClockView]) -> ClockView | None:
    """The enterprise's own clock before those of the authorities."""
    return leading(view for view in views if view.limit in OWN) or leading(views)


def _asked(
    firm: Represented, cases: Sequence[Case], items: Mapping[str, Item], clocks: Mapping[str, ClockView]
) -> list[Task]:
    return [
        Task(
            todo=ASKED[case.stage],
            membership_id=firm.membership_id,
            credit_code=firm.credit_code,
            firm=firm.name,
            title=case.item_title,
            item_code=case.item_code,
            key=case.number or case.item_code,
            due=_due(case, items, clocks),
        )
        for case in cases
        if case.stage in ASKED
    ]


def _due(case: Case, items: Mapping[str, Item], clocks: Mapping[str, ClockView]) -> datetime | None:
    if case.number and case.number in clocks:
        return clocks[case.number].due_at
    item = items.get(case.item_code)
    return end_of(last_day(item.window, item.validity)) if item and case.stage is Stage.DRAFT else None


def _open(
    firm: Represented,
    cases: Sequence[Case],
    ending: Mapping[str, Item],
    profile: Profile | None,
    now: datetime,
) -> list[Task]:
    """Items that close soon, that the enterprise is entitled to, and for which it has not applied."""
    under_way = {case.item_code for case in cases if case.stage not in OVER}
    return [
        Task(
            todo=Todo.APPLY,
            membership_id=firm.membership_id,
            credit_code=firm.credit_code,
            firm=firm.name,
            title=item.title,
            item_code=code,
            key=code,
            due=end_of(last_day(item.window, item.validity)),
        )
        for code, item in ending.items()
        if profile is not None
        and code not in under_way
        and match(item, profile.values, now.date()).outcome is Outcome.ELIGIBLE
    ]
