"""Any order of acts by anyone: what may not be is refused, and no invariant ever breaks."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock as product_clock
from foundation.db import Database
from foundation.deadlines import queries as deadlines
from foundation.errors import PortalError
from portal import invariants
from portal.payouts import queries as payout_queries
from portal.payouts import services as payouts
from portal.payouts.models import PaymentLine
from portal.payouts.rules import FundSource
from portal.window.models import Case
from portal.window.rules import CLOCKS, ENDED, Stage
from portal.window.services import acceptance, outcome, review
from tests.conftest import Clock
from tests.factories import city as factory
from tests.factories.city import DEPARTMENT, ITEM, POOL
from tests.integration.portal.window.conftest import READERS

# money, money without a pool, a benefit delivered, a report to the level above
ITEMS = st.sampled_from([ITEM, factory.OTHER_ITEM, factory.RELIEF_ITEM, factory.UPPER_ITEM])
STAFF = st.sampled_from(["clerk", "officer", "head", "county_clerk", "stranger"])
NewDatabase = Callable[[], AbstractContextManager[Database]]


class Life(RuleBasedStateMachine):
    """Two firms, items that end each in its own way, a pool that runs dry, and time that passes."""

    new_database: NewDatabase
    clock: Clock

    def __init__(self) -> None:
        super().__init__()
        self.kept = ExitStack()
        self.changed = True
        self.clock.set(self.clock.moment.replace(year=2026, month=6, day=1, hour=10, minute=0))
        self.database = self.kept.enter_context(self.new_database())
        with self.database.writing() as db:
            self.city = factory.found(db, pool_fen=9_000_000)

    def teardown(self) -> None:
        self.kept.close()

    def attempt(self, work: Callable[[Session], Any]) -> None:
        """Act as a request would: a refusal rolls everything back."""
        with suppress(PortalError):
            self.database.write(work)
            self.changed = True

    def numbers(self) -> list[str]:
        with self.database.reading() as db:
            query = select(Case.number).where(Case.stage != Stage.DRAFT).order_by(Case.id)
            return [number for number in db.scalars(query) if number]

    def pick(self, which: int) -> str:
        numbers = self.numbers()
        return numbers[which % len(numbers)] if numbers else "GY-2026-9999"

    @rule(firm=st.sampled_from(["firm", "other_firm"]), item=ITEMS)
    def submit(self, firm: str, item: str) -> None:
        self.attempt(lambda db: factory.submit(db, self.city, self.city.people[firm], item))

    @rule(who=STAFF, which=st.integers(0, 3))
    def accept(self, who: str, which: int) -> None:
        self.attempt(lambda db: acceptance.accept(db, self.city.people[who], self.pick(which)))

    @rule(who=STAFF, which=st.integers(0, 3), what=st.sampled_from(["发票", "凭证"]))
    def ask(self, who: str, which: int, what: str) -> None:
        wanted = [(what, "请补")]
        self.attempt(
            lambda db: acceptance.ask_supplement(db, self.city.people[who], self.pick(which), wanted)
        )

    @rule(which=st.integers(0, 3))
    def supply(self, which: int) -> None:
        self.attempt(lambda db: acceptance.supply(db, self.city.firm, self.pick(which), [], "已补"))

    @rule(who=STAFF, which=st.integers(0, 3))
    def hand_off(self, who: str, which: int) -> None:
        self.attempt(lambda db: acceptance.hand_off(db, self.city.people[who], self.pick(which), DEPARTMENT))

    @rule(who=STAFF, which=st.integers(0, 3), returns=st.booleans())
    def respond(self, who: str, which: int, returns: bool) -> None:
        actor, number = self.city.people[who], self.pick(which)
        if returns:
            self.attempt(
                lambda db: review.send_back_to_window(db, actor, number, reason="不归我办", basis="三定")
            )
        else:
            self.attempt(
                lambda db: review.respond(db, actor, number, officer_name="李工", officer_phone="0839-1")
            )

    @rule(who=STAFF, which=st.integers(0, 3), fen=st.sampled_from([6_200_000, 4_000_000]))
    def opinion(self, who: str, which: int, fen: int) -> None:
        actor, number = self.city.people[who], self.pick(which)
        self.attempt(
            lambda db: review.review(db, actor, number, checked_fen=fen, opinion="符合", reason="核减")
        )

    @rule(
        who=STAFF,
        which=st.integers(0, 3),
        approves=st.booleans(),
        fen=st.sampled_from([6_200_000, 4_000_000]),
    )
    def decide(self, who: str, which: int, approves: bool, fen: int) -> None:
        actor, number = self.city.people[who], self.pick(which)
        if approves:
            self.attempt(lambda db: review.approve(db, actor, number, decided_fen=fen, reason="调整"))
        else:
            self.attempt(lambda db: review.reject(db, actor, number, reason="未达门槛"))

    @rule(who=STAFF, which=st.integers(0, 3), reports=st.booleans())
    def end_without_money(self, who: str, which: int, reports: bool) -> None:
        actor, number, now = self.city.people[who], self.pick(which), product_clock.now()
        paper = "广经信〔2026〕31号"
        if reports:
            self.attempt(
                lambda db: outcome.report(
                    db, actor, number, body="省厅", document_number=paper, reported_at=now
                )
            )
        else:
            self.attempt(
                lambda db: outcome.deliver(
                    db, actor, number, what="减免房租", document_number=paper, delivered_at=now
                )
            )

    @rule(who=st.sampled_from(["cashier", "treasurer"]), which=st.integers(0, 3))
    def prepare(self, who: str, which: int) -> None:
        actor, subject = self.city.people[who], f"case:{self.pick(which)}"
        self.attempt(lambda db: payouts.prepare_line(db, actor, subject=subject, source=FundSource.CITY))

    @rule(who=st.sampled_from(["cashier", "treasurer"]), comes_back=st.booleans())
    def pay_or_return(self, who: str, comes_back: bool) -> None:
        actor, now = self.city.people[who], product_clock.now()
        with self.database.reading() as db:
            lines = list(db.scalars(select(PaymentLine.payment_id).order_by(PaymentLine.id.desc()).limit(1)))
        for line in lines:
            if comes_back:
                self.attempt(
                    lambda db, line=line: payouts.return_line(
                        db, actor, payment_id=line, returned_at=now, reason="户名不符"
                    )
                )
            else:
                self.attempt(
                    lambda db, line=line: payouts.pay(
                        db, actor, payment_id=line, paid_at=now, bank_reference="回单"
                    )
                )

    @rule()
    def top_up(self) -> None:
        self.attempt(
            lambda db: payouts.top_up(
                db,
                self.city.treasurer,
                pool_code=POOL,
                amount_fen=3_000_000,
                document_number="广财〔2026〕9号",
            )
        )

    @rule(which=st.integers(0, 3))
    def withdraw(self, which: int) -> None:
        self.attempt(lambda db: acceptance.withdraw(db, self.city.firm, self.pick(which), ""))

    @rule(minutes=st.sampled_from([1, 59, 61, 24 * 60, 3 * 24 * 60, 8 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.clock.advance(timedelta(minutes=minutes))
        self.changed = True

    @rule()
    def effects_happen(self) -> None:
        factory.deliver(self.database, READERS)
        self.changed = True

    @invariant()
    def all_is_whole(self) -> None:
        """Looked at whenever something changed: most acts in any order are refused."""
        if self.changed:
            self.nothing_is_broken()
            self.clocks_fit_the_stage()
            self.nobody_is_paid_more_than_decided()
            self.changed = False

    def nothing_is_broken(self) -> None:
        with self.database.reading() as db:
            assert [(name, rows) for name, rows in invariants.check(db) if rows] == []

    def clocks_fit_the_stage(self) -> None:
        """An ended case has no running clock; one at the window or in a department always has one."""
        with self.database.reading() as db:
            for case in db.scalars(select(Case).where(Case.stage != Stage.DRAFT)):
                running = deadlines.running(db, case.subject) - {"followup"}
                if case.stage in ENDED:
                    assert not running
                elif case.stage is not Stage.AWAITING_FUNDS:
                    assert running & {use.limit for use in CLOCKS}

    def nobody_is_paid_more_than_decided(self) -> None:
        with self.database.reading() as db:
            for case in db.scalars(select(Case).where(Case.decided_fen.is_not(None))):
                claim = payout_queries.claim_of(db, case.subject)
                assert claim is None or claim.paid_fen <= (case.decided_fen or 0)


def test_any_order_of_acts_leaves_every_invariant_whole(new_database: NewDatabase, clock: Clock) -> None:
    class Here(Life):
        pass

    Here.new_database, Here.clock = staticmethod(new_database), clock
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
        ),
    )


ENDS = [(factory.RELIEF_ITEM, False, Stage.DELIVERED), (factory.UPPER_ITEM, True, Stage.REPORTED)]


@pytest.mark.parametrize(("item", "reports", "end"), ENDS, ids=["relief", "upper"])
def test_the_machine_reaches_the_ends_without_money(
    new_database: NewDatabase, clock: Clock, item: str, reports: bool, end: Stage
) -> None:
    class Here(Life):
        pass

    Here.new_database, Here.clock = staticmethod(new_database), clock
    life = Here()
    try:
        life.submit("firm", item)
        life.accept("clerk", 0)
        life.hand_off("clerk", 0)
        life.respond("officer", 0, returns=False)
        life.opinion("officer", 0, 6_200_000)
        life.decide("head", 0, approves=True, fen=6_200_000)
        life.end_without_money("head", 0, reports)
        life.effects_happen()
        life.nothing_is_broken()
        with life.database.reading() as db:
            assert db.scalars(select(Case)).one().stage is end
    finally:
        life.teardown()


def test_the_machine_reaches_money(new_database: NewDatabase, clock: Clock) -> None:
    """The rules above can carry a case to its end: a machine that only ever refuses would prove nothing."""

    class Here(Life):
        pass

    Here.new_database, Here.clock = staticmethod(new_database), clock
    life = Here()
    try:
        life.submit("firm", ITEM)
        life.accept("clerk", 0)
        life.hand_off("clerk", 0)
        life.respond("officer", 0, returns=False)
        life.opinion("officer", 0, 6_200_000)
        life.decide("head", 0, approves=True, fen=6_200_000)
        life.prepare("cashier", 0)
        life.pay_or_return("treasurer", comes_back=False)
        life.effects_happen()
        life.nothing_is_broken()
        with life.database.reading() as db:
            case = db.scalars(select(Case)).one()
            assert case.stage is Stage.PAID
            assert re.fullmatch(r"GY-2026-\d{4}", case.number or "")
    finally:
        life.teardown()
