from datetime import UTC, datetime
from typing import Any

import pytest

from notices.codes import ALPHABET, LENGTH, as_typed, new_code
from notices.documents import Document, DueTime, Kind, digest, in_words, number_text
from notices.layout import Sheet, lay_out
from tests.factories.notices import at, handoff


def test_a_number_has_hexagonal_brackets_no_ordinal_and_no_padding() -> None:
    assert number_text("广惠企交", 2026, 15) == "广惠企交〔2026〕15号"


def test_times_are_beijings_to_the_minute() -> None:
    assert in_words(at(2026, 10, 8, 9, 45)) == "2026年10月8日09时45分"
    assert in_words(datetime(2026, 10, 8, 1, 45, tzinfo=UTC)) == "2026年10月8日09时45分"


def test_a_due_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        DueTime("响应", datetime(2026, 10, 8, 9, 45))  # noqa: DTZ001 - the point of the test


def test_a_document_survives_being_written_down() -> None:
    document = handoff()

    assert Document.from_json(document.to_json()) == document
    assert Document.from_json(document.to_json()).to_json() == document.to_json()


def test_the_digest_binds_number_code_and_every_field() -> None:
    fields = handoff().to_json()
    whole = digest("广惠企交〔2026〕15号", "7K3M9QXT2B", fields)

    assert whole == digest("广惠企交〔2026〕15号", "7K3M9QXT2B", dict(reversed(fields.items())))
    assert whole != digest("广惠企交〔2026〕16号", "7K3M9QXT2B", fields)
    assert whole != digest("广惠企交〔2026〕15号", "7K3M9QXT2C", fields)
    for name in ("addressee", "dated", "issuer", "facts", "due_times"):
        assert whole != digest("广惠企交〔2026〕15号", "7K3M9QXT2B", {**fields, name: "改过"}), name


@pytest.mark.parametrize("typed", ["7k3m9qxt2b", " 7K3M9-QXT2B ", "7K3M9 QXT2B"])
def test_a_code_may_be_typed_carelessly(typed: str) -> None:
    assert as_typed(typed) == "7K3M9QXT2B"


def test_letters_that_look_like_digits_are_taken_as_digits() -> None:
    assert as_typed("OIL0000000") == "0110000000"


def test_codes_are_long_and_do_not_repeat() -> None:
    codes = {new_code() for _ in range(1000)}

    assert len(codes) == 1000
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in codes)


def sheet_of(**changes: Any) -> Sheet:
    return lay_out(
        handoff(**changes),
        number="广惠企交〔2026〕15号",
        verify_code="7K3M9QXT2B",
        digest="0" * 64,
        public_url="https://hq.example.gov.cn",
    )


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_name_and_numbered_sections(kind: Kind) -> None:
    sheet = sheet_of(
        kind=kind, receipt=None, stub=(), requirements=("请明确承办人。",), remedy="可以申请行政复议。"
    )

    assert sheet.heading == kind.label
    assert [section.heading[:2] for section in sheet.sections] == ["一、", "二、", "三、", "四、"]


def test_a_paper_with_slips_has_its_table_on_their_side() -> None:
    sheet = sheet_of(requirements=("请明确承办人。",))

    assert [section.heading for section in sheet.sections] == ["办理时限"]
    assert sheet.annex is not None
    assert [row.label for row in sheet.annex.rows][-2:] == ["随附材料", "办理要求"]


def test_a_provisional_time_says_so() -> None:
    sheet = sheet_of(due_times=(DueTime("审核决定", at(2027, 1, 8, 17), "10个工作日", provisional=True),))

    assert "暂定" in sheet.sections[0].rows[0].remark


def test_blanks_fill_their_lines() -> None:
    assert [len(line) for line in sheet_of().blanks] == [35, 35, 35]


def test_a_long_name_is_printed_smaller_so_that_it_stays_on_one_line() -> None:
    short, long = "广元市科学技术局", "广元经济技术开发区管理委员会行政审批和政务服务局"

    assert sheet_of(issuer=short).name_size > sheet_of(issuer=long).name_size
