"""公示: what it stops, who may object, and that no money goes past an objection that nobody decided."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from foundation import outbox
from foundation.clock import BEIJING
from foundation.db import Database
from foundation.deadlines import queries as deadlines
from foundation.deadlines.rules import State as ClockState
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from portal import invariants
from portal.window import queries as cases
from portal.window.lists import freezing
from portal.window.lists import services as lists
from portal.window.lists.queries import RowView
from portal.window.lists.services import Ruling
from portal.window.publicity import queries, services
from portal.window.rules import Stage
from portal.window.services import review
from tests.conftest import Clock
from tests.factories import city as factory
from tests.factories.city import EXEMPT_ITEM, FIRM, ITEM, OTHER_FIRM, City
from tests.integration.portal.window import test_lists
from tests.support.pages import PortalClient

Deliver = Callable[[], None]
# published on Monday 2026-06-01: the five working days after it
LAST = datetime(2026, 6, 8, 17, tzinfo=BEIJING)


def shown_case(database: Database, city: City) -> str:
    """A case of an item with a publicity, on show; its number."""
    with database.writing() as db:
        factory.take_items(db, factory.item_row(guide={"publicity": True}))
        number = factory.reviewed(db, city, ITEM)
    with pytest.raises(Conflict, match="要先公示"), database.writing() as db:
        review.approve(db, city.head, number, decided_fen=6_200_000, reason="")
    with database.writing() as db:
        assert review.publish(db, city.head, number) == "GS-2026-001"
    return number


def pass_by(database: Database, clock: Clock, deliver: Deliver, moment: datetime = LAST) -> None:
    """It is one minute after *moment*."""
    clock.set(moment + timedelta(minutes=1))
    with database.writing() as db:
        outbox.emit(db, outbox.MINUTE, {"at": clock.moment.isoformat()})
    deliver()


def objected(database: Database, name: str = "王小明", about: str = "") -> str:
    given = {
        "name": name,
        "phone": "13800000001",
        "credit_code": about,
        "statement": "设备是旧的",
        "origin": "x",
    }
    with database.writing() as db:
        return services.take_objection(db, "GS-2026-001", **given)


def decided(database: Database, city: City, number: str, *, upheld: bool) -> None:
    with database.writing() as db:
        services.examine(db, city.officer, number, opinion="发票和现场都核过")
    with pytest.raises(NotAllowed, match="另一个人"), database.writing() as db:
        services.decide(db, city.officer, number, upheld=upheld, decision="同意")
    with database.writing() as db:
        services.decide(db, city.head, number, upheld=upheld, decision="经核查，按规定处理")


def sound(database: Database) -> bool:
    with database.reading() as db:
        return [(name, rows) for name, rows in invariants.check(db) if rows] == []


def test_the_review_stands_still_until_the_last_day_and_then_a_person_decides(
    database: Database, city: City, clock: Clock, deliver: Deliver
) -> None:
    number = shown_case(database, city)
    with database.reading() as db:
        shown = queries.one(db, "GS-2026-001", clock.moment)
        (held,) = [
            each
            for each in deadlines.ledger(db, f"case:{number}", clock.moment)
            if each.limit.name == "review"
        ]
    assert (shown.first_day, shown.until) == ("2026年6月2日", LAST)
    assert held.reckoning.state is ClockState.HOLD
    assert shown.digest == services.digest(shown.document.to_json())
    before = held.reckoning.due
    pass_by(database, clock, deliver, LAST - timedelta(minutes=2))
    with database.reading() as db:
        assert cases.case(db, city.firm, number).stage is Stage.PUBLICITY
    pass_by(database, clock, deliver)
    with database.reading() as db:
        assert cases.case(db, city.firm, number).stage is Stage.REVIEWED
        (review_clock,) = [
            each
            for each in deadlines.ledger(db, f"case:{number}", clock.moment)
            if each.limit.name == "review"
        ]
    assert before is not None
    assert review_clock.reckoning.due is not None
    assert review_clock.reckoning.state is not ClockState.HOLD
    with database.writing() as db:
        review.approve(db, city.head, number, decided_fen=6_200_000, reason="")
    assert sound(database)


def test_no_decision_goes_past_an_objection(
    database: Database, city: City, clock: Clock, deliver: Deliver
) -> None:
    number = shown_case(database, city)
    objection = objected(database)
    pass_by(database, clock, deliver)
    with pytest.raises(Conflict, match="异议还没有处理完"), database.writing() as db:
        review.approve(db, city.head, number, decided_fen=6_200_000, reason="")
    decided(database, city, objection, upheld=True)
    with pytest.raises(Conflict, match="异议成立"), database.writing() as db:
        review.approve(db, city.head, number, decided_fen=6_200_000, reason="")
    # sent back, reviewed anew and shown anew
    with database.writing() as db:
        review.send_back_to_reviewer(db, city.head, number, reason="异议成立")
        review.review(
            db, city.officer, number, checked_fen=5_000_000, opinion="核减旧设备", reason="旧设备不算"
        )
    with pytest.raises(Conflict, match="要先公示"), database.writing() as db:
        review.approve(db, city.head, number, decided_fen=5_000_000, reason="")
    with database.writing() as db:
        assert review.publish(db, city.head, number) == "GS-2026-002"
    assert sound(database)


def test_objections_come_by_name_and_in_time(
    database: Database, city: City, clock: Clock, deliver: Deliver
) -> None:
    shown_case(database, city)
    with pytest.raises(Invalid, match="匿名的异议不受理"):
        objected(database, name="匿名")
    with pytest.raises(Invalid, match="没有这家"):
        objected(database, about=OTHER_FIRM)
    number = objected(database, about=FIRM)
    with database.reading() as db:
        assert queries.objection(db, city.officer, number).name == "王小明"
        with pytest.raises(NotFound):
            queries.objection(db, city.stranger, number)
    pass_by(database, clock, deliver)
    with pytest.raises(Conflict, match="已经结束"):
        objected(database)
    assert sound(database)


def listed(database: Database, city: City) -> str:
    with database.writing() as db:
        factory.take_items(db, factory.exempt_row(EXEMPT_ITEM, guide={"publicity_workdays": 5}))
    with database.writing() as db:
        number = freezing.freeze(db, city.clerk, EXEMPT_ITEM)
        lists.hand_off(db, city.clerk, number)
        lists.confirm(
            db, city.officer, number, [Ruling(code, True, 8_000_000, "") for code in (FIRM, OTHER_FIRM)]
        )
    return number


def states(database: Database, city: City, number: str) -> dict[str, str]:
    rows: dict[str, RowView] = test_lists.rows_of(database, city, number)
    return {code: row.state for code, row in rows.items()}


@pytest.mark.parametrize(("upheld", "after"), [(False, "已列入"), (True, "不列入")])
def test_an_objection_holds_up_its_own_row_alone(
    database: Database, city: City, clock: Clock, deliver: Deliver, upheld: bool, after: str
) -> None:
    number = listed(database, city)
    deliver()
    assert states(database, city, number) == {FIRM: "公示中", OTHER_FIRM: "公示中"}
    objection = objected(database, about=OTHER_FIRM)
    pass_by(database, clock, deliver)
    assert states(database, city, number) == {FIRM: "已列入", OTHER_FIRM: "公示中"}
    decided(database, city, objection, upheld=upheld)
    deliver()
    assert states(database, city, number) == {FIRM: "已列入", OTHER_FIRM: after}
    assert sound(database)


def test_the_pages_of_a_publicity(
    database: Database,
    city: City,
    clock: Clock,
    client: PortalClient,
    signed_in: Callable[[str], PortalClient],
) -> None:
    assert "现在没有公示" in client.page("/publicity").text
    shown_case(database, city)
    assert "GS-2026-001" in client.page("/publicity").text
    path = "/publicity/GS-2026-001"
    assert "样例机械有限公司" in client.page(path).text
    given = {"name": "匿名", "phone": "13800000001", "statement": "设备是旧的"}
    answer = client.submit(path, f"{path}/objections", given)
    assert answer.status_code == 422
    assert "匿名的异议不受理" in answer.get_data(as_text=True)
    client.submit(path, f"{path}/objections", {**given, "name": "王小明"})
    assert "王小明" not in client.page(path).text
    officer, head = signed_in("officer"), signed_in("head")
    assert "1 件异议等处理" in officer.page("/objections").text
    desk = "/objections/YY-2026-001"
    assert "王**，138****0001" in officer.page(desk).words()
    officer.submit(desk, f"{desk}/examine", {"opinion": "发票和现场都核过"})
    assert "要由另一个人" in officer.page(desk).text
    head.submit(desk, f"{desk}/decide", {"upheld": "no", "decision": "设备是新购的，异议不成立"})
    assert "设备是新购的，异议不成立" in client.page(path).text
