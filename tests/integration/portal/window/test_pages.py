"""The pages of a case, clicked through by the people they are for."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from catalog.services import import_items
from foundation.db import Database
from foundation.web import uploads
from notices.models import Notice
from portal.demo.stage import PAPER
from portal.window.models import Case, CaseFile
from portal.window.rules import Stage
from portal.window.services import acceptance
from tests.conftest import Clock
from tests.factories import city as factory
from tests.factories.city import FIRM, ITEM, City
from tests.support.pages import PortalClient

SignedIn = Callable[[str], PortalClient]
FILLED = {
    "contact_name": "王会计",
    "contact_phone": "13800000000",
    "applied_fen": "62000",
    "account_name": "样例机械有限公司",
    "account_bank": "样例银行",
    "account_number": "6222000011112222",
    "do": "submit",
}
CONSENT = {"item_code": ITEM, "credit_code": FIRM, "given_by": "王慧（样例）", "means": "in_person"}
PDF = PAPER


def attached(name: str = "发票-01.pdf", data: bytes = PDF) -> dict[str, Any]:
    return {"file:设备购置发票": (io.BytesIO(data), name)}


def act(client: PortalClient, name: str, **data: str) -> None:
    path = f"/cases/GY-2026-0001/{name}"
    assert client.submit(path, path, data).status_code == 303


def case_of(database: Database) -> Case:
    with database.reading() as db:
        return db.scalars(select(Case)).one()


def test_the_whole_way_through_the_pages(
    database: Database, city: City, clock: Clock, signed_in: SignedIn, deliver: Callable[[], None]
) -> None:
    firm, clerk, officer, head = (signed_in(name) for name in ("firm", "clerk", "officer", "head"))
    assert "系统已有" in firm.page(f"/apply/{ITEM}").text
    sent = firm.submit(f"/apply/{ITEM}", f"/apply/{ITEM}", {**FILLED, **attached()})
    assert (sent.status_code, sent.location) == (303, "/cases/GY-2026-0001")
    assert "发票-01.pdf" in firm.page("/cases/GY-2026-0001").text

    assert "GY-2026-0001" in clerk.page("/cases").text
    clerk.submit("/cases/GY-2026-0001", "/cases/GY-2026-0001/accept")
    clerk.submit("/cases/GY-2026-0001/hand-off", "/cases/GY-2026-0001/hand-off")
    assert "在办 1 件" in officer.page("/cases").text
    act(officer, "respond", officer_phone="0839-3263893")
    act(officer, "review", checked_fen="62000", opinion="逐项核对，符合")
    assert "由另一个人办理" in officer.page("/cases/GY-2026-0001/decide").text
    head.submit("/cases/GY-2026-0001/decide", "/cases/GY-2026-0001/approve")
    assert case_of(database).stage is Stage.APPROVED

    cashier, treasurer = signed_in("cashier"), signed_in("treasurer")
    assert "样例机械有限公司" in cashier.page("/payouts").text
    share = "/payouts/claims/case:GY-2026-0001/city"
    cashier.submit(share, share)
    (line,) = {
        link.get("href")
        for link in treasurer.page("/payouts").all("a")
        if "/lines/" in (link.get("href") or "")
    }
    clock.advance(timedelta(hours=1))
    treasurer.submit(str(line), f"{line}/pay", {"paid_at": "2026-06-01T11:00", "bank_reference": "回单 8"})
    deliver()

    done = firm.page("/cases/GY-2026-0001")
    assert "已兑付" in done.text
    assert "款项已到账" in done.text
    for name in ("clerk", "officer", "supervisor", "cashier"):
        assert "GY-2026-0001" in signed_in(name).page("/cases/GY-2026-0001").text


def test_every_form_of_a_case_can_be_opened(database: Database, city: City, signed_in: SignedIn) -> None:
    with database.writing() as db:
        number = factory.submit(db, city)
    firm, clerk = signed_in("firm"), signed_in("clerk")
    for form in ("supplement", "refuse", "hand-off", "supply"):
        assert number in clerk.page(f"/cases/{number}/{form}").text
    act(clerk, "supplement", material="设备购置发票", wanted="第 3 页看不清")
    assert "还缺 1 样" in firm.page(f"/cases/{number}/supply").text
    supply = f"/cases/{number}/supply"
    sent = firm.submit(supply, supply, {"file:设备购置发票": (io.BytesIO(PDF), "发票-重扫.pdf")})
    assert sent.status_code == 303
    assert "发票-重扫.pdf" in clerk.page(f"/cases/{number}").text
    assert "确认撤回" in firm.page(f"/cases/{number}/withdraw").text
    act(firm, "withdraw")
    assert case_of(database).stage is Stage.WITHDRAWN

    assert number in firm.page("/my/cases").text


def test_a_wrong_amount_is_named_and_nothing_is_kept(
    database: Database, city: City, signed_in: SignedIn
) -> None:
    firm = signed_in("firm")
    answer = firm.submit(f"/apply/{ITEM}", f"/apply/{ITEM}", {**FILLED, "applied_fen": "六万二"})
    assert answer.status_code == 422
    assert firm.last is not None
    assert "请填数字，单位是元" in firm.last.text
    assert "王会计" in firm.last.text
    with database.reading() as db:
        assert db.scalars(select(Case)).all() == []


def test_a_draft_with_gaps_is_kept_and_says_what_is_missing(
    database: Database, city: City, signed_in: SignedIn
) -> None:
    firm = signed_in("firm")
    answer = firm.submit(
        f"/apply/{ITEM}", f"/apply/{ITEM}", {"contact_name": "王会计", "do": "submit", **attached()}
    )
    assert answer.location == f"/apply/{ITEM}?check=1"
    page = firm.page(answer.location)
    assert "还有 4 处要改" in page.text
    assert "发票-01.pdf" in page.text
    assert "接着填写" in firm.page("/my/cases").text


def test_the_window_goes_on_with_the_enterprises_draft(
    database: Database, city: City, signed_in: SignedIn
) -> None:
    firm, clerk = signed_in("firm"), signed_in("clerk")
    firm.submit(f"/apply/{ITEM}", f"/apply/{ITEM}", {**FILLED, "do": "save"})
    at_counter = f"/counter/{ITEM}/{FIRM}"
    assert clerk.submit(at_counter, at_counter, FILLED).status_code == 403  # nobody agreed yet
    assert clerk.submit("/counter", "/counter", {**CONSENT, "given_by": ""}).status_code == 422
    started = clerk.submit("/counter", "/counter", CONSENT)
    assert started.location == at_counter
    assert "王会计" in clerk.page(started.location).text
    clerk.submit(started.location, started.location, FILLED)
    assert case_of(database).number == "GY-2026-0001"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("脚本.exe", b"MZ"),
        ("假的.pdf", b"<script>alert(1)</script>"),
        ("空的.pdf", b""),
        ("太大.pdf", b"%PDF-1.4" + b"0" * 10_000),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_by_name(
    database: Database,
    city: City,
    signed_in: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    data: bytes,
) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 1_000)
    firm = signed_in("firm")
    answer = firm.submit(f"/apply/{ITEM}", f"/apply/{ITEM}", {**FILLED, **attached(name, data)})
    assert answer.status_code == 422
    assert firm.last is not None
    assert name in firm.last.text
    with database.reading() as db:
        assert db.scalars(select(CaseFile)).all() == []


def test_a_double_click_has_one_effect(database: Database, city: City, signed_in: SignedIn) -> None:
    with database.writing() as db:
        number = factory.submit(db, city)
    clerk = signed_in("clerk")
    clerk.submit(f"/cases/{number}", f"/cases/{number}/accept")
    page = clerk.page(f"/cases/{number}/hand-off")
    fields = {
        field.get("name"): field.get("value") for field in page.all("input") if field.get("type") == "hidden"
    }
    click = {**{str(name): value for name, value in fields.items()}, "department": factory.DEPARTMENT}
    first, second = (clerk.post(f"/cases/{number}/hand-off", click) for _ in range(2))

    assert (first.status_code, first.location) == (second.status_code, second.location)
    with database.reading() as db:
        handed = db.scalars(select(Notice).where(Notice.kind == "handoff")).all()
    assert len(handed) == 1

    other = clerk.post(f"/cases/{number}/hand-off", {**click, "override_reason": "换了内容"})
    assert other.status_code == 409


def test_hostile_text_prints_as_text(database: Database, city: City, signed_in: SignedIn) -> None:
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"
    firm = signed_in("firm")
    firm.submit(f"/apply/{ITEM}", f"/apply/{ITEM}", {**FILLED, "statement": hostile})
    page = firm.page("/cases/GY-2026-0001")
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>alert" not in page.text
    assert not [image for image in page.all("img") if image.get("src") == "x"]


def test_foreign_cases_are_not_found(database: Database, city: City, signed_in: SignedIn) -> None:
    with database.writing() as db:
        number = factory.submit(db, city)
    stranger = signed_in("other_firm")
    for path in ("", "/withdraw", "/supply", "/clocks", "/rating"):
        assert stranger.get(f"/cases/{number}{path}").status_code == 404
    assert signed_in("county_clerk").get(f"/cases/{number}").status_code == 404
    page = stranger.page("/my/cases")
    token = next(field.get("value") for field in page.all("input") if field.get("name") == "csrf_token")
    answer = stranger.post(f"/cases/{number}/withdraw", {"csrf_token": token, "_key": "k"})
    assert answer.status_code == 404
    assert case_of(database).stage is Stage.SUBMITTED


def test_a_post_without_its_token_is_refused(database: Database, city: City, signed_in: SignedIn) -> None:
    with database.writing() as db:
        number = factory.submit(db, city)
    assert signed_in("clerk").post(f"/cases/{number}/accept", {"_key": "k"}).status_code == 400
    assert case_of(database).stage is Stage.SUBMITTED


def test_signed_out_people_are_led_to_the_sign_in_page(client: PortalClient) -> None:
    answer = client.get("/cases")
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_an_item_of_another_city_cannot_be_applied_for(
    database: Database, city: City, signed_in: SignedIn
) -> None:
    with database.writing() as db:
        import_items(db, None, [factory.item_row("FAR", region_code="510900", region_name="遂宁市")])
    answer = signed_in("firm").get("/apply/FAR")
    assert answer.status_code == 403


def test_an_instant_case_is_decided_from_its_own_page(
    database: Database, city: City, signed_in: SignedIn
) -> None:
    with database.writing() as db:
        number = factory.submit(db, city, item=factory.INSTANT_ITEM)
        acceptance.accept(db, city.clerk, number)
        acceptance.hand_off(db, city.clerk, number, factory.DEPARTMENT)
    head = signed_in("head")
    offered = {link.get("href") for link in head.page(f"/cases/{number}").all("a")}
    assert {f"/cases/{number}/decide", f"/cases/{number}/respond"} <= offered
    head.submit(f"/cases/{number}/decide", f"/cases/{number}/approve", {"decided_fen": "62000"})
    assert "审定 62,000 元" in head.page(f"/cases/{number}").text
