"""By which channels a message leaves the house, and when. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from foundation.errors import Invalid

# when the day's messages are sent together
DIGEST_AT = time(8, 30)


class Channel(StrEnum):
    """Beside the inbox, which gets everything."""

    EMAIL = "email"
    GROUP = "group"
    SMS = "sms"


LABELS: Mapping[Channel, str] = MappingProxyType(
    {Channel.EMAIL: "电子邮件", Channel.GROUP: "企业微信、钉钉或飞书群机器人", Channel.SMS: "手机短信"}
)
HELPS: Mapping[Channel, str] = MappingProxyType(
    {
        Channel.EMAIL: "例如 wang@example.com",
        Channel.GROUP: "在群机器人的设置里复制 Webhook 地址，粘贴到这里",
        Channel.SMS: "11 位手机号，例如 13800000000",
    }
)
# only these services are spoken to: an address must not lead into the house
_FORMS = {
    Channel.EMAIL: re.compile(r"[^@\s/]{1,64}@[\w.-]{1,120}\.[a-zA-Z]{2,}"),
    Channel.GROUP: re.compile(r"(wecombot|dingtalk|feishu)://[\w-]{8,120}/?"),
    Channel.SMS: re.compile(r"1\d{10}"),
}
# what the groups' own settings offer to copy, and what it is kept as
_COPIED = (
    (re.compile(r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=([\w-]+)"), "wecombot"),
    (re.compile(r"https://oapi\.dingtalk\.com/robot/send\?access_token=([\w-]+)"), "dingtalk"),
    (re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([\w-]+)"), "feishu"),
)


def check_address(channel: Channel, address: str) -> str:
    """The address as it is kept; Invalid says what one looks like."""
    plain = address.strip()
    if channel is Channel.GROUP:
        copied = ((form.fullmatch(plain), name) for form, name in _COPIED)
        plain = next((f"{name}://{found[1]}" for found, name in copied if found), plain)
    if not _FORMS[channel].fullmatch(plain):
        raise Invalid.of("address", f"这不是{LABELS[channel]}的地址", HELPS[channel])
    return plain


def due(now: datetime, *, digest: bool, quiet: tuple[time, time] | None) -> datetime:
    """When to send: at once, after the quiet hours, or with all others of the day."""
    if digest:
        return _next(now, DIGEST_AT)
    if quiet is None or not _within(now.time(), *quiet):
        return now
    return _next(now, quiet[1])


def _within(at: time, start: time, end: time) -> bool:
    """Quiet hours may run over midnight."""
    return start <= at < end if start <= end else at >= start or at < end


def _next(now: datetime, at: time) -> datetime:
    moment = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return moment if moment > now else moment + timedelta(days=1)


def text_of(messages: list[tuple[str, str]]) -> tuple[str, str]:
    """Title and text of what is sent: one message, or the day's together."""
    if len(messages) == 1:
        return messages[0]
    lines = [f"{number}. {title}" for number, (title, _) in enumerate(messages, 1)]
    return f"惠企政策：{len(messages)} 条新消息", "\n".join([*lines, "请登录后在“消息”里查看，不用回复。"])
