"""The telephone's six figures (TOTP, RFC 6238): enrolled at the first sign-in, each code taken once."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import pyotp
import segno
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from foundation import audit, clock, log
from foundation.accounts.models import RecoveryCode, SecondFactor
from foundation.accounts.rules import normal_code, step_of
from foundation.accounts.sealing import Keys, opened, sealed
from foundation.errors import Invalid
from foundation.web.access import Actor

ISSUER = "惠企政策一站式兑现"
CODES = 8
# letters that nobody mistakes for figures
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10
WRONG = ("code", "验证码不对，或者已经用过", "请等手机上换出新的 6 位数再填；也可以填一个备用码")

logger = log.get(__name__)


class Unreadable(Invalid):
    """SECRET_KEY was lost or changed: no code can be right, and whoever types one did nothing wrong."""


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


def enrol(db: Session, person_id: int, offered: Offer, code: str, keys: Keys) -> None:
    """Take the offered secret as the person's, once a code proves that the telephone holds it."""
    now = clock.now()
    step = step_of(offered.secret, normal_code(code), 0, now)
    if step is None:
        raise Invalid.of("code", "验证码不对", "请核对手机的时间，填手机上正在显示的 6 位数")
    if is_enrolled(db, person_id):
        raise Invalid.of("code", "这个账号已经绑定过手机", "请重新登录，填手机上的 6 位数")
    kept = sealed(offered.secret, person_id, keys)
    db.add(SecondFactor(person_id=person_id, secret=kept, last_step=step, enrolled_at=now))
    db.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    db.flush()
    for recovery in offered.recovery:
        db.add(RecoveryCode(person_id=person_id, digest=_digest(person_id, recovery)))
    _tell(db, person_id, None, "enrolled")


def check(db: Session, person_id: int, code: str, keys: Keys) -> None:
    """Refuse a wrong code, and one that was taken before; only looks."""
    given = normal_code(code)
    if len(given) == CODE_LENGTH:
        query = select(func.count()).select_from(RecoveryCode).where(*_unused(person_id, given))
        right = bool(db.scalar(query))
    else:
        known = db.get_one(SecondFactor, person_id)
        right = step_of(_secret(known, keys), given, known.last_step, clock.now()) is not None
    if not right:
        raise Invalid.of(*WRONG)


def take(db: Session, person_id: int, code: str, keys: Keys) -> None:
    """Use a code up; of two who bring the same one at the same moment, one is refused.

    The secret is sealed anew: what is left of the years without a seal, or of an earlier key, goes with use.
    """
    given = normal_code(code)
    if len(given) == CODE_LENGTH:
        used = update(RecoveryCode).where(*_unused(person_id, given)).values(used_at=clock.now())
        _tell(db, person_id, None, "recovery_code_used")
    else:
        known = db.get_one(SecondFactor, person_id)
        secret = _secret(known, keys)
        step = step_of(secret, given, known.last_step, clock.now()) or 0
        # the one that was read: a telephone bound meanwhile keeps its own
        same = SecondFactor.person_id == person_id, SecondFactor.secret == known.secret
        fresh = {"last_step": step, "secret": sealed(secret, person_id, keys)}
        used = update(SecondFactor).where(*same, SecondFactor.last_step < step).values(fresh)
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


def _secret(known: SecondFactor, keys: Keys) -> str:
    secret = opened(known.secret, known.person_id, keys)
    if secret is None:
        logger.error("second factor unreadable", person=known.person_id)
        raise Unreadable.of(
            "code",
            "系统换过密钥，读不出这个账号绑定的手机",
            "请填一个备用码登录；没有备用码，请联系本单位安全管理员解除手机绑定，再登录时重新绑定",
        )
    return secret


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
