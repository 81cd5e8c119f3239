"""Getting in: two steps for staff, a lock after five wrong attempts, one-time passwords, an idle browser."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, text

from foundation import audit
from foundation.accounts import lockout, passwords, queries, sealing, second_factor, services
from foundation.accounts.models import Person, RefusedSignIn, SecondFactor
from foundation.clock import now
from foundation.db import Database
from foundation.settings import Settings
from foundation.web.access import Actor, Role
from portal.app import create_app
from tests.conftest import Clock
from tests.integration.foundation.accounts.conftest import CENTRE, INDUSTRY, SQLITE, Arrive
from tests.support.pages import PortalClient

PASSWORD, ANOTHER = "correct horse battery", "staple of the window"


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in production but quicker: these tests sign in forty times."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    monkeypatch.setattr(passwords, "_NOBODY", quick.hash("nobody's"))


@pytest.fixture
def zhao(database: Database, arrive: Arrive) -> int:
    """An officer with a password."""
    person = arrive("zhao", INDUSTRY)
    with database.writing() as db:
        db.get_one(Person, person).password_hash = passwords.hashed(PASSWORD, "zhao")
    return person


@pytest.fixture
def security(database: Database, arrive: Arrive) -> Actor:
    """The security administrator."""
    arrive("deng", CENTRE, Role.SECURITY_ADMIN)
    with database.reading() as db:
        return queries.actors_named(db, "deng", now().date())[0][1]


def _try(client: PortalClient, password: str, login: str = "zhao", address: str = "127.0.0.1") -> int:
    form = client.page("/sign-in").all("form")
    fields = {field.get("name"): field.get("value") for field in form[-1].iter("input")}
    data = {**fields, "login": login, "password": password}
    sent = client.post("/sign-in", data, environ_base={"REMOTE_ADDR": address})
    return sent.status_code


def _says(client: PortalClient) -> str:
    assert client.last is not None
    return client.last.words()


@pytest.mark.parametrize("login", ["zhao", "nobody"])
def test_five_wrong_attempts_and_the_right_password_waits(
    zhao: int, client: PortalClient, clock: Clock, login: str
) -> None:
    for _ in range(5):
        assert _try(client, "wrong password", login) == 422
        assert "账号或密码不对" in _says(client)
    assert _try(client, PASSWORD, login) == 422
    assert "10:15 以后才能再登录" in _says(client)
    clock.advance(timedelta(minutes=15))
    assert _try(client, PASSWORD, login) == (303 if login == "zhao" else 422)


def test_the_security_administrator_unlocks(
    zhao: int, database: Database, client: PortalClient, security: Actor
) -> None:
    for _ in range(5):
        _try(client, "wrong password")
    with database.writing() as db:
        assert lockout.locked(db, [(zhao, "zhao")]) == {zhao}
        lockout.unlock(db, security, zhao)
    assert _try(client, PASSWORD) == 303
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(RefusedSignIn)) == 5
        assert audit.timeline(db, f"person:{zhao}")[-2].act == "unlocked"


@SQLITE
def test_many_logins_tried_from_one_address_lock_the_address(zhao: int, client: PortalClient) -> None:
    for number in range(20):
        assert _try(client, "wrong password", f"guess{number}", "192.0.2.7") == 422
    assert _try(client, PASSWORD, address="192.0.2.7") == 422
    assert _try(client, PASSWORD, address="192.0.2.8") == 303


def test_a_lock_that_fell_meanwhile_holds_the_right_password_too(
    zhao: int, database: Database, client: PortalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever guesses in parallel learns nothing from a guess that was right."""
    check = passwords.check

    def while_others_guess(*given: object) -> None:
        check(*given)  # type: ignore[arg-type]
        for _ in range(5):
            lockout.count_failure(database, "zhao", "192.0.2.9")

    monkeypatch.setattr(passwords, "check", while_others_guess)
    assert _try(client, PASSWORD) == 422
    assert "以后才能再登录" in _says(client)


@pytest.fixture
def strict(settings: Settings) -> Settings:
    """Production's own settings."""
    plain = Settings(database_url="")
    return replace(
        settings, second_factor=True, staff_idle=plain.staff_idle, enterprise_idle=plain.enterprise_idle
    )


@pytest.fixture
def guarded(strict: Settings, database: Database) -> PortalClient:
    """A browser at the portal with production's own settings."""
    return PortalClient(create_app(strict, database), database)


@pytest.fixture
def rekeyed(strict: Settings, database: Database) -> Callable[..., PortalClient]:
    """A browser at the same portal, started again with another SECRET_KEY."""

    def start(*before: str) -> PortalClient:
        other = replace(strict, secret_key="another one", secret_keys_before=before)
        return PortalClient(create_app(other, database), database)

    return start


