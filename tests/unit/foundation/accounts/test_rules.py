"""Locks, codes, passwords and offices, by value."""

from datetime import datetime, timedelta

import pyotp
import pytest

from foundation.accounts.rules import (
    LOCKED_FOR,
    OFFICES,
    PER_LOGIN,
    Failures,
    OrganisationKind,
    clashing,
    closed_days,
    counted,
    locked_until,
    may_be,
    normal_code,
    opening_hours,
    password_fault,
    step_of,
)
from foundation.accounts.wording import KIND_NAMES, ROLE_NAMES, closed_text, hours_text, signature
from foundation.clock import BEIJING
from foundation.web.access import Role

NOW = datetime(2026, 6, 1, 10, tzinfo=BEIJING)
MINUTE = timedelta(minutes=1)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def _after(attempts: int, apart: timedelta = timedelta(seconds=10)) -> tuple[Failures | None, datetime]:
    known: Failures | None = None
    moment = NOW
    for _ in range(attempts):
        known = counted(known, moment)
        moment += apart
    return known, moment - apart


def test_five_wrong_attempts_lock_for_a_quarter_of_an_hour() -> None:
    assert locked_until(None, PER_LOGIN, NOW) is None
    four, at = _after(4)
    assert locked_until(four, PER_LOGIN, at) is None
    five, at = _after(5)
    assert locked_until(five, PER_LOGIN, at) == at + LOCKED_FOR
    assert locked_until(five, PER_LOGIN, at + LOCKED_FOR) is None


def test_old_attempts_are_forgotten() -> None:
    slow, at = _after(12, 4 * MINUTE)
    assert locked_until(slow, PER_LOGIN, at) is None
    five, at = _after(5)
    assert counted(five, at + LOCKED_FOR).number == 1


def test_a_code_is_taken_once_and_a_little_early_or_late() -> None:
    totp = pyotp.TOTP(SECRET)
    step = step_of(SECRET, totp.at(NOW), 0, NOW)
    assert step is not None
    assert step_of(SECRET, totp.at(NOW), step, NOW) is None
    for seconds, taken in ((-30, True), (30, True), (-90, False), (90, False)):
        code = totp.at(NOW + timedelta(seconds=seconds))
        assert (step_of(SECRET, code, 0, NOW) is not None) is taken
    assert step_of(SECRET, "验证码", 0, NOW) is None


def test_codes_are_read_as_people_type_them() -> None:
    assert normal_code(" １２３ 456 ") == "123456"
    assert normal_code("abcde-fgh23") == "ABCDEFGH23"


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "太短"), ("x" * 201, "太长"), ("1111111111", "太容易"), ("my-ZHAOLI-2026", "太容易"),
        ("correct horse", None),
    ],
)  # fmt: skip
def test_passwords_that_are_guessed_first_are_refused(password: str, says: str | None) -> None:
    fault = password_fault(password, "zhaoli")
    assert (fault is None) if says is None else (fault is not None and says in fault)


def test_a_short_login_may_stand_in_a_password_by_chance() -> None:
    assert password_fault("familiar places", "li") is None


def test_each_body_has_its_own_people_and_public_ones_administrators() -> None:
    assert may_be(OrganisationKind.WINDOW, Role.WINDOW)
    assert not may_be(OrganisationKind.WINDOW, Role.DEPARTMENT)
    assert all(may_be(OrganisationKind.SUPERVISOR, office) for office in OFFICES)
    assert not any(may_be(OrganisationKind.ENTERPRISE, office) for office in OFFICES)


@pytest.mark.parametrize("wanted", sorted(OFFICES))
def test_the_three_offices_exclude_each_other(wanted: Role) -> None:
    for held in OFFICES:
        assert clashing([Role.WINDOW, held], wanted) == (None if held is wanted else held)
    assert clashing([wanted], Role.WINDOW) is None


def test_everything_has_a_name() -> None:
    assert set(ROLE_NAMES) == set(Role)
    assert set(KIND_NAMES) == set(OrganisationKind)
    assert signature("周丽", "赵建国") == "周丽（代赵建国）"


def test_opening_hours_are_read_as_people_type_them() -> None:
    assert opening_hours("9:00-12:00，14：30至18:00") == [["09:00", "12:00"], ["14:30", "18:00"]]
    assert opening_hours(" ") == []
    assert hours_text({"sessions": [["09:00", "12:00"], "14:30-18:00"]}) == "09:00-12:00、14:30-18:00"
    assert (hours_text([["09:00", "12:00"]]), hours_text(None)) == ("09:00-12:00", "")


@pytest.mark.parametrize(
    "text", ["上午", "12:00-09:00", "09:00-12:00 11:00-13:00", "09:00-25:00", "09:70-10:00"]
)
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"办公时间|看不懂|没有"):
        opening_hours(text)


def test_closed_days_are_sorted_and_stand_once() -> None:
    assert closed_days("2026-07-02\n2026-07-01 2026-07-01") == ["2026-07-01", "2026-07-02"]
    with pytest.raises(ValueError, match="不是日期"):
        closed_days("2026-02-30")
    assert closed_text({"closed": ["2026-07-01"]}) == "2026-07-01"
    assert closed_text(None) == ""
