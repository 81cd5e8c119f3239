"""An item's own form: filled in by the firm or at the counter, from a sheet too, reckoned, shown, printed."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from foundation.db import Database
from notices import queries as notices
from notices.documents import Kind
from portal.window.models import Case
from tests.factories import city as factory
from tests.factories.city import ITEM, City
from tests.support.pages import PortalClient

SignedIn = Callable[[str], PortalClient]
APPLY = f"/apply/{ITEM}"
FORM: dict[str, Any] = {
    "fields": [
        {"key": "f1", "label": "项目名称", "kind": "text"},
        {"key": "f2", "label": "类型", "kind": "choice", "choices": ["新建", "扩建"]},
        {"key": "f3", "label": "享受过同类补助", "kind": "yes_no", "required": False},
        {
            "key": "f4",
            "label": "设备",
            "kind": "rows",
            "columns": [
                {"key": "c1", "label": "名称", "kind": "text"},
                {"key": "c2", "label": "价款", "kind": "money"},
            ],
        },
    ],
    "amount": {"of": "f4.c2", "percent": 10, "cap_yuan": 80000},
    "declarations": ["所交材料真实。", "不重复申报同类补助。"],
}
FILLED: dict[str, Any] = {
    "contact_name": "王会计",
    "contact_phone": "13800000000",
    "account_name": "样例机械有限公司",
    "account_bank": "样例银行",
    "account_number": "6222000011112222",
    "answer:f1": "车间改造",
    "answer:f2": "扩建",
    "answer:f3": "否",
    "answer:f4:c1": ["车床", "铣床"],
    "answer:f4:c2": ["620000", "80,000.50"],
    "declared": "yes",
}


@pytest.fixture
def asking(database: Database, city: City) -> City:
    """The item asks for more than the usual."""
    database.write(lambda db: factory.take_items(db, factory.item_row(form=FORM)))
    return city


def sheet(*rows: tuple[object, ...]) -> dict[str, Any]:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    kept = io.BytesIO()
    book.save(kept)
    return {"rows:f4": (io.BytesIO(kept.getvalue()), "设备明细.xlsx")}


def test_filled_in_checked_handed_in_and_printed(
    database: Database, asking: City, signed_in: SignedIn
) -> None:
    firm = signed_in("firm")
    assert "要作出 2 条承诺" in firm.page(f"/items/{ITEM}").words()
    looked = firm.submit(APPLY, APPLY, {**FILLED, "do": "check"})
    assert looked.location == f"{APPLY}?look=1"
    check = firm.page(looked.location).words()
    assert "70,000.05 元" in check
    assert "设备，共 2 行" in check
    # what the check page sends again is the same
    sent = firm.submit(looked.location, APPLY, {"do": "submit"} | {n: FILLED[n] for n in FILLED if ":c" in n})
    assert sent.location == "/cases/GY-2026-0001"
    with database.reading() as db:
        case = db.scalars(select(Case)).one()
        assert case.applied_fen == 7_000_005
        assert case.form["answers"]["f4"][1] == {"c1": "铣床", "c2": 8_000_050}
        papers = {each.kind: each for each in notices.of_subject(db, asking.firm, case.subject)}
    assert {Kind.APPLICATION, Kind.COMMITMENT} <= papers.keys()
    form = firm.page(papers[Kind.APPLICATION].path).words()
    assert "惠企政策兑现申请表" in form
    assert "设备第 2 行" in form
    assert "铣床" in form
    assert "不重复申报同类补助" in firm.page(papers[Kind.COMMITMENT].path).words()
    clerk = signed_in("clerk").page("/cases/GY-2026-0001").words()
    assert "车间改造" in clerk
    assert "铣床" in clerk
    assert "已作出的承诺" in clerk


def test_details_come_from_a_sheet(asking: City, signed_in: SignedIn) -> None:
    firm = signed_in("firm")
    rows = sheet(("备注", "价款", "名称"), ("", 620000, "车床"), ("二手", 300000, "磨床"))
    firm.submit(APPLY, APPLY, {**FILLED, "answer:f4:c1": "", "answer:f4:c2": "", "do": "check", **rows})
    page = firm.page(f"{APPLY}?look=1").words()
    assert "磨床" in page
    # 92,000 cut at 80,000
    assert "80,000 元" in page
    wrong = firm.submit(APPLY, APPLY, {**FILLED, "do": "check", **sheet(("名称", "价款"), ("车床", "很贵"))})
    assert wrong.status_code == 422
    assert "设备第 1 行，价款" in wrong.text
    absent = firm.submit(APPLY, APPLY, {**FILLED, "do": "check", **sheet(("名称", "数量"), ("车床", 1))})
    assert "明细里没有“价款”这一列" in absent.text


def test_what_is_wrong_names_field_and_row_and_nothing_typed_is_lost(
    asking: City, signed_in: SignedIn
) -> None:
    firm = signed_in("firm")
    wrong = {**FILLED, "answer:f2": "改建", "answer:f4:c2": ["620000", "八万多吧"], "do": "check"}
    answer = firm.submit(APPLY, APPLY, wrong)
    assert answer.status_code == 422
    assert "类型：请从 新建、扩建 中选一种" in answer.text
    assert "设备第 2 行，价款：请填数字" in answer.text
    assert "八万多吧" in answer.text


def test_nothing_is_handed_in_without_the_promise(asking: City, signed_in: SignedIn) -> None:
    firm = signed_in("firm")
    lacking = {**FILLED, "declared": "", "answer:f1": "", "do": "submit"}
    answer = firm.submit(APPLY, APPLY, lacking)
    assert answer.location == f"{APPLY}?check=1"
    page = firm.page(answer.location).words()
    assert "还没有作出承诺" in page
    assert "还没有填写项目名称" in page


def test_the_department_has_it_before_it(database: Database, asking: City, signed_in: SignedIn) -> None:
    firm = signed_in("firm")
    firm.submit(APPLY, APPLY, {**FILLED, "do": "submit"})
    clerk, officer = signed_in("clerk"), signed_in("officer")
    number = "GY-2026-0001"
    clerk.submit(f"/cases/{number}", f"/cases/{number}/accept")
    clerk.submit(f"/cases/{number}/hand-off", f"/cases/{number}/hand-off")
    respond = f"/cases/{number}/respond"
    officer.submit(respond, respond, {"officer_name": "李工", "officer_phone": "0839-3263893"})
    review = officer.page(f"/cases/{number}/review").words()
    assert "申请表" in review
    assert "铣床" in review
