from collections.abc import Callable

import pytest

from foundation.db import Database
from foundation.errors import NotFound
from foundation.web.access import Actor, Role
from notices import queries, services
from notices.services import IssuedNotice
from tests.factories.notices import FIRM, OTHER_FIRM, actor
from tests.support.pages import PortalClient

Issue = Callable[..., IssuedNotice]
FIRM_ACTOR = actor(FIRM, Role.ENTERPRISE)


def _tell(database: Database, key: str, code: str = FIRM) -> None:
    with database.writing() as db:
        services.tell(db, code, title="已受理", body="专窗已受理您的申请。", link="/", key=key)


def test_a_message_is_told_once_by_its_key(database: Database) -> None:
    for _ in range(3):
        _tell(database, "case:1 accepted")
    _tell(database, "case:2 accepted")

    with database.reading() as db:
        assert queries.unread(db, FIRM_ACTOR) == 2
        assert queries.unread(db, actor(OTHER_FIRM, Role.ENTERPRISE)) == 0


def test_a_message_never_leads_out_of_the_portal(database: Database) -> None:
    for link in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        with pytest.raises(ValueError, match="portal"), database.writing() as db:
            services.tell(db, FIRM, title="看", body="", link=link, key=link)


def test_nobody_reads_another_inbox(database: Database) -> None:
    _tell(database, "case:1 accepted")
    with pytest.raises(NotFound), database.writing() as db:
        services.read_message(db, actor(OTHER_FIRM, Role.ENTERPRISE), "case:1 accepted")


def test_an_empty_inbox_says_what_would_be_there(open_as: Callable[[Actor], PortalClient]) -> None:
    page = open_as(FIRM_ACTOR).page("/inbox")

    assert "还没有消息" in page.words()


def test_opening_a_message_marks_it_read(
    database: Database, clerk: Actor, open_as: Callable[[Actor], PortalClient]
) -> None:
    _tell(database, "case:1 accepted")
    _tell(database, "case:2 accepted")
    client = open_as(actor(FIRM, Role.ENTERPRISE, clerk.person_id))

    assert "2 条消息未读" in client.page("/inbox").words()
    response = client.submit("/inbox", "/inbox/open")
    assert (response.status_code, response.location) == (303, "/")
    assert "1 条消息未读" in client.page("/inbox").words()
    client.submit("/inbox", "/inbox/read")
    assert "没有未读消息" in client.page("/inbox").words()


def test_a_long_inbox_has_pages(database: Database, open_as: Callable[[Actor], PortalClient]) -> None:
    for number in range(45):
        _tell(database, f"case:{number}")
    client = open_as(FIRM_ACTOR)

    assert "第 21 至 40 条，共 45 条" in client.page("/inbox?page=2").words()
    assert "第 1 至 20 条" in client.page("/inbox?page=%E4%B8%80").words()
