"""Passwords: checked and hashed slowly, so never inside a transaction that writes; changed, and reset."""

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from foundation import audit, clock
from foundation.accounts.models import Membership, Person, SignIn
from foundation.accounts.rules import password_fault
from foundation.errors import Invalid
from foundation.web.access import Actor

_hasher = PasswordHasher()
# verified when nobody has the login, so that the answer takes as long as for a wrong password
_NOBODY = _hasher.hash(secrets.token_hex(16))


def check(db: Session, login: str, password: str) -> None:
    """Refuse a wrong login and a wrong password with the same Invalid, after the same time.

    Slow on purpose: every guess inside a transaction that writes would hold up everybody.
    """
    if not is_right(db, login, password):
        raise Invalid.of("password", "账号或密码不对", "请核对后再登录，忘记密码请联系本单位管理员")


def is_right(db: Session, login: str, password: str) -> bool:
    """Whether *password* opens *login*; takes as long where nobody has it."""
    kept = db.scalar(select(Person.password_hash).where(Person.login == login))
    try:
        return _hasher.verify(kept or _NOBODY, password)
    except VerifyMismatchError:
        return False


def hashed(password: str, login: str, field: str = "password") -> str:
    """What is kept of a password; Invalid where it is too easily guessed."""
    fault = password_fault(password, login)
    if fault is not None:
        raise Invalid.of(field, fault, "请换一个密码，例如几个不相干的词连起来")
    return _hasher.hash(password)


def one_time() -> str:
    """A password to hand over once: whoever signs in with it chooses another."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


def stamp(db: Session, person_id: int) -> str:
    """Changes with the password: what was begun under the old one does not go on under the new."""
    kept = db.scalar(select(Person.password_hash).where(Person.id == person_id)) or ""
    return hashlib.sha256(kept.encode()).hexdigest()[:16]


def change(db: Session, actor: Actor | None, person_id: int, new_hash: str, keep: str = "") -> None:
    """One's own new password; the person is signed out but in the session of the digest *keep*."""
    _set(db, person_id, new_hash, must_change=False)
    end_sessions(db, person_id, keep)
    _tell(db, actor, person_id, "password_changed")


def reset(db: Session, actor: Actor, person_id: int, one_time_hash: str) -> None:
    """An administrator's one-time password; the person is signed out everywhere."""
    _set(db, person_id, one_time_hash, must_change=True)
    end_sessions(db, person_id)
    _tell(db, actor, person_id, "password_reset")


def end_sessions(db: Session, person_id: int, keep: str = "") -> None:
    """Sign a person out everywhere but in the session whose digest is *keep*."""
    mine = select(Membership.id).where(Membership.person_id == person_id)
    live = SignIn.membership_id.in_(mine), SignIn.ended_at.is_(None), SignIn.token_digest != keep
    db.execute(
        update(SignIn).where(*live).values(ended_at=clock.now()).execution_options(synchronize_session=False)
    )


def _set(db: Session, person_id: int, new_hash: str, *, must_change: bool) -> None:
    person = db.get_one(Person, person_id, with_for_update=True)
    person.password_hash, person.must_change_password = new_hash, must_change


def _tell(db: Session, actor: Actor | None, person_id: int, act: str) -> None:
    audit.record(db, f"person:{person_id}", act, actor=actor, happened_at=clock.now(), facts={})
