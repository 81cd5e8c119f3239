"""What closes this week, and in which order it is shown."""

from datetime import date, datetime

import pytest

from catalog.conditions.parse import parse
from catalog.rules import Span
from foundation.clock import BEIJING
from foundation.enterprises.mandates.rules import WHOLE, Capacity, Mandate, powers_of
from matching.rules import Item
from portal.firms.rules import Task, Todo, closing, end_of, in_order, last_day, permits

TODAY = date(2026, 6, 1)
NO_SPAN = Span()


def item(
    code: str, window: Span = NO_SPAN, validity: Span = NO_SPAN, mode: str = "review", online: bool = True
) -> Item:
    tree = parse({"all": []})
    return Item(code, code, mode, "", "", tree, {}, window, validity, online=online)


def task(due: datetime | None, firm: str = "甲", todo: Todo = Todo.APPLY, key: str = "A") -> Task:
    return Task(todo, 1, "91510800MAD0A1B2CG", firm, "样例", "A", key, due)


def test_what_closes_this_week() -> None:
    items = [
        item("today", Span(None, TODAY)),
        item("week", Span(date(2026, 5, 1), date(2026, 6, 8))),
        item("later", Span(None, date(2026, 6, 9))),
        item("gone", Span(None, date(2026, 5, 31))),
        item("valid", validity=Span(None, date(2026, 6, 3))),
        item("open"),
        item("not-yet", Span(date(2026, 6, 2), date(2026, 6, 5))),
        item("exempt", Span(None, TODAY), mode="exempt"),
        item("elsewhere", Span(None, TODAY), online=False),
    ]
    assert set(closing(items, TODAY, 7)) == {"today", "week", "valid"}


def test_a_last_day_ends_at_closing_time() -> None:
    assert last_day(Span(None, date(2026, 6, 5)), Span(None, date(2026, 6, 3))) == date(2026, 6, 3)
    assert last_day(Span(), Span()) is None
    assert end_of(TODAY) == datetime(2026, 6, 1, 17, tzinfo=BEIJING)
    assert end_of(None) is None


def test_the_most_urgent_first_and_what_has_no_limit_last() -> None:
    late, soon = task(datetime(2026, 5, 30, 17, tzinfo=BEIJING)), task(end_of(TODAY))
    far, draft = task(end_of(date(2026, 6, 9))), task(None, todo=Todo.DRAFT)
    assert in_order([draft, far, soon, late]) == [late, soon, far, draft]


@pytest.mark.parametrize(
    ("todo", "path"),
    [
        (Todo.SUPPLY, "/cases/N/supply"),
        (Todo.CONFIRM_ACCOUNT, "/cases/N/account"),
        (Todo.DRAFT, "/apply/A"),
        (Todo.APPLY, "/items/A"),
    ],
)
def test_every_task_leads_to_where_it_is_done(todo: Todo, path: str) -> None:
    one = task(None, todo=todo, key="N")
    assert one.path == path
    assert one.words


def test_only_what_the_mandate_holds_for() -> None:
    looker = Mandate(Capacity.AGENT, chief=False, powers=powers_of([]), items=None)
    assert permits(WHOLE, Todo.CONFIRM_ACCOUNT, "A")
    assert not permits(looker, Todo.DRAFT, "A")
    named = Mandate(Capacity.AGENT, chief=False, powers=WHOLE.powers, items=frozenset({"B"}))
    assert not permits(named, Todo.DRAFT, "A")
