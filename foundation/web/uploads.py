"""Files that come in with a form: checked and kept before the transaction, then named by it."""

from dataclasses import dataclass
from typing import cast

import puremagic
from flask import g
from werkzeug.datastructures import FileStorage, MultiDict

from foundation.errors import Invalid, Problem
from foundation.files import FileStore

LARGEST = 20 * 1024 * 1024
MOST = 20
KINDS = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# what the first bytes of each kind look like to puremagic; Office files are zip archives
MAGIC = {
    ".pdf": {".pdf"},
    ".jpg": {".jpg", ".jpeg", ".jfif", ".jfi"},
    ".png": {".png"},
    ".xlsx": {".zip", ".xlsx"},
    ".docx": {".zip", ".docx"},
}
MAGIC[".jpeg"] = MAGIC[".jpg"]
REMEDY = "可以传 PDF、JPG、PNG、XLSX、DOCX，每个不超过 20 MB"


@dataclass(frozen=True, slots=True)
class Upload:
    """A kept file: the form field it came in, its own name, its key in the store."""

    field: str
    name: str
    key: str
    size: int
    media_type: str


def receive(files: "MultiDict[str, FileStorage]", store: FileStore) -> tuple[Upload, ...]:
    """Check every file of a request and keep all or none: Invalid names each that cannot be taken."""
    given = [(field, file) for field, file in files.items(multi=True) if file.filename]
    if len(given) > MOST:
        raise Invalid.of("files", f"一次最多传 {MOST} 个文件，现在有 {len(given)} 个", "请分几次上传")
    checked = [(field, file.filename or "", _content(file)) for field, file in given]
    problems = [problem for field, name, data in checked if (problem := _problem(field, name, data))]
    if problems:
        raise Invalid(problems)
    return tuple(
        Upload(field, _plain(name), store.put(data), len(data), KINDS[_suffix(name)])
        for field, name, data in checked
    )


def _content(file: FileStorage) -> bytes:
    """The bytes, one more than may be at the most; what the request kept of them on disk is let go."""
    data: bytes = file.read(LARGEST + 1)
    file.close()
    return data


def received() -> tuple[Upload, ...]:
    """The files of the current request, kept already."""
    return cast(tuple[Upload, ...], g.get("uploads", ()))


def _suffix(name: str) -> str:
    return "." + name.rpartition(".")[2].lower()


def _plain(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2][-120:]


def _problem(field: str, name: str, data: bytes) -> Problem | None:
    name = _plain(name)
    if len(data) > LARGEST:
        return Problem(field, f"{name} 超过 20 MB", "请压缩后再传，其他内容请核对后重新提交")
    if not data:
        return Problem(field, f"{name} 是空文件", "请重新选择文件")
    suffix = _suffix(name)
    if suffix not in KINDS:
        return Problem(field, f"{name} 的格式不能上传", REMEDY)
    try:
        looks_like = {match.extension for match in puremagic.magic_string(data)}
    except puremagic.PureError:
        looks_like = set()
    if not looks_like & MAGIC[suffix]:
        return Problem(field, f"{name} 的内容不是 {suffix.removeprefix('.').upper()} 文件", REMEDY)
    return None
