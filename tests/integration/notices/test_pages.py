from collections.abc import Callable

import pytest

from foundation.db import Database
from foundation.web.access import Actor, Role
from notices import queries, services
from notices.services import IssuedNotice
from tests.factories.notices import BUREAU, FIRM, OTHER_FIRM, WINDOW, actor, handoff
from tests.support.pages import PortalClient

Issue = Callable[..., IssuedNotice]
OpenAs = Callable[[Actor | None], PortalClient]
MAY_READ = [
    actor(WINDOW),
    actor(BUREAU, Role.DEPARTMENT),
    actor(FIRM, Role.ENTERPRISE),
    actor("510800-centre", Role.SUPERVISOR),
]
MAY_NOT = [
    actor(OTHER_FIRM, Role.ENTERPRISE),
    actor("510802-window", Role.WINDOW),
    actor("510800-05", Role.DEPARTMENT),
    actor("510800-finance", Role.FINANCE),
    actor("510800-gov", Role.SYSTEM_ADMIN),
]


@pytest.fixture
def issued(database: Database, issue: Issue) -> IssuedNotice:
    with database.writing() as db:
        return issue(db)


def test_anyone_may_verify_and_learns_nothing_else(issued: IssuedNotice, open_as: OpenAs) -> None:
    words = open_as(None).page(issued.verify_path).words()

    for said in ("有效", issued.number, "惠企政策兑现交办通知书", "2026年9月30日", issued.digest):
        assert said in words
    for hidden in ("犇翀", FIRM, "科学技术局", "200,000", "王敏", "GY-2026-0001", "case:1"):
        assert hidden not in words


def test_void_superseded_and_unknown_say_what_to_do_next(
    database: Database, issue: Issue, issued: IssuedNotice, clerk: Actor, open_as: OpenAs
) -> None:
    with database.writing() as db:
        later, gone = issue(db), issue(db)
        services.supersede(db, clerk, issued.number, later.number)
        services.void(db, clerk, gone.number, "张某某的身份证写错了")
    client = open_as(None)

    old = client.page(issued.verify_path).words()
    assert "已被替代" in old
    assert later.number in old
    assert later.verify_code not in old
    void = client.page(gone.verify_path).words()
    assert "已作废" in void
    assert "张某某" not in void
    assert client.get("/verify/0000000000").status_code == 404
    assert client.last is not None
    assert "查无此文" in client.last.words()


def test_a_code_can_be_typed(issued: IssuedNotice, open_as: OpenAs) -> None:
    client = open_as(None)

    assert "验证码" in client.page("/verify").words()
    assert "还没有填写" in client.page("/verify?code=").words()
    typed = f" {issued.verify_code[:5].lower()}-{issued.verify_code[5:]} ".replace(" ", "+")
    assert client.get(f"/verify?code={typed}").location == issued.verify_path
    assert client.get("/verify?code=%2F%2Fevil.example").location.startswith("/verify/")


@pytest.mark.parametrize("who", MAY_READ, ids=lambda who: who.role)
def test_the_paper_is_a_page_for_those_it_concerns(issued: IssuedNotice, open_as: OpenAs, who: Actor) -> None:
    words = open_as(who).page(issued.path).words()

    for said in (issued.number, "犇翀", "2026年10月8日09时45分", "广元市科学技术局："):
        assert said in words


@pytest.mark.parametrize("who", MAY_NOT, ids=lambda who: f"{who.role} {who.organisation_code}")
def test_for_all_others_it_does_not_exist(
    database: Database, issued: IssuedNotice, open_as: OpenAs, who: Actor
) -> None:
    client = open_as(who)

    assert client.get(issued.path).status_code == 404
    assert client.get(f"{issued.path}.pdf").status_code == 404
    with database.reading() as db:
        assert queries.of_subject(db, who, "case:1") == []


def test_signed_out_one_is_asked_to_sign_in(issued: IssuedNotice, open_as: OpenAs) -> None:
    assert open_as(None).get(issued.path).location == "/sign-in"


def test_the_pdf_is_there_once_the_worker_has_made_it(
    issued: IssuedNotice, deliver: Callable[[IssuedNotice], None], open_as: OpenAs
) -> None:
    client = open_as(actor(FIRM, Role.ENTERPRISE))

    waiting = client.get(f"{issued.path}.pdf")
    assert waiting.status_code == 202
    assert client.last is not None
    assert "正在生成" in client.last.words()
    deliver(issued)
    response = client.get(f"{issued.path}.pdf")
    assert response.data.startswith(b"%PDF-")
    assert response.mimetype == "application/pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"].startswith("inline")
    download = client.get(f"{issued.path}.pdf?download=1")
    assert download.headers["Content-Disposition"].startswith("attachment")


def test_a_paper_is_printed_once(
    database: Database, issued: IssuedNotice, deliver: Callable[[IssuedNotice], None]
) -> None:
    deliver(issued)
    with database.reading() as db:
        first = queries.opened(db, actor(WINDOW), issued.verify_code).pdf_key
    deliver(issued)
    with database.reading() as db:
        again = queries.opened(db, actor(WINDOW), issued.verify_code).pdf_key
        shown = queries.verify(db, issued.verify_code)
    assert first == again == shown.pdf_digest


def test_hostile_text_is_text_on_the_page(database: Database, issue: Issue, open_as: OpenAs) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    with database.writing() as db:
        issued = issue(db, handoff(addressee=hostile, paragraphs=(hostile,)))

    page = open_as(actor(WINDOW)).page(issued.path)
    assert hostile in page.words()
    assert not page.all("img")


def test_the_papers_of_a_subject_in_order(
    database: Database, issue: Issue, issued: IssuedNotice, clerk: Actor
) -> None:
    with database.writing() as db:
        second = issue(db)
        issue(db, subject="case:2")
        services.supersede(db, clerk, issued.number, second.number)

    with database.reading() as db:
        papers = queries.of_subject(db, actor(FIRM, Role.ENTERPRISE), "case:1")
    assert [(paper.number, paper.state.value) for paper in papers] == [
        (issued.number, "superseded"),
        (second.number, "valid"),
    ]
    assert papers[0].successor_code == second.verify_code
