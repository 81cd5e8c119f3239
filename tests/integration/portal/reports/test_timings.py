from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from foundation import audit
from foundation.clock import BEIJING
from foundation.db import Database
from foundation.deadlines import services as deadlines
from foundation.deadlines.limits import LIMITS
from foundation.web.access import Actor
from portal.feedback import services as feedback
from portal.feedback.rules import Level
from portal.reports import queries
from portal.reports.queries import INVARIANTS, Totals
from portal.reports.rules import period_of
from portal.window.models import Case
from portal.window.rules import CLOCKS, Act, Stage
from tests.conftest import Clock
from tests.factories import ended_cases
from tests.factories.ended_cases import People
from tests.support.pages import PortalClient


def at(day: int, hour: int, minute: int = 0, month: int = 5) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BEIJING)


# received on Monday 11 May, paid on Monday 25 May; every promise kept
KEPT = (
    (Act.SUBMIT, at(11, 9)),
    (Act.ACCEPT, at(11, 9, 30)),
    (Act.HAND_OFF, at(11, 9, 50)),
    (Act.RESPOND, at(11, 10, 20)),
    (Act.REVIEW, at(20, 10)),
    (Act.APPROVE, at(22, 10)),
    (Act.PAY, at(25, 10)),
)


class Life:
    """Carries a case through its acts as the window does: clocks and timeline by the same table."""

    def __init__(self, db: Session, who: People, serial: int, acts: tuple[tuple[Act, datetime], ...]) -> None:
        self.db, self.who, self.version = db, who, 10
        self.case: Case = ended_cases.case(
            db, who, serial, Stage.IN_REVIEW, ended_at=None, item_code=f"S{serial:03}"
        )
        for act, moment in acts:
            self.take(act, moment)

    def take(self, act: Act, moment: datetime) -> None:
        actor = self.who.officer if act in {Act.RESPOND, Act.REVIEW, Act.APPROVE} else self.who.clerk
        for use in CLOCKS:
            if act in use.stops:
                deadlines.stop_if_running(self.db, subject=self.case.subject, limit=use.limit, at=moment)
        for use in CLOCKS:
            if act in use.starts and use.limit != "total":
                self._start(use.limit, moment)
        self._stamp(act, moment)
        self.version += 1
        audit.record(
            self.db,
            self.case.subject,
            act.value,
            actor=actor,
            happened_at=moment,
            facts={},
            version=self.version,
        )
        self.db.flush()

    def _start(self, limit: str, moment: datetime) -> None:
        holder: Actor = self.who.officer if limit in {"response", "review"} else self.who.clerk
        deadlines.start(
            self.db,
            subject=self.case.subject,
            limit=LIMITS[limit],
            at=moment,
            holder_id=holder.organisation_id,
        )

    def _stamp(self, act: Act, moment: datetime) -> None:
        match act:
            case Act.ACCEPT | Act.DEEM_ACCEPTED:
                self.case.accepted_at = moment
            case Act.APPROVE | Act.REJECT:
                self.case.decided_at, self.case.decided_fen = moment, 6_200_000
            case Act.PAY:
                self.case.paid_at, self.case.stage = moment, Stage.PAID


@pytest.fixture(autouse=True)
def _only_the_acts_of_these_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """The factory's own two lines of the timeline have no clocks."""
    monkeypatch.setattr(ended_cases, "STORY", ())


def live(database: Database, who: People, serial: int, *acts: tuple[Act, datetime]) -> None:
    with database.writing() as db:
        Life(db, who, serial, acts)


def offences(database: Database) -> dict[str, list[str]]:
    with database.reading() as db:
        return {name: rows for name, check in INVARIANTS if (rows := check(db))}


def figures(database: Database, month: str, now: datetime) -> dict[str, tuple[int, int, str]]:
    with database.reading() as db:
        board = queries.board(db, period_of(month, now), now)
    return {each.limit.name: (each.count, each.on_time, each.mean_text) for each in board.figures}


def test_a_kept_case_in_working_time(database: Database, who: People) -> None:
    live(database, who, 1, *KEPT)
    assert figures(database, "2026-05", at(1, 10, month=6)) == {
        "acceptance": (1, 1, "30 分钟"),
        "handoff": (1, 1, "20 分钟"),
        "response": (1, 1, "30 分钟"),
        "review": (1, 1, "9 个工作日"),
        "payout": (1, 1, "1 个工作日"),
    }
    assert offences(database) == {}


def test_what_was_late_is_counted_as_late(database: Database, who: People) -> None:
    live(database, who, 1, *KEPT[:2], (Act.HAND_OFF, at(11, 11, 30)))
    live(database, who, 2, *KEPT[:3])
    assert figures(database, "2026-05", at(1, 10, month=6))["handoff"] == (2, 1, "1 小时 10 分")


def test_silence_that_the_law_turns_into_acceptance_is_late(database: Database, who: People) -> None:
    live(database, who, 1, KEPT[0], (Act.DEEM_ACCEPTED, at(18, 17)))
    assert figures(database, "2026-05", at(1, 10, month=6))["acceptance"][:2] == (1, 0)
    assert offences(database) == {}


def test_a_return_answers_the_handoff_but_is_no_review(database: Database, who: People) -> None:
    live(database, who, 1, *KEPT[:3], (Act.RETURN, at(11, 10)), (Act.HAND_OFF, at(11, 10, 30)))
    found = figures(database, "2026-05", at(1, 10, month=6))
    assert (found["handoff"], found["response"], found["review"]) == (
        (2, 2, "25 分钟"),
        (1, 1, "10 分钟"),
        (0, 0, "没有数据"),
    )


