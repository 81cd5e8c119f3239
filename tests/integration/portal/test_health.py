"""What whoever watches over an installation gets to see."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from foundation import outbox
from foundation.accounts import services as accounts
from foundation.db import Database
from foundation.settings import Settings
from tests.conftest import Clock
from tests.factories import city as factory
from tests.factories.city import City
from tests.support.pages import PortalClient


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Of a city that is watched."""
    return replace(settings, metrics_token="watch me")


def _figures(client: PortalClient) -> dict[str, float]:
    text = client.get("/metrics", headers={"Authorization": "Bearer watch me"}).get_data(as_text=True)
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_metrics_are_for_the_bearer_alone(client: PortalClient) -> None:
    for headers in ({}, {"Authorization": "Bearer guessed"}):
        assert client.get("/metrics", headers=headers).status_code == 404


def test_metrics_count_requests_failures_and_clocks_that_ran_out(
    database: Database, city: City, client: PortalClient, clock: Clock
) -> None:
    with database.writing() as db:
        factory.submit(db, city)
        outbox.emit(db, "test.told", {})
    reader = outbox.Reader("test.told", "test", lambda db, payload: None)
    with database.writing() as db:
        outbox.fan_out(db, [reader], clock.moment)
        db.execute(text("UPDATE delivery SET failed_at = next_at"))
    before = _figures(client)
    client.get("/timings")
    client.get("/nowhere")
    clock.advance(timedelta(days=3))

    after = _figures(client)

    looked = 'portal_requests_total{endpoint="reports.timings",status="200"}'
    assert after[looked] == before.get(looked, 0) + 1
    assert after['portal_requests_total{endpoint="none",status="404"}'] >= 1
    assert after["portal_deliveries_failed"] == 1
    assert before.get('portal_clocks_overdue{limit="acceptance"}', 0) == 0
    assert after['portal_clocks_overdue{limit="acceptance"}'] == 1


def _logged(work: Callable[[], Any]) -> list[Any]:
    with capture_logs(processors=[merge_contextvars]) as lines:
        work()
    return lines


def test_one_number_stands_in_answer_page_and_log(client: PortalClient) -> None:
    answers: list[Any] = []
    line = next(each for each in _logged(lambda: answers.append(client.get("/nowhere"))))
    assert answers[0].headers["X-Request-Id"] == line["request"]
    assert client.last is not None
    assert line["request"] in client.last.text
    assert client.get("/nowhere").headers["X-Request-Id"] != line["request"]


def test_an_act_is_logged_with_its_case(database: Database, city: City, client: PortalClient) -> None:
    with database.writing() as db:
        number = factory.submit(db, city)
        token = accounts.sign_in_sample(db, "clerk")
    with client.flask.session_transaction() as session:
        session["token"] = token

    lines = _logged(lambda: client.submit(f"/cases/{number}", f"/cases/{number}/accept"))

    acted = next(line for line in lines if line["event"] == "act")
    assert (acted["subject"], acted["status"]) == (f"case:{number}", 303)
    assert acted["request"]
    assert all("subject" not in line for line in _logged(lambda: client.get("/nowhere")))


def test_a_slow_query_is_logged_without_its_values(database: Database) -> None:
    watched = Database(database.url, slow_query_ms=0)
    try:
        with watched.reading() as db:
            lines = _logged(lambda: db.execute(text("SELECT :phone AS told"), {"phone": "13800000000"}))
    finally:
        watched.close()
    assert any("AS told" in line["statement"] for line in lines if line["event"] == "slow query")
    assert "13800000000" not in str(lines)


def test_without_a_place_for_files_the_server_is_not_well(client: PortalClient, settings: Settings) -> None:
    assert client.get("/healthz").get_json()["status"] == "ok"
    shutil.rmtree(settings.files, ignore_errors=True)
    settings.files.write_text("a volume that is not there")
    client.expects_breakdown = True
    response = client.get("/healthz")
    assert (response.status_code, response.get_json()["status"]) == (503, "no place for files")
