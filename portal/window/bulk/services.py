"""One act on many cases, each by itself: what one of them refuses holds up no other."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import log
from foundation.accounts import queries as accounts
from foundation.errors import Conflict, NotFound, PortalError
from foundation.web.access import Actor
from portal.window.bulk.rules import BULKS, BulkAct, check_may
from portal.window.models import Case
from portal.window.queries import visible_to
from portal.window.rules import Act
from portal.window.services import acceptance, review

logger = log.get(__name__)


def carry_out(db: Session, actor: Actor, act: BulkAct, numbers: Sequence[str], **officer: str) -> None:
    """*act* on each case of *numbers*; the ones that it no longer fits are left as they are.

    *officer* is what `review.respond` wants to know, where cases are responded to. NotAllowed where the act
    is another role's, NotFound where a case is not the actor's to see: then nothing is done at all.
    """
    check_may(actor.role, act)
    for case in _locked(db, actor, numbers):
        _try(db, actor, act, case, officer)


def _locked(db: Session, actor: Actor, numbers: Sequence[str]) -> Sequence[Case]:
    """In ascending order, so that two who chose the same cases do not wait for each other."""
    wanted = set(numbers)
    query = select(Case).where(Case.number.in_(wanted), visible_to(actor)).order_by(Case.id).with_for_update()
    found = db.scalars(query).all()
    if len(found) != len(wanted):
        raise NotFound
    return found


def _try(db: Session, actor: Actor, act: BulkAct, case: Case, officer: dict[str, str]) -> None:
    """All acts of it or none; a case that refuses stays among those that are still to be done."""
    try:
        with db.begin_nested():
            for each in BULKS[act].acts:
                _do(db, actor, each, case, officer)
    except PortalError as refusal:
        logger.info("left out of a bulk act", case=case.number, act=act.value, refusal=str(refusal))


def _do(db: Session, actor: Actor, act: Act, case: Case, officer: dict[str, str]) -> None:
    number = case.number or ""
    if act is Act.ACCEPT:
        acceptance.accept(db, actor, number)
    elif act is Act.HAND_OFF:
        if case.handoffs:  # it is still in the name of the department that said that it is not its own
            raise Conflict("这件办件部门退回过。请打开它，选定承办部门后再交办。")
        department = accounts.organisation(db, case.department_id)
        acceptance.hand_off(db, actor, number, department.code)
    else:
        review.respond(db, actor, number, **officer)
