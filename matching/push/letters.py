"""What a push says: the item, whose it is, whom to ring, and that nothing is asked for. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog import wording
from catalog.conditions.tree import leaves
from foundation.web.filters import full_day
from matching.push.rules import KINDS, Reason
from matching.rules import Item
from notices.kinds import MessageKind
from notices.services import Letter

MINE = "/my/policies"
# said in every push, since frauds look alike (users of the first week took one for a fraud)
SAFE = "不用回复，也不会向您要验证码、银行卡或费用；可以到专窗柜台报企业名称核对。"


@dataclass(frozen=True, slots=True)
class News:
    """One item and why it is new to an enterprise; *changes* names what of it is another than before."""

    item: Item
    reason: Reason
    changes: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[int, Reason]:
        """What makes it the same news for one enterprise."""
        return self.item.version_id, self.reason


@dataclass(frozen=True, slots=True)
class Draft:
    """A message about one item, the same for all whom one window serves."""

    title: str
    body: str
    link: str
    key: str
    kind: MessageKind

    def to(self, credit_code: str) -> Letter:
        """The message to one enterprise."""
        return Letter(credit_code, self.title, self.body, self.link, f"{self.key}:{credit_code}", self.kind)


def draft(news: News, phone: str) -> Draft:
    """What is said about one item."""
    item = news.item
    why = _WHY[news.reason].format(count=len(leaves(item.tree)), changes="、".join(news.changes))
    return Draft(
        title=_title(news),
        body="".join((why, _period(item), _whose(item), ring(phone), SAFE)),
        link=why_path(item.code, news.reason),
        key=f"push:{item.code}:{item.version}:{news.reason}",
        kind=KINDS[news.reason],
    )


def letter_of_many(many: Sequence[News], credit_code: str, phone: str) -> Letter:
    """One message about several items that an enterprise gained at once."""
    named = "、".join(f"“{news.item.title}”" for news in many[:3])
    mark = hashlib.sha256(repr(sorted(news.identity for news in many)).encode()).hexdigest()[:16]
    return Letter(
        recipient_code=credit_code,
        title=f"新匹配到 {len(many)} 项贵公司可享的政策",
        body=f"有{named}等。点开看全部和每一项的依据。{ring(phone)}{SAFE}",
        link=MINE,
        key=f"push:many:{mark}:{credit_code}",
        kind=KINDS[many[0].reason],
    )


def why_path(code: str, reason: Reason) -> str:
    """The page that says why it was pushed."""
    return f"{MINE}/{code}/why/{reason.value}"


def ring(phone: str) -> str:
    """Whom to ask."""
    return f"兑现专窗电话：{phone}。" if phone else "有疑问请到兑现专窗。"


def _title(news: News) -> str:
    title = f"“{news.item.title}”"
    amount = wording.amount(news.item.benefit).words
    brings = "" if amount == wording.TO_BE_CHECKED else f"，预计 {amount}"
    end = full_day(news.item.window.end) if news.item.window.end else ""
    changed = "、".join(news.changes)
    return _TITLES[news.reason].format(title=title, brings=brings, changes=changed, end=end)


def _period(item: Item) -> str:
    return f"受理时间：{_span(item)}。" if item.window else ""


def _span(item: Item) -> str:
    start, end = item.window.start, item.window.end
    if start and end:
        return f"{full_day(start)}至{full_day(end)}"
    return f"{full_day(end)}前" if end else f"{full_day(start)}起" if start else ""


def _whose(item: Item) -> str:
    return f"主管部门：{item.department}。" if item.department else ""


_TITLES: Mapping[Reason, str] = {
    Reason.PUBLISHED: "{title}贵公司可享{brings}",
    Reason.PROFILE: "{title}贵公司现在可享{brings}",
    Reason.CHANGED: "{title}有变化：{changes}",
    Reason.LOST: "{title}条件改了，贵公司不再符合",
    Reason.OPENS: "{title}今天开始受理",
    Reason.CLOSES_10: "{title}{end}截止",
    Reason.CLOSES_5: "{title}{end}截止，没有几天了",
    Reason.CLOSES_1: "{title}{end}截止，请尽快申请",
}
_WHY: Mapping[Reason, str] = {
    Reason.PUBLISHED: "刚刚发布，贵公司的数据符合它的 {count} 项条件。",
    Reason.PROFILE: "贵公司的数据更新后，符合它的 {count} 项条件。",
    Reason.CHANGED: "贵公司可享的这项政策改了{changes}。",
    Reason.LOST: "这项政策改了{changes}。已经受理的办件不受影响。",
    Reason.OPENS: "贵公司的数据符合它的 {count} 项条件，还没有在办的申请。",
    Reason.CLOSES_10: "贵公司可享，还没有在办的申请。",
    Reason.CLOSES_5: "贵公司可享，还没有在办的申请。",
    Reason.CLOSES_1: "贵公司可享，还没有在办的申请。",
}
# the same on the page that says why
WORDS: Mapping[Reason, str] = {
    Reason.PUBLISHED: "这项政策发布或修改时，贵公司的数据正好符合它的全部条件。",
    Reason.PROFILE: "贵公司的数据更新后，开始符合这项政策的全部条件。",
    Reason.CHANGED: "贵公司可享的这项政策有修改。",
    Reason.LOST: "这项政策修改后，贵公司不再符合它的条件。",
    Reason.OPENS: "贵公司可享的这项政策开始受理，还没有在办的申请。",
    Reason.CLOSES_10: "贵公司可享的这项政策快要截止，还没有在办的申请。",
    Reason.CLOSES_5: "贵公司可享的这项政策快要截止，还没有在办的申请。",
    Reason.CLOSES_1: "贵公司可享的这项政策就要截止，还没有在办的申请。",
}
