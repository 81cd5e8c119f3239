"""DOCX, XLSX and OFD are archives: what lies in them is looked through before anything opens them."""

import itertools
import re
import zipfile
import zlib
from io import BytesIO

from foundation.web.checks.refused import Refused

MOST_ENTRIES = 2_000
LARGEST_WHOLE = 100 * 1024 * 1024
STEP = 1024 * 1024
ENCRYPTED = 0x1
# what must be inside, for each kind
HEART = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".ofd": "OFD.xml"}
# programs, and files inside files
ACTIVE = re.compile(
    r"vbaproject|activex|/embeddings/|oleobject|\.bin$|\.exe$|\.dll$|\.js$|\.vbs$|\.(?:zip|docm?|xlsm?|jar)$",
    re.IGNORECASE,
)
MACROS = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)
# a document type of one's own is how XML is made to explode or to fetch files
DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# a link is shown; whatever else lies outside would be fetched when the file is opened
FETCHES = re.compile(
    rb"<Relationship\b(?![^>]*relationships/hyperlink)[^>]*TargetMode\s*=\s*[\"']External", re.IGNORECASE
)
# dynamic data exchange starts programs
STARTS = re.compile(rb"\bDDE(?:AUTO)?\b|<\w*:?ddeLink\b", re.IGNORECASE)
PLAIN = "请另存为 PDF 后再传，或去掉文件里的宏和嵌入内容"


def check(suffix: str, data: bytes) -> None:
    """Refused says what is wrong; nothing is unpacked to disk, and never more than fits."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_list(entries)
            _check_kind(suffix, archive)
            for entry in entries:
                _check_text(entry.filename, _read(archive, entry))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError):
        raise Refused("文件损坏，打不开", "请重新保存后再传，或另存为 PDF") from None


def _check_list(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_WHOLE:
        raise Refused("解压后太大", "请拆成几个小文件，或另存为 PDF")
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise Refused("设有密码，打不开", "请去掉密码后再传")
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or _overlap(entries):
        raise Refused("结构不正常", "请重新保存后再传，或另存为 PDF")
    if any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) for name in names):
        raise Refused("结构不正常", "请重新保存后再传，或另存为 PDF")
    if any(ACTIVE.search(name) for name in names):
        raise Refused("含有宏、程序或嵌入的文件", PLAIN)


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
        raise Refused(f"内容不是 {suffix.removeprefix('.').upper()} 文件", "请核对文件后再传")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The text of an entry; of a picture nothing is kept, but that it unpacks to what it says."""
    is_text = entry.filename.lower().endswith((".xml", ".rels"))
    kept = bytearray()
    with archive.open(entry) as stream:
        while part := stream.read(STEP):
            if is_text:
                kept += part
    return bytes(kept)


def _check_text(name: str, text: bytes) -> None:
    plain = text.replace(b"\0", b"")  # UTF-16 hides the words from a search, a byte in two is NUL
    if DECLARED.search(plain):
        raise Refused("含有不允许的定义", PLAIN)
    if MACROS.search(plain) or STARTS.search(plain):
        raise Refused("含有宏或会启动程序的内容", PLAIN)
    if name.lower().endswith(".rels") and FETCHES.search(plain):
        raise Refused("引用了文件以外的内容", PLAIN)
