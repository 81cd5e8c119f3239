"""A small city in which a case can live: an item with its pool, firms, and people for every role."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from stdnum.cn import uscc

from catalog.services import import_items
from foundation import outbox
from foundation.accounts import queries as accounts
from foundation.accounts import services as account_services
from foundation.accounts.models import Membership, Person
from foundation.clock import now
from foundation.db import Database
from foundation.enterprises.services import import_enterprises
from foundation.web.access import Actor, Role
from portal import relay
from portal.payouts import services as payouts
from portal.payouts.rules import FundSource
from portal.window.services import acceptance, intake, review
from portal.window.services.intake import Application

ITEM = "TEST-REVIEW"
OTHER_ITEM = "TEST-OTHER"
INSTANT_ITEM = "TEST-INSTANT"
EXEMPT_ITEM = "TEST-EXEMPT"
RELIEF_ITEM, UPPER_ITEM = "TEST-RELIEF", "TEST-UPPER"
POOL = "POOL-TEST"
FIRM = "91510800MAD0A1B2CG"
OTHER_FIRM = "91510802MAD0A1B3X3"
DEPARTMENT, OTHER_DEPARTMENT = "510800-02", "510800-04"
WINDOW, COUNTY_WINDOW = "510800-window", "510802-window"
PASSWORD = "correct horse battery"

PEOPLE = {
    "firm": (FIRM, Role.ENTERPRISE),
    "other_firm": (OTHER_FIRM, Role.ENTERPRISE),
    "clerk": (WINDOW, Role.WINDOW),
    "county_clerk": (COUNTY_WINDOW, Role.WINDOW),
    "officer": (DEPARTMENT, Role.DEPARTMENT),
    "head": (DEPARTMENT, Role.DEPARTMENT),
    "stranger": (OTHER_DEPARTMENT, Role.DEPARTMENT),
    "cashier": ("510800-finance", Role.FINANCE),
    "treasurer": ("510800-finance", Role.FINANCE),
    "supervisor": ("510800-centre", Role.SUPERVISOR),
    "admin": ("510800-centre", Role.SYSTEM_ADMIN),
}
APPLICATION = Application(
    "王会计", "13800000000", "样例机械有限公司", "样例银行", "6222000011112222", 6_200_000, ""
)


@dataclass(frozen=True, slots=True)
class City:
    """Who lives in it; a name of `PEOPLE` is an actor."""

    people: dict[str, Actor]

    def __getattr__(self, name: str) -> Actor:
        return self.people[name]


def item_row(code: str = ITEM, **more: Any) -> dict[str, Any]:
    """A Guangyuan item of the review type, as a file gives it."""
    return {
        "id": code,
        "title": "样例：企业技术改造补助",
        "type": "综合评审",
        "region_code": "510800",
        "region_name": "四川省广元市",
        "level": "市级",
        "department": "市经济和信息化局",
        "conditions": {"all": [{"field": "tech_reform_equipment_wan", "op": "ge", "value": 500}]},
        "benefit": {"kind": "rate", "text": "设备款的 10%"},
        "materials": ["设备购置发票", "付款凭证"],
        **more,
    }


def exempt_row(code: str, **more: Any) -> dict[str, Any]:
    """An item for which nobody applies, as a file gives it."""
    benefit = {"kind": "fixed", "amount_yuan": 80000, "text": "一次性 8 万元"}
    return item_row(code, title="样例：升规奖励", type="免申即享", benefit=benefit, **more)


def firm_row(code: str, name: str, region: str = "510800") -> dict[str, Any]:
    """An invented enterprise, as a file gives it."""
    return {
        "id": f"F-{code[-4:]}",
        "synthetic": True,
        "name": name,
        "uscc": code,
        "region_code": region,
        "industry_code": "C3982",
        "org_type": "企业",
        "attributes": {"tech_reform_equipment_wan": 620},
        "snapshot_date": "2026-05-31",
        "qualifications": [],
        "stat_entries": [],
    }


def credit_code(number: int) -> str:
    """The code of the invented firm of this number."""
    body = f"91510802MAE{number:06}"
    return body + uscc.calc_check_digit(body)


def listed_firms(numbers: range, field: str) -> list[dict[str, Any]]:
    """Invented enterprises of which the open attribute *field* holds, as a file gives them."""
    return [
        firm_row(credit_code(number), f"样例升规 {number:03} 号企业（样例）", "510802")
        | {"id": f"{field}-{number}", "attributes": {field: True}}
        for number in numbers
    ]


def listed_item(code: str, field: str, **more: Any) -> dict[str, Any]:
    """An item for which nobody applies, for whom *field* holds, as a file gives it."""
    return exempt_row(code, conditions={"all": [{"field": field, "op": "eq", "value": True}]}, **more)


def found(db: Session, *, pool_fen: int = 100_000_000) -> City:
    """Found the city in an empty migrated database."""
    rows = [
        item_row(),
        item_row(OTHER_ITEM, title="样例：另一项补助"),
        item_row(INSTANT_ITEM, title="样例：高企认定奖励", type="即申即享"),
        exempt_row(EXEMPT_ITEM),
        item_row(RELIEF_ITEM, title="样例：房租减免", outcome="relief"),
        item_row(UPPER_ITEM, title="样例：省级认定奖励", scope="upper"),
    ]
    take_items(db, *rows)
    firms = [firm_row(FIRM, "样例机械有限公司"), firm_row(OTHER_FIRM, "样例纺织有限公司", "510802")]
    take_firms(db, *firms)
    for firm in firms:
        account_services.enterprise_organisation(db, firm["uscc"], firm["name"], firm["region_code"])
    city = City({name: actor(db, name, *where) for name, where in PEOPLE.items()})
    open_pool(db, city, POOL, ITEM, pool_fen)
    open_pool(db, city, f"{POOL}-INSTANT", INSTANT_ITEM, pool_fen)
    open_pool(db, city, f"{POOL}-EXEMPT", EXEMPT_ITEM, pool_fen)
    return city


def inhabitants(db: Session) -> City:
    """The city that was founded here."""
    people = {}
    for name in PEOPLE:
        [(_, people[name])] = accounts.actors_named(db, name, now().date())
    return City(people)


def take_items(db: Session, *rows: dict[str, Any]) -> None:
    """Items as a file would bring them."""
    assert not import_items(db, None, [json.dumps(row, ensure_ascii=False) for row in rows]).refused


def take_firms(db: Session, *rows: dict[str, Any]) -> None:
    """Enterprises as a file would bring them."""
    assert not import_enterprises(db, None, [json.dumps(row, ensure_ascii=False) for row in rows]).refused


def open_pool(db: Session, city: City, code: str, item: str, fen: int) -> None:
    """A pool of the item's own, with so much in it."""
    payouts.open_pool(
        db,
        None,
        code=code,
        name=f"{item} 资金池",
        item_code=item,
        year=now().year,
        source=FundSource.CITY,
        organisation_id=city.cashier.organisation_id,
    )
    if fen:
        payouts.top_up(db, None, pool_code=code, amount_fen=fen, document_number="广财〔2026〕1号")


