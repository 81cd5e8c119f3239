from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from foundation import audit
from foundation.clock import BEIJING
from foundation.db import Database
from foundation.deadlines import queries as deadlines
from foundation.errors import Conflict, NotFound
from foundation.web.access import Actor, Role
from notices import queries as notices
from portal.feedback import queries, services
from portal.feedback.queries import INVARIANTS, Satisfaction
from portal.feedback.rules import Level, clock_subject
from portal.feedback.tasks import READERS
from portal.window.rules import Stage
from tests.conftest import Clock
from tests.factories.ended_cases import People
from tests.support.pages import PortalClient

Ended = Callable[..., str]
OpenAs = Callable[[Actor | None], PortalClient]


def rate(
    database: Database, actor: Actor, number: str, level: Level = Level.SATISFIED, comment: str = ""
) -> None:
    database.write(lambda db: services.rate(db, actor, number, level, comment))


def offences(database: Database) -> list[str]:
    with database.reading() as db:
        return [row for _, check in INVARIANTS for row in check(db)]


def test_when_the_money_has_arrived_the_enterprise_is_asked_once(
    database: Database, who: People, ended: Ended
) -> None:
    number = ended()
    with database.writing() as db:  # the relay delivers twice after a crash
        READERS[0].handle(db, {"case": number})

    with database.reading() as db:
        (message,) = notices.inbox(db, who.firm).messages
    assert message.title == "钱到账了吗？办得满意吗？"
    assert "承办人看不到是谁评的" in message.body
    assert message.link == f"/cases/{number}/rating"
    assert offences(database) == []


def test_a_rejected_case_is_asked_for_its_opinion_but_not_for_money(
    database: Database, who: People, ended: Ended
) -> None:
    ended(stage=Stage.REJECTED)
    with database.reading() as db:
        (message,) = notices.inbox(db, who.firm).messages
        assert message.title == "办得满意吗？"
        assert [case.number for case in queries.pending(db, who.firm)] == ["GY-2026-0001"]


def test_the_follow_up_is_due_five_working_days_after_the_money(database: Database, ended: Ended) -> None:
    number = ended()
    with database.reading() as db:
        (clock,) = deadlines.clocks(db, [clock_subject(number)], datetime(2026, 6, 1, 10, tzinfo=BEIJING))[
            clock_subject(number)
        ]
    assert clock.due_at == datetime(2026, 6, 8, 17, tzinfo=BEIJING)


def test_a_rating_is_given_once_and_stops_the_clock(database: Database, who: People, ended: Ended) -> None:
    number = ended()
    rate(database, who.firm, number, Level.DISSATISFIED, "等了三周")

    with pytest.raises(Conflict, match="一件只评一次"):
        rate(database, who.firm, number)
    with database.reading() as db:
        assert deadlines.running(db, clock_subject(number)) == frozenset()
        given = queries.rating_page(db, who.firm, number).given
        assert queries.pending(db, who.firm) == []
    assert given is not None
    assert (given.level, given.comment) == (Level.DISSATISFIED, "等了三周")
    assert offences(database) == []


def test_the_chain_holds_neither_level_nor_words(database: Database, who: People, ended: Ended) -> None:
    number = ended()
    rate(database, who.firm, number, Level.VERY_DISSATISFIED, "李专员态度不好")
    with database.reading() as db:
        (line,) = audit.timeline(db, f"rating:{number}")
        told = db.execute(text("SELECT payload FROM outbox")).scalars().all()
        assert audit.verify(db).whole
    assert line.facts == {}
    assert line.personal == {"level": 5, "comment": "李专员态度不好"}
    assert "态度" not in str(told)
    assert "level" not in str(told)


def test_whoever_rates_before_the_relay_came_by_is_not_asked_again(
    database: Database, who: People, ended: Ended
) -> None:
    number = ended(told=False)
    rate(database, who.firm, number)
    with database.writing() as db:
        READERS[0].handle(db, {"case": number})
    with database.reading() as db:
        assert notices.inbox(db, who.firm).messages == ()
    assert offences(database) == []


