"""A hundred hostile names come out as the text that they are: on pages, in sheets, in calendars."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from foundation import clock
from foundation.accounts import services as accounts
from foundation.db import Database
from portal.firms import calendar
from portal.firms.rules import Task, Todo
from portal.payouts.batches import treasury
from portal.payouts.batches.treasury import Order
from portal.window.services import intake
from tests.factories import city as factory
from tests.factories.city import City
from tests.factories.hostile_names import NAMES
from tests.support.pages import PortalClient

ORDERS = [Order("p1", "GY-2026-0001", name, "9151", name, name, "6222", 100, name) for name in NAMES]
STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def test_no_cell_of_a_sheet_is_a_formula() -> None:
    rows = list(load_workbook(io.BytesIO(treasury.as_xlsx(ORDERS))).worksheets[0].iter_rows(min_row=2))
    assert len(rows) == len(NAMES)
    assert {cell.data_type for row in rows for cell in row} == {"s"}
    assert [str(row[2].value).removeprefix("'") for row in rows] == [name.removeprefix("'") for name in NAMES]
    lines = list(csv.reader(io.StringIO(treasury.as_csv(ORDERS).decode("utf-8-sig"))))[1:]
    assert [cell for line in lines for cell in line if cell.startswith(STARTS)] == []


@pytest.mark.parametrize("at", range(0, len(NAMES), 10))
def test_a_calendar_has_an_event_a_task(at: int) -> None:
    now = clock.now()
    some = NAMES[at : at + 10]
    tasks = [Task(next(iter(Todo)), 1, "9151", name, name, "ITEM", "k", now) for name in some]
    read = Calendar.from_ical(calendar.render(tasks, now, "https://x.example"))
    said = [f"{task.words}：{task.title}（{task.firm}）" for task in tasks]
    assert [str(event["summary"]) for event in read.walk("VEVENT")] == said


def test_on_pages_they_are_words(database: Database, city: City, browser: Callable[[], PortalClient]) -> None:
    with database.writing() as db:
        told = replace(
            factory.APPLICATION, contact_name=NAMES[0], account_name=NAMES[5], statement="\n".join(NAMES)
        )
        number = intake.submit(
            db, city.firm, intake.save_draft(db, city.firm, factory.ITEM, application=told, prefilled={})
        )
        tokens = {name: accounts.sign_in_sample(db, name) for name in ("firm", "clerk")}
    for token in tokens.values():
        client = browser()
        with client.flask.session_transaction() as session:
            session["token"] = token
        words = client.page(f"/cases/{number}").words()  # the client refuses whatever would run
        missing = [name for name in NAMES if " ".join(name.split()) not in words]
        assert missing == []
