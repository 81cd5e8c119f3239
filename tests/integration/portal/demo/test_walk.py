"""One case goes the whole way through the real pages, as often as one likes, on both databases."""

import json
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pypdf
import pytest
import structlog

from foundation import clock as product_clock
from foundation.db import Database
from foundation.settings import Settings
from portal import cli, invariants
from portal.app import create_app
from portal.demo.browser import Browser, Stuck
from portal.demo.walk import walk


@pytest.mark.parametrize("mode", ["review", "instant", "exempt"])
def test_a_walk_ends_with_money_and_a_paper_that_says_so(
    database: Database, settings: Settings, tmp_path: Path, mode: str
) -> None:
    began = product_clock.now()
    walked = walk(settings, database, tmp_path, mode)

    assert product_clock.now() == began
    assert walked.paid_fen == 6_200_000
    assert {"response", "review"} <= walked.due.keys()
    text = "".join(page.extract_text() for page in pypdf.PdfReader(walked.pdf).pages)
    assert walked.notice in text
    for due in walked.due.values():
        assert f"{due.year}年{due.month}月{due.day}日{due:%H时%M分}" in text
    answer = walked.answer()
    assert [datetime.fromisoformat(due) for due in answer["due"].values()] == list(walked.due.values())
    assert re.fullmatch(r"/verify/[0-9A-Z]+", answer["verify"])
    assert "有效" in Browser(create_app(settings, database)).open(answer["verify"])
    with database.reading() as db:
        assert [(name, rows) for name, rows in invariants.check(db) if rows] == []


def test_a_second_walk_goes_on_after_the_first(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    first, second = walk(settings, database, tmp_path), walk(settings, database, tmp_path)
    assert (first.case, second.case) == ("GY-2026-0001", "GY-2026-0002")
    assert second.due["review"] > first.due["review"]
    assert first.pdf.exists()


@pytest.mark.sqlite
def test_the_command_walks_in_a_database_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = product_clock.now()
    monkeypatch.setattr(product_clock, "system_time", lambda: now)
    monkeypatch.setattr(sys, "stdin", None)

    code = cli.run(("demo", "walk", "--mode", "review", "--json"), {"PORTAL_HOME": str(tmp_path)})
    structlog.reset_defaults()

    walked = json.loads(capsys.readouterr().out)
    assert code == 0
    assert walked.keys() == {"case", "notice", "due", "paid_fen", "pdf", "verify"}
    assert Path(walked["pdf"]).is_absolute()
    assert Path(walked["pdf"]).read_bytes().startswith(b"%PDF")
    assert not (tmp_path / "demo").exists()
    assert datetime.fromisoformat(walked["due"]["review"]) - now < timedelta(days=31)


def test_a_page_that_is_not_there_stops_a_walk(database: Database, settings: Settings) -> None:
    browser = Browser(create_app(settings, database))
    with pytest.raises(Stuck, match="404"):
        browser.open("/nowhere")
    with pytest.raises(Stuck, match="没有提交到"):
        browser.send("/sign-in", "/elsewhere")
    with pytest.raises(Stuck, match="账号或密码不对"):
        browser.send("/sign-in", "/sign-in", login="nobody", password="guessed at random")
