"""A document laid out in words: every string as it is printed, for the PDF and for its HTML twin."""

from dataclasses import dataclass
from enum import StrEnum

import segno

from notices.documents import Contact, Document, DueTime, Kind, Material, day_in_words, in_words

ORDINALS = "一二三四五六七八九"
# the name of the authority is printed as large as its length allows within the width of the type area
NAME_SIZES = (36, 32, 28, 24, 20, 16)
NAME_WIDTH = 156 / 25.4 * 72
# characters of 12 pt on a line of a slip
SLIP_LINE = 35
# any of the eight masks is right; trying all of them for the prettiest takes longer than drawing the code
QR_MASK = 4
QR_SCALE = 4
# as much of the digest as fits on the paper: 64 bits
DIGEST_SHOWN = 16
# characters of an imprint that stands at the foot of the page; a longer one follows the signature as text
LONGEST_FOOT = 400


class Part(StrEnum):
    """What a section of the body is made of."""

    TABLE = "table"
    TIMES = "times"
    LINES = "lines"
    TEXT = "text"


_HEADINGS: dict[Part, dict[Kind, str]] = {
    Part.TABLE: {
        Kind.HANDOFF: "交办事项",
        Kind.SUPPLEMENT: "补正事项",
        Kind.URGING: "催办事项",
        Kind.SUPERVISION: "督办事项",
    },
    Part.TIMES: {Kind.SUPPLEMENT: "补正期限", Kind.PUBLICITY: "公示期限"},
    Part.LINES: {
        Kind.REFUSAL: "理由和依据",
        Kind.RETURN: "理由和依据",
        Kind.APPROVAL: "理由和依据",
        Kind.REJECTION: "理由和依据",
        Kind.SUSPENSION: "原因和依据",
        Kind.EXTENSION: "原因和依据",
        Kind.SUPPLEMENT: "补正要求",
        Kind.COMMITMENT: "承诺内容",
    },
    Part.TEXT: {},
}
_USUAL = {
    Part.TABLE: "申请事项",
    Part.TIMES: "办理时限",
    Part.LINES: "办理要求",
    Part.TEXT: "救济途径",
}
_MATERIALS = {
    Kind.HANDOFF: "随附材料",
    Kind.ACCEPTANCE: "收到的材料",
    Kind.SUPPLEMENT: "需要补正的材料",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, or one numbered line: a label and one or more lines of text."""

    label: str
    lines: tuple[str, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One headed part of the body."""

    part: Part
    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the templates print, computed here. A paper with slips has its table as an annex."""

    document: Document
    number: str
    heading: str
    dated: str
    sections: tuple[Section, ...]
    annex: Section | None
    copies: str
    contacts: str
    digest_start: str
    imprint_floats: bool
    name_size: int
    verify_code: str
    verify_url: str
    digest: str
    qr: str
    blanks: tuple[str, ...]


def lay_out(document: Document, *, number: str, verify_code: str, digest: str, public_url: str) -> Sheet:
    """The sheet of one numbered document; the same values give the same sheet."""
    url = f"{public_url}/verify/{verify_code}"
    annexed = document.receipt is not None or bool(document.stub)
    table = _table(document, annexed)
    return Sheet(
        document=document,
        number=number,
        heading=document.heading,
        dated=day_in_words(document.dated),
        sections=_sections(document, () if annexed else table, () if annexed else document.requirements),
        annex=Section(Part.TABLE, _heading(document, Part.TABLE), table) if annexed and table else None,
        copies="，".join(document.copy_to),
        contacts="；".join(_contact(each) for each in document.contacts),
        digest_start=digest[:DIGEST_SHOWN],
        imprint_floats=_imprint_length(document) + len(url) <= LONGEST_FOOT,
        name_size=_name_size(document.issuer),
        verify_code=verify_code,
        verify_url=url,
        digest=digest,
        qr=_qr(url),
        blanks=_blanks(document.receipt.blanks) if document.receipt else (),
    )


def _imprint_length(document: Document) -> int:
    return (
        len(document.signer)
        + sum(map(len, document.copy_to))
        + sum(map(len, map(_contact, document.contacts)))
    )


def _name_size(name: str) -> int:
    return next((size for size in NAME_SIZES if size * len(name) <= NAME_WIDTH), NAME_SIZES[-1])


def _qr(url: str) -> str:
    """The code as an inline picture; as a drawing of strokes it would take three times as long to print."""
    return str(segno.make(url, error="m", micro=False, mask=QR_MASK).png_data_uri(scale=QR_SCALE, border=0))


def _sections(
    document: Document, table: tuple[Row, ...], requirements: tuple[str, ...]
) -> tuple[Section, ...]:
    parts = (
        (Part.TABLE, table),
        (Part.TIMES, tuple(Row(due.label, (in_words(due.at),), _counted(due)) for due in document.due_times)),
        (Part.LINES, tuple(Row(f"{n}.", (line,)) for n, line in enumerate(requirements, 1))),
        (Part.TEXT, (Row("", (document.remedy,)),) if document.remedy else ()),
    )
    filled = [(part, rows) for part, rows in parts if rows]
    if len(filled) == 1:  # a single heading is not numbered
        return tuple(Section(part, _heading(document, part), rows) for part, rows in filled)
    return tuple(
        Section(part, f"{ORDINALS[n]}、{_heading(document, part)}", rows)
        for n, (part, rows) in enumerate(filled)
    )


def _heading(document: Document, part: Part) -> str:
    return _HEADINGS[part].get(document.kind, _USUAL[part])


def _table(document: Document, annexed: bool) -> tuple[Row, ...]:
    rows = [Row(fact.label, (fact.value,)) for fact in document.facts]
    if document.materials:
        listed = tuple(_material(n, each) for n, each in enumerate(document.materials, 1))
        rows.append(Row(_MATERIALS.get(document.kind, "申请材料"), listed))
    if annexed and document.requirements:
        numbered = tuple(f"{n}. {line}" for n, line in enumerate(document.requirements, 1))
        rows.append(Row(_heading(document, Part.LINES), numbered))
    return tuple(rows)


def _blanks(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Two blanks on a line, each as long as its label leaves room for; an odd one has a line of its own."""
    pairs = [labels[n : n + 2] for n in range(0, len(labels), 2)]
    return tuple(
        "　".join(f"{label}：{'＿' * (SLIP_LINE // len(pair) - len(label) - 1)}" for label in pair)
        for pair in pairs
    )


def _counted(due: DueTime) -> str:
    provisional = "该年度放假安排尚未公布，此时刻为暂定" if due.provisional else ""
    return "；".join(filter(None, (due.counted, provisional)))


def _material(n: int, material: Material) -> str:
    pages = "" if material.pages is None else f"{material.pages}页"
    check = f"校验码{material.digest[:12]}" if material.digest else ""
    aside = "，".join(filter(None, (pages, check)))
    return (
        f"{n}. {material.name}{f'（{aside}）' if aside else ''}{'：' if material.note else ''}{material.note}"
    )


def _contact(contact: Contact) -> str:
    return "，".join(filter(None, (contact.office, contact.name, contact.phone)))
