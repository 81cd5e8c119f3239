"""A table of enterprises says the same as a .jsonl file."""

import json
from datetime import date

from foundation.enterprises.sheets import lines_of

HEADS = ["统一社会信用代码", "企业名称", "注册地", "从业人员", "严重失信", "rooftop_pv_mw", "成立日期"]
HEADS += ["qualifications", ""]


def test_a_line_is_an_enterprise_and_unknown_headings_are_facts() -> None:
    titles = '[{"type": "高新技术企业"}]'
    grid = [
        ["", None],
        HEADS,
        ["91510802MAMTCWGT54", " 样例公司 ", 510802.0, 55.0, "否", 0.5, date(2020, 1, 2), titles, "不读"],
        [None] * 9,
        ["91510800MAD0A1B2CG", "样例二", "510802", None, "", "{不是", "2020", "", None],
    ]

    *nothing, one, empty, other = lines_of(grid)

    assert [*nothing, empty] == ["", "", ""]
    assert json.loads(one) == {
        "uscc": "91510802MAMTCWGT54", "name": "样例公司", "region_code": "510802", "employees": 55,
        "serious_dishonest": False, "established_on": "2020-01-02",
        "qualifications": [{"type": "高新技术企业"}], "attributes": {"rooftop_pv_mw": 0.5},
    }  # fmt: skip
    assert json.loads(other)["attributes"] == {"rooftop_pv_mw": "{不是"}


def test_an_empty_sheet_names_nobody() -> None:
    assert lines_of([]) == []
    assert lines_of([[None]]) == [""]
