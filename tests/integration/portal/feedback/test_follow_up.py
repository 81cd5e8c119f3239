from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from foundation import audit, outbox
from foundation.db import Database
from foundation.deadlines import queries as deadlines
from foundation.errors import Invalid, NotAllowed, NotFound
from foundation.web.access import Actor
from notices import queries as notices
from portal.feedback import queries, services
from portal.feedback.queries import INVARIANTS
from portal.feedback.rules import Answer, Level, clock_subject
from portal.feedback.tasks import READERS
from portal.window.rules import Stage
from tests.conftest import Clock
from tests.factories.ended_cases import People
from tests.support.pages import PortalClient

Ended = Callable[..., str]
OpenAs = Callable[[Actor | None], PortalClient]


def record(database: Database, actor: Actor, number: str, answer: Answer, note: str = "") -> None:
    database.write(lambda db: services.record_call(db, actor, number, answer, note))


def offences(database: Database) -> dict[str, list[str]]:
    with database.reading() as db:
        return {name: rows for name, check in INVARIANTS if (rows := check(db))}


def test_the_most_urgent_stands_first(database: Database, who: People, ended: Ended, clock: Clock) -> None:
    ended(1, paid_at=clock.moment, ended_at=clock.moment)
    ended(2, paid_at=clock.moment - timedelta(days=4), ended_at=clock.moment)
    with database.reading() as db:
        assert [call.case.number for call in queries.calls(db, who.colleague)] == [
            "GY-2026-0002",
            "GY-2026-0001",
        ]


def test_nobody_calls_about_his_own_work(database: Database, who: People, ended: Ended) -> None:
    number = ended()
    with database.reading() as db:
        assert [call.mine_to_call for call in queries.calls(db, who.clerk)] == [False]
        assert [call.mine_to_call for call in queries.calls(db, who.colleague)] == [True]
    with pytest.raises(NotAllowed, match="没有经手"):
        record(database, who.clerk, number, Answer.WELL)
    record(database, who.colleague, number, Answer.WELL)
    with database.reading() as db:
        assert queries.calls(db, who.colleague) == []
        assert deadlines.running(db, clock_subject(number)) == frozenset()
        (line,) = audit.timeline(db, clock_subject(number))
    assert (line.person_id, line.facts) == (who.colleague.person_id, {"answer": "well"})
    assert offences(database) == {}


def test_who_was_not_reached_stays_on_the_list(database: Database, who: People, ended: Ended) -> None:
    number = ended()
    record(database, who.colleague, number, Answer.NOT_REACHED)
    record(database, who.supervisor, number, Answer.NOT_REACHED)
    with database.reading() as db:
        (call,) = queries.calls(db, who.colleague)
        assert deadlines.running(db, clock_subject(number)) == {"followup"}
    assert call.attempts == 2
    assert offences(database) == {}


def test_a_problem_has_to_be_written_down(database: Database, who: People, ended: Ended) -> None:
    number = ended()
    with pytest.raises(Invalid) as refused:
        record(database, who.colleague, number, Answer.PROBLEM)
    assert [problem.field for problem in refused.value.problems] == ["note"]
    record(database, who.colleague, number, Answer.PROBLEM, "到账少了 200 元")
    with database.reading() as db:
        (line,) = audit.timeline(db, clock_subject(number))
    assert line.facts == {"answer": "problem"}
    assert line.personal == {"note": "到账少了 200 元"}


def test_whoever_rated_is_not_called(database: Database, who: People, ended: Ended) -> None:
    number = ended()
    database.write(lambda db: services.rate(db, who.firm, number, Level.SATISFIED))
    with database.reading() as db:
        assert queries.calls(db, who.colleague) == []
    with pytest.raises(NotFound):
        record(database, who.colleague, number, Answer.WELL)


def test_one_may_rate_after_the_call(database: Database, who: People, ended: Ended) -> None:
    number = ended()
    record(database, who.colleague, number, Answer.WELL)
    database.write(lambda db: services.rate(db, who.firm, number, Level.SATISFIED))
    assert offences(database) == {}


def test_another_window_and_other_roles_see_nothing(database: Database, who: People, ended: Ended) -> None:
    number = ended(stage=Stage.REJECTED)
    with database.reading() as db:
        assert queries.calls(db, who.county_clerk) == []
        assert queries.calls(db, who.officer) == []
        assert [call.case.number for call in queries.calls(db, who.supervisor)] == [number]
    with pytest.raises(NotFound):
        record(database, who.county_clerk, number, Answer.WELL)


def test_the_window_is_reminded_of_its_own_follow_ups_alone(
    database: Database, who: People, ended: Ended
) -> None:
    number = ended()
    by_name = {reader.name: reader for reader in READERS}
    tick = {"subject": clock_subject(number), "deadline": 1}
    with database.writing() as db:
        by_name["feedback.near"].handle(db, tick)
        by_name["feedback.near"].handle(db, {"subject": f"case:{number}", "deadline": 2})
    record(database, who.colleague, number, Answer.WELL)
    with database.writing() as db:  # told late, when somebody was reached already
        by_name["feedback.breached"].handle(db, tick)
    with database.reading() as db:
        assert [message.title for message in notices.inbox(db, who.colleague).messages] == [
            "回访快到时限：高新技术企业认定奖励"
        ]


def test_the_list_asks_the_database_the_same_however_long_it_is(
    database: Database, who: People, ended: Ended, counted: Callable[[Callable[[], object]], int]
) -> None:
    def look() -> object:
        with database.reading() as db:
            return queries.calls(db, who.colleague)

    ended(1)
    one = counted(look)
    for serial in range(2, 8):
        ended(serial)
    assert counted(look) == one


def test_a_colleague_records_a_call_on_the_page(who: People, ended: Ended, open_as: OpenAs) -> None:
    number = ended()
    client = open_as(who.colleague)
    listed = client.page("/follow-ups").words()
    for said in ("1 件等着回访", "广元样例机电有限公司", "138****1234", "已兑付 6.2 万元"):
        assert said in listed
    assert "请不要问打几分" in client.page(f"/follow-ups/{number}").words()
    answer = client.submit(f"/follow-ups/{number}", f"/follow-ups/{number}", {"answer": "problem"})
    assert answer.status_code == 422
    answer = client.submit(f"/follow-ups/{number}", f"/follow-ups/{number}", {"answer": "well"})
    assert (answer.status_code, answer.location) == (303, "/follow-ups")
    assert "没有要回访的办件" in client.page("/follow-ups").words()
    assert client.get(f"/follow-ups/{number}").status_code == 404


def test_the_handler_is_told_to_ask_a_colleague(who: People, ended: Ended, open_as: OpenAs) -> None:
    number = ended()
    client = open_as(who.clerk)
    assert "您经手过，请同事回访" in client.page("/follow-ups").words()
    page = client.page(f"/follow-ups/{number}")
    assert "请转给同事" in page.words()
    assert client.post(f"/follow-ups/{number}", {"answer": "well"}).status_code in {400, 403}


def test_a_missing_follow_up_is_found(database: Database, ended: Ended, clock: Clock) -> None:
    number = ended()
    with database.writing() as db:
        outbox.emit(db, "window.paid", {"case": number})
        db.flush()
        outbox.fan_out(db, READERS, clock.moment)
        db.execute(text("UPDATE delivery SET done_at = next_at"))
    assert offences(database) == {}
    with database.writing() as db:
        db.execute(text("DELETE FROM follow_up"))
    assert offences(database) == {"every ended matter is followed up": [f"case:{number}: no follow-up"]}
