"""A document laid out in words: every string as it is printed, for the PDF and for its HTML twin."""

from dataclasses import dataclass
from enum import StrEnum

import segno
from markupsafe import Markup

from notices.documents import Document, DueTime, Kind, Material, day_in_words, in_words

ORDINALS = "一二三四五六七八九"
# the name of the authority is printed as large as its length allows within the width of the type area
NAME_SIZES = (36, 32, 28, 24, 20, 16)
NAME_WIDTH = 156 / 25.4 * 72


class Part(StrEnum):
    """What a section of the body is made of."""

    FACTS = "facts"
    TIMES = "times"
    MATERIALS = "materials"
    LINES = "lines"
    TEXT = "text"
    CONTACTS = "contacts"


_HEADINGS: dict[Part, dict[Kind, str]] = {
    Part.FACTS: {Kind.HANDOFF: "交办事项", Kind.URGING: "催办事项", Kind.SUPERVISION: "督办事项"},
    Part.TIMES: {Kind.SUPPLEMENT: "补正期限", Kind.PUBLICITY: "公示期限"},
    Part.MATERIALS: {
        Kind.HANDOFF: "随附材料",
        Kind.ACCEPTANCE: "收到的材料",
        Kind.SUPPLEMENT: "需要补正的材料",
    },
    Part.LINES: {
        Kind.REFUSAL: "理由和依据",
        Kind.RETURN: "理由和依据",
        Kind.APPROVAL: "理由和依据",
        Kind.REJECTION: "理由和依据",
        Kind.SUSPENSION: "原因和依据",
        Kind.EXTENSION: "原因和依据",
        Kind.SUPPLEMENT: "补正要求",
    },
    Part.TEXT: {},
    Part.CONTACTS: {},
}
_USUAL = {
    Part.FACTS: "申请事项",
    Part.TIMES: "办理时限",
    Part.MATERIALS: "申请材料",
    Part.LINES: "办理要求",
    Part.TEXT: "救济途径",
    Part.CONTACTS: "联系方式",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: label, text, and a remark under it."""

    label: str
    text: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One headed part of the body."""

    part: Part
    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the templates print; nothing in it is computed later."""

    document: Document
    number: str
    heading: str
    dated: str
    sections: tuple[Section, ...]
    copies: str
    name_size: int
    verify_code: str
    verify_url: str
    digest: str
    qr: Markup


def lay_out(document: Document, *, number: str, verify_code: str, digest: str, public_url: str) -> Sheet:
    """The sheet of one numbered document; the same values give the same sheet."""
    url = f"{public_url}/verify/{verify_code}"
    return Sheet(
        document=document,
        number=number,
        heading=document.heading,
        dated=day_in_words(document.dated),
        sections=_sections(document),
        copies="，".join(document.copy_to),
        name_size=next(
            (size for size in NAME_SIZES if size * len(document.issuer) <= NAME_WIDTH), NAME_SIZES[-1]
        ),
        verify_code=verify_code,
        verify_url=url,
        digest=digest,
        qr=_qr(url),
    )


def _qr(url: str) -> Markup:
    code = segno.make(url, error="m", micro=False)
    return Markup(code.svg_inline(border=0, svgclass=None, lineclass=None, omitsize=True))  # noqa: S704 - drawn by segno


def _sections(document: Document) -> tuple[Section, ...]:
    parts = (
        (Part.FACTS, tuple(Row(fact.label, fact.value) for fact in document.facts)),
        (Part.TIMES, tuple(Row(due.label, in_words(due.at), _counted(due)) for due in document.due_times)),
        (Part.MATERIALS, tuple(_material(n, one) for n, one in enumerate(document.materials, 1))),
        (Part.LINES, tuple(Row(f"{n}.", line) for n, line in enumerate(document.requirements, 1))),
        (Part.TEXT, (Row("", document.remedy),) if document.remedy else ()),
        (Part.CONTACTS, tuple(Row(one.office, one.name, one.phone) for one in document.contacts)),
    )
    filled = [(part, rows) for part, rows in parts if rows]
    return tuple(
        Section(part, f"{ORDINALS[n]}、{_HEADINGS[part].get(document.kind, _USUAL[part])}", rows)
        for n, (part, rows) in enumerate(filled)
    )


def _counted(due: DueTime) -> str:
    provisional = "该年度放假安排尚未公布，此时刻为暂定" if due.provisional else ""
    return "；".join(filter(None, (due.counted, provisional)))


def _material(n: int, material: Material) -> Row:
    pages = "" if material.pages is None else f"{material.pages}页"
    check = f"校验码 {material.digest[:12]}" if material.digest else ""
    return Row(f"{n}.", material.name, "；".join(filter(None, (pages, material.note, check))))
