"""Lists of a guide typed as lines: what is typed reads back the same, what was known beside it stays."""

import pytest

from catalog.drafting import lines
from foundation.errors import Invalid


def test_materials() -> None:
    before = [{"name": "发票", "copies": "1 份", "form": "原件"}, "营业执照"]
    said = "营业执照\n发票 | 复印件\n照片｜电子件｜｜选填\n合同 | | 甲方"
    found = lines.materials(said, before)
    assert found == [
        "营业执照",
        {"name": "发票", "copies": "1 份", "form": "复印件", "required": True},
        {"name": "照片", "form": "电子件", "required": False},
        {"name": "合同", "source": "甲方", "required": True},
    ]
    assert lines.materials(lines.materials_said(found), found) == found


def test_steps_and_shares() -> None:
    steps = lines.flow("提交申请\n审核 | 市经信局 | 10 个工作日\n\n")
    assert steps == [
        {"step": "提交申请"},
        {"step": "审核", "organisation": "市经信局", "limit": "10 个工作日"},
    ]
    assert lines.flow(lines.flow_said(steps)) == steps
    halves = lines.shares("市级 | 50%\n县级 | 50")
    assert halves == [{"source": "市级", "percent": 50}, {"source": "县级", "percent": 50}]
    assert lines.shares(lines.shares_said(halves)) == halves
    with pytest.raises(Invalid, match="没有写比例"):
        lines.shares("市级")