@pytest.mark.parametrize("stage", [Stage.APPROVED, Stage.IN_REVIEW, Stage.REFUSED, Stage.WITHDRAWN])
def test_what_has_not_ended_in_a_decision_cannot_be_rated(
    database: Database, who: People, ended: Ended, stage: Stage
) -> None:
    number = ended(stage=stage, told=False)
    with pytest.raises(NotFound):
        rate(database, who.firm, number)


def test_only_the_applicant_rates(database: Database, who: People, ended: Ended) -> None:
    number = ended()
    impostor = who.as_role(Role.ENTERPRISE)
    for actor in (who.other_firm, who.clerk, who.colleague, who.officer, who.supervisor, impostor):
        with pytest.raises(NotFound):
            rate(database, actor, number)


def test_fifty_clicks_at_once_count_once(database: Database, who: People, ended: Ended) -> None:
    number = ended(told=False)

    def click(_: int) -> bool:
        try:
            rate(database, who.firm, number)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(click, range(50))) == 1
    assert offences(database) == []


def test_fewer_than_five_ratings_are_not_told(
    database: Database, who: People, ended: Ended, clock: Clock
) -> None:
    numbers = [ended(serial) for serial in range(1, 6)]
    since, until = clock.moment - timedelta(days=1), clock.moment + timedelta(days=1)
    levels = [Level.SATISFIED, Level.FAIRLY_SATISFIED, Level.DISSATISFIED, Level.SATISFIED, Level.SATISFIED]
    told: list[Satisfaction | None] = []
    for number, level in zip(numbers, levels, strict=True):
        rate(database, who.firm, number, level)
        with database.reading() as db:
            told.append(queries.satisfaction(db, since, until))
    assert told == [None, None, None, None, Satisfaction(5, 4)]


def test_an_enterprise_rates_on_its_page_and_reads_what_it_said(
    database: Database, who: People, ended: Ended, open_as: OpenAs
) -> None:
    number = ended()
    client = open_as(who.firm)

    assert "1 件等您评价" in client.page("/ratings").words()
    page = client.page(f"/cases/{number}/rating").words()
    for said in ("钱到账了吗", "非常满意", "基本满意", "非常不满意", "承办人看不到是谁评的"):
        assert said in page
    answer = client.submit(
        f"/cases/{number}/rating", f"/cases/{number}/rating", {"level": "2", "comment": "<b>很快</b>"}
    )
    assert (answer.status_code, answer.location) == (303, f"/cases/{number}/rating")
    thanks = client.page(f"/cases/{number}/rating").words()
    assert "满意程度满意" in thanks
    assert "<b>很快</b>" in thanks
    assert "没有等您评价的办件" in client.page("/ratings").words()


def test_without_a_choice_nothing_is_stored_and_the_page_says_so(
    database: Database, who: People, ended: Ended, open_as: OpenAs
) -> None:
    number = ended()
    client = open_as(who.firm)
    answer = client.submit(f"/cases/{number}/rating", f"/cases/{number}/rating", {"comment": "还行"})
    assert answer.status_code == 422
    assert client.last is not None
    assert "满意程度：还没有填写" in client.last.words()
    assert "还行" in client.last.words()
    with database.reading() as db:
        assert queries.rating_page(db, who.firm, number).given is None


def test_no_page_gives_staff_a_rating(database: Database, who: People, ended: Ended, open_as: OpenAs) -> None:
    number = ended()
    rate(database, who.firm, number, Level.VERY_DISSATISFIED, "拖了很久")
    for actor in (who.clerk, who.colleague, who.officer, who.supervisor, who.as_role(Role.AUDIT_ADMIN)):
        client = open_as(actor)
        assert client.get(f"/cases/{number}/rating").status_code == 403
        assert client.get("/ratings").status_code == 403
        client.get("/follow-ups")
        assert client.last is not None
        assert "拖了很久" not in client.last.text
        assert "不满意" not in client.last.text
        assert client.get(f"/follow-ups/{number}").status_code in {403, 404}
    assert open_as(who.other_firm).get(f"/cases/{number}/rating").status_code == 404
    assert open_as(None).get(f"/cases/{number}/rating").status_code == 303
