"""Windows by month, county beside county, and the feed of changes."""

from datetime import date, datetime
from xml.etree.ElementTree import fromstring

import pytest
from icalendar import Calendar

from catalog.rules import Span
from catalog.shelf import ListedItem
from catalog.survey.changes import ATOM, Change, feed
from catalog.survey.disparities import Local, disparities, key_of
from catalog.survey.windows import calendar, months, turns
from catalog.wording import Amount
from foundation.clock import BEIJING

TODAY = date(2026, 6, 1)
AT = datetime(2026, 5, 1, tzinfo=BEIJING)


def listed(code: str, start: date | None, end: date | None) -> ListedItem:
    window, whole = Span(start, end), Span()
    return ListedItem(
        code, f"事项 {code}", "review", "综合评审", "市级", "市经信局", "510800", "广元市", False, window,
        whole, Amount("8 万元"), (), (), AT,
    )  # fmt: skip


ITEMS = [
    listed("A", date(2026, 5, 1), date(2026, 6, 1)),
    listed("B", date(2026, 7, 1), date(2026, 7, 31)),
    listed("C", None, date(2026, 5, 31)),
    listed("D", None, None),
]


def test_turns_are_told_from_today_on_by_month() -> None:
    found = turns(ITEMS, TODAY)
    assert [(turn.item.code, turn.words, turn.day.isoformat()) for turn in found] == [
        ("A", "受理截止", "2026-06-01"),
        ("B", "开始受理", "2026-07-01"),
        ("B", "受理截止", "2026-07-31"),
    ]
    assert [(month.label, len(month.turns)) for month in months(found)] == [
        ("2026年6月", 1),
        ("2026年7月", 2),
    ]


def test_a_calendar_program_reads_the_same() -> None:
    read = Calendar.from_ical(calendar(turns(ITEMS, TODAY), "https://portal.example"))
    events = list(read.walk("VEVENT"))
    assert [str(event["uid"]) for event in events] == [
        f"{name}@huiqi-portal" for name in ("close-A", "open-B", "close-B")
    ]
    assert events[0].decoded("dtstart") == TODAY
    assert events[0].decoded("dtend") == date(2026, 6, 2)
    assert str(events[1]["summary"]) == "开始受理：事项 B"
    assert str(events[1]["url"]) == "https://portal.example/items/B"


def test_a_feed_tells_each_change_once() -> None:
    found = [Change("A", "甲 & 乙", 2, AT, withdrawn=False), Change("B", "丙", 1, AT, withdrawn=True)]
    root = fromstring(feed(found, "https://portal.example"))
    entries = root.findall(f"{{{ATOM}}}entry")
    assert [entry.findtext(f"{{{ATOM}}}id") for entry in entries] == [
        "https://portal.example/items/A#2",
        "https://portal.example/items/B#withdrawn",
    ]
    assert [entry.findtext(f"{{{ATOM}}}summary") for entry in entries] == [
        "更改，现行第 2 版。",
        "已撤下，不再受理；已经受理的继续办。",
    ]
    assert root.findtext(f"{{{ATOM}}}updated") == AT.isoformat()
    assert fromstring(feed([], "https://portal.example")).findtext(f"{{{ATOM}}}updated")


@pytest.mark.parametrize(
    "title",
    [
        "利州区企业技术改造补助",
        "企业技术改造补贴（青川）",
        "2025年度剑阁县企业技术改造奖励",
        "企业技术改造奖补（试行）",
    ],
)
def test_the_same_item_is_known_by_what_it_is_about(title: str) -> None:
    assert key_of(title) == "企业技术改造奖补"


def local(code: str, region: str, materials: str = "发票 合同", limit: str = "30 个工作日") -> Local:
    return Local(code, "技改补助", region, region, tuple(materials.split()), limit, "10%")


def test_counties_that_ask_for_other_things_stand_side_by_side() -> None:
    (found,) = disparities(
        [
            local("B", "510821", "发票 合同 审计报告"),
            local("A", "510802", limit="90 天"),
            local("C", "510802"),
        ]
    )
    assert found.differs == ("材料", "时限")
    assert [one.code for one in found.locals] == ["A", "B"]
    assert [found.extra(one) for one in found.locals] == [(), ("审计报告",)]


def test_counties_that_agree_are_not_told() -> None:
    assert disparities([local("A", "510802"), local("B", "510821")]) == []
    assert disparities([local("A", "510802"), local("B", "510802", "发票")]) == []
