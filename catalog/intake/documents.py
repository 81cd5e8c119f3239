"""The lines of a document: .docx, .txt or .html, or what was pasted."""

import io
from html.parser import HTMLParser

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph

from catalog.intake import office
from foundation.errors import Invalid

MOST_LINES, MOST_LETTERS, DEEPEST = 20_000, 2_000_000, 200
_ENCODINGS = ("utf-8-sig", "gb18030")
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "section"})
_SILENT = frozenset({"script", "style", "head", "template", "noscript"})


def of_docx(data: bytes) -> list[str]:
    """Paragraphs and table rows in reading order; a row of two cells is a name and its text."""
    office.checked(data, ".docx")
    try:
        document = docx.Document(io.BytesIO(data))
        return _bounded(_lines(document))
    except (OpcError, SyntaxError, KeyError, ValueError, AttributeError):
        office.refuse(office.DAMAGED)


def _lines(document: Document) -> list[str]:
    found: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            found += block.text.splitlines()
        elif isinstance(block, Table):
            found += _rows(block)
    return found


def _rows(table: Table) -> list[str]:
    found = []
    for row in table.rows:
        cells = [" ".join(cell.text.split()) for cell in dict.fromkeys(row.cells)]
        if len(cells) == 2 and cells[0]:
            found.append(f"{cells[0].rstrip('：:')}：{cells[1]}")
        else:
            found += [cell for cell in cells if cell]
    return found


def of_text(data: bytes) -> list[str]:
    """A text file in UTF-8 or GB 18030."""
    if len(data) > office.LARGEST_FILE:
        office.refuse(office.LARGE)
    if b"\0" in data:
        office.refuse(office.DAMAGED)
    for encoding in _ENCODINGS:
        try:
            return _bounded(data.decode(encoding).splitlines())
        except UnicodeDecodeError:
            continue
    return office.refuse(office.DAMAGED)


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = 0
        self.size = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in _SILENT
        if tag in _BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in _SILENT and self.silent > 0
        if tag in _BLOCKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


def of_html(data: bytes) -> list[str]:
    """A saved web page: what a reader sees of it."""
    lines = of_text(data)
    if sum(map(len, lines)) > MOST_LETTERS:
        office.refuse(office.LARGE)
    page = _Html()
    page.feed("\n".join(lines))
    page.close()
    return _bounded("".join(page.said).splitlines())


def _bounded(lines: list[str]) -> list[str]:
    if len(lines) > MOST_LINES or sum(map(len, lines)) > MOST_LETTERS:
        raise Invalid.of("file", "文件太长", f"一份指南最多 {MOST_LINES} 行，请分开上传")
    return lines
