"""What everyone may ask."""

import json
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from catalog.services import import_items
from foundation.db import Database
from tests.factories.city import ITEM, City, item_row
from tests.support.pages import PortalClient

Ask = Callable[..., TestResponse]


def test_the_catalogue_page_by_page(city: City, ask: Ask) -> None:
    total = ask("/items").get_json()["total"]
    pages = [ask(f"/items?size=3&page={number}").get_json() for number in (1, 2, 3)]

    codes = [row["code"] for page in pages for row in page["items"]]
    assert codes == sorted(codes)
    assert len(set(codes)) == total == pages[0]["total"]


def test_the_catalogue_under_filters_and_by_search(city: City, ask: Ask) -> None:
    assert [row["code"] for row in ask("/items?mode=instant").get_json()["items"]] == ["TEST-INSTANT"]
    assert ask("/items?q=技术改造").get_json()["items"][0]["code"] == ITEM
    assert ask("/items?place=elsewhere").get_json()["items"] == []


def test_versions_of_an_item_and_one_of_them(city: City, database: Database, ask: Ask) -> None:
    changed = json.dumps(item_row(title="样例：企业技术改造补助（修订）"), ensure_ascii=False)
    with database.writing() as db:
        import_items(db, None, [changed])

    assert ask(f"/items/{ITEM}").get_json()["title"].endswith("（修订）")
    versions = ask(f"/items/{ITEM}/versions").get_json()["versions"]
    assert [(each["number"], each["in_force"]) for each in versions] == [(2, True), (1, False)]
    assert not ask(f"/items/{ITEM}/versions/1").get_json()["title"].endswith("（修订）")
    assert ask(f"/items/{ITEM}/versions/3").status_code == 404


def test_what_did_not_change_is_not_sent_again(city: City, database: Database, ask: Ask) -> None:
    tag = ask("/items").headers["ETag"]
    again = ask("/items", **{"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")

    with database.writing() as db:
        import_items(db, None, [json.dumps(item_row("TEST-NEW", title="样例：新的一项"))])
    assert ask("/items", **{"If-None-Match": tag}).status_code == 200


def test_public_timings(city: City, ask: Ask) -> None:
    figures = ask("/timings?month=2026-05").get_json()
    assert [each["limit"] for each in figures["limits"]][:2] == ["acceptance", "handoff"]
    assert figures["period"]["month"] == "2026-05"


def test_a_refusal_names_every_wrong_field(city: City, ask: Ask) -> None:
    response = ask("/items?page=0&size=1000&state=maybe")
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert {each["field"] for each in response.get_json()["errors"]} == {"page", "size", "state"}
    assert all(each["message"] for each in response.get_json()["errors"])


@pytest.mark.parametrize(
    ("path", "field"), [("/items?level=%0A", "level"), ("/timings?month=2026-05%0A", "month")]
)
def test_what_the_description_rules_out_is_not_cut_off_but_refused(
    city: City, ask: Ask, path: str, field: str
) -> None:
    response = ask(path)
    assert response.status_code == 422
    assert [each["field"] for each in response.get_json()["errors"]] == [field]


def test_other_refusals_are_problems_too(city: City, ask: Ask, client: PortalClient) -> None:
    for path in ("/items/NOBODY", "/nowhere", "/items/%00"):
        response = ask(path)
        assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    wrong = client.post("/api/v1/items")
    assert (wrong.status_code, wrong.mimetype) == (405, "application/problem+json")
    assert "GET" in wrong.headers["Allow"]


def test_the_api_describes_itself_to_people(city: City, client: PortalClient) -> None:
    page = client.page("/api/v1")
    for words in ("查事项", "/api/v1/items/{code}/versions", "openapi.json", "Authorization: Bearer"):
        assert words in page.text
