"""How often somebody may ask: told until when, shared between processes, open or closed where it fails."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from flask import Flask

from foundation.db import Database
from foundation.settings import Rates, Settings, from_environment
from foundation.web.counting import CounterDown, Either, InMemory, InTable, InValkey
from tests.conftest import Clock

FEW = Rates(reads=3, sign_ins=2, registrations=1, bindings=1, tokens=2)
WRONG = {"login": "nobody", "password": "wrong"}


class Down:
    """A counter that does not answer."""

    def hit(self, key: str, until: datetime) -> int:
        raise CounterDown


class Broker:
    """A broker that cannot be reached; it remembers how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def pipeline(self) -> Any:
        self.asked += 1
        raise redis.ConnectionError


@pytest.fixture
def app(database_url: str, database: Database, tmp_path: Path) -> Flask:
    """With few allowed."""
    from portal.app import create_app  # here: collecting the tests does not pay for it

    settings = Settings(
        database_url, secret_key="only for tests", files=tmp_path, secure_cookies=False, rates=FEW
    )
    made = create_app(settings, database)
    made.config["WTF_CSRF_ENABLED"] = False  # the token has tests of its own
    return made


def _counting(app: Flask, **counters: Any) -> None:
    app.extensions["site"] = replace(app.extensions["site"], **counters)


def test_looking_too_often_is_told_when_to_come_back(app: Flask, clock: Clock) -> None:
    browser = app.test_client()
    clock.advance(timedelta(seconds=40))
    assert [browser.get("/sign-in").status_code for _ in range(3)] == [200, 200, 200]

    refused = browser.get("/sign-in")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "20")
    assert "请等 20 秒再试" in refused.get_data(as_text=True)
    with browser.get("/static/portal.css") as look:
        assert look.status_code == 200

    elsewhere = browser.get("/sign-in", environ_base={"REMOTE_ADDR": "10.0.0.2"})
    assert elsewhere.status_code == 200
    clock.advance(timedelta(seconds=20))
    assert browser.get("/sign-in").status_code == 200


def test_a_program_gets_a_problem_with_the_time_to_wait(app: Flask) -> None:
    program, token = app.test_client(), {"Authorization": "Bearer hq-00000000-wrong"}
    assert [program.get("/api/v1/cases", headers=token).status_code for _ in range(2)] == [401, 401]
    refused = program.get("/api/v1/cases", headers=token)
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert 0 < int(refused.headers["Retry-After"]) <= 60


def test_signing_in_is_counted_for_all_processes_by_address_and_by_account(
    app: Flask, database: Database, clock: Clock
) -> None:
    from portal.app import create_app

    other = create_app(app.extensions["site"].settings, Database(database.url))
    other.config["WTF_CSRF_ENABLED"] = False
    assert app.test_client().post("/sign-in", data=WRONG).status_code == 422
    assert other.test_client().post("/sign-in", data=WRONG).status_code == 422

    refused = app.test_client().post("/sign-in", data=WRONG)
    assert (refused.status_code, "分钟再试" in refused.get_data(as_text=True)) == (429, True)
    from_elsewhere = {"environ_base": {"REMOTE_ADDR": "10.0.0.2"}}
    assert other.test_client().post("/sign-in", data=WRONG, **from_elsewhere).status_code == 429
    somebody = {**WRONG, "login": "somebody"}
    from_a_third = {"environ_base": {"REMOTE_ADDR": "10.0.0.3"}}
    assert other.test_client().post("/sign-in", data=somebody, **from_a_third).status_code == 422
    other.extensions["site"].database.close()

    clock.advance(timedelta(minutes=15))
    assert app.test_client().post("/sign-in", data=WRONG).status_code == 422


def test_where_the_counter_is_down_one_looks_and_does_not_sign_in(app: Flask) -> None:
    _counting(app, counter=Down(), loose_counter=Down())
    browser = app.test_client()
    assert {browser.get("/sign-in").status_code for _ in range(9)} == {200}
    refused = browser.post("/sign-in", data=WRONG)
    assert (refused.status_code, "暂时不能办理" in refused.get_data(as_text=True)) == (503, True)
    assert browser.post("/register", data={}).status_code == 503


def test_without_a_broker_the_database_counts(database: Database, clock: Clock) -> None:
    broker, until = Broker(), clock() + timedelta(minutes=1)
    shared = InValkey(broker)  # type: ignore[arg-type]  # it is only asked for a pipeline
    with pytest.raises(CounterDown):
        shared.hit("a", until)
    counter = Either(shared, InTable(database))
    assert [counter.hit("a", until) for _ in range(3)] == [1, 2, 3]
    assert broker.asked == 1  # left alone for some seconds

    clock.advance(timedelta(minutes=2))
    assert counter.hit("b", clock() + timedelta(minutes=1)) == 1
    assert counter.hit("a", clock() + timedelta(minutes=1)) == 1  # what was over was put away


def test_memory_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr("foundation.web.counting.MOST_KEPT", 2)
    counter = InMemory()
    assert [counter.hit(key, clock()) for key in ("a", "a", "b", "c", "a")] == [1, 2, 1, 1, 1]


def test_every_rate_is_a_setting() -> None:
    assert from_environment({"RATE_READS": "7", "RATE_SIGN_INS": "0"}).rates == Rates(reads=7, sign_ins=0)
