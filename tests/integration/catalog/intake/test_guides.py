"""The city's guides: every field arrives, figures as numbers, and what nobody can map is asked."""

import io
from pathlib import Path
from typing import Any

import docx
import pytest

from catalog import rows
from catalog.intake import reading
from catalog.intake.assembly import ReadRow
from foundation.errors import Invalid

GUIDES = Path("tests/data/guides")
ALUMINIUM = "aluminium_investment_introduction_reward"
CONSUMPTION = "consumption_infrastructure_reward"


def lines(name: str) -> list[str]:
    return (GUIDES / f"{name}.txt").read_text("utf-8").splitlines()


def as_txt(name: str) -> bytes:
    return "\n".join(lines(name)).encode("gb18030")


def as_html(name: str) -> bytes:
    body = "".join(f"<p>{line}</p>" for line in lines(name))
    return f"<html><head><title>x</title><script>1</script></head><body>{body}</body></html>".encode()


def as_docx(name: str) -> bytes:
    document = docx.Document()
    for line in lines(name):
        document.add_paragraph(line)
    return saved(document)


def as_table(name: str) -> bytes:
    """The fields in a table of two columns, as newer guides have them."""
    document = docx.Document()
    fields = [line for line in lines(name) if line.startswith("(")]
    for line in lines(name):
        if line not in fields:
            document.add_paragraph(line)
    table = document.add_table(rows=0, cols=2)
    for line in fields:
        label, _, said = line.partition(":")
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, said
    return saved(document)


def saved(document: Any) -> bytes:
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


FORMS = {"guide.txt": as_txt, "guide.html": as_html, "guide.docx": as_docx}


def read(name: str, form: str = "guide.txt") -> ReadRow:
    found = reading.read(form, FORMS[form](name))
    assert not found.unread
    (row,) = found.rows
    return row


def asked(row: ReadRow) -> set[str]:
    return {doubt.field for doubt in row.doubts}


@pytest.mark.parametrize("form", FORMS)
def test_a_guide_with_rates(form: str) -> None:
    row = read(ALUMINIUM, form)
    source, guide = row.source, row.source["guide"]
    assert source["title"] == "铝产业项目招引奖励"
    assert [(one["number"], one["rate"], one["cap_yuan"]) for one in source["sub_items"]] == [
        ("1.1", 0.0005, 1_000_000),
        ("1.2", 0.0005, 1_000_000),
    ]
    assert source["sub_items"][0]["base"] == "固定资产投资额"
    assert source["validity"] == {"from": "2023-09-27", "to": "2025-09-26"}
    assert source["window"] == {"start": "2023-09-27", "end": "2025-09-26"}
    assert (source["outcome"], source["scope"], source["time_limit"]) == ("奖补", "市县联办", "90天")
    assert guide["total_days"] == 90
    assert [step["step"] for step in guide["flow"]][1:] == [
        "惠企专窗受理",
        "广元市经济技术开发区项目主管单位",
    ]
    assert guide["flow"][1]["limit"] == "1个工作日"
    assert (guide["executing"], guide["deciding"]) == ("市、县(区)", "市、县(区)")
    assert guide["type_said"] == "其他"
    assert source["type"] is None
    assert asked(row) == {"region", "type", "applicants", "board", "level"}
    rows.read(1, source)


@pytest.mark.parametrize("form", FORMS)
def test_a_guide_with_caps(form: str) -> None:
    row = read(CONSUMPTION, form)
    source = row.source
    caps = [[tier["cap_yuan"] for tier in one["tiers"]] for one in source["sub_items"]]
    assert caps == [[100_000, 50_000], [60_000, 30_000], [50_000, 30_000], [20_000, 10_000]]
    assert [tier["when"] for tier in source["sub_items"][1]["tiers"]] == ["省级智慧商圈", "市级智慧商圈"]
    assert len(source["benefit"]["tiers"]) == 8
    assert (source["type"], source["guide"]["type_said"]) == ("即申即享", "快申快享")
    assert (source["region_code"], source["guide"]["total_workdays"]) == ("510800", 30)
    assert source["applicant_kinds"] == ["行政事业单位", "企业"]
    assert source["guide"]["phone"] == "0839-5572588、3263893"
    assert source["guide"]["board"] == "财政支持"
    # three titles, two amounts: nobody can say which is whose
    assert asked(row) == {"type", "benefit"}
    rows.read(1, source)


@pytest.mark.parametrize("name", [ALUMINIUM, CONSUMPTION])
def test_a_table_reads_like_paragraphs(name: str) -> None:
    (row,) = reading.read("guide.docx", as_table(name)).rows
    assert row.source == read(name).source


@pytest.mark.parametrize("name", [ALUMINIUM, CONSUMPTION])
def test_nothing_of_a_guide_is_dropped(name: str) -> None:
    row = read(name)
    kept = str(row.source) + str(row.understood)
    for line in lines(name):
        said = line.split(":", 1)[-1] if line.startswith("(") else line.lstrip("1234567890.")
        assert said in kept or line.startswith("一、"), line


def test_a_field_nobody_knows_stays_under_its_name() -> None:
    row = reading.pasted("1.测试奖励\n(一)政策类别:奖补类\n(二)特别说明:需要现场核验").rows[0]
    assert row.source["others"] == {"特别说明": "需要现场核验"}


def test_a_text_that_is_no_guide_is_refused() -> None:
    with pytest.raises(Invalid, match="没有看出申兑指南的结构"):
        reading.pasted("今天下午开会，请带好笔记本。")
