"""What a new database knows of the catalogue: the modes and the stamp of an empty one."""

from sqlalchemy.orm import Session

from catalog.models import CatalogStamp, RedeemMode
from catalog.rules import MODE_LABELS, PROVINCIAL_LABELS


def ensure_modes(db: Session) -> None:
    """Register the modes known from the start; what staff changed since stays as it is."""
    for rank, (code, label) in enumerate(MODE_LABELS.items(), 1):
        if db.get(RedeemMode, code.value) is None:
            provincial = PROVINCIAL_LABELS.get(code)
            db.add(RedeemMode(code=code.value, label=label, provincial_label=provincial, rank=rank * 10))
    if db.get(CatalogStamp, 1) is None:
        db.add(CatalogStamp(id=1, stamp="empty"))
    db.flush()
