"""When a message leaves the house, and to which addresses it may."""

from datetime import datetime, time

import pytest

from foundation.clock import BEIJING
from foundation.errors import Invalid
from notices.channels.rules import Channel, check_address, due, text_of

NIGHT = time(22), time(7, 30)


def at(hour: int, minute: int = 0, day: int = 1) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("now", "digest", "quiet", "moment"),
    [
        (at(10), False, None, at(10)),
        (at(10), False, NIGHT, at(10)),
        (at(23), False, NIGHT, at(7, 30, day=2)),
        (at(3), False, NIGHT, at(7, 30)),
        (at(12, 30), False, (time(12), time(14)), at(14)),
        (at(10), True, NIGHT, at(8, 30, day=2)),
        (at(7), True, None, at(8, 30)),
    ],
)
def test_quiet_hours_and_digests_put_off(
    now: datetime, digest: bool, quiet: tuple[time, time] | None, moment: datetime
) -> None:
    assert due(now, digest=digest, quiet=quiet) == moment


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        (Channel.EMAIL, "wang@example.com"),
        (Channel.GROUP, "wecombot://693axxx6-7aoc-4bc4-97a0"),
        (Channel.SMS, "13800000000"),
    ],
)
def test_addresses_have_their_forms(channel: Channel, address: str) -> None:
    assert check_address(channel, f" {address} ") == address
    for wrong in ("file:///etc/passwd", "json://127.0.0.1/x", "wang@", "1380000", f"{address}\nx"):
        with pytest.raises(Invalid):
            check_address(channel, wrong)


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        (
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aoc-4bc4",
            "wecombot://693a91f6-7aoc-4bc4",
        ),
        ("https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef", "dingtalk://0123456789abcdef"),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/01234567-89ab", "feishu://01234567-89ab"),
    ],
)
def test_what_a_group_offers_to_copy_is_taken(pasted: str, kept: str) -> None:
    assert check_address(Channel.GROUP, pasted) == kept
    with pytest.raises(Invalid):
        check_address(Channel.GROUP, pasted.replace("https://", "https://example.com/"))


def test_one_message_is_itself_and_many_are_a_list() -> None:
    assert text_of([("题", "文")]) == ("题", "文")
    title, text = text_of([("甲", "文"), ("乙", "文")])
    assert title == "惠企政策：2 条新消息"
    assert text.startswith("1. 甲\n2. 乙\n")
