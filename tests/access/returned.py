"""A payment of the world that the bank sent back, its corrected account waiting for a second person."""

from sqlalchemy.orm import Session

from portal.payouts import services as payouts
from portal.payouts.rules import FundSource
from portal.window.returns import services
from tests.factories import city as factory
from tests.factories.city import City


def send_back(db: Session, city: City, approved: str) -> None:
    """Pay an approved case, and let the bank return it."""
    line = payouts.prepare_line(db, city.cashier, subject=f"case:{approved}", source=FundSource.CITY)
    at = factory.now()
    payouts.pay(db, city.treasurer, payment_id=line, paid_at=at, bank_reference="回单 2")
    payouts.return_line(db, city.treasurer, payment_id=line, returned_at=at, reason="户名不符")


def correct(db: Session, city: City, number: str, account: str) -> None:
    """The firm enters its account anew."""
    services.propose(db, city.firm, number, name="样例机械有限公司", bank="样例银行", account_number=account)
