"""A/B 角: for some days a deputy acts in somebody's place, signs with 代, and it ends by itself."""

from datetime import date

from sqlalchemy.orm import Session

from foundation.accounts.models import Membership, Organisation
from foundation.accounts.services import admit, check_days, held_by, keep_offices_apart
from foundation.errors import Invalid
from foundation.web.access import Actor

LONGEST_DAYS = 92


def deputise(
    db: Session, actor: Actor, *, membership_id: int, deputy_id: int, first: date, last: date
) -> int:
    """Give *deputy_id* what a membership may do, from *first* to *last*; returns the deputy's membership."""
    own = db.get_one(Membership, membership_id)
    if deputy_id == own.person_id:
        raise Invalid.of("deputy", "不能由本人代自己", "请另选一位同事")
    check_days(first, last)
    if (last - first).days >= LONGEST_DAYS:
        raise Invalid.of("valid_until", f"一次代理最长 {LONGEST_DAYS} 天", "请分次安排，或另行授权")
    held = held_by(db, deputy_id, first, last)
    keep_offices_apart(held, own.role)
    if any((row.stands_in_for_id, row.role) == (own.person_id, own.role) for row in held):
        raise Invalid.of("deputy", "这位同事这段时间已经在代", "请核对起止日期")
    row = Membership(
        person_id=deputy_id,
        organisation_id=own.organisation_id,
        role=own.role,
        valid_from=first,
        valid_until=last,
        stands_in_for_id=own.person_id,
    )
    return admit(db, actor, row, db.get_one(Organisation, own.organisation_id).code, "deputised")
