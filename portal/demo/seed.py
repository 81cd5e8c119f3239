"""The demonstration's data: made once, by the real services, with the clock set back and walked up to now."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from catalog import services as catalogue
from foundation import clock, log
from foundation.accounts import passwords
from foundation.accounts import queries as accounts
from foundation.accounts import services as account_services
from foundation.clock import BEIJING
from foundation.db import Database
from foundation.enterprises import services as firm_services
from foundation.errors import Invalid
from foundation.files import FileStore
from foundation.settings import from_environment
from foundation.web.access import Role
from portal import schema
from portal.demo import agent, stage
from portal.demo.home import Home
from portal.demo.inquiries import Inquiry, inquiries
from portal.demo.listing import Listing, listing
from portal.demo.people import FINANCE, PASSWORD, PEOPLE
from portal.demo.stories import DAY, STORIES
from portal.demo.timetable import Timetable
from portal.payouts import services as payouts
from portal.payouts.rules import FundSource
from portal.worker import readers

DATA = Path(__file__).with_name("data")
# the longest story began this long ago, and a little before it the city was set up
FOUNDED_WORKDAYS = 14
BUILT_DAYS = 60
# papers are printed by the worker once it runs: drawing them is slow
LEFT_TO_WORKER = frozenset({"notices.print_paper"})
POOLS = {
    "YL01": 3_000_000_00,
    "YL02": 600_000_00,
    "YL03": 2_000_000_00,
    "YL04": 1_000_000_00,
    "YL05": 800_000_00,
}
_DAYS = re.compile(r'"@([+-]\d+)"')

logger = log.get(__name__)


def fill(home: Home) -> None:
    """Make the database of *home* and everything in it; afterwards this process's clock is as before."""
    settings = from_environment(home.environment())
    now = (clock.system_time() + settings.clock_offset).astimezone(BEIJING).replace(second=0, microsecond=0)
    before = clock.set_source(lambda: now - timedelta(days=BUILT_DAYS))
    database = None
    try:
        schema.migrate(settings.database_url)
        database = Database(settings.database_url)
        event.listen(database.engine, "connect", _never_wait_for_the_disk)
        timetable = Timetable.around(database, now)
        stage.stand_at(timetable.ago(FOUNDED_WORKDAYS * DAY))
        database.write(lambda db: found(db, now))
        _play(database, FileStore(settings.files), timetable, readers(settings))
        stage.stand_at(now)
        database.write(agent.draft)
        stage.settle(database, readers(settings), LEFT_TO_WORKER)
    finally:
        clock.set_source(before)
        if database is not None:
            database.close()


def _never_wait_for_the_disk(connection: Any, record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")  # an interrupted filling is thrown away and begun again


def _play(database: Database, files: FileStore, timetable: Timetable, known: stage.Readers) -> None:
    """Play every story, act by act, in the order of time."""
    played: list[stage.Case | Inquiry | Listing] = [stage.Case(story, files) for story in STORIES]
    played += [*inquiries(), listing()]
    acts = [(timetable.ago(do.ago), each, do) for each in played for do in each.story.acts]
    for moment, each, do in sorted(acts, key=lambda act: act[0]):
        stage.stand_at(moment)
        database.write(lambda db, each=each, do=do: each.play(db, do))  # type: ignore[misc]
        stage.settle(database, known, LEFT_TO_WORKER)


def found(db: Session, now: datetime) -> None:
    """The catalogue, the firms, the people and the pools."""
    for name in ("policies", "sample_items"):
        _all(catalogue.import_items(db, None, lines(name, now.date())).refused)
    for name in ("enterprises", "sample_firms"):
        _all(firm_services.import_enterprises(db, None, lines(name, now.date())).refused)
    kept = passwords.hashed(PASSWORD, "")  # slow on purpose, so once for all
    for person in PEOPLE:
        is_firms = person.role is Role.ENTERPRISE
        person_id = account_services.add_person(
            db,
            None,
            login=person.login,
            name=person.name,
            password=PASSWORD,
            password_hash=kept,
            organisation_code=None if is_firms else person.code,
            role=None if is_firms else person.role,
            phone=person.phone or None,
            sample=True,
        )
        if is_firms:
            agent.bind(db, person.code, person_id)
    agent.seat(db)
    for year in sorted({clock.now().year, now.year}):
        _pools(db, year)


def _pools(db: Session, year: int) -> None:
    finance = accounts.organisation_by_code(db, FINANCE)
    for number, (item, amount) in enumerate(POOLS.items(), 1):
        code, document = f"{item}-{year}", f"广财样〔{year}〕{number}号"
        payouts.open_pool(
            db,
            None,
            code=code,
            name=f"{year}年{item}兑现资金（样例）",
            item_code=item,
            year=year,
            source=FundSource.CITY,
            organisation_id=finance.id,
        )
        payouts.top_up(db, None, pool_code=code, amount_fen=amount, document_number=document)


def lines(name: str, today: date) -> list[str]:
    """The rows of one of the demonstration's files; a date such as "@-60" is counted from *today*."""
    text = (DATA / f"{name}.jsonl").read_text("utf-8")
    return [_DAYS.sub(lambda days: f'"{today + timedelta(int(days[1]))}"', line) for line in _rows(text)]


def _rows(text: str) -> Iterator[str]:
    return (line for line in text.split("\n") if line)


def _all(refused: tuple[object, ...]) -> None:
    if refused:
        raise Invalid.of("demo", f"演示数据没有全部收下：{refused[0]}", "请核对 portal/demo/data")
