"""What the catalogue's pages show, in words. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from catalog import rules, wording
from catalog.conditions import sentence
from catalog.conditions.parse import parse
from catalog.conditions.sentence import Sentence
from catalog.queries import ItemView
from catalog.rules import Channel, Mode, Scope, Standing
from catalog.shelf import ListedItem

EXAMPLES = ("稳岗返还", "升规奖励", "技改补贴", "买机器补钱")
SOURCE_KINDS = {"gov": "政府网站", "media": "媒体网页", "aggregator": "转载网页，非官方首发，以文件为准"}
KNOWN_MODES = frozenset({Mode.EXEMPT, Mode.INSTANT, Mode.REVIEW})
DRAFT_LABELS = {
    "title": "事项名称",
    "type": "兑现方式",
    "issued_on": "政策出台日期",
    "effective_from": "新一版的施行日期",
    "region_code": "适用地区代码",
    "legal_basis": "政策依据",
    "conditions_plain": "申报条件",
    "test_cases": "测试用例",
    "benefit_text": "兑现标准",
    "materials": "申报材料",
    "flow": "办理流程",
    "shares": "资金来源",
    "sources": "资金来源",
    "exclusivity": "不能同时享受",
    "applicants": "申请对象",
    "scope": "事项范围",
    "outcome": "兑享结果",
    "level": "政策层级",
    "review_workdays": "审核时限",
    "publicity_workdays": "公示期",
    "supplement_workdays": "补正期限",
    "window_start": "申报开始",
    "window_end": "申报截止",
    "valid_from": "生效日期",
    "valid_to": "失效日期",
    "time_limit": "兑现时限",
    "fair": "公平竞争审查",
    "reviewed_on": "审查日期",
    "reviewer": "审查单位",
    "fair_until": "例外规定的实施期限",
    "reason": "退回原因",
}
ACCEPT_WORKDAYS, PAY_WORKDAYS = 1, 1


@dataclass(frozen=True, slots=True)
class ModeCard:
    """A mode as the home page explains it."""

    code: str
    picture: str
    label: str
    text: str
    way: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """A limit of the scheme."""

    title: str
    since: str
    limit: str


@dataclass(frozen=True, slots=True)
class RowWords:
    """A row of the list."""

    item: ListedItem
    known_mode: bool
    state: str
    tone: str
    why: str


@dataclass(frozen=True, slots=True)
class ItemWords:
    """What the guide says beside what stands in the item itself."""

    amount: wording.Amount
    duration: wording.Amount
    way: wording.Amount
    window: wording.Amount
    standing: Standing
    standing_label: str
    known_mode: bool
    conditions: tuple[Sentence, ...]
    plain: str
    standard: str
    tiers: tuple[wording.Tier, ...]
    validity: str
    applicants: str
    fair_competition: str
    source_url: str
    source_link: bool
    source_kind: str
    doubts: str


MODES = (
    ModeCard(
        "exempt",
        "gift",
        "免申即享",
        "不用申请。系统比对数据，找到符合条件的企业，您只需确认收款账户。",
        ("数据比对", "您确认账户", "到账"),
    ),
    ModeCard(
        "instant",
        "bolt",
        "即申即享",
        "填一张表，交简单证明。材料齐全就兑现，不再评审。",
        ("在线申请", "核对材料", "到账"),
    ),
    ModeCard(
        "review",
        "users-group",
        "综合评审",
        "项目类政策。部门审核，必要时核查现场或请专家评审，每一步都有时限。",
        ("申请", "交办", "审核", "公示", "到账"),
    ),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the comparison of modes, in their order."""

    about: str
    said: tuple[str, str, str]


MODES_COMPARED = (
    Compared("要不要申请", ("不用，系统找到您", "要，填一张表", "要，填表并交项目材料")),
    Compared("要交什么", ("不用交，确认收款账户", "简单证明，见指南", "见指南，缺什么一次说清")),
    Compared("谁来看", ("部门核对名单", "部门核对材料", "部门审核，必要时现场核查或请专家")),
    Compared("要不要公示", ("指南写明的才公示", "一般不公示", "指南写明的才公示")),
    Compared(
        "交办以后多久定", ("10 个工作日内核定名单", "10 个工作日内，多数更快", "10 个工作日，公示和补正不算")
    ),
    Compared("定了以后多久付", ("1 个工作日", "1 个工作日", "1 个工作日")),
    Compared("您要做的", ("看消息，确认账户", "填表，等结果", "备材料，按通知补正")),
)
# 方案 二(六)
PROMISES = (
    Promise("交办", "受理后", "1 小时"),
    Promise("响应", "收到交办后", "1 小时"),
    Promise("审核", "收到交办后", "10 个工作日"),
    Promise("兑付", "审批后", "1 个工作日"),
)
_TONES = {
    Standing.OPEN: "yes",
    Standing.UPCOMING: "run",
    Standing.CLOSED: "closed",
    Standing.EXPIRED: "closed",
}


