"""What a browser carries in its signed cookie: who is signed in, since when nobody used it, a sign-in begun.

Nothing of it is written to the database: a look changes nothing there.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from foundation import clock
from foundation.accounts import passwords, queries, second_factor, services
from foundation.accounts.second_factor import Offer
from foundation.web.access import STAFF, Actor
from foundation.web.site import site

# a sign-in that is begun has to come to its end in this time
PATIENCE_SECONDS = 600
REFRESH_SECONDS = 60
BEGUN, SEEN, LEFT, TOKEN = "begun", "seen", "left", "token"


def address() -> str:
    """Where the request comes from."""
    return (request.remote_addr or "")[:45]


def now_seconds() -> int:
    """The moment as the cookie keeps it."""
    return int(clock.now().timestamp())


def load_actor(db: Session) -> Actor | None:
    """Who the current browser is; rights are read anew with every request, in one query."""
    token = session.get(TOKEN)
    if not isinstance(token, str):
        return None
    actor = queries.actor_of(db, services.token_digest(token), clock.now().date())
    if actor is None or not _left_alone(actor):
        return actor
    session.clear()
    session[LEFT] = int(_patience(actor).total_seconds() // 60)
    return None


def _patience(actor: Actor) -> timedelta:
    settings = site().settings
    return settings.staff_idle if STAFF.admits(actor) else settings.enterprise_idle


def _left_alone(actor: Actor) -> bool:
    """Whether nobody used this browser for too long; a page that refreshes itself is no use of it."""
    seen, now = session.get(SEEN), now_seconds()
    if isinstance(seen, int) and now - seen > _patience(actor).total_seconds():
        return True
    refreshes_itself = request.method == "GET" and "HX-Request" in request.headers
    if not refreshes_itself and (not isinstance(seen, int) or now - seen >= REFRESH_SECONDS):
        session[SEEN] = now
    return False


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in whose password was right: what is left to do before the session opens."""

    person_id: int
    login: str
    must_change: bool
    is_staff: bool
    code_proved: bool
    offered: Offer | None

    @property
    def needs_code(self) -> bool:
        """Whether the telephone has yet to prove itself."""
        return site().settings.second_factor and self.is_staff and not self.code_proved


def begin(db: Session, login: str) -> None:
    """The password of *login* was right, just now."""
    person = queries.person_named(db, login, clock.now().date())
    keep = {key: session[key] for key in ("next",) if key in session}
    session.clear()
    session.update(keep)
    session[BEGUN] = {
        "login": login, "at": now_seconds(), "stamp": passwords.stamp(db, person.id), "code": False
    }  # fmt: skip


def begun(db: Session) -> Begun | None:
    """The sign-in that this browser has begun, unless it waited too long or the password changed since."""
    kept = session.get(BEGUN)
    if not isinstance(kept, dict) or now_seconds() - int(kept["at"]) > PATIENCE_SECONDS:
        return None
    person = queries.person_named(db, kept["login"], clock.now().date())
    if passwords.stamp(db, person.id) != kept["stamp"]:
        return None
    offered = Offer(kept["secret"], tuple(kept["recovery"])) if "secret" in kept else None
    return Begun(
        person.id, person.login, person.must_change_password, person.is_staff, bool(kept["code"]), offered
    )


def note(**more: Any) -> None:
    """Keep what a step of the sign-in brought."""
    session[BEGUN] = {**session[BEGUN], **more}


def onward(db: Session) -> ResponseReturnValue:
    """To the next step of the sign-in, or in."""
    at = begun(db)
    if at is None:
        return redirect(url_for("accounts.sign_in"), 303)
    if at.needs_code and second_factor.is_enrolled(db, at.person_id):
        return redirect(url_for("accounts.code_form"), 303)
    if at.needs_code:
        if at.offered is None:
            offered = second_factor.offer()
            note(secret=offered.secret, recovery=list(offered.recovery))
        return redirect(url_for("accounts.enrol_form"), 303)
    if at.must_change:
        return redirect(url_for("accounts.new_password_form"), 303)
    return enter(services.open_session(db, at.login, address()))


def enter(token: str) -> ResponseReturnValue:
    """Let the browser in and lead it where it wanted to go."""
    onward_to = session.get("next")
    session.clear()  # nothing of an earlier session lives on in the new one
    session[TOKEN], session[SEEN] = token, now_seconds()
    wished = onward_to if is_local(onward_to) else None
    return redirect(wished or url_for("accounts.desk"), 303)


def is_local(path: Any) -> bool:
    """Whether *path* leads to a page of ours."""
    return isinstance(path, str) and path.startswith("/") and not path.startswith(("//", "/\\"))
