"""一秒推送: published, it is in the right inbox within five seconds and never in a wrong one; whoever wants
no more gets no more, and papers all the same.
"""

import json
import os
import sqlite3
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from tests.e2e.conftest import Enter
from tests.e2e.people import Person

PHONE = 360
TITLE, NEXT = "设备更新奖励（样例）", "设备更新次年奖励（样例）"
MOST_SECONDS = 5.0


def publish(home: Path, code: str, title: str) -> None:
    """Put an item into the catalogue of the running demonstration, as its operator would."""
    demo = home / "demo"
    row = {
        "id": code, "title": title, "type": "综合评审", "region_code": "510800",
        "region_name": "四川省广元市", "level": "市级", "department": "市经济和信息化局", "materials": [],
        "conditions": {"all": [{"field": "tech_reform_equipment_wan", "op": "ge", "value": 600}]},
        "benefit": {"kind": "rate", "rate": 0.01, "base_field": "tech_reform_equipment_wan"},
    }  # fmt: skip
    subprocess.run(
        (sys.executable, "-m", "portal.cli", "catalog", "import", "-"),
        input=json.dumps(row, ensure_ascii=False).encode(),
        env={
            **os.environ,
            "DATABASE_URL": f"sqlite:///{demo / 'portal.db'}",
            "PORTAL_CLOCK_OFFSET": (demo / "clock").read_text(),
        },
        check=True,
        stdout=subprocess.DEVNULL,
    )


def seconds_to_inbox(home: Path, code: str) -> float:
    """From the event of the publication to the message, as the portal wrote it down."""
    told = "SELECT max(created_at) FROM message WHERE key LIKE ?"
    asked = "SELECT max(created_at) FROM outbox WHERE topic = 'catalog.published' AND payload LIKE ?"
    with sqlite3.connect(f"file:{home / 'demo' / 'portal.db'}?mode=ro", uri=True) as db:
        (last,) = db.execute(told, (f"push:{code}:%",)).fetchone()
        (first,) = db.execute(asked, (f"%{code}%",)).fetchone()
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()


def test_a_publication_reaches_whom_it_concerns(enter: Enter, home: Path) -> None:
    right, wrong = enter("qiye1", width=PHONE), enter("qiye3", width=PHONE)
    publish(home, "E2E-PUSH-1", TITLE)
    right.wait_for(TITLE, "/inbox")
    assert right.faults_for_axe(grave=False) == []
    right.page.locator("main button", has_text=f"“{TITLE}”贵公司可享").first.click()
    right.page.wait_for_load_state()
    right.steady()
    assert f"为什么收到“{TITLE}”" in right.text()
    assert "当年技改购置设备 600 万元及以上" in right.text()
    assert "620 万元" in right.text()
    assert right.faults_for_axe(grave=False) == []

    right.press("不再推这类")
    publish(home, "E2E-PUSH-2", NEXT)
    other = enter("qiye6", width=PHONE)
    other.wait_for(NEXT, "/inbox")
    assert seconds_to_inbox(home, "E2E-PUSH-2") <= MOST_SECONDS  # the first one may find the worker starting
    right.open("/inbox")
    assert NEXT not in right.text()
    wrong.open("/inbox")
    assert TITLE not in wrong.text()
    assert NEXT not in wrong.text()
    accepted(right, enter("zhuanchuang1"))


def accepted(firm: Person, clerk: Person) -> None:
    """A paper comes to whoever wants no pushes."""
    firm.open("/apply/E2E-PUSH-1")
    firm.fill(contact_name="王会计", contact_phone="0839-1234567", applied_fen="62000")
    firm.fill(account_bank="样例银行广元分行", account_number="6222000000000000123")
    firm.press("下一步：核对")
    firm.press("确认提交")
    case = firm.path().removeprefix("/cases/")
    clerk.open(f"/cases/{case}")
    clerk.press("受理")
    firm.wait_for(f"专窗已受理您的“{TITLE}”申请", "/inbox")
    paper = firm.page.locator("main li", has_text=f"专窗已受理您的“{TITLE}”申请")
    assert "法定文书" in paper.inner_text()
