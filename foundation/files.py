"""Files by their content: written before the transaction that names them, never changed."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from foundation.errors import NotFound


@dataclass(frozen=True, slots=True)
class FileStore:
    """A folder of files named by the SHA-256 of their bytes; several hosts may share it."""

    root: Path

    def put(self, data: bytes) -> str:
        """Keep *data* and return its key; the same bytes are kept once, a crash leaves no half file."""
        key = hashlib.sha256(data).hexdigest()
        path = self.path(key)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        return key

    def get(self, key: str) -> bytes:
        """The bytes of *key*; NotFound where they are missing or no longer what the key says."""
        path = self.path(key)
        if not path.is_file():
            raise NotFound("文件不在了。请联系专窗重新提供。")
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != key:
            raise NotFound("文件已损坏，不能提供。请联系专窗重新提供。")
        return data

    def is_open(self) -> bool:
        """Whether files can be kept: the folder, or the one it will be made in, may be written to."""
        there = next(folder for folder in (self.root, *self.root.parents) if folder.exists())
        return there.is_dir() and os.access(there, os.W_OK)

    def path(self, key: str) -> Path:
        """Where *key* lies."""
        return self.root / key[:2] / key
