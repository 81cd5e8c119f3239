"""Office files are read only after their archive has been looked through, piece by piece."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from foundation.errors import Invalid
from foundation.web.checks import archives
from foundation.web.checks.archives import MB
from foundation.web.checks.refused import Refused

LARGEST_FILE = 20 * MB
MOST_ROWS, MOST_TEXT, LONGEST_CELL = 20_000, 40 * MB, 100_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_FIELD = re.compile(rb"<(?:\w+:)?instrText[^>]*>\s*(?:INCLUDE|LINK|IMPORT|DATABASE)", re.I)
_CELL = re.compile(rb'\br="([A-Z]{1,4})(\d{1,9})"')
_SHARED = re.compile(rb't="s"[^>]*>\s*<(?:\w+:)?v>(\d{1,9})<')


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not read, and what to do."""

    why: str
    remedy: str


DAMAGED = Refusal("文件已损坏，或不是这种格式", "请用 WPS 或 Excel、Word 打开后另存，再上传")
OLD = Refusal("文件有密码，或是旧格式（.xls、.doc）", "请去掉密码，另存为 .xlsx 或 .docx")
LARGE = Refusal("文件太大，或展开后太大", "一个文件最多 20 MB、2 万行；请分成几个文件")
FORMULAS = Refusal("表格里有公式", "请全选、复制，再“选择性粘贴”为数值后上传")
LINKS = Refusal("文件引用了外部内容", "请断开外部链接后另存")


def refuse(refusal: Refusal) -> NoReturn:
    """Invalid, with the reason and the remedy."""
    raise Invalid.of("file", refusal.why, refusal.remedy)


def checked(data: bytes, suffix: str) -> None:
    """Refuse *data* unless it is such a document, with nothing in it that could cost or run anything."""
    if len(data) > LARGEST_FILE:
        refuse(LARGE)
    if data.startswith(_OLD_OFFICE):
        refuse(OLD)
    try:
        archives.check(suffix, data, _Contents().look)
    except Refused as reason:
        raise Invalid.of("file", f"这个文件{reason.message}", reason.remedy) from None


class _Contents:
    """What only whoever reads a file minds: formulas, fields that fetch, and more text than can be read."""

    def __init__(self) -> None:
        self.shared = bytearray()
        self.lengths: list[int] = []
        self.held = 0

    def look(self, name: str, before: bytes, piece: bytes) -> None:
        """One piece of the part *name*."""
        if name.endswith("sharedstrings.xml"):
            self.shared += piece
        text = before + piece
        if _FIELD.search(text) or name.startswith("xl/externallinks/"):
            refuse(LINKS)
        if name.startswith("xl/worksheets/"):
            self._check_sheet(text)

    def _check_sheet(self, text: bytes) -> None:
        if _FORMULA.search(text):
            refuse(FORMULAS)
        for letters, number in _CELL.findall(text):
            if int(number) > MOST_ROWS or len(letters) > 2 or (len(letters) == 2 and letters > b"IV"):
                refuse(LARGE)
        self._hold(int(number) for number in _SHARED.findall(text))

    def _hold(self, numbers: Iterable[int]) -> None:
        """Count what all cells that name shared texts would hold."""
        if self.shared:
            self.lengths = [len(each) for each in re.split(rb"</(?:\w+:)?si>", self.shared)]
            self.shared.clear()
            if max(self.lengths) > LONGEST_CELL:
                refuse(LARGE)
        known = len(self.lengths)
        self.held += sum(self.lengths[number] if number < known else 0 for number in numbers)
        if self.held > MOST_TEXT:
            refuse(LARGE)
