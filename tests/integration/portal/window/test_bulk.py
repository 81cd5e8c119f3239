"""The last afternoon before a deadline: many cases are accepted, handed off and responded to at once."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from foundation.accounts import queries as accounts
from foundation.accounts import services as account_services
from foundation.db import Database
from foundation.errors import NotAllowed, NotFound
from notices.models import Notice
from portal import invariants
from portal.window.bulk import services
from portal.window.bulk.rules import BulkAct
from portal.window.models import Case
from portal.window.rules import Stage
from portal.window.services import acceptance, intake, review
from tests.factories import city as factory
from tests.factories.city import DEPARTMENT, ITEM, OTHER_ITEM, WINDOW, City
from tests.support.pages import PortalClient

FIRMS = 12
OFFICER = {"officer_name": "李工", "officer_phone": "0839-3263893"}
SignedIn = Callable[[str], PortalClient]


@pytest.fixture
def numbers(database: Database, city: City) -> list[str]:
    """Twelve firms' applications, taken in over the counter."""
    with database.writing() as db:
        codes = [factory.credit_code(number) for number in range(FIRMS)]
        factory.take_firms(db, *(factory.firm_row(code, f"样例 {code[-4:]} 厂") for code in codes))
        return [_handed_in(db, city, code) for code in codes]


def _handed_in(db: Session, city: City, code: str) -> str:
    account_services.enterprise_organisation(db, code, f"样例 {code[-4:]} 厂", "510800")
    draft = intake.save_draft(
        db, city.clerk, ITEM, application=factory.APPLICATION, prefilled={}, credit_code=code
    )
    return intake.submit(db, city.clerk, draft)


def stages(database: Database) -> dict[str, Stage]:
    with database.reading() as db:
        return {case.number or "": case.stage for case in db.scalars(select(Case).order_by(Case.id))}


def papers(database: Database) -> dict[str, list[int]]:
    """The running numbers of the papers of each series."""
    with database.reading() as db:
        found: dict[str, list[int]] = {}
        for series, number in db.execute(select(Notice.series, Notice.serial).order_by(Notice.id)):
            found.setdefault(series, []).append(number)
        return found


def test_from_the_desk_to_the_department_and_on(
    database: Database, city: City, numbers: list[str], signed_in: SignedIn
) -> None:
    clerk = signed_in("clerk")
    assert not [tick for tick in clerk.page("/cases").all("input") if tick.get("type") == "checkbox"]
    desk = clerk.page("/cases?tab=submitted&chosen=all")
    ticks = [tick for tick in desk.all("input") if tick.get("type") == "checkbox"]
    assert [tick.get("value") for tick in ticks if tick.get("checked") is not None] == numbers
    with database.writing() as db:  # meanwhile a colleague takes the first, and a firm gives up
        acceptance.accept(db, city.clerk, numbers[0])
        acceptance.withdraw(db, city.clerk, numbers[1], "不办了")

    chosen = f"/cases/bulk?act=accept_and_hand_off&number={'&number='.join(numbers)}"
    assert "受理并交办 10 件" in clerk.page(chosen).words()
    answer = clerk.submit(chosen, "/cases/bulk")

    assert answer.status_code == 303
    after = clerk.page(answer.location).words()
    assert "已没有要受理并交办的办件" in after
    assert "选中的 12 件现在的环节" in after
    assert "已撤回" in after
    assert list(stages(database).values()) == [
        Stage.ACCEPTED, Stage.WITHDRAWN, *[Stage.HANDED_OFF] * (FIRMS - 2)
    ]  # fmt: skip

    officer = signed_in("officer")
    chosen = f"/cases/bulk?act=respond&number={'&number='.join(numbers[2:])}"
    assert officer.submit(chosen, "/cases/bulk", {**OFFICER, "officer_phone": ""}).status_code == 422
    assert officer.last is not None
    assert "响应 10 件" in officer.last.words()
    assert officer.submit(chosen, "/cases/bulk", OFFICER).status_code == 303
    assert list(stages(database).values())[2:] == [Stage.IN_REVIEW] * (FIRMS - 2)
    assert "李工" in signed_in("clerk").page(f"/cases/{numbers[5]}").words()
    with database.reading() as db:
        assert [name for name, rows in invariants.check(db) if rows] == []


def test_the_one_that_cannot_be_handed_off_holds_up_no_other_and_is_not_half_done(
    database: Database, city: City, numbers: list[str]
) -> None:
    before = papers(database)
    with database.writing() as db:  # an item that names the window itself as its department
        body = accounts.organisation_by_code(db, WINDOW).id
        db.execute(update(Case).where(Case.number == numbers[4]).values(department_id=body))
    database.write(lambda db: services.carry_out(db, city.clerk, BulkAct.ACCEPT_AND_HAND_OFF, numbers))
    stood = stages(database)
    assert stood.pop(numbers[4]) is Stage.SUBMITTED
    assert set(stood.values()) == {Stage.HANDED_OFF}
    new = {series: taken for series, taken in papers(database).items() if taken != before.get(series)}
    assert list(new.values()) == [list(range(1, FIRMS))] * 2  # one less of each kind, and no gap


def test_what_a_department_returned_does_not_go_back_to_it_unseen(
    database: Database, city: City, numbers: list[str]
) -> None:
    with database.writing() as db:
        for number in numbers[:2]:
            acceptance.accept(db, city.clerk, number)
        acceptance.hand_off(db, city.clerk, numbers[0], DEPARTMENT)
        review.send_back_to_window(db, city.officer, numbers[0], reason="不归我办", basis="三定方案")
    database.write(lambda db: services.carry_out(db, city.clerk, BulkAct.HAND_OFF, numbers[:2]))
    assert list(stages(database).values())[:2] == [Stage.ACCEPTED, Stage.HANDED_OFF]


def test_nobody_does_in_bulk_what_is_not_theirs_or_to_whom_it_is_not(
    database: Database, city: City, numbers: list[str]
) -> None:
    foreign = database.write(lambda db: factory.submit(db, city, city.other_firm, OTHER_ITEM))
    for who, act, error in (
        (city.officer, BulkAct.ACCEPT, NotAllowed),
        (city.clerk, BulkAct.RESPOND, NotAllowed),
        (city.county_clerk, BulkAct.ACCEPT, NotFound),
    ):
        with pytest.raises(error), database.writing() as db:
            services.carry_out(db, who, act, [*numbers, foreign])
    with pytest.raises(NotFound), database.writing() as db:
        services.carry_out(db, city.clerk, BulkAct.ACCEPT, [*numbers, "GY-2026-9999"])
    assert set(stages(database).values()) == {Stage.SUBMITTED}


def test_without_a_choice_it_says_what_to_do(numbers: list[str], signed_in: SignedIn) -> None:
    clerk = signed_in("clerk")
    assert "请在工作台勾选" in clerk.page("/cases/bulk?act=accept").words()
    assert clerk.get("/cases/bulk").status_code == 422
    assert clerk.get("/cases/bulk?act=respond").status_code == 403
    nothing = clerk.submit(f"/cases/bulk?act=accept&number={numbers[0]}", "/cases/bulk", {"number": []})
    assert nothing.status_code == 422
    assert clerk.last is not None
    assert "请至少选择一项" in clerk.last.words()
