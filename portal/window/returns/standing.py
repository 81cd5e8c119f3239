"""What a returned payment makes of where its case stands: read from the return, never written to the case."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.window.returns.models import BankReturn
from portal.window.returns.rules import STAGE_NAMES, Stage


def standings(db: Session, numbers: Iterable[str]) -> dict[str, str]:
    """In words, for those of *numbers* that have a payment which is not made again yet."""
    rows = db.execute(
        select(BankReturn.case_number, BankReturn.stage).where(
            BankReturn.case_number.in_(list(numbers)), BankReturn.stage != Stage.REPAID
        )
    )
    return {number: STAGE_NAMES[stage] for number, stage in rows}
