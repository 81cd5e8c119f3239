"""Who may be what for whom, when a login is locked, which code of the telephone is taken. Pure."""

import hmac
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import pyotp

from foundation.web.access import Role


class OrganisationKind(StrEnum):
    """What a body is in the scheme."""

    GOVERNMENT = "government"
    DEPARTMENT = "department"
    WINDOW = "window"
    FINANCE = "finance"
    SUPERVISOR = "supervisor"
    ENTERPRISE = "enterprise"
    # not a body: where accounts belong that are not bound to an enterprise yet
    UNBOUND = "unbound"


# 三员: nobody holds two of them (GB/T 22239 三级, 管理用户权限分离)
OFFICES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
NOT_PUBLIC = frozenset({OrganisationKind.ENTERPRISE, OrganisationKind.UNBOUND})
ROLE_OF: Mapping[OrganisationKind, Role | None] = {
    OrganisationKind.GOVERNMENT: Role.SUPERVISOR,
    OrganisationKind.DEPARTMENT: Role.DEPARTMENT,
    OrganisationKind.WINDOW: Role.WINDOW,
    OrganisationKind.FINANCE: Role.FINANCE,
    OrganisationKind.SUPERVISOR: Role.SUPERVISOR,
    OrganisationKind.ENTERPRISE: Role.ENTERPRISE,
    OrganisationKind.UNBOUND: Role.REGISTRANT,
}


def may_be(kind: OrganisationKind, role: Role) -> bool:
    """Whether a body of *kind* has people in *role*: its own work, and the offices in every public body."""
    return role is ROLE_OF[kind] or (role in OFFICES and kind not in NOT_PUBLIC)


def clashing(held: Iterable[Role], wanted: Role) -> Role | None:
    """The office already held that excludes *wanted*; the same office again excludes nothing."""
    if wanted not in OFFICES:
        return None
    return next((role for role in sorted(held) if role in OFFICES and role is not wanted), None)


# wrong attempts before a login, or an address, has to wait; a whole office shares one address
PER_LOGIN, PER_ADDRESS = 5, 20
LOCKED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Failures:
    """How many attempts went wrong since a moment, and when the last one did."""

    number: int
    since: datetime
    last_at: datetime


def counted(known: Failures | None, now: datetime) -> Failures:
    """One more wrong attempt; what lies longer back than the lock lasts is forgotten."""
    if known is None or now - known.since >= LOCKED_FOR:
        return Failures(1, now, now)
    return Failures(known.number + 1, known.since, now)


def locked_until(known: Failures | None, limit: int, now: datetime) -> datetime | None:
    """Until when nobody is let in, after *limit* wrong attempts; None where the door is open."""
    if known is None or known.number < limit:
        return None
    until = known.last_at + LOCKED_FOR
    return until if now < until else None


STEP_SECONDS = 30
# a telephone's clock may be off by one step
NEAR = (0, -1, 1)


def normal_code(text: str) -> str:
    """A code as people type it: full-width figures, spaces and hyphens do not matter."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).upper() if letter.isalnum())


def step_of(secret: str, code: str, last_step: int, now: datetime) -> int | None:
    """The half minute to which *code* belongs; None where it is wrong, or was taken before."""
    current = int(now.timestamp()) // STEP_SECONDS
    made = pyotp.HOTP(secret)
    for step in (current + near for near in NEAR):
        if step > last_step and hmac.compare_digest(made.at(step).encode(), code.encode()):
            return step
    return None


SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
# a login shorter than this stands in many a good password by chance
SHORTEST_NAME = 4


def password_fault(password: str, login: str) -> str | None:
    """Why a password is not taken: short ones and one's own name are guessed first."""
    if len(password) < SHORTEST_PASSWORD:
        return f"密码太短，至少 {SHORTEST_PASSWORD} 位"
    if len(password) > LONGEST_PASSWORD:
        return f"密码太长，最多 {LONGEST_PASSWORD} 位"
    names_login = len(login) >= SHORTEST_NAME and login.lower() in password.lower()
    if names_login or len(set(password)) < SHORTEST_NAME:
        return "密码太容易猜到，不能是同几个字符，也不能含账号"
    return None


def opening_hours(text: str) -> list[list[str]]:
    """09:00-12:00、13:00-17:00 as pairs of times; ValueError says what is wrong."""
    parts = [part for part in re.split(r"[、,，;；\s]+", unicodedata.normalize("NFKC", text)) if part]
    sessions = [_session(part) for part in parts]
    moments = [moment for session in sessions for moment in session]
    if moments != sorted(set(moments)):
        raise ValueError("办公时间要从早到晚，不能重叠")
    return sessions


def _session(text: str) -> list[str]:
    found = re.fullmatch(r"(\d{1,2}):(\d{2})[-–~至](\d{1,2}):(\d{2})", text)
    if found is None:
        raise ValueError(f"看不懂“{text}”")
    hours, minutes = (int(found[1]), int(found[3])), (int(found[2]), int(found[4]))
    if max(hours) > 23 or max(minutes) > 59:
        raise ValueError(f"没有“{text}”这样的时间")
    return [f"{hour:02}:{minute:02}" for hour, minute in zip(hours, minutes, strict=True)]


def closed_days(text: str) -> list[str]:
    """One date a line, sorted and each once; ValueError says what is wrong."""
    days = set()
    for word in text.split():
        try:
            days.add(date.fromisoformat(word).isoformat())
        except ValueError:
            raise ValueError(f"“{word}”不是日期") from None
    return sorted(days)
