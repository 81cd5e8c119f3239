"""What a row amounts to as a guide: materials, steps, limits, who pays."""

import pytest

from catalog.guide import Share, guide
from catalog.needs import needs_of
from catalog.rules import Scope


def test_the_scheme_binds_local_items_where_they_publish_no_limit() -> None:
    assert guide({}, "review", Scope.LOCAL, None).limits.review == 10
    assert guide({}, "review", Scope.JOINT, None).limits.review is None
    own = guide({"guide": {"review_workdays": 15}}, "review", Scope.UPPER, None).limits
    assert (own.review_workdays, own.review) == (15, 15)


def test_a_published_total_keeps_its_unit() -> None:
    assert str(guide({}, "review", Scope.LOCAL, "30工作日").limits.total) == "30 个工作日"
    assert (
        str(guide({"guide": {"total_days": 90}}, "review", Scope.LOCAL, "30工作日").limits.total) == "90 天"
    )


def test_materials_stay_the_same_within_a_version() -> None:
    given = ["营业执照", {"name": "发票", "form": "扫描件", "copies": "1 份", "required": False}]
    first, second = guide({"materials": given}, "instant", Scope.LOCAL, None).materials
    assert (first.code, first.name, first.required) == ("m1", "营业执照", True)
    assert (second.code, second.demand, second.required) == ("m2", "扫描件，1 份", False)


@pytest.mark.parametrize(
    ("mode", "steps"),
    [
        ("review", ["专窗受理", "交办", "部门响应", "审核", "兑付"]),
        ("instant", ["专窗受理", "交办", "部门响应", "核对兑现", "兑付"]),
        ("exempt", ["数据比对", "交办和响应", "部门确认", "您确认账户", "兑付"]),
        ("x-other", ["专窗受理", "交办", "部门响应", "审核", "兑付"]),
    ],
)
def test_the_way_follows_the_mode(mode: str, steps: list[str]) -> None:
    assert [step.title for step in guide({}, mode, Scope.LOCAL, None).steps] == steps


def test_a_published_way_is_shown_as_it_stands() -> None:
    own = {"guide": {"flow": [{"step": "初审", "limit": "5 天", "organisation": "县经科局"}]}}
    (step,) = guide(own, "review", Scope.LOCAL, None).steps
    assert (step.title, step.limit, step.why) == ("初审", "5 天", "县经科局")


def test_publicity_is_a_step_where_the_item_has_it() -> None:
    steps = guide({"guide": {"publicity_workdays": 7}}, "review", Scope.LOCAL, None).steps
    assert ("公示", "7 个工作日") in [(step.title, step.limit) for step in steps]


def test_halves_are_read_from_the_standard() -> None:
    said = {"benefit": {"text": "最高200万元（市县各50%）"}}
    assert guide(said, "review", Scope.LOCAL, None).shares == (Share("市级", 50), Share("县级", 50))
    stated = {"sources": [{"source": "省级", "percent": 100}]}
    assert guide(stated, "review", Scope.LOCAL, None).shares == (Share("省级", 100),)
    assert guide({}, "review", Scope.LOCAL, None).shares == ()


def test_what_stops_the_clock_is_what_the_guide_prints() -> None:
    assert guide({}, "review", Scope.LOCAL, None).limits.stops == ("补正时间不计入",)
    own = {"guide": {"stops": ["专家评审不计入"]}}
    assert guide(own, "review", Scope.LOCAL, None).limits.stops == ("专家评审不计入",)


def test_needs_come_from_topics_else_from_the_title() -> None:
    assert needs_of(["techreform"], "随便什么") == ("tech-reform",)
    assert needs_of([], "光伏奖励") == ("green",)
    assert needs_of(["never met"], "无从归类") == ("other",)
