"""What a verdict says: the value held, how much is missing, what to ask, what is nearest."""

from typing import Any

import pytest

from catalog.conditions.parse import parse
from catalog.conditions.verdict import Finding, Outcome, Verdict, judge


def leaf(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


def verdict(raw: Any, **profile: Any) -> Verdict:
    return judge(parse(raw), profile)


def only(raw: Any, **profile: Any) -> Finding:
    (finding,) = verdict(raw, **profile).findings
    return finding


EQUIPMENT = leaf("tech_reform_equipment_wan", "ge", 500)
LAYOFFS = leaf("layoff_rate_pct", "le", 5.5)
REGION = leaf("region_code", "within", "510900")
GREEN = leaf("qualifications", "has", {"type": "绿色工厂", "level": ["省级"], "obtained_from": "2024-01-01"})


@pytest.mark.parametrize(
    ("raw", "known", "gap"),
    [
        (EQUIPMENT, 480, "现为 480 万元，还差 20 万元"),
        (leaf("rd_expense_wan", "gt", 200), 150, "现为 150 万元，还差 50 万元"),
        (leaf("rd_expense_wan", "gt", 200), 200, "正好 200 万元，须超过这个数"),
        (LAYOFFS, 5.6, "现为 5.6%，高出 0.1 个百分点"),
        (leaf("employees", "lt", 100), 100, "正好 100 人，须低于这个数"),
        (leaf("employees", "eq", 100), 90, "现为 90 人"),
        ({"not": leaf("employees", "eq", 100)}, 100, "现为 100 人"),
        ({"not": EQUIPMENT}, 620, "现为 620 万元，高出 120 万元"),
        (leaf("serious_dishonest", "eq", False), True, "登记为“被列入严重违法失信名单”"),
        (leaf("tech_reform_filed", "eq", True), False, "登记为“技改项目没有备案”"),
        (leaf("scale", "in", ["小型"]), "大型", "登记为“大型”"),
        (leaf("industry_division", "in", ["C13"]), "C17", "登记为“C17 纺织业”"),
        (leaf("fixed_asset_loan_date", "ge", "2026"), "2025-12-31", "登记为“2025年12月31日”"),
        (REGION, "510802", "广元市利州区"),
        (GREEN, [], "还没有“绿色工厂”"),
        (
            GREEN,
            [{"type": "绿色工厂", "level": "市级", "obtained_on": "2023-05-01", "first_time": True}],
            "已有绿色工厂（市级，首次，2023年5月1日），但级别不符，取得日期不在期间内",
        ),
        (
            {"not": GREEN},
            [{"type": "绿色工厂", "level": "省级", "obtained_on": "2024"}],
            "已有绿色工厂（省级，2024年）",
        ),
        (leaf("stat_entries", "has", {"kinds": ["规上工业"]}), [], "还没有纳入“规上工业”统计"),
    ],
)
def test_a_failure_says_by_how_much(raw: Any, known: Any, gap: str) -> None:
    field = raw.get("field") or raw["not"]["field"]
    finding = only(raw, **{field: known})

    assert finding.holds is False
    assert finding.gap == gap
    assert finding.line == f"{finding.text}：{gap}"
    assert finding.question == ""


@pytest.mark.parametrize(
    ("raw", "known", "shown"),
    [
        (EQUIPMENT, 620, "620 万元"),
        (REGION, "510903", "遂宁市船山区"),
        (leaf("tech_reform_filed", "eq", True), True, "技改项目已备案"),
        (
            GREEN,
            [{"type": "绿色工厂", "level": "省级", "obtained_on": "2024-11-25"}],
            "绿色工厂（省级，2024年11月25日）",
        ),
        ({"not": GREEN}, [], "没有登记"),
        (
            leaf("stat_entries", "has", {"kinds": ["甲"]}),
            [{"kind": "甲", "new_build": True, "years_in": 1}],
            "甲（新建投产，在库第 1 年）",
        ),
        (
            leaf("qualifications", "has", {"type": "甲"}),
            [{"type": "甲", "first_time": False}],
            "甲（非首次）",
        ),
        (leaf("qualifications", "has", {"type": "甲"}), [{"type": "甲"}, "乙"], "甲"),
    ],
)
def test_what_holds_shows_the_value(raw: Any, known: Any, shown: str) -> None:
    field = raw.get("field") or raw["not"]["field"]
    finding = only(raw, **{field: known})

    assert finding.holds is True
    assert finding.shown == shown
    assert finding.gap == ""


def test_a_line_says_nothing_twice() -> None:
    assert only(leaf("tech_reform_filed", "eq", True), tech_reform_filed=True).line == "技改项目已备案"
    assert only(EQUIPMENT, tech_reform_equipment_wan=500).line == "当年技改购置设备 500 万元及以上：500 万元"
    assert only(REGION, region_code="510903").line == "注册在遂宁市：遂宁市船山区"


@pytest.mark.parametrize("profile", [{}, {"layoff_rate_pct": None}, {"layoff_rate_pct": ""}])
def test_a_missing_fact_is_asked_for(profile: Any) -> None:
    answer = verdict({"all": [LAYOFFS, leaf("layoff_rate_pct", "le", 20)]}, **profile)

    assert answer.outcome is Outcome.UNKNOWN
    (finding,) = answer.asking
    assert finding.text == "上年度裁员率不超过 5.5%"
    assert finding.shown == "没有数据"
    assert finding.question == "贵公司上年度裁员率是百分之多少？没有裁员填 0。"


def test_a_list_that_is_not_given_is_not_asked_for() -> None:
    finding = only(GREEN)

    assert finding.shown == "没有数据"
    assert finding.question == ""


def test_unstated_conditions_are_unknown_to_everybody() -> None:
    finding = only(None, employees=3)

    assert finding.holds is None
    assert (finding.field, finding.shown, finding.gap, finding.question) == ("", "", "", "")
    assert finding.line == finding.text
    assert finding.distance == 1
    assert not finding.settled


def test_no_conditions_are_met_by_everybody() -> None:
    assert verdict({"all": []}).outcome is Outcome.ELIGIBLE


def test_a_definite_failure_decides_whatever_else_is_unknown() -> None:
    answer = verdict({"all": [LAYOFFS, EQUIPMENT]}, tech_reform_equipment_wan=1)

    assert answer.outcome is Outcome.NOT_ELIGIBLE
    assert [finding.field for finding in answer.failing] == ["tech_reform_equipment_wan"]
    assert answer.asking == ()


def test_the_smallest_set_that_fails_is_named() -> None:
    hard = {"all": [EQUIPMENT, leaf("employees", "ge", 100)]}
    easy = leaf("rooftop_pv_mw", "ge", 0.1)
    answer = verdict(
        {"all": [{"any": [hard, easy]}, leaf("org_type", "in", ["企业"])]},
        tech_reform_equipment_wan=1,
        employees=1,
        rooftop_pv_mw=0,
        org_type="企业",
    )

    assert [finding.field for finding in answer.failing] == ["rooftop_pv_mw"]
    assert answer.nearness == (0, 1, 1.0)


def test_a_way_that_can_be_gone_is_named_before_one_that_cannot() -> None:
    reachable = {"all": [EQUIPMENT, leaf("employees", "ge", 100)]}
    answer = verdict(
        {"any": [REGION, reachable]}, region_code="340000", tech_reform_equipment_wan=1, employees=1
    )

    assert [finding.field for finding in answer.failing] == ["tech_reform_equipment_wan", "employees"]


def test_only_what_could_settle_it_is_asked() -> None:
    answer = verdict(
        {
            "all": [
                EQUIPMENT,
                {"any": [LAYOFFS, leaf("employees", "ge", 100)]},
                leaf("rooftop_pv_mw", "ge", 1),
            ]
        },
        tech_reform_equipment_wan=600,
        employees=1,
    )

    assert [finding.field for finding in answer.asking] == ["layoff_rate_pct", "rooftop_pv_mw"]


def test_nearer_comes_first() -> None:
    def nearness(raw: Any, **profile: Any) -> Any:
        return verdict(raw, **profile).nearness

    little = nearness(EQUIPMENT, tech_reform_equipment_wan=480)
    much = nearness(EQUIPMENT, tech_reform_equipment_wan=100)
    elsewhere = nearness(REGION, region_code="340000")
    no_measure = nearness(leaf("rd_growth_pct", "gt", 0), rd_growth_pct=-1)

    assert little < much < no_measure < elsewhere
