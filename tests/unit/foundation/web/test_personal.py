"""How much of a personal value a page shows."""

import pytest

from foundation.web.personal import masked


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("欧阳小明", "name", "欧**"), ("王慧", "name", "王*"), ("王", "name", "王*"),
        ("13987650417", "phone", "139****0417"), ("+86 139 8765 0417", "phone", "861****0417"),
        ("0839-3263893", "phone", "083****3893"), ("3263893", "phone", "****93"), ("电话", "phone", "****"),
        ("wang@example.com", "email", "w***@example.com"), ("nowhere", "email", "n***@"),
        ("6217003870009915522", "account", "尾号 5522"),
        ("510802199001010017", "identity", "510***********0017"), ("1234567", "identity", "123****4567"),
        ("", "phone", ""), (None, "name", ""),
    ],
)  # fmt: skip
def test_a_part_tells_it_apart_and_no_more(value: str | None, kind: str, shown: str) -> None:
    assert masked(value, kind) == shown
