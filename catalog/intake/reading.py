"""A file that a department hands in, whatever its form, as rows of the catalogue."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from catalog.intake import documents, guides, office, sheets
from catalog.intake.assembly import ReadRow
from catalog.intake.sheets import Unread
from foundation.errors import Invalid

FORMS = frozenset({".xlsx", ".docx", ".txt", ".html", ".htm"})
_GUIDES: dict[str, Callable[[bytes], list[str]]] = {
    ".docx": documents.of_docx,
    ".txt": documents.of_text,
    ".html": documents.of_html,
    ".htm": documents.of_html,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds: rows, and what was not read with the reason."""

    rows: tuple[ReadRow, ...]
    unread: tuple[Unread, ...]


def read(name: str, data: bytes) -> Reading:
    """The rows of the file *name*; Invalid where it cannot be taken."""
    suffix = Path(name).suffix.lower()
    if len(data) > office.LARGEST_FILE:
        office.refuse(office.LARGE)
    if suffix == ".xlsx":
        rows, unread = sheets.read(data)
        return Reading(tuple(rows), tuple(unread))
    if suffix in _GUIDES:
        return Reading(tuple(guides.read(_GUIDES[suffix](data))), ())
    raise Invalid.of(
        "file", f"不能导入 {suffix or '没有后缀的'} 文件", "可以导入 .jsonl、.xlsx、.docx、.txt、.html"
    )


def pasted(text: str) -> Reading:
    """A guide that was pasted."""
    return Reading(tuple(guides.read(text.splitlines())), ())
