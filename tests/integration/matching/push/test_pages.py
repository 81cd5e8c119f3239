"""为什么收到, 不再推这类, 推错了, and the counter's check."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from catalog.services import import_items
from foundation.db import Database
from matching.push import held
from matching.push.models import Push
from matching.push.tasks import readers
from tests.factories import city as cities
from tests.factories.city import ITEM, City, deliver
from tests.support.pages import PortalClient

WHY = "/my/policies/NEW-1/why/published"


@pytest.fixture
def pushed(database: Database, city: City) -> City:
    """A city whose firm was pushed its items as they were published."""
    held.forget()
    deliver(database, readers(lambda db, code: ()))
    with database.writing() as db:
        row = cities.item_row(title="样例：企业技术改造补助（新）")
        assert import_items(db, None, [json.dumps(row)]).refused == ()
        row = cities.item_row("NEW-1", title="样例：新发布的补助")
        assert import_items(db, None, [json.dumps(row)]).refused == ()
    deliver(database, readers(lambda db, code: ()))
    return city


@pytest.fixture
def signed_in(pushed: City, signed_in: Callable[[str], PortalClient]) -> Callable[[str], PortalClient]:
    """In the city that was told."""
    return signed_in


Enter = Callable[[str], PortalClient]


def test_why_it_came_and_how_to_have_no_more(pushed: City, database: Database, signed_in: Enter) -> None:
    firm, clerk, stranger = signed_in("firm"), signed_in("clerk"), signed_in("officer")
    inbox = firm.page("/inbox").words()
    assert "“样例：新发布的补助”贵公司可享" in inbox
    page = firm.page(WHY)
    words = page.words()
    for said in (
        "为什么收到",
        "满足：当年技改购置设备 500 万元及以上",
        "620 万元",
        "主管部门：市经济和信息化局",
    ):
        assert said in words
    assert "不会向您要验证码" in words

    response = firm.submit(WHY, "/inbox/preferences", {})
    assert "重新接收：新匹配的政策" in firm.page(response.location).words()
    answer = firm.submit(
        "/my/policies/NEW-1/why/published", "/my/policies/NEW-1/why/published/wrong", {"note": "设备没有买"}
    )
    assert "已记下这条推错了" in firm.page(answer.location).words()
    with database.reading() as db:
        assert db.scalars(select(Push.wrong_note).where(Push.wrong_at.is_not(None))).all() == ["设备没有买"]

    listed = clerk.page(f"/pushes?firm={pushed.firm.organisation_code}").words()
    assert "样例：新发布的补助（NEW-1）" in listed
    assert "没有这家企业" in clerk.page("/pushes?firm=X").words()
    assert stranger.get("/pushes").status_code == 403
    assert signed_in("other_firm").get(f"/my/policies/{ITEM}/why/opens").status_code == 404
    assert firm.get("/my/policies/NEW-1/why/nonsense").status_code == 404


def test_a_department_sees_what_its_pushes_came_to_and_what_they_would_need(
    pushed: City, signed_in: Enter
) -> None:
    officer, stranger = signed_in("officer"), signed_in("stranger")
    figures = officer.page("/outreach").words()
    assert "样例：新发布的补助2 家0 家0 家0 家0 家" in figures
    need = officer.page("/outreach/NEW-1").words()
    assert "1 家待核定1 家待核定0 家" in need
    assert "8 万元" in officer.page("/outreach/TEST-EXEMPT").words()
    assert "还没有推送过" in stranger.page("/outreach").words()
    assert stranger.get("/outreach/NEW-1").status_code == 404
