"""Office files are opened only after their archive has been looked through, piece by piece."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NoReturn

from foundation.errors import Invalid

MB = 1024 * 1024
LARGEST_FILE, LARGEST_UNPACKED, LARGEST_PART = 20 * MB, 80 * MB, 48 * MB
MOST_PARTS, TIGHTEST = 2_000, 300
MOST_ROWS, MOST_COLUMNS, MOST_TEXT, LONGEST_CELL = 20_000, 256, 40 * MB, 100_000
_CHUNK = 256 * 1024
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_OVERLAP = 512
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_OUTSIDE = re.compile(rb'<Relationship\b(?=[^>]*TargetMode="External")(?![^>]*/hyperlink")[^>]*>', re.I)
_FIELD = re.compile(rb"<(?:\w+:)?instrText[^>]*>\s*(?:DDE|INCLUDE|LINK|IMPORT|DATABASE)", re.I)
_CELL = re.compile(rb'\br="([A-Z]{1,4})(\d{1,9})"')
_SHARED = re.compile(rb't="s"[^>]*>\s*<(?:\w+:)?v>(\d{1,9})<')
_MACROS = re.compile(r"vbaproject|activex|oleobject|\.bin$|macrosheet|dialogsheet", re.I)
# printers' settings are binary and harmless
_HARMLESS = re.compile(r"printersettings", re.I)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not opened, and what to do."""

    why: str
    remedy: str


DAMAGED = Refusal("文件已损坏，或不是这种格式", "请用 WPS 或 Excel、Word 打开后另存，再上传")
OLD = Refusal("文件有密码，或是旧格式（.xls、.doc）", "请去掉密码，另存为 .xlsx 或 .docx")
LARGE = Refusal("文件太大，或展开后太大", "一个文件最多 20 MB、2 万行；请分成几个文件")
MACROS = Refusal("文件里有宏、控件或嵌入的程序", "请另存为不带宏的 .xlsx 或 .docx")
FORMULAS = Refusal("表格里有公式", "请全选、复制，再“选择性粘贴”为数值后上传")
LINKS = Refusal("文件引用了外部内容", "请断开外部链接后另存")
ENTITIES = Refusal("文件里有外部实体", "请用 WPS 或 Office 打开后另存，再上传")


def refuse(refusal: Refusal) -> NoReturn:
    """Invalid, with the reason and the remedy."""
    raise Invalid.of("file", refusal.why, refusal.remedy)


def checked(data: bytes, demanded: str) -> bytes:
    """*data*, if it is an archive that holds *demanded* and nothing that could cost or run anything."""
    if len(data) > LARGEST_FILE:
        refuse(LARGE)
    if data.startswith(_OLD_OFFICE):
        refuse(OLD)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_names(archive.infolist(), demanded)
            strings = _Strings()
            for part in sorted(archive.infolist(), key=lambda each: "sharedStrings" not in each.filename):
                _check_part(archive, part, strings)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError):
        refuse(DAMAGED)
    except RuntimeError:  # what zipfile raises where a password is asked for
        refuse(OLD)
    return data


def _check_names(parts: list[zipfile.ZipInfo], demanded: str) -> None:
    names = [part.filename for part in parts]
    if demanded not in names or len(set(names)) < len(names):
        refuse(DAMAGED)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        refuse(LARGE)
    for part in parts:
        _check_name(part)


def _check_name(part: zipfile.ZipInfo) -> None:
    path = PurePosixPath(part.filename)
    if path.is_absolute() or ".." in path.parts:
        refuse(DAMAGED)
    if part.file_size > LARGEST_PART:
        refuse(LARGE)
    if part.file_size > MB and part.file_size > TIGHTEST * max(part.compress_size, 1):
        refuse(LARGE)
    if _MACROS.search(part.filename) and not _HARMLESS.search(part.filename):
        refuse(MACROS)
    if "externallinks/" in part.filename.lower():
        refuse(LINKS)


class _Strings:
    """How long the shared texts are, and how much all cells that name them would hold."""

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self.held = 0

    def share(self, text: bytes) -> None:
        self.lengths = [len(each) for each in re.split(rb"</(?:\w+:)?si>", text)]
        if max(self.lengths) > LONGEST_CELL:
            refuse(LARGE)

    def hold(self, numbers: Iterator[int]) -> None:
        known = len(self.lengths)
        self.held += sum(self.lengths[number] if number < known else 0 for number in numbers)
        if self.held > MOST_TEXT:
            refuse(LARGE)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, strings: _Strings) -> None:
    """Read a part through once, never more than a piece of it at a time."""
    name = part.filename.lower()
    is_markup = name.endswith((".xml", ".rels", ".vml"))
    is_sheet = name.startswith("xl/worksheets/") and is_markup
    kept, tail = [], b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if not is_markup:
                continue
            piece = tail + chunk
            _check_markup(piece, first=not tail)
            if is_sheet:
                _check_sheet(piece, strings)
            if name.endswith("sharedstrings.xml"):
                kept.append(chunk)
            tail = piece[-_OVERLAP:]
    if kept:
        strings.share(b"".join(kept))


def _check_markup(piece: bytes, *, first: bool) -> None:
    if first and (b"\0" in piece[:64] or re.search(rb"encoding=[\"'](?!utf-?8|us-ascii)", piece[:128], re.I)):
        refuse(DAMAGED)
    if _ENTITIES.search(piece):
        refuse(ENTITIES)
    if _OUTSIDE.search(piece) or _FIELD.search(piece):
        refuse(LINKS)
    if b"macroEnabled" in piece:
        refuse(MACROS)


def _check_sheet(piece: bytes, strings: _Strings) -> None:
    if _FORMULA.search(piece):
        refuse(FORMULAS)
    for letters, number in _CELL.findall(piece):
        if int(number) > MOST_ROWS or len(letters) > 2 or (len(letters) == 2 and letters > b"IV"):
            refuse(LARGE)
    strings.hold(int(number) for number in _SHARED.findall(piece))
