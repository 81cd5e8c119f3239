"""A firm of Guangyuan with some facts, three items, and a site with this room's pages alone."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask

import foundation.accounts.views.room
import matching.views
from catalog.services import import_items
from foundation.accounts.models import Membership, Organisation, Person
from foundation.accounts.rules import OrganisationKind
from foundation.clock import now
from foundation.db import Database
from foundation.enterprises.services import import_enterprises
from foundation.files import FileStore
from foundation.settings import Settings
from foundation.web import pages
from foundation.web.access import PUBLIC, Actor, Role, access
from foundation.web.act import reads
from foundation.web.site import Site
from tests.support.pages import PortalClient

CREDIT_CODE = "91510802MAMTCWGT54"
HERE = {"field": "region_code", "op": "within", "value": "510800"}
Publish = Callable[..., None]


def policy(code: str, title: str, *conditions: Any, **more: Any) -> dict[str, Any]:
    """An item of Guangyuan, fixed at 8 万元 unless told otherwise."""
    return {
        "id": code,
        "title": title,
        "type": "综合评审",
        "region_code": "510800",
        "region_name": "四川省广元市",
        "level": "市级",
        "department": "市经济和信息化局",
        "conditions_plain": title,
        "conditions": {"all": [HERE, *conditions]},
        "benefit": {"kind": "fixed", "amount_yuan": 80000, "text": "一次性8万元"},
        "materials": [],
        "window": None,
        "validity": None,
    } | more


def firm(**attributes: Any) -> dict[str, Any]:
    """A software firm in 利州区."""
    return {
        "id": "E1",
        "name": "广元利州云算软件有限公司（样例）",
        "uscc": CREDIT_CODE,
        "org_type": "企业",
        "region_code": "510802",
        "industry_section": "I",
        "employees": 55,
        "qualifications": [],
        "stat_entries": [],
        "attributes": attributes,
        "snapshot_date": "2026-05-31",
    }


@pytest.fixture
def publish(database: Database) -> Publish:
    """Publish items."""

    def published(*rows: dict[str, Any]) -> None:
        with database.writing() as db:
            refused = import_items(db, None, [json.dumps(row) for row in rows]).refused
        assert refused == ()

    return published


@pytest.fixture
def known(database: Database) -> Callable[..., None]:
    """Make the firm known with some attributes."""

    def imported(**attributes: Any) -> None:
        with database.writing() as db:
            assert import_enterprises(db, None, [json.dumps(firm(**attributes))]).refused == ()

    return imported


@pytest.fixture
def owner(database: Database) -> Actor:
    """The firm's own person."""
    with database.writing() as db:
        person = Person(login="liming", name="李明", created_at=now())
        body = Organisation(
            code=CREDIT_CODE, name="广元利州云算软件有限公司（样例）", short_name="云算软件",
            kind=OrganisationKind.ENTERPRISE, region_code="510802",
        )  # fmt: skip
        db.add_all([person, body])
        db.flush()
        member = Membership(
            person_id=person.id, organisation_id=body.id, role=Role.ENTERPRISE, valid_from=now().date()
        )
        db.add(member)
        return Actor(person.id, person.name, body.id, body.code, body.name, Role.ENTERPRISE)


@pytest.fixture
def firm_browser(database: Database, owner: Actor, tmp_path: Path) -> PortalClient:
    """A browser in which the firm's person is signed in; other rooms' pages are stand-ins."""
    app = Flask("matching_alone", static_folder=None)
    settings = Settings("", secret_key="only for tests", secure_cookies=False)
    running = Site(
        settings, database, FileStore(tmp_path / "files"), lambda db: owner, matching.views.NAVIGATION
    )
    pages.init(app, running)
    for room in (matching.views, foundation.accounts.views.room):
        app.register_blueprint(room.blueprint)
    for name, rule, endpoint in (
        ("catalog", "/items/<code>", "item"),
        ("window", "/apply/<item_code>", "apply"),
    ):
        stand_in = Blueprint(name, __name__)
        stand_in.add_url_rule(rule, endpoint, access(PUBLIC)(reads(lambda db, actor, **path: "")))
        app.register_blueprint(stand_in)
    app.testing = True
    return PortalClient(app, database)
