"""What could be about a person or a firm is not kept as something sought."""

import pytest

from catalog.sought.rules import may_keep


@pytest.mark.parametrize("query", ["稳岗返还", "2025年技改", "买机器补钱", "high-tech", "5a物流", "ip"])
def test_what_is_sought_is_kept(query: str) -> None:
    assert may_keep(query)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "补",
        "长" * 31,
        "13800001111",
        "138 0000 1111",
        "510802199001011234",
        "91510800ma6250x12x",
        "样例机械有限公司补贴",
        "我叫王小明",
        "wang@example.com",
        "卡号 6222 0000 1111",
    ],
)
def test_what_may_say_who_is_not(query: str) -> None:
    assert not may_keep(query)