def _enrol(client: PortalClient, clock: Clock, login: str = "zhao") -> tuple[str, list[str]]:
    assert _try(client, PASSWORD, login) == 303
    assert client.get("/cases").headers["Location"] == "/sign-in"
    page = client.page("/sign-in/enrol")
    secret = page.words().partition("手工输入密钥：")[2][:39].replace(" ", "")
    recovery = [page.words(code).replace("-", "") for code in page.all("li") if "-" in page.words(code)]
    assert client.submit("/sign-in/enrol", data={"code": "000000", "kept": "yes"}).status_code == 422
    code = pyotp.TOTP(secret).at(now())
    assert client.submit("/sign-in/enrol", data={"code": code}).status_code == 422
    assert client.submit("/sign-in/enrol", data={"code": code, "kept": "yes"}).status_code == 303
    return secret, recovery


def test_staff_bind_a_telephone_and_no_code_is_taken_twice(
    zhao: int, guarded: PortalClient, database: Database, clock: Clock
) -> None:
    secret, recovery = _enrol(guarded, clock)
    assert len(recovery) == 8
    assert guarded.get("/cases").status_code == 200
    guarded.submit("/cases", "/sign-out")
    used = pyotp.TOTP(secret).at(now())
    assert _try(guarded, PASSWORD) == 303
    assert guarded.submit("/sign-in/code", data={"code": used}).status_code == 422
    clock.advance(timedelta(seconds=60))
    code = pyotp.TOTP(secret).at(now())
    assert guarded.submit("/sign-in/code", data={"code": f"{code[:3]} {code[3:]}"}).status_code == 303
    assert guarded.get("/cases").status_code == 200
    guarded.submit("/cases", "/sign-out")
    for status in (303, 422):
        assert _try(guarded, PASSWORD) == 303
        sent = guarded.submit("/sign-in/code", data={"code": f"{recovery[0][:5]}-{recovery[0][5:]}".lower()})
        assert sent.status_code == status
        guarded.flask.delete_cookie("portal")
    with database.reading() as db:
        assert secret not in str([line.facts for line in audit.timeline(db, f"person:{zhao}")])


def _code(client: PortalClient, code: str, login: str = "zhao") -> int:
    """Sign in with the password and *code*."""
    assert _try(client, PASSWORD, login) == 303
    return client.submit("/sign-in/code", data={"code": code}).status_code


def _next(clock: Clock, secret: str) -> str:
    """What the telephone shows a minute later."""
    clock.advance(timedelta(minutes=1))
    return pyotp.TOTP(secret).at(now())


def _kept(database: Database) -> str:
    with database.reading() as db:
        return db.scalars(select(SecondFactor.secret)).one()


def test_who_reads_the_table_learns_no_secret(
    zhao: int, guarded: PortalClient, database: Database, clock: Clock
) -> None:
    secret, _ = _enrol(guarded, clock)
    with database.reading() as db:
        rows = db.execute(text("SELECT * FROM second_factor")).all()
    assert len(rows) == 1
    assert secret not in str(rows)
    assert sealing.opened(_kept(database), zhao, ["only for tests"]) == secret


@SQLITE
def test_two_rows_that_change_places_let_nobody_in(
    zhao: int, guarded: PortalClient, database: Database, arrive: Arrive, clock: Clock
) -> None:
    other = arrive("qian", INDUSTRY)
    with database.writing() as db:
        db.get_one(Person, other).password_hash = passwords.hashed(PASSWORD, "qian")
    secrets = {}
    for login in ("zhao", "qian"):
        secrets[login], _ = _enrol(guarded, clock, login)
        guarded.submit("/cases", "/sign-out")
    with database.writing() as db:
        one, two = (db.get_one(SecondFactor, person) for person in (zhao, other))
        one.secret, two.secret = two.secret, one.secret
    for secret in secrets.values():
        assert _code(guarded, _next(clock, secret)) == 422
        assert "读不出这个账号绑定的手机" in _says(guarded)


def test_after_a_new_key_the_telephone_is_known_and_sealed_anew(
    zhao: int, guarded: PortalClient, rekeyed: Callable[..., PortalClient], database: Database, clock: Clock
) -> None:
    secret, _ = _enrol(guarded, clock)
    assert _code(rekeyed("a third", "only for tests"), _next(clock, secret)) == 303
    assert _code(rekeyed(), _next(clock, secret)) == 303  # the old key is not needed any more


