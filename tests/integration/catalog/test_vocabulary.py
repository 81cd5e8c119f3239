"""Staff keep the words of the search; what was sought in vain leads them there."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from catalog.kept_pages import KeptPages
from catalog.search.find import search
from catalog.services import import_items
from catalog.sought import counting, queries, services
from foundation.audit import timeline
from foundation.db import Database
from tests.integration.catalog.conftest import Enter
from tests.support.pages import Page

WORD, MEANING = "晒太阳发电", "光伏"
TODAY = date(2026, 6, 1)


@pytest.fixture
def solar(signed_in: Enter, database: Database, rows: list[dict[str, Any]]) -> Enter:
    """The city, whose catalogue knows solar roofs as well."""
    solar = next(row for row in rows if row["id"] == "S018")
    database.write(lambda db: import_items(db, None, [solar]))
    counting.counts(str(database.engine.url)).write(database)
    return signed_in


def codes(database: Database, text: str) -> list[str]:
    with database.reading() as db:
        return [hit.item.code for hit in search(db, text).hits]


def said(page: Page) -> str:
    return page.words(page.all("main")[0])


def field(page: Page, name: str) -> str:
    return page.words(next(each for each in page.all("textarea") if each.get("name") == name))


def test_a_word_that_staff_add_is_found_at_once_and_until_they_take_it_away(
    solar: Enter, database: Database
) -> None:
    assert codes(database, WORD) == []
    clerk = solar("clerk")
    added = clerk.submit("/vocabulary?word=" + quote(WORD), "/vocabulary", {"known": MEANING})
    assert added.status_code == 303
    assert codes(database, WORD) == ["S018"]
    page = clerk.page(f"/vocabulary/{quote(MEANING)}")
    left = field(page, "spoken").replace("、" + WORD, "")
    clerk.submit(f"/vocabulary/{quote(MEANING)}", data={"spoken": left})
    assert codes(database, WORD) == []
    with database.reading() as db:
        acts = [line.facts for line in timeline(db, f"vocabulary:{MEANING}")]
    assert acts == [{"added": [WORD], "removed": []}, {"added": [], "removed": [WORD]}]


def test_a_shipped_word_can_be_dropped_and_a_meaning_made(solar: Enter, database: Database) -> None:
    officer = solar("officer")
    assert codes(database, "太阳能") == ["S018"]
    officer.submit(f"/vocabulary/{quote(MEANING)}", data={"spoken": "", "formal": "光伏"})
    assert codes(database, "太阳能") == []
    officer.submit("/vocabulary", "/vocabulary", {"word": "屋顶", "meaning": "屋顶工程", "said": "formal"})
    officer.submit("/vocabulary", "/vocabulary", {"word": "房盖", "known": "屋顶工程"})
    assert codes(database, "房盖") == ["S018"]
    assert "含“房盖”的意思 1 个" in said(officer.page("/vocabulary?q=" + quote("房盖")))


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"word": "太阳能", "known": MEANING}, "已经在“光伏”里"),
        ({"word": "改", "known": MEANING}, "不能作检索词"),
        ({"word": WORD}, "名称不合要求"),
        ({"word": "、", "known": MEANING}, "还没有填写"),
    ],
)
def test_what_cannot_be_a_word_is_said(solar: Enter, sent: Mapping[str, str], words: str) -> None:
    clerk = solar("clerk")
    answer = clerk.submit("/vocabulary", "/vocabulary", dict(sent))
    assert answer.status_code == 422
    assert words in clerk.last.words() if clerk.last else False


def test_two_editors_do_not_undo_each_other(solar: Enter) -> None:
    address = f"/vocabulary/{quote(MEANING)}"
    clerk, officer = solar("clerk"), solar("officer")
    mark = next(each.get("value") for each in clerk.page(address).all("input") if each.get("name") == "mark")
    officer.submit(address, data={"spoken": "太阳能"})
    assert clerk.submit(address, data={"mark": str(mark)}).status_code == 409
    assert clerk.get("/vocabulary/" + quote("没有的意思")).status_code == 404


def test_what_is_sought_in_vain_is_shown_without_saying_who(solar: Enter, database: Database) -> None:
    visitor, clerk = solar("firm"), solar("clerk")
    for text in (WORD, WORD, "屋顶光伏", "屋顶光伏", "13800001111", "13800001111", "只查过一次的话"):
        visitor.get("/items?q=" + quote(text))
    visitor.get("/items?q=" + quote("正在输入"), headers={"HX-Request": "true"})
    visitor.get("/items/S018")
    visitor.get("/sought/settled?q=" + quote(WORD))
    held = counting.counts(str(database.engine.url))
    held.write(database)
    held.write(database)
    with database.reading() as db:
        report = queries.report(db, TODAY)
    assert [(row.query, row.times) for row in report.vain] == [(WORD, 3)]
    assert [(row.query, row.times, row.hits) for row in report.found] == [("屋顶光伏", 2, 1)]
    assert [(row.code, row.times) for row in report.opened] == [("S018", 1)]
    page = clerk.page("/sought")
    assert "1 个说法搜不到" in said(page)
    assert "/vocabulary?word=" + quote(WORD) in [link.get("href") for link in page.all("a")]
    assert "13800001111" not in page.text
    assert "没有搜不到的说法" not in said(solar("supervisor").page("/sought"))


def test_counts_add_up_over_processes_and_old_ones_go(database: Database) -> None:
    for day in (date(2024, 1, 1), TODAY, TODAY):
        database.write(lambda db, day=day: services.add(db, {(day, "技改"): 2}, {"技改": 4}, {(day, "A"): 1}))
    with database.reading() as db:
        assert [(row.times, row.hits) for row in queries.report(db, TODAY).found] == [(4, 4)]
        assert queries.report(db, date(2023, 12, 31)).times == 4


def test_a_kept_page_counts_each_time_that_it_is_handed_out(
    app: Flask, solar: Enter, database: Database
) -> None:
    app.wsgi_app = KeptPages(app.wsgi_app, database, app.config["SESSION_COOKIE_NAME"])  # type: ignore[method-assign]
    visitor = app.test_client(use_cookies=False)
    for _ in range(3):
        visitor.get("/items/S018")
        visitor.get("/items?q=" + quote("光伏"))
    held = counting.counts(str(database.engine.url))
    assert (held.sought[TODAY, "光伏"], held.opened[TODAY, "S018"]) == (3, 3)
