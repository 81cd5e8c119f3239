"""Clocks in the database: their ledger, what stands beside it, and what time alone does to them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from foundation.accounts.models import Organisation
from foundation.clock import BEIJING
from foundation.db import Database
from foundation.deadlines import queries, services
from foundation.deadlines.limits import LIMITS
from foundation.deadlines.models import Deadline, DeadlineEntry
from foundation.deadlines.rules import State
from foundation.deadlines.sweep import Swept, sweep
from foundation.deadlines.tasks import READERS
from foundation.errors import Conflict, NotAllowed
from foundation.outbox import Outbox
from tests.conftest import Clock

CASE = "case:GY-2026-0001"
REASON: dict[str, Any] = {"reason": "expert_review", "basis": "行政许可法第四十五条"}


def at(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BEIJING)


@pytest.fixture
def start(database: Database, clock: Clock) -> Callable[..., int]:
    """Start a clock at the present moment and say its id."""

    def starts(limit: str, subject: str = CASE, **more: Any) -> int:
        with database.writing() as db:
            holder = db.scalars(select(Organisation.id).order_by(Organisation.id)).first()
            services.start(
                db, subject=subject, limit=LIMITS[limit], at=clock(), **{"holder_id": holder, **more}
            )
            return db.scalars(select(Deadline.id).order_by(Deadline.id.desc())).first() or 0

    return starts


def told(db: Session, prefix: str = "deadlines.") -> list[tuple[str, str | None]]:
    rows = db.scalars(select(Outbox).where(Outbox.topic.startswith(prefix)).order_by(Outbox.id))
    return [(row.topic.removeprefix(prefix), row.payload.get("limit")) for row in rows]


def whole(db: Session) -> bool:
    return all(rows(db) == [] for _, rows in queries.INVARIANTS)


def test_a_clock_from_start_to_stop(database: Database, clock: Clock, start: Callable[..., int]) -> None:
    key = start("handoff")
    with database.writing() as db:
        done = services.stop(db, subject=CASE, limit="handoff", at=clock.advance(timedelta(minutes=27)))
    assert (done.state, done.used) == (State.DONE, timedelta(minutes=27))
    with database.reading() as db:
        row = db.get_one(Deadline, key)
        assert (row.due_at, row.stopped_at, row.used_minutes) == (at(6, 1, 11), at(6, 1, 10, 27), 27)
        assert (row.calendar, row.provisional, row.breached_at) == ("2026.1", False, None)
        assert whole(db)


def test_the_holders_hours_and_rule_stay_with_the_clock(
    database: Database, start: Callable[..., int]
) -> None:
    start("handoff", opening_hours=[["08:30", "10:30"], ["14:30", "18:00"]])
    with database.reading() as db:
        (ledger,) = queries.ledger(db, CASE)
        assert ledger.reckoning.due == at(6, 1, 15)
        assert ledger.counted == "按办公时间 08:30–10:30、14:30–18:00 计"
        assert ledger.limit == LIMITS["handoff"]
        assert ledger.holder
        assert "时限：1 小时" in ledger.lines[0].text


def test_one_clock_a_subject_and_limit(database: Database, clock: Clock, start: Callable[..., int]) -> None:
    start("handoff")
    with pytest.raises(Conflict):
        start("handoff")
    with database.reading() as db:
        row = db.scalars(select(Deadline)).one()
        values = {"subject": CASE, "limit_name": "handoff", "rule": row.rule, "hours": row.hours}
    with pytest.raises(IntegrityError), database.writing() as db:
        db.add(Deadline(**values, started_at=clock(), provisional=False, calendar="2026.1"))
    with database.writing() as db:
        services.stop(db, subject=CASE, limit="handoff", at=clock())
    start("handoff")  # a return starts a new hour
    with database.reading() as db:
        assert services.ever_started(db, CASE, "handoff")
        assert len(queries.clocks(db, [CASE], clock())[CASE]) == 1
        assert len(queries.ledger(db, CASE)) == 2


def test_a_hold_moves_the_due_time_and_keeps_the_sweep_away(
    database: Database, clock: Clock, start: Callable[..., int]
) -> None:
    key = start("review")
    with database.writing() as db:
        services.suspend(db, subject=CASE, limit="review", at=at(6, 3), planned_end=at(6, 10), **REASON)
    with database.writing() as db:
        assert sweep(db, at(6, 10)) == Swept(0, 0, 0)
        assert queries.clocks(db, [CASE], at(6, 4))[CASE][0].state is State.HOLD
    clock.set(at(6, 12))
    with database.writing() as db:
        services.resume(db, subject=CASE, limit="review", at=at(6, 12))
    with database.reading() as db:
        row = db.get_one(Deadline, key)
        assert row.suspended_at is None
        assert row.due_at == at(6, 25, 17)  # 2, 3 June; 15-18, 22-25 June; the 19th is 端午
        assert len(queries.days(db, CASE, "review", at(6, 16))) == 10
        assert whole(db)


def test_a_hold_beyond_its_plan_is_told_once(
    database: Database, clock: Clock, start: Callable[..., int]
) -> None:
    start("review")
    with database.writing() as db:
        services.suspend(db, subject=CASE, limit="review", at=at(6, 3), planned_end=at(6, 10), **REASON)
    with database.writing() as db:
        assert sweep(db, at(6, 10, 11)) == Swept(0, 0, 0, 1)
        assert sweep(db, at(7, 10)) == Swept(0, 0, 0)
        assert told(db) == [("hold_over", "review")]
        assert whole(db)


def test_what_does_not_run_cannot_be_stopped_held_or_resumed(
    database: Database, clock: Clock, start: Callable[..., int]
) -> None:
    with database.writing() as db:
        with pytest.raises(NotAllowed):
            services.stop(db, subject=CASE, limit="handoff", at=clock())
        assert services.stop_if_running(db, subject=CASE, limit="handoff", at=clock()) is None
        assert services.resume_if_suspended(db, subject=CASE, limit="review", at=clock()) is None
        hold = {"subject": CASE, "limit": "review", "at": clock(), "planned_end": at(6, 9), **REASON}
        assert services.suspend_if_running(db, **hold) is None
    start("review")
    with database.writing() as db:
        assert services.suspend_if_running(db, **hold) is not None
        assert services.suspend_if_running(db, **hold) is None
        assert services.resume_if_suspended(db, subject=CASE, limit="review", at=clock()) is not None
        assert services.stop_if_running(db, subject=CASE, limit="review", at=clock()) is not None
        assert queries.running(db, CASE) == frozenset()


def test_the_sweep_warns_marks_and_asks_for_supervision_once_each(
    database: Database, start: Callable[..., int]
) -> None:
    key = start("handoff")
    with database.writing() as db:
        swept = [
            sweep(db, moment)
            for moment in (
                at(6, 1, 10, 44), at(6, 1, 10, 45), at(6, 1, 10, 46), at(6, 1, 11), at(6, 1, 11, 1),
                at(6, 1, 11, 2), at(6, 2, 16, 59), at(6, 2, 17), at(6, 2, 17, 1),
            )
        ]  # fmt: skip
        assert [(each.near, each.breached, each.supervised) for each in swept] == [
            (0, 0, 0), (1, 0, 0), (0, 0, 0), (0, 0, 0), (0, 1, 0), (0, 0, 0), (0, 0, 0), (0, 0, 1), (0, 0, 0),
        ]  # fmt: skip
        assert told(db) == [("near", "handoff"), ("breached", "handoff"), ("supervise", "handoff")]
        row = db.get_one(Deadline, key)
        assert (row.breached_at, row.breach_recorded_at) == (at(6, 1, 11), at(6, 1, 11, 1))


def test_after_a_standstill_lateness_is_recorded_as_it_was(
    database: Database, start: Callable[..., int]
) -> None:
    key = start("handoff")
    (reader,) = READERS
    with database.writing() as db:
        reader.handle(db, {"at": at(6, 4, 9).isoformat()})
        assert told(db) == [("breached", "handoff"), ("supervise", "handoff")]  # too late for a warning
        payload = db.scalars(select(Outbox.payload).where(Outbox.topic == "deadlines.breached")).one()
        row = db.get_one(Deadline, key)
    assert (row.breached_at, row.breach_recorded_at) == (at(6, 1, 11), at(6, 4, 9))
    assert (payload["subject"], payload["due"]) == (CASE, at(6, 1, 11).isoformat())
    assert payload["holder"] == row.holder_id


def test_stopped_late_before_any_sweep_is_marked_late(
    database: Database, clock: Clock, start: Callable[..., int]
) -> None:
    key = start("handoff")
    clock.set(at(6, 1, 14, 30))
    with database.writing() as db:
        done = services.stop(db, subject=CASE, limit="handoff", at=clock())
        assert (done.state, done.late) == (State.DONE_LATE, timedelta(hours=2, minutes=30))
        assert sweep(db, clock()) == Swept(0, 0, 0)
    with database.reading() as db:
        row = db.get_one(Deadline, key)
        assert (row.breached_at, row.breach_recorded_at) == (at(6, 1, 11), at(6, 1, 14, 30))
        assert whole(db)


def test_what_happened_on_paper_in_time_takes_a_breach_back(
    database: Database, clock: Clock, start: Callable[..., int]
) -> None:
    key = start("handoff")
    with database.writing() as db:
        sweep(db, at(6, 3))
    clock.set(at(6, 3))
    with database.writing() as db:
        done = services.stop(db, subject=CASE, limit="handoff", at=at(6, 1, 10, 50))
        assert done.state is State.DONE
    with database.reading() as db:
        row = db.get_one(Deadline, key)
        assert (row.breached_at, row.breach_recorded_at, row.supervised_at) == (None, None, None)
        entries = db.scalars(select(DeadlineEntry).order_by(DeadlineEntry.id)).all()
        assert (entries[-1].at, entries[-1].recorded_at) == (at(6, 1, 10, 50), at(6, 3))
        assert whole(db)


def test_a_desk_asks_for_all_its_clocks_at_once(
    database: Database, clock: Clock, start: Callable[..., int]
) -> None:
    for number in range(5):
        start("handoff", f"case:{number}")
        start("review", f"case:{number}")
    subjects = [f"case:{number}" for number in range(6)]
    with database.reading() as db:
        queries.library(db)
        asked: list[str] = []
        event.listen(db.get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))
        views = queries.clocks(db, subjects, at(6, 1, 10, 30))
        assert len(asked) == 1
    assert [view.limit for view in views["case:0"]] == ["handoff", "review"]
    assert views["case:0"][0].left == "还剩 30 分钟"
    assert views["case:5"] == []
    with database.reading() as db:
        assert queries.days(db, "case:9", "review", clock()) == ()


def test_who_held_it_and_what_is_published(
    database: Database, clock: Clock, start: Callable[..., int]
) -> None:
    start("handoff")
    clock.advance(timedelta(minutes=30))
    with database.writing() as db:
        services.stop(db, subject=CASE, limit="handoff", at=clock())
    start("handoff", "case:late")
    clock.advance(timedelta(minutes=90))
    with database.writing() as db:
        services.stop(db, subject="case:late", limit="handoff", at=clock())
    start("response", "case:forgotten")
    with database.writing() as db:
        sweep(db, at(6, 3))
    with database.reading() as db:
        (held,) = queries.held_by(db, CASE, clock())
        assert (held.holding.spent, held.holding.now) == (timedelta(minutes=30), False)
        assert held.holder
        figures = queries.timings(db, at(6, 1), at(6, 30))
    assert [(each.limit, each.count, each.on_time, each.open_late) for each in figures] == [
        ("handoff", 2, 1, 0),
        ("response", 0, 0, 1),
    ]
    assert figures[0].mean_minutes == 60  # 30 and 90
    assert (figures[0].label, figures[0].length) == ("交办", "1 小时")


def test_the_invariants_see_what_was_changed_by_hand(
    database: Database, clock: Clock, start: Callable[..., int]
) -> None:
    start("handoff")
    with database.writing() as db:
        services.stop(db, subject=CASE, limit="handoff", at=clock())
        db.execute(text("UPDATE deadline SET due_at = started_at, breached_at = stopped_at"))
    with database.reading() as db:
        found = {name: rows(db) for name, rows in queries.INVARIANTS}
        assert len(found["every due time is the fold of its ledger"]) == 1
        assert len(found["breaches are marked at the due time"]) == 1
        assert found["one clock a subject and limit"] == []
