"""The days off that the law itself fixes, for years whose notice is not out yet. Pure.

全国年节及纪念日放假办法 (as of 2025), article 2:
元旦 1, 春节 4 (除夕 to 初三), 清明 1, 劳动节 2, 端午 1, 中秋 1, 国庆节 3.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

LAW_OF = 2025  # the year from which these numbers hold

# first day of the first month, fifth of the fifth, fifteenth of the eighth (GB/T 33661), as (month, day)
LUNAR = {
    2025: ((1, 29), (5, 31), (10, 6)), 2026: ((2, 17), (6, 19), (9, 25)), 2027: ((2, 6), (6, 9), (9, 15)),
    2028: ((1, 26), (5, 28), (10, 3)), 2029: ((2, 13), (6, 16), (9, 22)), 2030: ((2, 3), (6, 5), (9, 12)),
    2031: ((1, 23), (6, 24), (10, 1)), 2032: ((2, 11), (6, 12), (9, 19)), 2033: ((1, 31), (6, 1), (9, 8)),
    2034: ((2, 19), (6, 20), (9, 27)), 2035: ((2, 8), (6, 10), (9, 16)), 2036: ((1, 28), (5, 30), (10, 4)),
    2037: ((2, 15), (6, 18), (9, 24)), 2038: ((2, 4), (6, 7), (9, 13)), 2039: ((1, 24), (5, 27), (10, 2)),
    2040: ((2, 12), (6, 14), (9, 20)), 2041: ((2, 1), (6, 3), (9, 10)), 2042: ((1, 22), (6, 22), (9, 28)),
    2043: ((2, 10), (6, 11), (9, 17)), 2044: ((1, 30), (5, 31), (10, 5)), 2045: ((2, 17), (6, 19), (9, 25)),
    2046: ((2, 6), (6, 8), (9, 15)), 2047: ((1, 26), (5, 29), (10, 4)), 2048: ((2, 14), (6, 15), (9, 22)),
    2049: ((2, 2), (6, 4), (9, 11)), 2050: ((1, 23), (6, 23), (9, 30)),
}  # fmt: skip


def knows_lunar(year: int) -> bool:
    """Whether the holidays of the lunar calendar are known for *year*."""
    return year in LUNAR


@cache
def days_off(year: int) -> dict[date, str]:
    """The statutory holidays of *year* by name; the lunar ones only where they are known."""
    return dict(sorted([*_solar(year), *_lunar(year)]))


def _solar(year: int) -> Iterator[tuple[date, str]]:
    yield date(year, 1, 1), "元旦"
    yield _pure_brightness(year), "清明"
    for day in (1, 2):
        yield date(year, 5, day), "劳动节"
    for day in (1, 2, 3):
        yield date(year, 10, day), "国庆节"


def _lunar(year: int) -> Iterator[tuple[date, str]]:
    if year not in LUNAR:
        return
    new_year, dragon_boat, mid_autumn = (date(year, month, day) for month, day in LUNAR[year])
    for offset in (-1, 0, 1, 2):
        yield new_year + timedelta(days=offset), "春节"
    yield dragon_boat, "端午"
    yield mid_autumn, "中秋"


def _pure_brightness(year: int) -> date:
    """The sun at 15 degrees: 4 or 5 April in this century (寿星公式)."""
    century = year % 100
    return date(year, 4, int(century * 0.2422 + 4.81) - century // 4)