def actor(db: Session, login: str, organisation_code: str, role: Role) -> Actor:
    """An account without a password: hashing one costs more than the rest of the city."""
    organisation = accounts.organisation_by_code(db, organisation_code)
    person = Person(login=login, name=f"{login}（样例）", created_at=now(), sample=True)
    db.add(person)
    db.flush()
    db.add(
        Membership(person_id=person.id, organisation_id=organisation.id, role=role, valid_from=now().date())
    )
    db.flush()
    return Actor(person.id, person.name, organisation.id, organisation.code, organisation.name, role)


def submit(db: Session, city: City, actor: Actor | None = None, item: str = ITEM) -> str:
    """An application handed in by the firm (or *actor*); its number."""
    who = actor or city.firm
    case = intake.save_draft(db, who, item, application=APPLICATION, prefilled={})
    return intake.submit(db, who, case)


def reviewed(db: Session, city: City, item: str = ITEM) -> str:
    """A case on which the officer gave an opinion."""
    number = submit(db, city, item=item)
    acceptance.accept(db, city.clerk, number)
    acceptance.hand_off(db, city.clerk, number, DEPARTMENT)
    review.respond(db, city.officer, number, officer_name="李工", officer_phone="0839-3263893")
    review.review(db, city.officer, number, checked_fen=6_200_000, opinion="符合条件", reason="")
    return number


def deliver(database: Database, readers: Sequence[outbox.Reader]) -> None:
    """Let every effect that is asked for happen, and those that they ask for in turn."""
    while relay.carry(
        database, readers, lambda outbox_id, name: outbox.deliver(database, readers, outbox_id, name)
    ):
        pass
