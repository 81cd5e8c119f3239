"""The administrators' first page, effects that failed, and the record."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from foundation import audit, outbox
from foundation.accounts import register
from foundation.accounts.blueprint import blueprint
from foundation.accounts.rules import OFFICES
from foundation.accounts.wording import ACT_NAMES, ROLE_NAMES
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.site import site

LATEST = 50
# what administrators act on; cases are none of their business
SUBJECTS = ("person:", "organisation:", "calendar:")


@blueprint.get("/administration")
@access(*OFFICES)
@reads
def administration(db: Session, actor: Actor) -> str:
    """Everything that the actor's office looks after, and what waits."""
    mine = [entry for entry in site().administration if entry.shown_to(actor.role)]
    return page(
        "accounts/administration.html",
        entries=sorted(mine, key=lambda entry: entry.rank),
        office=ROLE_NAMES[actor.role],
        failed=len(outbox.given_up(db)) if actor.role is Role.SYSTEM_ADMIN else 0,
        to_confirm=register.unconfirmed(db, actor) if actor.role is Role.SYSTEM_ADMIN else 0,
        locked=register.locked_out(db, actor) if actor.role is Role.SECURITY_ADMIN else (),
        unassigned=register.unassigned(db, actor) if actor.role is Role.SECURITY_ADMIN else (),
    )


@blueprint.get("/administration/effects")
@access(Role.SYSTEM_ADMIN)
@reads
def effects(db: Session, actor: Actor) -> str:
    """Deliveries that were tried ten times in vain."""
    return page("accounts/effects.html", failed=outbox.given_up(db), done=request.args.get("done", ""))


@blueprint.post("/administration/effects/retry")
@access(Role.SYSTEM_ADMIN)
@act()
def retry(db: Session, actor: Actor) -> ResponseReturnValue:
    """Ten more tries for each."""
    return redirect(url_for("accounts.effects", done=outbox.retry_failed(db)), 303)


@blueprint.get("/administration/record")
@access(Role.AUDIT_ADMIN)
@reads
def record(db: Session, actor: Actor) -> str:
    """Whether the chain is whole, and what administrators did last."""
    return page(
        "accounts/record.html",
        chain=audit.verify(db) if request.args.get("verify") else None,
        lines=register.latest_acts(db, SUBJECTS, LATEST),
        acts=ACT_NAMES,
        roles=ROLE_NAMES,
    )
