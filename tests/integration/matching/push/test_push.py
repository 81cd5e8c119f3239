"""一秒推送: exactly those whom it newly concerns, each of them once, and why."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation import outbox
from foundation.accounts.models import Person
from foundation.audit import AuditEvent
from foundation.clock import BEIJING, now
from foundation.db import Database
from foundation.enterprises.queries import ids_of
from foundation.web.access import Actor, Role
from matching.push.models import Push
from notices import services as notices
from notices.kinds import MessageKind
from notices.models import Message
from tests.conftest import Clock
from tests.integration.matching.push.conftest import CODES, EQUIPMENT, Town, policy


def lines(database: Database, act: str) -> list[tuple[str, dict[str, object]]]:
    with database.reading() as db:
        found = select(AuditEvent).where(AuditEvent.act == act).order_by(AuditEvent.seq)
        return [(row.subject, row.facts) for row in db.scalars(found)]


def test_a_publication_reaches_whoever_is_entitled_and_nobody_else(town: Town) -> None:
    town.publish(policy("A1", "设备补助", EQUIPMENT))
    town.settle()

    assert [town.inbox(which) for which in range(3)] == [["“设备补助”贵公司可享，预计 8 万元"], [], []]
    with town.database.reading() as db:
        message = db.scalars(select(Message)).one()
    assert message.kind is MessageKind.ENTITLED
    assert not message.statutory
    assert message.link == "/my/policies/A1/why/published"
    for words in ("2 项条件", "主管部门：市经济和信息化局", "兑现专窗", "不用回复", "柜台"):
        assert words in message.body
    assert lines(town.database, "pushed") == [("push:A1", {"reason": "published", "version": 1, "told": 1})]


def test_who_was_told_is_not_told_again(town: Town) -> None:
    town.publish(policy("A1", "设备补助", EQUIPMENT))
    town.settle()
    with town.database.writing() as db:
        for row in db.scalars(select(outbox.Delivery).where(outbox.Delivery.reader.startswith("matching."))):
            row.done_at = None
    with town.database.reading() as db:
        undone = [(row.outbox_id, row.reader) for row in db.scalars(select(outbox.Delivery))]
    for outbox_id, reader in undone:
        outbox.deliver(town.database, town.readers, outbox_id, reader)
    town.settle()

    assert [len(town.inbox(which)) for which in range(3)] == [1, 0, 0]


def test_a_changed_profile_gains_what_it_gains(town: Town) -> None:
    town.publish(policy("A1", "设备补助", EQUIPMENT))
    town.settle()

    town.report(1, tech_reform_equipment_wan=500)
    town.settle()

    assert town.inbox(1) == ["“设备补助”贵公司现在可享，预计 8 万元"]
    assert town.inbox(2) == []
    town.report(1, tech_reform_equipment_wan=400)
    town.settle()
    town.report(1, tech_reform_equipment_wan=700)
    town.settle()
    assert len(town.inbox(1)) == 1  # once for one version and reason
    assert ("push", {"reason": "profile", "enterprises": 1, "told": 1}) in lines(town.database, "pushed")


def test_much_at_once_is_one_message(town: Town) -> None:
    town.publish(*(policy(f"A{n}", f"补助{n}", EQUIPMENT) for n in range(5)))
    town.settle()

    assert town.inbox(0) == ["新匹配到 5 项贵公司可享的政策"]
    with town.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Push)) == 5


def test_a_changed_item_tells_who_keeps_gains_and_loses_it(town: Town) -> None:
    town.publish(policy("A1", "设备补助", EQUIPMENT))
    town.settle()
    dearer = {"kind": "fixed", "amount_yuan": 90000, "text": "一次性9万元"}

    town.publish(policy("A1", "设备补助", EQUIPMENT | {"value": 400}, benefit=dearer))
    town.settle()

    assert town.inbox(0)[1:] == ["“设备补助”有变化：申报条件、金额标准"]
    assert town.inbox(1) == ["“设备补助”贵公司可享，预计 9 万元"]
    town.publish(policy("A1", "设备补助", EQUIPMENT | {"value": 600}, benefit=dearer))
    town.settle()
    assert town.inbox(1)[1:] == ["“设备补助”条件改了，贵公司不再符合"]
    town.publish(policy("A1", "设备补助", EQUIPMENT | {"value": 600}, benefit=dearer, doubts="来源不明"))
    town.settle()
    assert len(town.inbox(0)) == 3  # nothing that would concern it has changed


def test_what_cannot_be_had_here_is_not_pushed(town: Town) -> None:
    town.publish(
        policy("A1", "往年补助", EQUIPMENT, window={"start": None, "end": "2025-12-31"}),
        policy("A2", "外地补助", EQUIPMENT, region_code="511300"),
        policy("A3", "明年补助", EQUIPMENT, window={"start": "2027-01-01", "end": None}),
    )
    town.settle()

    assert town.inbox(0) == ["“明年补助”贵公司可享，预计 8 万元"]


def test_the_calendar_speaks_once_to_those_without_a_case(town: Town, clock: Clock) -> None:
    window = {"start": "2026-06-03", "end": "2026-06-20"}
    town.report(1, tech_reform_equipment_wan=500)
    town.publish(policy("A1", "设备补助", EQUIPMENT, window=window))
    town.settle()
    with town.database.reading() as db:
        town.live["A1"] = ids_of(db, [CODES[1]])

    for day in (2, 3, 3, 10, 11, 15, 19, 20, 21):
        for hour in (8, 9, 17):
            clock.set(datetime(2026, 6, day, hour, tzinfo=BEIJING))
            with town.database.writing() as db:
                outbox.emit(db, outbox.MINUTE, {})
            town.settle()

    assert town.inbox(0)[1:] == [
        "“设备补助”今天开始受理",
        "“设备补助”2026年6月20日截止",
        "“设备补助”2026年6月20日截止，没有几天了",
        "“设备补助”2026年6月20日截止，请尽快申请",
    ]
    assert len(town.inbox(1)) == 1


def test_who_opted_out_is_not_told_and_papers_still_arrive(town: Town) -> None:
    with town.database.writing() as db:
        actor = Actor(_person(db), "李明", 1, CODES[0], "样例0号公司", Role.ENTERPRISE)
        notices.opt_out(db, actor, MessageKind.ENTITLED)
    town.publish(policy("A1", "设备补助", EQUIPMENT))
    town.settle()
    with town.database.writing() as db:
        notices.tell(db, CODES[0], title="决定书已送达", body="", link="/inbox", key="k", statutory=True)

    assert town.inbox(0) == ["决定书已送达"]
    with town.database.writing() as db:
        assert db.scalars(select(Push)).one().message_key is None
        notices.opt_in(db, actor, MessageKind.ENTITLED)
    town.publish(policy("A2", "又一项补助", EQUIPMENT))
    town.settle()
    assert town.inbox(0)[1:] == ["“又一项补助”贵公司可享，预计 8 万元"]


def _person(db: Session) -> int:
    person = Person(login="liming", name="李明", created_at=now())
    db.add(person)
    db.flush()
    return person.id
