"""Whoever enters the demonstration can open what its pages offer."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask

from foundation.db import Database
from foundation.settings import from_environment
from foundation.web.access import Role
from portal.app import create_app
from portal.demo.browser import Browser
from portal.demo.home import Home
from portal.demo.people import PASSWORD, PEOPLE

pytestmark = pytest.mark.sqlite
MOST = 60
# many addresses of one page: pages of a list, items of other places
ALIKE = re.compile(r"/(static|preferences|items\?|items/S|my/policies/S)")
ANSWERS = {200, 202}  # 202: a paper that the worker has yet to print


@pytest.fixture
def app(home: Home, tonight: datetime) -> Iterator[Flask]:
    """The site of the demonstration, without the processes beside it."""
    settings = from_environment({**home.environment(), "SECRET_KEY": "only for tests"})
    database = Database(settings.database_url)
    yield create_app(settings, database)
    database.close()


def entered(app: Flask, role: Role | None) -> Browser:
    browser = Browser(app)
    if role is not None:
        person = next(each for each in PEOPLE if each.role is role)
        browser.send("/sign-in", "/sign-in", login=person.login, password=PASSWORD)
    return browser


@pytest.mark.parametrize("role", [None, *Role])
def test_no_link_is_dead(app: Flask, role: Role | None) -> None:
    browser = entered(app, role)
    waiting, seen, dead = ["/" if role is None else "/desk", "/"], set(), {}
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        with browser.client.get(path, follow_redirects=True) as response:
            if response.status_code not in ANSWERS:
                dead[path] = response.status_code
            elif response.mimetype == "text/html":
                links = re.findall(r'href="(/[^"#]*)"', response.get_data(as_text=True))
                waiting += [link.replace("&amp;", "&") for link in links if not ALIKE.match(link)]
    assert dead == {}


def test_a_password_of_the_demonstration_lets_in_and_the_home_page_is_titled(app: Flask) -> None:
    assert "惠企" in re.findall(r"<title>(.*?)</title>", Browser(app).open("/"))[0]
    assert "演示" in Browser(app).open("/sign-in")
