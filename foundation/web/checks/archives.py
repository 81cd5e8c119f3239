"""DOCX, XLSX and OFD are archives: what lies in them is looked through before anything opens them."""

import itertools
import re
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

from foundation.web.checks.refused import Refused

MB = 1024 * 1024
MOST_ENTRIES = 2_000
LARGEST_WHOLE, LARGEST_PART = 80 * MB, 48 * MB
# honest markup shrinks to a tenth or a thirtieth
TIGHTEST = 300
STEP = 256 * 1024
# what is looked for is shorter than this, so that nothing hides where two pieces meet
OVERLAP = 512
ENCRYPTED = 0x1
# what must be inside, for each kind
HEART = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".ofd": "OFD.xml"}
MARKUP = (".xml", ".rels", ".vml")
# programs, and files inside files; what a printer was told is binary and harmless
ACTIVE = re.compile(
    r"vbaproject|activex|/embeddings/|oleobject|macrosheet|dialogsheet"
    r"|(?<!printersettings)(?<!printersettings\d)(?<!printersettings\d\d)\.bin$"
    r"|\.exe$|\.dll$|\.js$|\.vbs$|\.(?:zip|docm?|xlsm?|jar)$",
    re.IGNORECASE,
)
MACROS = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)
# in UTF-16 and stranger encodings the words below would hide
DISGUISED = re.compile(rb"encoding=[\"'](?!utf-?8|us-ascii)", re.IGNORECASE)
# a document type of one's own is how XML is made to explode or to fetch files
DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# a link is shown; whatever else lies outside would be fetched when the file is opened
FETCHES = re.compile(
    rb"<Relationship\b(?![^>]*relationships/hyperlink)[^>]*TargetMode\s*=\s*[\"']External", re.IGNORECASE
)
# dynamic data exchange starts programs
STARTS = re.compile(rb"\bDDE(?:AUTO)?\b|<\w*:?ddeLink\b", re.IGNORECASE)
PLAIN = "请另存为 PDF 后再传，或去掉文件里的宏和嵌入内容"
AGAIN = "请重新保存后再传，或另存为 PDF"
# what a caller looks for besides: the name of a part in small letters, the end of the piece before, the piece
Look = Callable[[str, bytes, bytes], None]


def _nothing_more(name: str, before: bytes, piece: bytes) -> None:
    """Whoever only keeps a file has nothing else to look for."""


def check(suffix: str, data: bytes, look: Look = _nothing_more) -> None:
    """Refused says what is wrong; nothing is unpacked to disk, and only a piece of it is in memory at a time.

    *look* sees every piece of markup as well; the shared texts of a workbook before the cells that name them.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_list(entries)
            _check_kind(suffix, archive)
            for entry in sorted(entries, key=lambda each: "sharedstrings" not in each.filename.lower()):
                _check_part(archive, entry, look)
    # RuntimeError: packed in a way, or by a version, that nothing here can read
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
        raise Refused("已损坏，打不开", AGAIN) from None


def _check_list(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_WHOLE:
        raise Refused("解压后太大", "请拆成几个小文件，或另存为 PDF")
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise Refused("设有密码，打不开", "请去掉密码后再传")
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or _overlap(entries):
        raise Refused("结构不正常", AGAIN)
    if any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) for name in names):
        raise Refused("结构不正常", AGAIN)
    if any(ACTIVE.search(name) for name in names):
        raise Refused("含有宏、程序或嵌入的文件", PLAIN)
    if any(_swells(entry) for entry in entries):
        raise Refused("解压后太大", "请拆成几个小文件，或另存为 PDF")


def _swells(entry: zipfile.ZipInfo) -> bool:
    """Whether a part is large, or packed tighter than anything honest."""
    tight = entry.file_size > MB and entry.file_size > TIGHTEST * max(entry.compress_size, 1)
    return tight or entry.file_size > LARGEST_PART


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    """Whether two entries share bytes: an archive that unpacks to far more than it is."""
    placed = sorted(entries, key=lambda entry: entry.header_offset)
    return any(
        before.header_offset + before.compress_size > after.header_offset
        for before, after in itertools.pairwise(placed)
    )


def _check_kind(suffix: str, archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    office = suffix != ".ofd"
    if HEART[suffix] not in names or (office and "[Content_Types].xml" not in names):
        raise Refused(f"的内容不是 {suffix.removeprefix('.').upper()} 文件", "请核对文件后再传")


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, look: Look) -> None:
    """Read a part through once: of a picture only that it unpacks to what it says."""
    name = entry.filename.lower()
    is_markup = name.endswith(MARKUP)
    before = b""
    with archive.open(entry) as stream:
        while piece := stream.read(STEP):
            if is_markup:
                _check_markup(before + piece, first=not before)
                look(name, before, piece)
                before = piece[-OVERLAP:]


def _check_markup(text: bytes, *, first: bool) -> None:
    if first and (b"\0" in text[:64] or DISGUISED.search(text, 0, 128)):
        raise Refused("的编码不能识别", AGAIN)
    if DECLARED.search(text):
        raise Refused("含有不允许的定义", PLAIN)
    if MACROS.search(text) or STARTS.search(text):
        raise Refused("含有宏或会启动程序的内容", PLAIN)
    if FETCHES.search(text):
        raise Refused("引用了文件以外的内容", PLAIN)