def row(item: ListedItem, today: date) -> RowWords:
    """One row: where it stands, and why one should look (or not)."""
    standing = item.standing(today)
    if item.foreign:
        where = item.region_name or "其他地区"
        return RowWords(item, item.mode in KNOWN_MODES, "他地政策", "mute", f"适用于{where}，仅供查阅")
    window = wording.window(item.window, today)
    why = window.words + (f"，{window.detail}" if window.detail else "")
    if standing is Standing.EXPIRED:
        why = f"政策有效期：{wording.validity(item.validity)}"
    label = rules.STANDING_LABELS[standing]
    return RowWords(item, item.mode in KNOWN_MODES, label, _TONES[standing], why)


def shown(item: ItemView, today: date) -> ItemWords:
    """The words of one item's guide."""
    source = item.source
    standing = item.standing(today)
    url = wording.in_text(source.get("source_url"))
    return ItemWords(
        amount=wording.amount(item.benefit),
        duration=_duration(item),
        way=_way(item),
        window=wording.window(item.window, today),
        standing=standing,
        standing_label=rules.STANDING_LABELS[standing],
        known_mode=item.mode in KNOWN_MODES,
        conditions=sentence.sentences(parse(item.conditions)),
        plain=wording.in_text(source.get("conditions_plain")),
        standard=wording.in_text(item.benefit.get("text")),
        tiers=wording.tiers(item.benefit),
        validity=wording.validity(item.validity),
        applicants="、".join(item.applicant_kinds) or "来源没有写明",
        fair_competition=rules.FAIR_COMPETITION_LABELS[item.fair_competition],
        source_url=url,
        source_link=url.startswith(("https://", "http://")),
        source_kind=SOURCE_KINDS.get(wording.in_text(source.get("source_kind")), ""),
        doubts=wording.in_text(source.get("doubts")),
    )


def _duration(item: ItemView) -> wording.Amount:
    limits = item.guide.limits
    if limits.total is not None:
        return wording.Amount(f"最长 {limits.total}", "按本指南公布的兑现时限")
    if item.foreign or limits.review is None:
        return wording.Amount("按上级或当地规定", item.time_limit or "来源没有写明兑现时限")
    days = ACCEPT_WORKDAYS + limits.review + PAY_WORKDAYS
    return wording.Amount(f"最长 {days} 个工作日", "从提交算起，不含公示和补正")


def _way(item: ItemView) -> wording.Amount:
    if item.foreign:
        return wording.Amount("仅供查阅", "请向当地主管部门了解")
    if item.mode == Mode.EXEMPT:
        return wording.Amount("不用申请", "系统找到您以后，请确认收款账户")
    detail = "也可到专窗办" if item.channel is Channel.PORTAL else ""
    return wording.Amount(rules.CHANNEL_LABELS[item.channel], detail)


def facts(item: ItemView, words: ItemWords) -> list[tuple[str, str, str]]:
    """The four things one wants to know first."""
    return [
        ("能得多少", words.amount.words, words.amount.detail),
        ("多久到账", words.duration.words, words.duration.detail),
        ("怎么办", words.way.words, words.way.detail),
        ("什么时候申请", words.window.words, words.window.detail),
    ]


def _said_of_levels(item: ItemView) -> list[tuple[str, str]]:
    """Which levels take part, and under which heading the city files it, as its guide says."""
    own = item.source.get("guide") or {}
    terms = (
        ("政策板块", "board"),
        ("执行层级", "executing"),
        ("决定层级", "deciding"),
        ("联办层级", "joint"),
    )
    return [(term, wording.in_text(own.get(name))) for term, name in terms]


def sources(item: ItemView, words: ItemWords) -> list[tuple[str, Any]]:
    """Where it comes from and who answers for it."""
    guide = item.guide
    shares = "，".join(f"{share.source} {share.percent:g}%" for share in guide.shares)
    scope = "" if item.scope is Scope.LOCAL else rules.SCOPE_LABELS[item.scope]
    pairs = [
        ("事项编码", item.code),
        ("政策文件", guide.legal_basis or "来源没有写明"),
        ("主管部门", item.department_name or "待核定"),
        *_said_of_levels(item),
        ("适用地区", item.region_name or "来源没有写明"),
        ("政策层级", item.level or scope or "来源没有写明"),
        ("申请对象", words.applicants),
        ("政策有效期", words.validity),
        ("资金来源", shares),
        ("不能同时享受", item.exclusivity),
        ("公平竞争审查", words.fair_competition),
        ("办理地点", guide.place),
        ("办理时间", guide.hours),
        ("咨询电话", guide.phone or ("" if item.foreign else "惠企政策兑现专窗 12345")),
        ("监督电话", guide.supervision_phone),
    ]
    return [(term, value) for term, value in pairs if value]
