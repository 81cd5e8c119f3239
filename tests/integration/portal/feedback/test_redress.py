"""Calls in turn, three in vain, ratings by phone; a bad rating put right by somebody else, in time."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

import foundation.deadlines.tasks
import portal.feedback.redress.tasks
from foundation import audit, outbox
from foundation.clock import BEIJING
from foundation.db import Database
from foundation.deadlines import queries as deadlines
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.web.access import Actor
from notices import queries as notices
from portal import relay
from portal.feedback import queries, services
from portal.feedback.models import FollowUp, Rating
from portal.feedback.redress import queries as redresses
from portal.feedback.redress import services as redress
from portal.feedback.redress.rules import Stage
from portal.feedback.rules import Answer, Given, Level, Outcome, clock_subject
from portal.feedback.services import Rated
from tests.conftest import Clock
from tests.factories.ended_cases import People
from tests.support.pages import PortalClient

Ended = Callable[..., str]
OpenAs = Callable[[Actor | None], PortalClient]
NUMBER = "ZG-2026-0001"
SUBJECT = f"redress:{NUMBER}"
READERS = (*portal.feedback.redress.tasks.READERS, *foundation.deadlines.tasks.READERS)


def rate(database: Database, who: People, number: str, level: Level = Level.DISSATISFIED) -> None:
    database.write(lambda db: services.rate(db, who.firm, number, level, "等了三周"))


def miss(database: Database, who: People, number: str) -> None:
    database.write(lambda db: services.record_call(db, who.colleague, number, Answer.NOT_REACHED))


def running(database: Database, subject: str = SUBJECT) -> set[str]:
    with database.reading() as db:
        return set(deadlines.running(db, subject))


def offences(database: Database) -> dict[str, list[str]]:
    with database.reading() as db:
        known = (*queries.INVARIANTS, *redresses.INVARIANTS)
        return {name: rows for name, check in known if (rows := check(db))}


def titles(database: Database, actor: Actor) -> list[str]:
    with database.reading() as db:
        return [message.title for message in notices.inbox(db, actor).messages]


def stage(database: Database, who: People) -> Stage:
    with database.reading() as db:
        return redresses.one(db, who.supervisor, NUMBER, datetime(2026, 6, 1, 10, tzinfo=BEIJING)).stage


def sweep(database: Database) -> None:
    with database.writing() as db:
        outbox.emit(db, outbox.MINUTE, {"at": "2026-01-01T00:00:00+08:00"})
    while relay.carry(database, READERS, lambda key, name: outbox.deliver(database, READERS, key, name)):
        pass


def test_a_call_is_given_to_whoever_had_no_hand_in_the_case(
    database: Database, who: People, ended: Ended
) -> None:
    ended()
    with database.reading() as db:
        (for_clerk,), (for_colleague,) = queries.calls(db, who.clerk), queries.calls(db, who.colleague)
    assert (for_clerk.assignee, for_clerk.my_turn) == ("陈专员", False)
    assert for_colleague.my_turn


def test_three_calls_in_vain_on_two_days_end_it_with_a_message(
    database: Database, who: People, ended: Ended, clock: Clock
) -> None:
    number = ended()
    for _ in range(3):
        miss(database, who, number)
    with database.reading() as db:
        assert [call.attempts for call in queries.calls(db, who.colleague)] == [3]
    clock.advance(timedelta(days=1))
    miss(database, who, number)
    with database.reading() as db:
        assert queries.calls(db, who.colleague) == []
        row = db.scalars(select(FollowUp)).one()
    assert (row.outcome, row.attempts) == (Outcome.UNREACHED, 4)
    assert running(database, clock_subject(number)) == set()
    assert titles(database, who.firm)[0] == "给您打了几次电话没有接通"
    assert offences(database) == {}


def test_a_rating_given_by_phone_is_kept_as_such_and_only_once(
    database: Database, who: People, ended: Ended
) -> None:
    number = ended()
    said = Rated(Level.SATISFIED, "挺快")
    with pytest.raises(Invalid, match="没有联系上"), database.writing() as db:
        services.record_call(db, who.colleague, number, Answer.NOT_REACHED, rated=said)
    database.write(lambda db: services.record_call(db, who.colleague, number, Answer.WELL, rated=said))
    with database.reading() as db:
        row = db.scalars(select(Rating)).one()
        (line,) = audit.timeline(db, f"rating:{number}")
    assert (row.given, row.typed_by_id, row.level) == (Given.PHONE, who.colleague.person_id, 2)
    assert line.facts == {"given": "phone"}
    with pytest.raises(Conflict, match="一件只评一次"):
        rate(database, who, number)
    assert offences(database) == {}


def test_a_bad_rating_is_put_right_by_somebody_else_within_its_limits(
    database: Database, who: People, ended: Ended, clock: Clock
) -> None:
    rate(database, who, ended())
    assert running(database) == {"redress_contact", "redress_fix"}
    with database.reading() as db:
        view = redresses.one(db, who.colleague, NUMBER, clock.moment)
        due = {each.limit: each.due_at for each in view.clocks}
        assert redresses.desk(db, who.clerk, clock.moment) == []
    assert (view.assignee, view.level, view.comment) == ("陈专员", "不满意", "等了三周")
    assert due["redress_contact"] == datetime(2026, 6, 2, 17, tzinfo=BEIJING)
    assert due["redress_fix"] == datetime(2026, 6, 23, 17, tzinfo=BEIJING)
    with pytest.raises(NotFound), database.writing() as db:
        redress.contact(db, who.clerk, NUMBER, heard="我自己问的")
    database.write(lambda db: redress.contact(db, who.colleague, NUMBER, heard="通知来得太晚"))
    assert running(database) == {"redress_fix"}
    database.write(lambda db: redress.fix(db, who.colleague, NUMBER, done="改为当天短信通知"))
    assert running(database) == set()
    assert titles(database, who.firm)[0] == "您反映的问题已经整改，请确认"
    number = view.case_number
    with pytest.raises(NotFound), database.writing() as db:
        redress.reply(db, who.other_firm, number, content=True, words="")
    database.write(lambda db: redress.reply(db, who.firm, number, content=True, words="可以"))
    assert stage(database, who) is Stage.CONFIRMED
    assert offences(database) == {}


def test_what_the_enterprise_does_not_accept_goes_to_the_supervisor(
    database: Database, who: People, ended: Ended
) -> None:
    number = ended()
    rate(database, who, number)

    def work(done: str) -> None:
        database.write(lambda db: redress.fix(db, who.colleague, NUMBER, done=done))
        database.write(lambda db: redress.reply(db, who.firm, number, content=False, words="没有解决"))

    database.write(lambda db: redress.contact(db, who.colleague, NUMBER, heard="太慢"))
    work("已提醒")
    assert titles(database, who.supervisor)[0].startswith("企业不认可整改")
    with pytest.raises(NotAllowed), database.writing() as db:
        redress.redo(db, who.colleague, NUMBER, reason="再来")
    database.write(lambda db: redress.redo(db, who.supervisor, NUMBER, reason="没有针对问题"))
    assert running(database) == {"redress_fix"}
    work("已补发通知")
    database.write(lambda db: redress.close(db, who.supervisor, NUMBER, reason="已尽责"))
    assert stage(database, who) is Stage.CLOSED
    assert offences(database) == {}


@pytest.mark.parametrize("upheld", [True, False])
def test_an_appeal_is_decided_by_the_supervisor_and_stops_nothing_meanwhile(
    database: Database, who: People, ended: Ended, upheld: bool
) -> None:
    rate(database, who, ended())
    database.write(lambda db: redress.appeal(db, who.colleague, NUMBER, reason="评错了办件"))
    assert running(database) == {"redress_contact", "redress_fix", "redress_appeal"}
    with pytest.raises(NotAllowed), database.writing() as db:
        redress.decide_appeal(db, who.colleague, NUMBER, upheld=True, ruling="成立")
    database.write(lambda db: redress.decide_appeal(db, who.supervisor, NUMBER, upheld=upheld, ruling="查过"))
    assert running(database) == (set() if upheld else {"redress_contact", "redress_fix"})
    with database.reading() as db:
        assert (db.scalars(select(Rating)).one().excluded_at is not None) is upheld
    assert stage(database, who) is (Stage.EXCLUDED if upheld else Stage.OPEN)
    with pytest.raises(Conflict), database.writing() as db:
        redress.appeal(db, who.colleague, NUMBER, reason="再申诉")
    assert offences(database) == {}


def test_a_breach_goes_to_the_supervisor_and_no_message_names_the_case(
    database: Database, who: People, ended: Ended, clock: Clock
) -> None:
    number = ended()
    rate(database, who, number)
    clock.set(datetime(2026, 6, 2, 17, 1, tzinfo=BEIJING))
    sweep(database)
    assert titles(database, who.supervisor)[0] == f"整改任务已逾期：{NUMBER}"
    with database.reading() as db:
        shown = str(notices.inbox(db, who.colleague)) + str(notices.inbox(db, who.supervisor))
        told = [message for message in notices.inbox(db, who.colleague).messages if NUMBER in message.title]
    assert told
    assert not any(number in f"{each.title}{each.body}{each.key}{each.link}" for each in told)
    assert "不满意" not in shown
    database.write(lambda db: redress.contact(db, who.colleague, NUMBER, heard="太慢"))
    database.write(lambda db: redress.fix(db, who.colleague, NUMBER, done="改了"))
    with database.writing() as db:  # told late, when nothing runs any more
        redress.remind(db, NUMBER, title="晚到", key="late", supervise=True)
    assert "晚到" not in str(titles(database, who.supervisor))


def test_what_went_past_the_services_is_found(database: Database, who: People, ended: Ended) -> None:
    rate(database, who, ended(1))
    with database.writing() as db:
        db.execute(text("UPDATE redress SET assignee_id = :clerk"), {"clerk": who.clerk.person_id})
        db.execute(text("UPDATE redress SET stage = 'contacted', contacted_at = opened_at"))
    assert {"nobody puts his own case right", "a redress's clocks are those of where it stands"} <= set(
        offences(database)
    )
    with database.writing() as db:
        db.execute(text("DELETE FROM redress"))
    assert "every bad rating is put right by somebody" in offences(database)


@pytest.mark.sqlite
def test_through_the_pages(database: Database, who: People, ended: Ended, open_as: OpenAs) -> None:
    number = ended()
    caller = open_as(who.colleague)
    page = f"/follow-ups/{number}"
    assert "照实记" in caller.page(page).words()
    answer = caller.submit(page, page, {"answer": "problem", "note": "等太久", "level": "5", "comment": "慢"})
    assert (answer.status_code, answer.location) == (303, "/follow-ups")
    firm, clerk, supervisor = open_as(who.firm), open_as(who.clerk), open_as(who.supervisor)
    assert "没有要整改的差评" in clerk.page("/redress").words()
    assert clerk.get(f"/redress/{NUMBER}").status_code == 404
    assert "1 件整改在办" in caller.page("/redress").words()
    path = f"/redress/{NUMBER}"
    assert "非常不满意" in caller.page(path).words()
    assert caller.submit(path, f"{path}/contact", {"heard": ""}).status_code == 422
    assert caller.submit(path, f"{path}/contact", {"heard": "等太久"}).status_code == 303
    assert caller.submit(path, f"{path}/appeal", {"reason": "不属实"}).status_code == 303
    assert supervisor.submit(path, f"{path}/ruling", {"upheld": "no", "ruling": "属实"}).status_code == 303
    assert caller.submit(path, f"{path}/fix", {"done": "改了"}).status_code == 303
    own = f"/cases/{number}/redress"
    assert "改了" in firm.page(own).words()
    assert firm.submit(own, own, {"content": "no"}).status_code == 303
    assert supervisor.submit(path, f"{path}/redo", {"reason": "重做"}).status_code == 303
    caller.submit(path, f"{path}/fix", {"done": "又改了"})
    firm.submit(own, own, {"content": "no"})
    assert supervisor.submit(path, f"{path}/close", {"reason": "已尽责"}).status_code == 303
    assert "现在不需要您做什么" in firm.page(own).words()
    assert open_as(who.other_firm).get(own).status_code == 404
    assert open_as(who.officer).get("/redress").status_code == 403
