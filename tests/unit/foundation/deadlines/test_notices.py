"""A holiday notice as an administrator hands it in."""

from datetime import date
from typing import Any

import pytest

from foundation.deadlines import statutory
from foundation.deadlines.notices import read_notice
from foundation.errors import Invalid

OFF = {day.isoformat(): name for day, name in statutory.days_off(2027).items()}
GOOD: dict[str, Any] = {
    "year": 2027,
    "source": "国办发明电〔2026〕1号",
    "off": OFF,
    "on": {"2027-01-30": "春节"},
}


def problems(data: Any) -> list[tuple[str, int | None]]:
    with pytest.raises(Invalid) as refused:
        read_notice(data)
    assert all(problem.remedy for problem in refused.value.problems)
    return [(problem.field, problem.row) for problem in refused.value.problems]


def test_a_notice_is_read_with_its_names() -> None:
    read = read_notice(GOOD)
    assert (read.year, read.source) == (2027, GOOD["source"])
    assert read.off[date(2027, 10, 1)] == "国庆节"
    assert read.on == {date(2027, 1, 30): "春节"}


def test_plain_lists_and_days_of_last_december_will_do() -> None:
    read = read_notice({**GOOD, "off": [*OFF, "2026-12-31"], "on": []})
    assert date(2026, 12, 31) in read.off


def test_the_form_of_holiday_cn_will_do() -> None:
    days = [{"name": name, "date": day, "isOffDay": True} for day, name in OFF.items()]
    days.append({"name": "春节", "date": "2027-01-30", "isOffDay": False})
    read = read_notice({"year": 2027, "papers": ["国办发明电"], "days": days})
    assert read.source == "国办发明电"
    assert read.on == {date(2027, 1, 30): "春节"}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"year": "2027"}, [("year", None)]),
        ({"year": True}, [("year", None)]),
        ({"source": ""}, [("source", None)]),
        ({"source": "长" * 301}, [("source", None)]),
        ({"on": {"2027-02-30": ""}}, [("on", 1)]),
        ({"on": [20270130]}, [("on", 1)]),
        ({"on": ["2028-01-01"]}, [("on", 1)]),
        ({"on": ["2027-10-01"]}, [("on", None), ("on", None)]),
        ({"on": ["2027-01-05"]}, [("on", None)]),
        ({"off": {}}, [("off", None)]),
        ({"off": "国庆"}, [("off", None)]),
        ({"off": {k: v for k, v in OFF.items() if k != "2027-10-01"}}, [("off", None)]),
        ({"days": [7]}, [("on", 1)]),
    ],
)
def test_what_is_wrong_is_named_with_its_row(
    change: dict[str, Any], found: list[tuple[str, int | None]]
) -> None:
    assert problems({**GOOD, **change}) == found


def test_an_empty_stub_and_another_kind_of_file_are_refused() -> None:
    assert problems({"year": 2027, "papers": [], "days": []}) == [("source", None)]
    assert problems([1, 2]) == [("file", None)]
