"""Who and what the kill test works with: items with a pool each, firms, and people with real passwords."""

import json
from dataclasses import dataclass

from sqlalchemy.orm import Session
from stdnum.cn import uscc

from catalog.services import import_items
from foundation import clock
from foundation.accounts import queries as accounts
from foundation.accounts import services as account_services
from foundation.db import Database
from foundation.enterprises.services import import_enterprises
from foundation.web.access import Role
from portal.payouts import services as payouts
from portal.payouts.rules import FundSource
from tests.factories.city import DEPARTMENT, PASSWORD, WINDOW, firm_row, item_row

FEN = 6_200_000
FINANCE = "510800-finance"
STAFF = {
    "clerk": (WINDOW, Role.WINDOW),
    "officer": (DEPARTMENT, Role.DEPARTMENT),
    "head": (DEPARTMENT, Role.DEPARTMENT),
    "cashier": (FINANCE, Role.FINANCE),
    "treasurer": (FINANCE, Role.FINANCE),
}


@dataclass(frozen=True, slots=True)
class Population:
    """Logins and codes; everybody's password is `PASSWORD`."""

    firms: tuple[str, ...]
    items: tuple[str, ...]


def login_of(firm: str) -> str:
    """Who signs in for a firm."""
    return f"firm-{firm}"


def settle(database: Database, firms: int, items: int) -> Population:
    """Fill an empty migrated database."""
    codes = tuple(_credit_code(number) for number in range(firms))
    wanted = tuple(f"ACCEPT-{number:03}" for number in range(items))
    with database.writing() as db:
        titles = [item_row(code, title=f"样例：第 {code} 号补助") for code in wanted]
        assert not import_items(db, None, [_line(row) for row in titles]).refused
        rows = [firm_row(code, f"样例第 {number} 公司") for number, code in enumerate(codes)]
        assert not import_enterprises(db, None, [_line(row) for row in rows]).refused
        for row in rows:
            account_services.enterprise_organisation(db, row["uscc"], row["name"], row["region_code"])
        for code in wanted:
            _pool(db, code, FEN * firms)
    with database.writing() as db:
        for name, (organisation, role) in STAFF.items():
            _person(db, name, organisation, role)
        for code in codes:
            _person(db, login_of(code), code, Role.ENTERPRISE)
    return Population(codes, wanted)


def _credit_code(number: int) -> str:
    body = f"91510800MAACC{number:04}"
    return body + uscc.calc_check_digit(body)


def _line(row: dict[str, object]) -> str:
    return json.dumps(row, ensure_ascii=False)


def _pool(db: Session, item: str, fen: int) -> None:
    finance = accounts.organisation_by_code(db, FINANCE)
    payouts.open_pool(
        db, None, code=f"POOL-{item}", name=f"资金池 {item}", item_code=item, year=clock.now().year,
        source=FundSource.CITY, organisation_id=finance.id,
    )  # fmt: skip
    payouts.top_up(db, None, pool_code=f"POOL-{item}", amount_fen=fen, document_number="广财〔2026〕1号")


def _person(db: Session, login: str, organisation: str, role: Role) -> None:
    account_services.add_person(
        db, None, login=login, name=login, password=PASSWORD, organisation_code=organisation, role=role
    )
