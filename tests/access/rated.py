"""A case of the world that ended, was rated badly, and is to be put right."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.feedback import services
from portal.feedback.redress.models import Redress
from portal.feedback.rules import Level
from portal.window.services import review
from tests.factories.city import City


def rate(db: Session, city: City, reviewed: str) -> dict[str, str]:
    """Reject a case that was reviewed and rate it; the numbers of the case and of its redress."""
    review.reject(db, city.officer, reviewed, reason="没有达到条件")
    services.rate(db, city.firm, reviewed, Level.VERY_DISSATISFIED)
    redress = db.scalars(select(Redress.number).where(Redress.case_number == reviewed)).one()
    return {"rated": reviewed, "redress:open": redress}
