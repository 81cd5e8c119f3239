"""One case from application to money, and what must not happen to it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from foundation import audit
from foundation import clock as product_clock
from foundation.db import Database
from foundation.deadlines import queries as deadlines
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from notices import queries as notices
from portal.payouts import queries as payout_queries
from portal.payouts import services as payouts
from portal.payouts.rules import FundSource
from portal.window import queries
from portal.window.models import Case
from portal.window.rules import MoveRefused, Stage
from portal.window.services import acceptance, intake, review
from tests.conftest import Clock
from tests.factories import city as factory
from tests.factories.city import APPLICATION, DEPARTMENT, ITEM, POOL, City


def stage_of(database: Database, number: str) -> Stage:
    with database.reading() as db:
        return db.scalars(select(Case.stage).where(Case.number == number)).one()


def pay_out(database: Database, city: City, number: str) -> None:
    with database.writing() as db:
        payment = payouts.prepare_line(db, city.cashier, subject=f"case:{number}", source=FundSource.CITY)
    with database.writing() as db:
        paid_at = product_clock.now()
        payouts.pay(db, city.treasurer, payment_id=payment, paid_at=paid_at, bank_reference="回单 1")


def test_an_application_reaches_the_account(
    database: Database, city: City, clock: Clock, deliver: Callable[[], None]
) -> None:
    with database.writing() as db:
        number = factory.submit(db, city)
    clock.advance(timedelta(minutes=14))
    with database.writing() as db:
        acceptance.accept(db, city.clerk, number)
    clock.advance(timedelta(minutes=20))
    with database.writing() as db:
        notice = acceptance.hand_off(db, city.clerk, number, DEPARTMENT)
    with database.writing() as db:
        review.respond(db, city.officer, number, officer_name="李工", officer_phone="0839-3263893")
    with database.writing() as db:
        review.review(
            db, city.officer, number, checked_fen=5_000_000, opinion="符合", reason="两张发票是上年的"
        )
    with database.writing() as db:
        review.approve(db, city.head, number, decided_fen=5_000_000, reason="")
    pay_out(database, city, number)
    deliver()

    with database.reading() as db:
        case = queries.case(db, city.firm, number)
        acts = [line.act for line in audit.timeline(db, f"case:{number}")]
        claim = payout_queries.claim_of(db, f"case:{number}")
        papers = notices.of_subject(db, city.firm, f"case:{number}")
        assert audit.verify(db).whole

    assert case.stage is Stage.PAID
    assert case.decided_fen == 5_000_000
    assert claim is not None
    assert claim.paid_fen == 5_000_000
    assert acts == ["submit", "accept", "hand_off", "respond", "review", "approve", "pay"]
    assert notice == "广惠企交〔2026〕1号"
    assert [paper.heading for paper in papers] == ["受理通知书", "惠企政策兑现交办通知书", "准予兑现决定书"]


def test_an_instant_item_is_decided_straight_from_the_handoff(
    database: Database, city: City, deliver: Callable[[], None]
) -> None:
    with database.writing() as db:
        number = factory.submit(db, city, item=factory.INSTANT_ITEM)
        acceptance.accept(db, city.clerk, number)
        acceptance.hand_off(db, city.clerk, number, DEPARTMENT)
    with database.writing() as db:
        review.approve(db, city.officer, number, decided_fen=6_200_000, reason="")
    pay_out(database, city, number)
    deliver()
    assert stage_of(database, number) is Stage.PAID
    with database.reading() as db:
        spent = {led.limit.name: led.reckoning.state for led in deadlines.ledger(db, f"case:{number}")}
    assert {name: str(state) for name, state in spent.items()} == {
        "acceptance": "done",
        "handoff": "done",
        "response": "done",
        "review": "done",
        "payout": "done",
    }


def test_the_hour_and_the_ten_days_run_from_the_handoff(database: Database, city: City, clock: Clock) -> None:
    clock.set(clock.moment.replace(hour=16, minute=45))
    with database.writing() as db:
        number = factory.submit(db, city)
        acceptance.accept(db, city.clerk, number)
    with database.reading() as db:
        due = {ledger.limit.name: ledger.reckoning.due for ledger in deadlines.ledger(db, f"case:{number}")}
    assert f"{due['handoff']:%m-%d %H:%M}" == "06-02 09:45"

    with database.writing() as db:
        acceptance.hand_off(db, city.clerk, number, DEPARTMENT)
    with database.reading() as db:
        due = {ledger.limit.name: ledger.reckoning.due for ledger in deadlines.ledger(db, f"case:{number}")}
    assert f"{due['response']:%m-%d %H:%M}" == "06-02 09:45"
    assert f"{due['review']:%m-%d %H:%M}" == "06-15 17:00"


def test_a_return_starts_a_new_handoff_hour_and_stops_the_review(database: Database, city: City) -> None:
    with database.writing() as db:
        number = factory.submit(db, city)
        acceptance.accept(db, city.clerk, number)
        acceptance.hand_off(db, city.clerk, number, DEPARTMENT)
        review.send_back_to_window(db, city.officer, number, reason="属科技局职责", basis="三定方案")
    with database.reading() as db:
        assert deadlines.running(db, f"case:{number}") == {"handoff"}
    assert stage_of(database, number) is Stage.ACCEPTED


def test_a_supplement_in_review_holds_the_review_clock(database: Database, city: City, clock: Clock) -> None:
    with database.writing() as db:
        number = factory.submit(db, city)
        acceptance.accept(db, city.clerk, number)
        acceptance.hand_off(db, city.clerk, number, DEPARTMENT)
        review.respond(db, city.officer, number, officer_name="李工", officer_phone="0839-3263893")
        before = next(view for view in deadlines.ledger(db, f"case:{number}") if view.limit.name == "review")
        acceptance.ask_supplement(db, city.officer, number, [("设备购置发票", "第 3 页看不清")])
    clock.advance(timedelta(days=3))
    with database.writing() as db:
        acceptance.supply(db, city.firm, number, [], "已在窗口补交")
    with database.reading() as db:
        after = next(view for view in deadlines.ledger(db, f"case:{number}") if view.limit.name == "review")
    assert before.reckoning.due is not None
    assert after.reckoning.due == before.reckoning.due + timedelta(days=3)


def test_a_second_notice_asks_for_nothing_new(database: Database, city: City) -> None:
    with database.writing() as db:
        number = factory.submit(db, city)
        acceptance.ask_supplement(db, city.clerk, number, [("设备购置发票", "缺第 2 页")])
        acceptance.supply(db, city.firm, number, [], "已补")
    with pytest.raises(Invalid, match="不能新增"), database.writing() as db:
        acceptance.ask_supplement(db, city.clerk, number, [("付款凭证", "没有盖章")])


def test_five_working_days_of_silence_are_acceptance(
    database: Database, city: City, clock: Clock, deliver: Callable[[], None]
) -> None:
    with database.writing() as db:
        number = factory.submit(db, city)
    clock.advance(timedelta(days=4))
    deliver()
    assert stage_of(database, number) is Stage.SUBMITTED

    clock.set(clock.moment.replace(month=6, day=8, hour=17, minute=1))
    deliver()
    with database.reading() as db:
        case = queries.case(db, city.clerk, number)
        assert case.stage is Stage.ACCEPTED
        assert case.deemed_accepted
        assert deadlines.running(db, f"case:{number}") == {"handoff"}


def test_who_gave_the_opinion_does_not_decide(database: Database, city: City) -> None:
    with database.writing() as db:
        number = factory.reviewed(db, city)
    with pytest.raises(NotAllowed, match="另一个人"), database.writing() as db:
        review.approve(db, city.officer, number, decided_fen=6_200_000, reason="")
    deputy = replace(city.head, stands_in_for=city.officer.person_id)
    with pytest.raises(NotAllowed, match="另一个人"), database.writing() as db:
        review.approve(db, deputy, number, decided_fen=6_200_000, reason="")
    with pytest.raises(IntegrityError), database.writing() as db:
        db.execute(
            text("UPDATE case_ SET decider_id = reviewer_id WHERE number = :number"), {"number": number}
        )


def test_a_decision_without_cover_waits_and_goes_on_by_itself(
    database: Database, clock: Clock, deliver: Callable[[], None]
) -> None:
    with database.writing() as db:
        city = factory.found(db, pool_fen=0)
        number = factory.reviewed(db, city)
        review.approve(db, city.head, number, decided_fen=6_200_000, reason="")
    assert stage_of(database, number) is Stage.AWAITING_FUNDS

    with database.writing() as db:
        payouts.top_up(
            db, city.treasurer, pool_code=POOL, amount_fen=10_000_000, document_number="广财〔2026〕2号"
        )
    deliver()
    assert stage_of(database, number) is Stage.APPROVED
    with database.reading() as db:
        assert deadlines.running(db, f"case:{number}") == {"payout"}


def test_less_than_applied_needs_a_reason(database: Database, city: City) -> None:
    with database.writing() as db:
        number = factory.submit(db, city)
        acceptance.accept(db, city.clerk, number)
        acceptance.hand_off(db, city.clerk, number, DEPARTMENT)
        review.respond(db, city.officer, number, officer_name="李工", officer_phone="0839-3263893")
    with pytest.raises(Invalid, match="核减理由"), database.writing() as db:
        review.review(db, city.officer, number, checked_fen=1, opinion="符合", reason="")


def test_a_rejection_is_in_writing_with_the_remedy(database: Database, city: City) -> None:
    with database.writing() as db:
        number = factory.reviewed(db, city)
        review.reject(db, city.head, number, reason="设备发票合计 460 万元，门槛是 500 万元")
    with database.reading() as db:
        paper = notices.of_subject(db, city.firm, f"case:{number}")[-1]
        opened = notices.opened(db, city.firm, paper.verify_code)
    assert paper.heading == "不予兑现决定书"
    assert "60 日内向广元市人民政府申请行政复议" in opened.document.remedy
    assert any("460 万元" in paragraph for paragraph in opened.document.paragraphs)


def test_the_window_refuses_on_listed_grounds_alone(database: Database, city: City) -> None:
    with database.writing() as db:
        number = factory.submit(db, city)
    with pytest.raises(Invalid), database.writing() as db:
        acceptance.refuse(db, city.clerk, number, "we_do_not_like_it", "不喜欢")
    with database.writing() as db:
        acceptance.refuse(db, city.clerk, number, "closed", "申报已于 5 月截止，请关注下一次申报")
    assert stage_of(database, number) is Stage.REFUSED


@pytest.mark.parametrize("name", ["other_firm", "county_clerk", "stranger", "cashier", "admin"])
def test_a_foreign_case_is_not_found(database: Database, city: City, name: str) -> None:
    with database.writing() as db:
        number = factory.submit(db, city)
        acceptance.accept(db, city.clerk, number)
        acceptance.hand_off(db, city.clerk, number, DEPARTMENT)
    with pytest.raises(NotFound), database.reading() as db:
        queries.case(db, city.people[name], number)


def test_a_department_sees_a_case_from_the_handoff_on(database: Database, city: City) -> None:
    with database.writing() as db:
        number = factory.submit(db, city)
        acceptance.accept(db, city.clerk, number)
    with pytest.raises(NotFound), database.reading() as db:
        queries.case(db, city.officer, number)


def test_the_same_money_is_asked_for_once_at_a_time(database: Database, city: City) -> None:
    with database.writing() as db:
        number = factory.submit(db, city)
    with pytest.raises(Conflict, match=number), database.writing() as db:
        factory.submit(db, city)
    with database.writing() as db:
        acceptance.withdraw(db, city.firm, number, "")
        again = factory.submit(db, city)
    assert again != number


def test_no_step_is_skipped(database: Database, city: City) -> None:
    with database.writing() as db:
        number = factory.submit(db, city)
    with pytest.raises(MoveRefused, match="待受理"), database.writing() as db:
        acceptance.hand_off(db, city.clerk, number, DEPARTMENT)


def test_a_draft_keeps_what_was_typed_and_says_what_is_missing(database: Database, city: City) -> None:
    half = intake.Application("王会计", "", "", "", "", None, "")
    with database.writing() as db:
        intake.save_draft(db, city.firm, ITEM, application=half, prefilled={})
    with database.writing() as db:
        case = intake.draft_of(db, ITEM, intake.applicant(db, city.firm, None).id)
        assert case is not None
        assert case.personal.contact_name == "王会计"
        with pytest.raises(Invalid) as refusal:
            intake.submit(db, city.firm, case)
        case = intake.save_draft(
            db, city.clerk, ITEM, application=APPLICATION, prefilled={}, credit_code=factory.FIRM
        )
        number = intake.submit(db, city.clerk, case)
    missing = {problem.field for problem in refusal.value.problems}
    assert missing == {"contact_phone", "account_name", "account_bank", "account_number", "applied_fen"}
    assert number == "GY-2026-0001"
