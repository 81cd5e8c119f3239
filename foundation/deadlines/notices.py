"""A holiday notice as it is handed in: read, checked, and split into the years that it touches. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from foundation.deadlines import statutory
from foundation.errors import Invalid, Problem

YEARS = range(2004, 2101)
LONGEST_NAME, LONGEST_SOURCE = 40, 300


@dataclass(frozen=True, slots=True)
class Announced:
    """What one notice says: days off and days made up, by name; a few may lie in the year before."""

    year: int
    off: Mapping[date, str]
    on: Mapping[date, str]
    source: str


def read_notice(data: Any) -> Announced:
    """A notice from JSON; Invalid names every field that cannot be taken.

    `{"year": 2027, "source": "…", "off": {"2027-01-01": "元旦"}, "on": {"2027-01-03": "元旦"}}`, the days
    also as plain lists; or the form of holiday-cn, whose `days` are `{"name", "date", "isOffDay"}`.
    """
    if not isinstance(data, Mapping):
        raise Invalid.of("file", "不是一份放假安排", "请交一个 JSON 对象，写明 year、source、off、on")
    problems: list[Problem] = []
    year = data.get("year")
    if not isinstance(year, int) or isinstance(year, bool) or year not in YEARS:
        raise Invalid.of("year", f"“{year}”不是年份", f"请写 {YEARS.start} 到 {YEARS[-1]} 之间的整数")
    off, on = _days(data, year, problems)
    source = _source(data)
    if not source or len(source) > LONGEST_SOURCE:
        problems.append(
            Problem(
                "source",
                "没有写明出处，或者太长",
                f"请写国务院办公厅通知的名称和文号，{LONGEST_SOURCE} 字以内",
            )
        )
    if not problems:
        problems += _doubts(year, off, on)
    if problems:
        raise Invalid(problems)
    return Announced(year, off, on, source)


def _source(data: Mapping[str, Any]) -> str:
    papers = data.get("papers")
    if data.get("source") is None and isinstance(papers, list):
        return "、".join(str(paper) for paper in papers).strip()
    return str(data.get("source") or "").strip()


def _days(
    data: Mapping[str, Any], year: int, problems: list[Problem]
) -> tuple[dict[date, str], dict[date, str]]:
    if isinstance(data.get("days"), list):
        rows = list(_rows(data["days"]))
        named = {"off": [row for row in rows if row[2]], "on": [row for row in rows if not row[2]]}
    else:
        named = {field: list(_named(data.get(field))) for field in ("off", "on")}
    days: dict[str, dict[date, str]] = {"off": {}, "on": {}}
    for field, entries in named.items():
        for number, (text, name, _) in enumerate(entries, 1):
            day = _day(text, year)
            if day is None:
                remedy = f"请写 {year}-10-01 这样的日期，在 {year} 年或上一年 12 月内"
                problems.append(Problem(field, f"“{str(text)[:20]}”不能用", remedy, number))
            else:
                days[field][day] = name[:LONGEST_NAME]
    return days["off"], days["on"]


def _rows(days: list[Any]) -> Iterator[tuple[Any, str, bool]]:
    for row in days:
        known = row if isinstance(row, Mapping) else {}
        yield known.get("date"), str(known.get("name") or "节假日"), known.get("isOffDay") is True


def _named(days: Any) -> Iterator[tuple[Any, str, bool]]:
    if isinstance(days, Mapping):
        yield from ((day, str(name or "节假日"), True) for day, name in days.items())
    elif isinstance(days, list):
        yield from ((day, "节假日", True) for day in days)


def _day(text: Any, year: int) -> date | None:
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return day if day.year == year or (day.year, day.month) == (year - 1, 12) else None


def _doubts(year: int, off: Mapping[date, str], on: Mapping[date, str]) -> Iterator[Problem]:
    if not off:
        yield Problem(
            "off", f"{year}年的放假安排是空的", "通知公布后再导入；在此之前系统先按周末和法定节假日暂定"
        )
        return
    for day in sorted(off.keys() & on.keys()):
        yield Problem("on", f"{day} 既放假又上班", "请按通知只留一项")
    for day in sorted(day for day in on if day.weekday() < 5):
        yield Problem("on", f"{day} 不是周末，不用调休", "请核对日期")
    for day, name in statutory.days_off(year).items():
        if year >= statutory.LAW_OF and day not in off:
            yield Problem("off", f"缺少法定节假日 {day}（{name}）", "请对照通知补上，再整份导入")