def test_with_the_key_lost_staff_are_told_what_to_do(
    zhao: int,
    guarded: PortalClient,
    rekeyed: Callable[..., PortalClient],
    security: Actor,
    database: Database,
    clock: Clock,
) -> None:
    secret, recovery = _enrol(guarded, clock)
    browser = rekeyed()
    for _ in range(6):  # nobody is locked out for codes that were right
        assert _code(browser, _next(clock, secret)) == 422
        assert "请填一个备用码登录；没有备用码，请联系本单位安全管理员解除手机绑定" in _says(browser)
    assert _code(browser, recovery[0]) == 303
    with database.writing() as db:
        second_factor.clear(db, security, zhao)
    fresh, _ = _enrol(rekeyed(), clock)
    assert _code(rekeyed(), _next(clock, fresh)) == 303


def test_a_secret_from_before_the_seal_is_sealed_with_its_next_code(
    zhao: int, guarded: PortalClient, database: Database, clock: Clock
) -> None:
    secret, _ = _enrol(guarded, clock)
    guarded.submit("/cases", "/sign-out")
    with database.writing() as db:
        db.get_one(SecondFactor, zhao).secret = secret
    assert _code(guarded, _next(clock, secret)) == 303
    assert sealing.opened(_kept(database), zhao, ["only for tests"]) == secret != _kept(database)


@SQLITE
def test_wrong_codes_lock_as_wrong_passwords_do(zhao: int, guarded: PortalClient, clock: Clock) -> None:
    _enrol(guarded, clock)
    guarded.submit("/cases", "/sign-out")
    assert _try(guarded, PASSWORD) == 303
    for _ in range(5):
        assert guarded.submit("/sign-in/code", data={"code": "000000"}).status_code == 422
    clock.advance(timedelta(seconds=60))
    assert guarded.submit("/sign-in/code", data={"code": "000000"}).status_code == 422
    assert "以后才能再登录" in _says(guarded)


@SQLITE
def test_a_step_alone_leads_nowhere(zhao: int, guarded: PortalClient, clock: Clock) -> None:
    for path in ("/sign-in/code", "/sign-in/enrol", "/sign-in/new-password"):
        assert guarded.get(path).headers["Location"] == "/sign-in"
    assert _try(guarded, PASSWORD) == 303
    clock.advance(timedelta(minutes=11))
    assert guarded.get("/sign-in/enrol").headers["Location"] == "/sign-in"


@SQLITE
def test_a_one_time_password_is_replaced_first(
    zhao: int, client: PortalClient, database: Database, security: Actor
) -> None:
    with database.writing() as db:
        old = services.open_session(db, "zhao")
        passwords.reset(db, security, zhao, passwords.hashed(ANOTHER, "zhao"))
    with client.flask.session_transaction() as session:
        session["token"] = old
    assert client.get("/cases").status_code == 303
    assert _try(client, PASSWORD) == 422
    assert _try(client, ANOTHER) == 303
    same = {"password": ANOTHER, "again": ANOTHER}
    assert client.submit("/sign-in/new-password", data=same).status_code == 422
    assert client.submit("/sign-in/new-password", data={**same, "again": PASSWORD}).status_code == 422
    fresh = {"password": PASSWORD, "again": PASSWORD}
    assert client.submit("/sign-in/new-password", data=fresh).status_code == 303
    assert client.get("/cases").status_code == 200


@SQLITE
def test_a_changed_password_signs_the_other_browsers_out(
    zhao: int, client: PortalClient, browser: Callable[[], PortalClient]
) -> None:
    other = browser()
    assert (_try(client, PASSWORD), _try(other, PASSWORD)) == (303, 303)
    change = {"current": "wrong", "password": ANOTHER, "again": ANOTHER}
    assert client.submit("/account", "/account/password", change).status_code == 422
    assert client.submit("/account", "/account/password", {**change, "current": PASSWORD}).status_code == 303
    assert client.get("/cases").status_code == 200
    assert other.get("/cases").status_code == 303


@SQLITE
def test_a_browser_left_alone_is_signed_out(
    database: Database, arrive: Arrive, guarded: PortalClient, clock: Clock
) -> None:
    arrive("zhao", INDUSTRY)
    with database.writing() as db:
        token = services.open_session(db, "zhao")
    with guarded.flask.session_transaction() as session:
        session["token"] = token
    for _ in range(3):
        assert guarded.get("/cases").status_code == 200
        clock.advance(timedelta(minutes=29))
    guarded.get("/cases", headers={"HX-Request": "true"})  # a page that refreshes itself is no use of it
    clock.advance(timedelta(minutes=2))
    assert guarded.get("/cases").status_code == 303
    assert "离开 30 分钟，已为您退出" in guarded.page("/sign-in").words()


@SQLITE
def test_an_empty_database_says_what_to_type(client: PortalClient, database: Database) -> None:
    for path in ("/", "/sign-in"):
        assert "portal people add --login 账号" in client.page(path).words()
    with database.writing() as db:
        services.add_person(db, None, login="root", name="谢宇", password=PASSWORD, must_change_password=True)
    for path in ("/", "/sign-in"):
        assert "portal people add" not in client.page(path).words()
