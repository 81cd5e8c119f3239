"""Addresses and forms that no page of ours makes: a clear answer, never a breakdown."""

import pytest

from tests.support.pages import PortalClient


@pytest.mark.parametrize(
    "path", ["/items/%00", "/verify/a%00b", "/cases/%00", "/items?q=%00", "/items?%00=1"]
)
def test_a_nul_in_an_address_is_not_found(client: PortalClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_nul_in_a_form_is_refused(client: PortalClient) -> None:
    answer = client.submit("/sign-in", "/sign-in", {"login": "a\x00b", "password": "x"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/items?page=99999999999999999999",
        "/items?page=-1",
        "/cases?page=x",
        "/timings?month=2026-99",
        "/my/policies",
    ],
)
def test_odd_queries_never_break(client: PortalClient, path: str) -> None:
    assert client.get(path).status_code < 500


@pytest.mark.parametrize("key", ["2147483648", "9223372036854775808", "9" * 400])
def test_a_number_that_no_database_takes_is_not_there(client: PortalClient, key: str) -> None:
    assert client.get("/my/people/1").status_code == 303
    assert client.get(f"/my/people/{key}").status_code == 404


def test_every_error_page_has_a_reference(client: PortalClient) -> None:
    client.get("/nowhere")
    assert client.last is not None
    assert "编号" in client.last.text