def test_a_withdrawal_in_time_is_not_counted_and_a_late_one_is(database: Database, who: People) -> None:
    live(database, who, 1, *KEPT[:4], (Act.WITHDRAW, at(12, 9)))
    live(database, who, 2, *KEPT[:4], (Act.WITHDRAW, at(29, 9)))
    assert figures(database, "2026-05", at(1, 10, month=6))["review"][:2] == (1, 0)


def test_a_month_counts_what_ended_in_it(database: Database, who: People) -> None:
    live(database, who, 1, *KEPT[:-1], (Act.PAY, at(1, 9, month=6)))
    with database.reading() as db:
        may = queries.totals(db, at(1, 0), at(1, 0, month=6))
        june = queries.totals(db, at(1, 0, month=6), at(1, 0, month=7))
    assert (may, june) == (Totals(1, 1, 0, 0), Totals(0, 0, 1, 6_200_000))
    assert figures(database, "2026-06", at(2, 10, month=6))["payout"][:2] == (1, 0)
    assert offences(database) == {}


def test_what_runs_and_is_overdue_stands_beside_it(database: Database, who: People) -> None:
    live(database, who, 1, *KEPT[:2])
    with database.reading() as db:
        assert queries.overdue(db, at(11, 10, 30)) == {}
        assert queries.overdue(db, at(11, 10, 31)) == {"handoff": 1}


def test_clocks_of_other_things_are_not_published(database: Database, who: People) -> None:
    with database.writing() as db:
        for subject, limit in (("ticket:1", "handoff"), ("case:GY-2026-0001", "supplement")):
            deadlines.start(db, subject=subject, limit=LIMITS[limit], at=at(11, 9), holder_id=None)
            deadlines.stop(db, subject=subject, limit=limit, at=at(11, 10))
    assert all(each[0] == 0 for each in figures(database, "2026-05", at(1, 10, month=6)).values())
    assert offences(database) == {}


def test_a_figure_that_the_timeline_does_not_bear_out_is_reported(database: Database, who: People) -> None:
    live(database, who, 1, *KEPT)
    with database.writing() as db:
        db.execute(text("UPDATE case_ SET paid_at = decided_at"))
        db.execute(text("UPDATE deadline SET stopped_at = due_at WHERE limit_name = 'handoff'"))
    found = offences(database)
    assert len(found["public totals equal a recount of the timeline"]) == 2
    assert found["published clocks stop by recorded acts"] == [
        "case:GY-2026-0001 handoff: stopped at 2026-05-11 10:30:00+08:00, but no act says so"
    ]


def test_anyone_may_read_the_page_and_no_enterprise_is_named(
    database: Database, who: People, visitor: PortalClient, clock: Clock
) -> None:
    live(database, who, 1, *KEPT)
    clock.set(at(1, 10, 26, month=6))
    page = visitor.page("/timings")
    words = page.words()
    for said in (
        "办理公开",
        "近 30 天",
        "兑付金额6.2 万元",
        "交办受理后",
        "20 分钟",
        "按时 100.0%",
        "市科技局",
        "怎么算的",
    ):
        assert said in words, said
    for hidden in ("样例机电", ended_cases.FIRM, "GY-2026-0001", "王会计"):
        assert hidden not in page.text
    assert len(page.all("progress")) == 6
    assert "2026年5月" in visitor.page("/timings?month=2026-05").words()


def test_nothing_yet_is_no_data(visitor: PortalClient) -> None:
    words = visitor.page("/timings").words()
    assert words.count("没有数据") > 5
    assert "这段时间里还没有部门审结的办件" in words
    assert "没有逾期" in words


@pytest.mark.parametrize("month", ["2026-07", "1999-01", "abc", "2026-5"])
def test_a_month_that_is_none_is_refused_with_the_remedy(visitor: PortalClient, month: str) -> None:
    assert visitor.get(f"/timings?month={month}").status_code == 422
    assert visitor.last is not None
    assert "请从列表中选择月份" in visitor.last.words()
    assert visitor.get(f"/timings.json?month={month}").status_code == 422


def test_machines_read_the_same_figures(database: Database, who: People, fetch: Any, clock: Clock) -> None:
    live(database, who, 1, *KEPT)
    clock.set(at(1, 10, month=6))
    found = fetch("2026-05")
    assert found["totals"] == {"accepted": 1, "decided": 1, "paid": 1, "paid_fen": 6_200_000}
    assert found["period"]["closed"] is True
    assert found["counted_at"] == "2026-06-01T10:00:00+08:00"
    review = found["limits"][3]
    assert review == {
        "limit": "review",
        "label": "审核",
        "promised": "10 个工作日",
        "count": 1,
        "on_time": 1,
        "mean": 9.02,
        "unit": "workdays",
        "overdue_now": 0,
    }
    assert found["review_by_department"][0]["department"] == "市科技局"


def test_ratings_are_published_by_whole_months_and_from_five_on(
    database: Database, who: People, visitor: PortalClient, clock: Clock
) -> None:
    clock.set(at(20, 10))
    for serial in range(1, 6):
        with database.writing() as db:
            number = ended_cases.case(db, who, serial, paid_at=at(19, 10), ended_at=at(19, 10)).number or ""
            feedback.rate(db, who.firm, number, Level.SATISFIED)
    clock.advance(timedelta(days=20))
    assert "评价按整月公布" in visitor.page("/timings").words()
    assert "收到 5 份评价，基本满意以上 5 份，100.0%" in visitor.page("/timings?month=2026-05").words()
    assert "少于 5 份，不公布" in visitor.page("/timings?month=2026-04").words()
