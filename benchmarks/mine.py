"""我的政策 for one enterprise with 10,000 items in the catalogue, beside a bare Flask hello: server CPU.

Signed in, so that nothing is kept but what the room itself keeps: the groups of an enterprise whose facts
have not changed. Each group shows ten rows, with the counts over all.
"""

import json
import secrets
import statistics
import tempfile
from contextlib import ExitStack
from typing import Any

from benchmarks import workload
from benchmarks.web import HELLO, server
from catalog.services import import_items
from foundation.accounts import services as accounts
from foundation.db import Database
from foundation.enterprises.services import import_enterprises
from foundation.web.access import Role
from portal.commands.processes import WEB
from portal.schema import migrate
from tests.accept.browser import Browser, Tally
from tests.factories import crowd
from tests.factories.city import PASSWORD, firm_row

ITEMS, ROUNDS, REQUESTS, MUST = 10_000, 5, 200, 100
FIRM, LOGIN, PAGE = "91510802MAMTCWGT54", "firm", "/my/policies"


def measure(rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """The page as it is asked for again, turned to the second ten of a group, and asked another question."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = f"sqlite:///{folder}/bench.db"
        migrate(url)
        _fill(database := Database(url))
        database.close()
        own = {
            "DATABASE_URL": url, "SECRET_KEY": secrets.token_hex(32), "BROKER_URL": "redis://127.0.0.1:1/0",
            "FILES_DIR": f"{folder}/files", "SECURE_COOKIES": "0", "SECOND_FACTOR": "0",
        }  # fmt: skip
        ours, hello = stack.enter_context(server(WEB, own)), stack.enter_context(server(HELLO, {}))
        browser = Browser(ours.port, Tally())
        browser.sign_in(LOGIN, PASSWORD)
        mine = [ours.cpu(PAGE, browser.cookie, REQUESTS) for _ in range(rounds)]
        peer = [hello.cpu("/", requests=REQUESTS * 5) for _ in range(rounds)]
    page, bare = statistics.median(mine), statistics.median(peer)
    return [
        {"measure": "match.page/hello", "ours": page, "peer": bare, "ratio": page / bare, "goal": MUST,
         "holds": page / bare <= MUST}
    ]  # fmt: skip


def _fill(database: Database) -> None:
    trees = workload.items(ITEMS, seed=11)
    facts = workload.as_profiles(workload.facts(workload.enterprises(1, seed=2), slice(None)))
    known = {name: values[0] for name, values in facts.items() if name != "qualifications"}
    with database.writing() as db:
        rows = [
            crowd.item(f"M{place:05}", 0) | {"conditions": workload.conditions(tree)}
            for place, tree in enumerate(trees)
        ]
        if import_items(db, None, map(json.dumps, rows)).refused:
            raise RuntimeError("items of our own making were refused")
        firm = firm_row(FIRM, "样例机械有限公司") | {
            "attributes": known,
            "qualifications": facts["qualifications"][0] or [],
        }
        if import_enterprises(db, None, [json.dumps(firm)]).refused:
            raise RuntimeError("a firm of our own making was refused")
        accounts.enterprise_organisation(db, FIRM, firm["name"], firm["region_code"])
        accounts.add_person(
            db, None, login=LOGIN, name=LOGIN, password=PASSWORD, organisation_code=FIRM, role=Role.ENTERPRISE
        )
