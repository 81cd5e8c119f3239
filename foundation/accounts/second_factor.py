"""The telephone's six figures (TOTP, RFC 6238): enrolled at the first sign-in, each code taken once."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import pyotp
import segno
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from foundation import audit, clock
from foundation.accounts.models import RecoveryCode, SecondFactor
from foundation.accounts.rules import normal_code, step_of
from foundation.errors import Invalid
from foundation.web.access import Actor

ISSUER = "惠企政策一站式兑现"
CODES = 8
# letters that nobody mistakes for figures
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10
WRONG = ("code", "验证码不对，或者已经用过", "请等手机上换出新的 6 位数再填；也可以填一个备用码")


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret that is not anybody's yet, and the codes for a lost telephone."""

    secret: str
    recovery: tuple[str, ...]

    def picture(self, login: str) -> str:
        """What the telephone photographs, as a data address."""
        address = pyotp.TOTP(self.secret).provisioning_uri(name=login, issuer_name=ISSUER)
        return segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#fff")


def offer() -> Offer:
    """A new secret with its recovery codes."""
    return Offer(
        pyotp.random_base32(),
        tuple("".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(CODES)),
    )


def is_enrolled(db: Session, person_id: int) -> bool:
    """Whether a person has a telephone enrolled."""
    return db.get(SecondFactor, person_id) is not None


def enrol(db: Session, person_id: int, offered: Offer, code: str) -> None:
    """Take the offered secret as the person's, once a code proves that the telephone holds it."""
    now = clock.now()
    step = step_of(offered.secret, normal_code(code), 0, now)
    if step is None:
        raise Invalid.of("code", "验证码不对", "请核对手机的时间，填手机上正在显示的 6 位数")
    if is_enrolled(db, person_id):
        raise Invalid.of("code", "这个账号已经绑定过手机", "请重新登录，填手机上的 6 位数")
    db.add(SecondFactor(person_id=person_id, secret=offered.secret, last_step=step, enrolled_at=now))
    db.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    db.flush()
    for recovery in offered.recovery:
        db.add(RecoveryCode(person_id=person_id, digest=_digest(person_id, recovery)))
    _tell(db, person_id, None, "enrolled")


def check(db: Session, person_id: int, code: str) -> None:
    """Refuse a wrong code, and one that was taken before; only looks."""
    known, given = db.get_one(SecondFactor, person_id), normal_code(code)
    if len(given) == CODE_LENGTH:
        query = select(func.count()).select_from(RecoveryCode).where(*_unused(person_id, given))
        right = bool(db.scalar(query))
    else:
        right = step_of(known.secret, given, known.last_step, clock.now()) is not None
    if not right:
        raise Invalid.of(*WRONG)


def take(db: Session, person_id: int, code: str) -> None:
    """Use a code up; of two who bring the same one at the same moment, one is refused."""
    given = normal_code(code)
    if len(given) == CODE_LENGTH:
        used = update(RecoveryCode).where(*_unused(person_id, given)).values(used_at=clock.now())
        _tell(db, person_id, None, "recovery_code_used")
    else:
        known = db.get_one(SecondFactor, person_id)
        step = step_of(known.secret, given, known.last_step, clock.now()) or 0
        earlier = SecondFactor.person_id == person_id, SecondFactor.last_step < step
        used = update(SecondFactor).where(*earlier).values(last_step=step)
    result: Any = db.execute(used.execution_options(synchronize_session=False))
    if result.rowcount != 1:
        raise Invalid.of(*WRONG)


def clear(db: Session, actor: Actor, person_id: int) -> None:
    """A lost telephone: the next sign-in enrols another."""
    db.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    db.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))
    _tell(db, person_id, actor, "second_factor_cleared")


def codes_left(db: Session, person_id: int) -> int:
    """How many recovery codes are not used up."""
    query = select(func.count()).select_from(RecoveryCode)
    return db.scalar(query.where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))) or 0


def _unused(person_id: int, code: str) -> tuple[Any, ...]:
    digest = _digest(person_id, code)
    return (
        RecoveryCode.person_id == person_id,
        RecoveryCode.digest == digest,
        RecoveryCode.used_at.is_(None),
    )


def _digest(person_id: int, code: str) -> str:
    return hashlib.sha256(f"{person_id}:{code}".encode()).hexdigest()


def _tell(db: Session, person_id: int, actor: Actor | None, act: str) -> None:
    audit.record(db, f"person:{person_id}", act, actor=actor, happened_at=clock.now(), facts={})
