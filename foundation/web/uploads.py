"""Files that come in with a form: checked and kept before the transaction, then named by it."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import puremagic
from flask import g
from werkzeug.datastructures import FileStorage, MultiDict

from foundation.errors import Invalid, Problem
from foundation.files import FileStore
from foundation.web.checks import archives, pdf, pictures, scanner
from foundation.web.checks.refused import Refused

LARGEST = 20 * 1024 * 1024
MOST = 20
LONGEST_NAME = 120
KINDS = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".ofd": "application/ofd",
}
ARCHIVES = frozenset(archives.HEART)
# what the first bytes of each kind look like to puremagic; Office files and OFD are zip archives
MAGIC = {
    ".pdf": {".pdf"},
    ".jpg": {".jpg", ".jpeg", ".jfif", ".jfi"},
    ".png": {".png"},
    ".xlsx": {".zip", ".xlsx"},
    ".docx": {".zip", ".docx"},
    ".ofd": {".zip", ".ofd"},
}
MAGIC[".jpeg"] = MAGIC[".jpg"]
REMEDY = "可以传 PDF、OFD、JPG、PNG、XLSX、DOCX，每个不超过 20 MB"


@dataclass(frozen=True, slots=True)
class Upload:
    """A kept file: the form field it came in, its own name, its key in the store."""

    field: str
    name: str
    key: str
    size: int
    media_type: str


def receive(files: "MultiDict[str, FileStorage]", store: FileStore, clamav: str = "") -> tuple[Upload, ...]:
    """Check every file of a request and keep all or none: Invalid names each that cannot be taken.

    One file is in memory at a time; *clamav* is the address of the scanner, where there is one.
    """
    given = [(field or "", file) for field, file in files.items(multi=True) if file.filename]
    if len(given) > MOST:
        raise Invalid.of("files", f"一次最多传 {MOST} 个文件，现在有 {len(given)} 个", "请分几次上传")
    problems, rewritten = [], {}
    for number, (field, file) in enumerate(given):
        name, data = plain_name(file.filename or ""), file.read(LARGEST + 1)
        try:
            safe = _checked(name, data, clamav)
        except Refused as reason:
            problems.append(Problem(field, f"{name} {reason.message}", reason.remedy))
            continue
        if safe is not data:
            rewritten[number] = safe
    if problems:
        _close(given)
        raise Invalid(problems)
    return tuple(
        _keep(field, file, rewritten.get(number), store) for number, (field, file) in enumerate(given)
    )


def received() -> tuple[Upload, ...]:
    """The files of the current request, kept already."""
    return cast(tuple[Upload, ...], g.get("uploads", ()))


def _keep(field: str, file: FileStorage, safe: bytes | None, store: FileStore) -> Upload:
    file.seek(0)
    data = file.read() if safe is None else safe
    file.close()  # what the request kept of it on disk is let go
    name = plain_name(file.filename or "")
    return Upload(field, name, store.put(data), len(data), KINDS[_suffix(name)])


def _close(given: list[tuple[str, FileStorage]]) -> None:
    for _, file in given:
        file.close()


def _suffix(name: str) -> str:
    return "." + name.rpartition(".")[2].lower()


def plain_name(name: str) -> str:
    """The last part of its path, without signs that nobody sees or that turn the line round."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    return shown[-LONGEST_NAME:]


def _checked(name: str, data: bytes, clamav: str) -> bytes:
    """The bytes to keep; Refused says why there are none."""
    if len(data) > LARGEST:
        raise Refused("超过 20 MB", "请压缩后再传，其他内容请核对后重新提交")
    if not data:
        raise Refused("是空文件", "请重新选择文件")
    suffix = _suffix(name)
    if suffix not in KINDS:
        raise Refused("的格式不能上传", REMEDY)
    if not _looks_like(data) & MAGIC[suffix]:
        raise Refused(f"的内容不是 {suffix.removeprefix('.').upper()} 文件", REMEDY)
    if clamav:
        scanner.check(clamav, data)
    return _INSPECT[suffix](data)


def _looks_like(data: bytes) -> set[str]:
    try:
        return {match.extension for match in puremagic.magic_string(data)}
    except puremagic.PureError:
        return set()


def _as_given(check: Callable[[str, bytes], None], suffix: str) -> Callable[[bytes], bytes]:
    """An inspection that refuses or leaves the bytes as they are."""

    def inspect(data: bytes) -> bytes:
        check(suffix, data)
        return data

    return inspect


_INSPECT: dict[str, Callable[[bytes], bytes]] = {
    ".pdf": pdf.defused,
    **{suffix: _as_given(pictures.check, suffix) for suffix in pictures.FORMATS},
    **{suffix: _as_given(archives.check, suffix) for suffix in ARCHIVES},
}
