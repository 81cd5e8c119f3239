"""A run: one reason to look at all enterprises for one version of an item. Never commits."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from foundation import audit, clock, outbox
from matching import queries
from matching.push import events, state
from matching.push.models import PushDay, PushRun
from matching.push.queries import older_runs
from matching.push.rules import Reason, due
from matching.rules import Item


def spread(db: Session, code: str, stamp: str) -> None:
    """Have every block caught up after a publication: one event a block, however many items it has."""
    item = next((one for one in queries.items(db) if one.code == code), None)
    if item is not None:
        _begin(db, item, Reason.PUBLISHED)
    for number in state.numbers(db):
        outbox.emit_once(db, events.CATCH_UP, {"block": number}, f"{events.CATCH_UP}:{stamp}:{number}")


def look_at_calendar(db: Session, today: date) -> None:
    """Once a day: have every block told of what opens, or closes soon."""
    last = db.scalar(select(PushDay.day).order_by(PushDay.day.desc()).limit(1))
    if last is not None and last >= today:
        return
    db.add(PushDay(day=today, looked_at=clock.now()))
    after = last or date.fromordinal(today.toordinal() - 1)
    news = {}
    for item in queries.items(db):
        reason = None if item.foreign else due(item.window, after, today)
        if reason is not None and _begin(db, item, reason):
            news[item.code] = reason.value
    for number in state.numbers(db) if news else ():
        outbox.emit(db, events.CALENDAR, {"block": number, "news": news})


def _begin(db: Session, item: Item, reason: Reason) -> bool:
    """Have a run for a version and a reason; whether it is new."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {
        "item_version_id": item.version_id, "reason": reason, "ranges": len(state.numbers(db)),
        "ranges_done": 0, "found": 0, "started_at": clock.now(),
    }  # fmt: skip
    added = db.execute(
        insert(PushRun)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["item_version_id", "reason"])
        .returning(PushRun.id)
    ).scalar()
    if added is not None:
        _end_older(db, item)
    return added is not None


def _end_older(db: Session, item: Item) -> None:
    """Runs of versions no longer in force end where they stand: nobody looks at them any more."""
    ids = older_runs(db, item.item_id, item.version)
    for run in db.scalars(select(PushRun).where(PushRun.id.in_(ids)).order_by(PushRun.id).with_for_update()):
        run.ranges = run.ranges_done
        _finish(db, run, item.code)


def advance(db: Session, item: Item, reason: Reason, number: int, found: int) -> None:
    """One range of a run is done; the last one writes the run's line into the timeline."""
    _begin(db, item, reason)
    own = PushRun.item_version_id == item.version_id, PushRun.reason == reason
    run = db.scalar(select(PushRun).where(*own, PushRun.ranges > number).with_for_update())
    if run is None or run.finished_at is not None:  # the block is younger than the run
        return
    run.ranges_done, run.found = run.ranges_done + 1, run.found + found
    if run.ranges_done == run.ranges:
        _finish(db, run, item.code)


def _finish(db: Session, run: PushRun, code: str) -> None:
    run.finished_at = clock.now()
    facts = {"reason": run.reason.value, "version": run.item_version_id, "told": run.found}
    audit.record(db, f"push:{code}", "pushed", actor=None, happened_at=run.finished_at, facts=facts)
    db.flush()
