"""How long what was revealed may be looked at, and in what words one asks for it. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

OPEN = timedelta(minutes=10)


class Act(StrEnum):
    """What was let out: values on a page, or a file with many."""

    REVEALED = "revealed"
    EXPORTED = "exported"


ACT_NAMES = {Act.REVEALED: "查看", Act.EXPORTED: "导出"}


def still_open(since: datetime, now: datetime) -> bool:
    """Whether the page or file may still be opened without asking anew."""
    return since <= now < since + OPEN
