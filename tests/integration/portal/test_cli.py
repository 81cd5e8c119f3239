"""The contracts of the command line: what is answered where, and with which exit code."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from openpyxl import Workbook

from foundation.db import Database
from foundation.deadlines import statutory
from portal import cli
from portal.demo.seed import DATA

POLICIES, FIRMS = str(DATA / "policies.jsonl"), str(DATA / "enterprises.jsonl")


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        """The one JSON object on standard output."""
        return json.loads(self.out)

    @property
    def answers(self) -> list[Any]:
        """The JSON Lines on standard output."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def message(self) -> str:
        """The last line on standard error."""
        return self.err.splitlines()[-1]


Portal = Callable[..., Said]


@pytest.fixture
def portal(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Portal]:
    """Call `portal …` on this test's migrated database; with *home* on the demonstration's."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, stdin: str = "", home: bool = False, **more: str) -> Said:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        environment = {
            "PORTAL_HOME": str(tmp_path / "home"),
            **({} if home else {"DATABASE_URL": database_url}),
        }
        code = cli.run(arguments, {**environment, **more})
        out, err = capsys.readouterr()
        return Said(code, out, err)

    yield call
    structlog.reset_defaults()  # the logger would keep writing to what this test captured


@pytest.fixture
def filled(portal: Portal) -> Portal:
    """With the 102 items and 11 firms."""
    assert portal("catalog", "import", POLICIES).code == 0
    assert portal("enterprises", "import", FIRMS).code == 0
    return portal


def test_an_import_says_what_it_took(portal: Portal) -> None:
    assert portal("catalog", "import", POLICIES, "--json").answer == {
        "taken": 102, "changed": 0, "unchanged": 0, "refused": [],
    }  # fmt: skip
    assert portal("catalog", "import", POLICIES, "--json").answer["unchanged"] == 102
    assert portal("enterprises", "import", FIRMS, "--json").answer["taken"] == 11


def test_one_broken_row_stops_an_import_and_is_named(portal: Portal, tmp_path: Path) -> None:
    rows = Path(POLICIES).read_text("utf-8").splitlines()
    rows[4] = json.dumps({**json.loads(rows[4]), "title": 7}, ensure_ascii=False)
    (tmp_path / "broken.jsonl").write_text("\n".join(rows), "utf-8")

    whole = portal("catalog", "import", "broken.jsonl", "--json")
    part = portal("catalog", "import", "broken.jsonl", "--partial", "--json")

    assert (whole.code, whole.answer["taken"]) == (2, 0)
    (refused,) = whole.answer["refused"]
    assert (refused["row"], refused["id"], refused["field"]) == (5, "S005", "title")
    assert refused["remedy"]
    assert whole.message.startswith("第 5 行 title：")
    assert (part.code, part.answer["taken"]) == (1, 101)


def test_enterprises_come_by_sheet_as_by_lines(portal: Portal, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["统一社会信用代码", "企业名称", "注册地", "rooftop_pv_mw", "snapshot_date"])
    sheet.append(["91510802MAMTCWGT54", "样例公司", "510802", 0.5, "2026-05-31"])
    sheet.append(["91510802MAMTCWGT55", "样例二", "510802", None, "2026-05-31"])
    book.save(tmp_path / "firms.xlsx")

    told = portal("enterprises", "import", "firms.xlsx", "--partial", "--json")

    assert told.answer["taken"] == 1
    assert [(one["row"], one["field"]) for one in told.answer["refused"]] == [(3, "uscc")]
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 not a book")
    assert portal("enterprises", "import", "broken.xlsx").code == 2


def test_an_import_reads_standard_input_and_tries_dry(portal: Portal) -> None:
    text = Path(POLICIES).read_text("utf-8")
    tried = portal("catalog", "import", "-", "--dry-run", "--json", stdin=text)
    assert tried.answer["taken"] == 102
    assert portal("catalog", "export").out == ""
    assert portal("catalog", "import", "-", "--json", stdin=text).answer["taken"] == 102


def test_an_export_imports_to_the_same_export(filled: Portal, tmp_path: Path) -> None:
    first = filled("catalog", "export").out
    (tmp_path / "again.jsonl").write_text(first, "utf-8")
    assert filled("catalog", "import", "again.jsonl", "--json").answer["unchanged"] == 102
    assert filled("catalog", "export", "--out", "twice.jsonl", "--json").answer["items"] == 102
    assert (tmp_path / "twice.jsonl").read_text("utf-8") == first


def test_match_answers_for_one_for_all_and_for_an_item(filled: Portal) -> None:
    day = ("--as-of", "2025-06-30", "--json")
    everyone = filled("match", "--enterprise", "all", *day).answers
    assert len(everyone) == 11
    assert all(len(one["results"]) == 102 for one in everyone)
    one = filled("match", "--enterprise", "Q01", *day).answer
    assert one in everyone
    by_item = filled("match", "--item", "S002", *day).answer
    assert {"enterprise": "Q01", "outcome": "eligible"} in by_item["enterprises"]
    assert sum(by_item["counts"].values()) == 11


def test_search_answers_every_line_in_order(filled: Portal) -> None:
    found = filled("search", "-", "--limit", "3", "--json", stdin="稳岗返还\nshenggui\n").answers
    assert [one["query"] for one in found] == ["稳岗返还", "shenggui"]
    assert found[0]["results"][0]["item"] in {"S034", "S061", "S080"}
    assert len(found[0]["results"]) <= 3


def test_due_says_when_and_why(portal: Portal) -> None:
    said = portal("due", "handoff", "--from", "2026-09-30T16:45+08:00", "--json").answer
    assert (said["due"], said["provisional"]) == ("2026-10-08T09:45+08:00", False)
    review = portal("due", "review", "--from", "2026-09-18T10:00+08:00", "--json").answer
    assert review["due"] == "2026-10-09T17:00+08:00"
    late = portal("due", "review", "--from", "2026-12-25T10:00", "--json").answer
    assert late["provisional"]
    natural = portal("due", "handoff", "--from", "2026-09-30T16:45", "--hours", "natural", "--json").answer
    assert natural["due"] == "2026-09-30T17:45+08:00"


def test_due_answers_a_stream_in_order_and_names_the_line_it_cannot_read(portal: Portal) -> None:
    starts = "2026-09-30T16:45+08:00\n2026-06-01T10:00\n"
    assert [
        one["from"] for one in portal("due", "handoff", "--from", "-", "--json", stdin=starts).answers
    ] == (starts.split())
    broken = portal("due", "handoff", "--from", "-", "--json", stdin=f"{starts}tomorrow\n")
    assert broken.code == 2
    assert broken.message.startswith("第 3 行 from：")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("frob",), "没有 frob 这个命令"),
        (("due",), "缺少"),
        (("due", "handoff"), "缺少"),
        (("due", "nap", "--from", "2026-06-01T10:00"), "没有“nap”这个时限"),
        (("due", "handoff", "--from", "soon"), "不是时间"),
        (("due", "handoff", "--from", "2026-06-01T10:00", "--hours", "lunch"), "lunch"),
        (("catalog", "import", "nothing.jsonl"), "没有这个文件"),
        (("catalog", "import", "picture.png"), "不能导入 .png"),
        (("catalog", "import", "--frob", "x"), "没有 --frob 这个选项"),
        (("catalog", "export", "--format", "pdf"), "pdf"),
        (("match",), "--enterprise"),
        (("match", "--enterprise", "nobody"), "没有找到企业 nobody"),
        (("match", "--item", "nothing"), "nothing"),
        (("match", "--enterprise", "all", "--as-of", "soon"), "不是日期"),
        (("search", "x", "--limit", "0"), "--limit"),
        (("people", "add", "--login", "a"), "缺少"),
        (("serve",), "SECRET_KEY"),
        (("worker",), "SECRET_KEY"),
        (("relay",), "SECRET_KEY"),
        (("demo", "--port", "0"), "--port"),
        (("demo", "--at", "soon"), "不是时间"),
        (("demo", "walk", "--mode", "running"), "--mode"),
    ],
)
def test_bad_input_is_named_and_ends_with_two(portal: Portal, arguments: tuple[str, ...], said: str) -> None:
    refused = portal(*arguments)
    assert refused.code == 2
    assert refused.out == ""
    assert said in refused.message


def test_a_file_that_is_no_text_is_refused(portal: Portal, tmp_path: Path) -> None:
    (tmp_path / "gbk.jsonl").write_bytes("标准化厂房".encode("gbk"))
    refused = portal("catalog", "import", "gbk.jsonl")
    assert (refused.code, "UTF-8" in refused.message) == (2, True)


def test_the_first_administrator_gets_a_password_once(portal: Portal) -> None:
    named = ("--login", "root", "--name", "张三", "--organisation", "510800-centre", "--role", "system_admin")
    added = portal("people", "add", *named, "--json")
    assert added.code == 0
    assert len(added.answer["password"]) >= 12
    again = portal("people", "add", *named, "--json")
    assert (again.code, again.out) == (2, "")
    assert "root 已经有人用了" in again.message


def test_a_password_from_a_file_is_not_told(portal: Portal) -> None:
    named = ("--login", "root", "--name", "张三", "--organisation", "510800-centre", "--role", "system_admin")
    added = portal("people", "add", *named, "--password-from", "-", "--json", stdin="correct horse\n")
    assert added.answer == {"login": "root", "organisation": "510800-centre", "role": "system_admin"}
    short = portal("people", "add", *named, "--password-from", "-", stdin="short\n")
    assert (short.code, "密码太短" in short.message) == (2, True)


def test_invariants_list_nothing_where_all_is_well(filled: Portal) -> None:
    said = filled("invariants", "--json")
    assert (said.code, said.out) == (0, "")
    assert "没有不合" in said.message


def tamper(database: Database, statement: str) -> None:
    """Do what only somebody with the database in hand can: past the triggers that refuse it."""
    with database.engine.execution_options(writes=True).begin() as connection:
        if database.is_sqlite:
            triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'"
            for (name,) in connection.exec_driver_sql(triggers).all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("ALTER TABLE audit_event DISABLE TRIGGER USER")
        connection.exec_driver_sql(statement)


def test_a_line_changed_by_hand_breaks_the_chain(filled: Portal, database: Database) -> None:
    whole = filled("audit", "verify", "--json")
    assert (whole.code, whole.answer["whole"]) == (0, True)
    tamper(database, "UPDATE audit_event SET act = 'withdrawn' WHERE seq = 3")
    broken = filled("audit", "verify", "--json")
    assert (broken.code, broken.answer["broken_at"]) == (1, 3)
    rows = filled("invariants", "--json")
    assert rows.code == 1
    assert rows.answers[0]["invariant"] == "the audit chain is whole"


def test_a_system_without_relay_is_not_healthy(portal: Portal) -> None:
    said = portal("healthcheck", "--json")
    assert (said.code, said.answer["healthy"]) == (1, False)
    assert "relay" in said.message


def test_migrate_again_changes_nothing(portal: Portal) -> None:
    assert portal("migrate", "--json").answer == {"migrated": True}


def test_a_database_that_is_not_there_is_said(portal: Portal, tmp_path: Path) -> None:
    empty = f"sqlite:///{tmp_path / 'empty.db'}"
    said = portal("match", "--enterprise", "all", DATABASE_URL=empty)
    assert (said.code, said.out) == (2, "")
    assert "portal migrate" in said.message


@pytest.mark.sqlite
def test_without_a_database_named_the_demonstrations_is_used(portal: Portal, tmp_path: Path) -> None:
    said = portal("due", "handoff", "--from", "2026-09-30T16:45", "--json", home=True)
    assert said.answer["due"] == "2026-10-08T09:45+08:00"
    assert (tmp_path / "home" / "demo" / "portal.db").exists()


def test_help_is_quick_and_lists_every_command(portal: Portal) -> None:
    said = portal("--help")
    assert said.code == 0
    assert all(name in said.out for name in cli.WHERE)
    assert portal().code == 2


def test_a_calendar_is_checked_taken_in_and_listed(portal: Portal) -> None:
    off = [day.isoformat() for day in statutory.days_off(2030)]
    notice = json.dumps({"year": 2030, "source": "国办发明电", "off": off})
    tried = portal("calendar", "import", "-", "--dry-run", "--json", stdin=notice)
    assert tried.answer == {"year": 2030, "days": len(off), "new": len(off), "gone": 0}
    taken = portal("calendar", "import", "-", "--json", stdin=notice).answer
    assert taken == {"year": 2030, "versions": ["2030.1"], "moved": 0}
    assert 2030 in portal("calendar", "list", "--json").answer["years"]
    broken = portal("calendar", "import", "-", stdin="{")
    assert (broken.code, "不是 JSON" in broken.message) == (2, True)
