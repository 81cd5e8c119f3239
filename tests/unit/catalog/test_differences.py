"""Two versions side by side: what reads otherwise, and nothing else."""

from typing import Any

from catalog.differences import Change, differences

BEFORE: dict[str, Any] = {
    "title": "技改补贴",
    "type": "综合评审",
    "benefit": {"kind": "fixed", "amount_yuan": 50_000, "text": "一次性5万元"},
    "conditions": {"all": [{"field": "employees", "op": "ge", "value": 10}]},
    "materials": ["申请表", "发票"],
    "window": {"start": "2026-01-01", "end": "2026-06-30"},
    "guide": {"phone": "0839-1"},
}


def labels(changes: tuple[Change, ...]) -> list[str]:
    return [change.label for change in changes]


def test_the_same_reads_the_same() -> None:
    assert differences(BEFORE, {**BEFORE, "topics": ["techreform"]}) == ()


def test_another_form_is_told() -> None:
    form = {
        "fields": [{"key": "f1", "label": "面积", "kind": "number", "unit": "亩"}],
        "declarations": ["真实。"],
    }
    asked, promised = differences(BEFORE, {**BEFORE, "form": form})
    assert (asked.label, asked.after) == ("申请时填写", "面积（亩）")
    assert (promised.label, promised.after) == ("承诺", "真实。")


def test_every_kind_of_change_is_told() -> None:
    after = BEFORE | {
        "benefit": {"kind": "fixed", "amount_yuan": 80_000, "text": "一次性8万元"},
        "conditions": {"all": [{"field": "employees", "op": "ge", "value": 20}]},
        "materials": ["申请表", {"name": "合同"}],
        "window": {"start": "2026-01-01", "end": None},
        "guide": {},
    }
    found = differences(BEFORE, after)
    told = {change.label: (change.before, change.after) for change in found}
    assert labels(found) == ["能得多少", "兑现标准", "申报时间", "咨询电话", "系统比对的条件", "申报材料"]
    assert told["申报材料"] == ("发票", "合同")
    assert told["申报时间"] == ("2026年1月1日至2026年6月30日", "2026年1月1日至未定")
    assert told["咨询电话"] == ("0839-1", "没有写")
    assert "10" in told["系统比对的条件"][0]
    assert "20" in told["系统比对的条件"][1]


def test_what_only_came_or_went_says_so() -> None:
    (change,) = differences(BEFORE, {**BEFORE, "materials": ["申请表", "发票", "照片"]})
    assert (change.before, change.after) == ("没有去掉", "照片")
    (change,) = differences(BEFORE, {**BEFORE, "window": None})
    assert change.after == "没有写"
