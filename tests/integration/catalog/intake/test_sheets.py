"""Departments' lists: ten ways to lay one out, one meaning."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from catalog import rows
from catalog.intake import reading
from catalog.intake.reading import Reading
from foundation.errors import Invalid

HEADS = [
    "事项名称",
    "兑现方式",
    "主管部门",
    "申报开始",
    "申报截止",
    "最高金额（万元）",
    "申报条件",
    "申报材料",
]
FIRST = [
    "设备更新补贴",
    "即申即享",
    "市经济和信息化局",
    date(2026, 1, 1),
    date(2026, 12, 31),
    50,
    "规上企业",
    "申请表；发票",
]
SECOND = [
    "参展补贴",
    "综合评审",
    "市商务局",
    date(2026, 3, 1),
    date(2026, 6, 30),
    2.5,
    "外贸企业",
    "申请表；合同",
]
Layout = Callable[[Worksheet], None]


def plain(sheet: Worksheet) -> None:
    for line in (HEADS, FIRST, SECOND):
        sheet.append(line)


def merged_headings(sheet: Worksheet) -> None:
    sheet.append(["广元市惠企政策清单"])
    sheet.merge_cells("A1:H1")
    sheet.append(
        ["事项名称", "兑现方式", "主管部门", "申报时间", None, "最高金额（万元）", "申报条件", "申报材料"]
    )
    sheet.append([None, None, None, "开始", "截止", None, None, None])
    sheet.merge_cells("D2:E2")
    for column in "ABCFGH":
        sheet.merge_cells(f"{column}2:{column}3")
    sheet.append(FIRST)
    sheet.append(SECOND)


def extra_columns(sheet: Worksheet) -> None:
    sheet.append(["序号", *HEADS, "领导批示"])
    sheet.append([1, *FIRST, "同意"])
    sheet.append([2, *SECOND, None])


def dates_as_text(sheet: Worksheet) -> None:
    sheet.append(HEADS)
    sheet.append([*FIRST[:3], "2026年1月1日", "2026.12.31", *FIRST[5:]])
    sheet.append([*SECOND[:3], "2026/3/1", "2026-06-30", *SECOND[5:]])


def dates_as_numbers(sheet: Worksheet) -> None:
    sheet.append(HEADS)
    sheet.append([*FIRST[:3], 46023, 20261231, *FIRST[5:]])
    sheet.append([*SECOND[:3], 45_717 + 365, 46203, *SECOND[5:]])


def in_yuan(sheet: Worksheet) -> None:
    sheet.append([*HEADS[:5], "最高金额(元)", *HEADS[6:]])
    sheet.append([*FIRST[:5], "500,000", *FIRST[6:]])
    sheet.append([*SECOND[:5], "2.5万元", *SECOND[6:]])


def blank_rows(sheet: Worksheet) -> None:
    for line in ([], HEADS, [], FIRST, [None, "  "], SECOND, []):
        sheet.append(line)


def hidden_sheet(sheet: Worksheet) -> None:
    plain(sheet)
    other = sheet.parent.create_sheet("旧清单")
    other.sheet_state = "hidden"
    other.append(HEADS)
    other.append(["旧事项", *FIRST[1:]])


def other_words(sheet: Worksheet) -> None:
    sheet.append(
        [
            "政策名称*",
            "享受 方式",
            "牵头单位",
            "开始时间",
            "截止日期",
            "奖补上限\n(万元)",
            "享受条件",
            "所需材料",
        ]
    )
    sheet.append(FIRST)
    sheet.append(SECOND)


def other_order(sheet: Worksheet) -> None:
    for line in (HEADS, FIRST, SECOND):
        sheet.append(list(reversed(line)))


LAYOUTS = [
    plain, merged_headings, extra_columns, dates_as_text, dates_as_numbers, in_yuan, blank_rows, hidden_sheet,
    other_words, other_order,
]  # fmt: skip


def read(layout: Layout) -> Reading:
    book = Workbook()
    layout(book.worksheets[0])
    kept = io.BytesIO()
    book.save(kept)
    return reading.read("清单.xlsx", kept.getvalue())


def gist(source: dict[str, Any]) -> list[Any]:
    window = source["window"]
    return [
        source["title"], source["type"], source["department"], window["start"], window["end"],
        source["benefit"]["cap_yuan"], source["conditions_plain"], source["materials"],
    ]  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_means_the_same(layout: Layout) -> None:
    found = read(layout)
    assert [gist(row.source) for row in found.rows] == [
        [*FIRST[:3], "2026-01-01", "2026-12-31", 500_000, "规上企业", ["申请表", "发票"]],
        [*SECOND[:3], "2026-03-01", "2026-06-30", 25_000, "外贸企业", ["申请表", "合同"]],
    ]  # fmt: skip
    for row in found.rows:
        rows.read(row.row, row.source)


def test_a_column_nobody_knows_is_kept_under_its_heading() -> None:
    assert [row.source.get("others") for row in read(extra_columns).rows] == [{"领导批示": "同意"}, None]


def test_a_hidden_sheet_is_told_not_taken() -> None:
    (unread,) = read(hidden_sheet).unread
    assert unread.place == "工作表“旧清单”"
    assert "隐藏" in unread.why


def test_a_row_without_a_name_is_told() -> None:
    def layout(sheet: Worksheet) -> None:
        plain(sheet)
        sheet.append([None, "即申即享", "市商务局"])

    (unread,) = read(layout).unread
    assert "第 4 行" in unread.place


def test_a_word_for_no_mode_is_asked_about() -> None:
    def layout(sheet: Worksheet) -> None:
        sheet.append(HEADS)
        sheet.append([FIRST[0], "走绿色通道", *FIRST[2:]])

    (row,) = read(layout).rows
    assert row.source["type"] is None
    assert ("type", "走绿色通道") in [(each.field, each.said) for each in row.doubts]


def test_a_list_without_names_is_refused() -> None:
    with pytest.raises(Invalid, match="没有找到可以导入的事项"):
        read(lambda sheet: sheet.append(["日期", "金额"]))


def test_the_same_row_gets_the_same_code_again() -> None:
    assert [row.source["id"] for row in read(plain).rows] == [
        row.source["id"] for row in read(other_order).rows
    ]
