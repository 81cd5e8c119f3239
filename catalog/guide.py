"""The guide of an item (申兑指南): what to hand in, how it goes on, by when, who pays. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog import wording
from catalog.rules import Mode, Scope
from catalog.wording import Limit

SUPPLEMENT_WORKDAYS = 10
PUBLICITY_WORKDAYS = 5
# 方案 二(六)
REVIEW_WORKDAYS = 10
# the guide template prints this where an item says nothing else
SUPPLEMENT_STOPS = "补正时间不计入"
_HALVES = re.compile(r"市县各(?:半|50%)")


@dataclass(frozen=True, slots=True)
class Material:
    """One thing to hand in; *code* stays the same within a version."""

    code: str
    name: str
    demand: str
    source: str
    required: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way."""

    title: str
    limit: str
    why: str


@dataclass(frozen=True, slots=True)
class Share:
    """Who pays how much of it."""

    source: str
    percent: int | float


@dataclass(frozen=True, slots=True)
class Limits:
    """The item's limits: *review_workdays* as it publishes them, if it does; *review* what holds then."""

    review_workdays: int | None
    review: int | None
    total: Limit | None
    # whether what is granted is shown to the public first, and for how long
    publicity: bool
    publicity_workdays: int
    supplement_workdays: int
    stops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """Everything that a guide says beside conditions and standard."""

    materials: tuple[Material, ...]
    steps: tuple[Step, ...]
    limits: Limits
    shares: tuple[Share, ...]
    place: str
    hours: str
    phone: str
    supervision_phone: str
    legal_basis: str
    interpretation: str


def guide(source: Mapping[str, Any], mode: str, scope: Scope, time_limit: str | None) -> Guide:
    """The guide that a row of the catalogue's form amounts to."""
    own = source.get("guide") or {}
    limits = _limits(own, scope, time_limit)
    return Guide(
        materials=_materials(source.get("materials") or ()),
        steps=_stated_steps(own) or _usual_steps(mode, limits),
        limits=limits,
        shares=_shares(source),
        place=wording.in_text(own.get("place")),
        hours=wording.in_text(own.get("hours")),
        phone=wording.in_text(own.get("phone")),
        supervision_phone=wording.in_text(own.get("supervision_phone")),
        legal_basis=wording.in_text(source.get("legal_basis")),
        interpretation=wording.in_text(own.get("interpretation")),
    )


def _limits(own: Mapping[str, Any], scope: Scope, time_limit: str | None) -> Limits:
    published = own.get("review_workdays")
    total = wording.limit(time_limit)
    for name, workdays in (("total_days", False), ("total_workdays", True)):
        if own.get(name):
            total = Limit(own[name], workdays)
    stops = own.get("stops")
    return Limits(
        review_workdays=published,
        review=published or (REVIEW_WORKDAYS if scope is Scope.LOCAL else None),
        total=total,
        publicity=bool(own.get("publicity") or own.get("publicity_workdays")),
        publicity_workdays=own.get("publicity_workdays") or PUBLICITY_WORKDAYS,
        supplement_workdays=own.get("supplement_workdays") or SUPPLEMENT_WORKDAYS,
        stops=tuple(wording.in_text(stop) for stop in stops)
        if isinstance(stops, list)
        else (SUPPLEMENT_STOPS,),
    )


def _materials(given: Any) -> tuple[Material, ...]:
    return tuple(_material(f"m{number}", entry) for number, entry in enumerate(given, 1))


def _material(code: str, entry: Any) -> Material:
    if isinstance(entry, str):
        return Material(code, entry, "", "", True)
    demand = "，".join(
        filter(None, (wording.in_text(entry.get(name)) for name in ("form", "copies", "note")))
    )
    source = wording.in_text(entry.get("source"))
    return Material(code, str(entry["name"]), demand, source, entry.get("required") is not False)


def _shares(source: Mapping[str, Any]) -> tuple[Share, ...]:
    stated = source.get("sources")
    if stated:
        return tuple(Share(share["source"], share["percent"]) for share in stated)
    said = wording.in_text((source.get("benefit") or {}).get("text"))
    return (Share("市级", 50), Share("县级", 50)) if _HALVES.search(said) else ()


def _stated_steps(own: Mapping[str, Any]) -> tuple[Step, ...]:
    return tuple(
        Step(step["step"], wording.in_text(step.get("limit")), wording.in_text(step.get("organisation")))
        for step in own.get("flow") or ()
    )


def _usual_steps(mode: str, limits: Limits) -> tuple[Step, ...]:
    review = f"{limits.review} 个工作日" if limits.review else "按上级规定"
    shown = (
        (Step("公示", f"{limits.publicity_workdays} 个工作日", "公示时间不计入审核时限"),)
        if limits.publicity
        else ()
    )
    paid = Step("兑付", "1 个工作日", "款项打到您确认的对公账户")
    if mode == Mode.EXEMPT:
        return (
            Step("数据比对", "", "系统按登记数据找出符合条件的企业，不用您申请"),
            Step("交办和响应", "各 1 小时", "专窗把名单交给主管部门，确认由谁承办"),
            Step("部门确认", review, "逐户核对名单，没有列入的写明原因"),
            *shown,
            Step("您确认账户", "", "核对收款账户，确认后付款"),
            paid,
        )
    handed = (
        Step("专窗受理", "1 个工作日", "材料不齐会一次说清，写明缺什么、怎么补"),
        Step("交办", "1 小时", "专窗把申请交给主管部门，出具交办通知书"),
        Step("部门响应", "1 小时", "确认由谁承办"),
    )
    if mode == Mode.INSTANT:
        return (*handed, Step("核对兑现", review, "材料齐全就兑现，不再评审"), paid)
    reviewed = Step("审核", review, "可能到现场核查，去之前会电话约时间")
    return (*handed, reviewed, *shown, paid)
