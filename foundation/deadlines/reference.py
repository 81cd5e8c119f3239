"""The calendars that come with the product: every year that chinesecalendar knows."""

from importlib.metadata import version

from chinese_calendar import Holiday, constants
from sqlalchemy.orm import Session

from foundation.deadlines import importing
from foundation.deadlines.calendars import Notice

NAMES = {holiday.value: holiday.chinese for holiday in Holiday}


def known_notices() -> tuple[Notice, ...]:
    """One notice a year, 2004 and later, as the package has taken them in."""
    release = version("chinesecalendar")
    off = {day: NAMES[name] for day, name in constants.holidays.items()}
    on = {day: NAMES[name] for day, name in constants.workdays.items()}
    return tuple(
        Notice(
            year=year,
            version=1,
            off={day: name for day, name in sorted(off.items()) if day.year == year},
            on={day: name for day, name in sorted(on.items()) if day.year == year},
            source=f"国务院办公厅关于{year}年部分节假日安排的通知（据 chinesecalendar {release}）",
        )
        for year in sorted({day.year for day in off})
    )


def ensure_calendars(db: Session) -> None:
    """Add the years that the database lacks; what is there, imported or corrected, stays as it is."""
    importing.add_missing_years(db, known_notices())
