"""ClamAV over its socket: the whole file is handed to it, and only its word lets the file in."""

import socket
import struct
from urllib.parse import urlsplit

from foundation.web.checks.refused import Refused

SECONDS = 30.0
STEP = 64 * 1024
LONGEST_ANSWER = 4096
AWAY = Refused("现在查不了病毒，没有收下", "请过几分钟再传；急用请到兑现专窗交纸质材料")
INFECTED = Refused("查出病毒，没有收下", "请在电脑上杀毒后重新导出，再传新的文件")


def check(address: str, data: bytes) -> None:
    """Refused unless the scanner says that it is clean; no answer is no yes."""
    try:
        with _connected(address) as scanner:
            scanner.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), STEP):
                part = data[start : start + STEP]
                scanner.sendall(struct.pack("!I", len(part)) + part)
            scanner.sendall(struct.pack("!I", 0))
            answer = _answer(scanner)
    except OSError:
        raise AWAY from None
    if answer.endswith(b"FOUND"):
        raise INFECTED
    if answer != b"stream: OK":
        raise AWAY


def _connected(address: str) -> socket.socket:
    """`unix:/run/clamav/clamd.ctl` or `tcp://scanner:3310`."""
    parts = urlsplit(address)
    if parts.scheme == "unix":
        scanner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        scanner.settimeout(SECONDS)
        try:
            scanner.connect(parts.path)
        except OSError:
            scanner.close()
            raise
        return scanner
    return socket.create_connection((parts.hostname or "", parts.port or 3310), SECONDS)


def _answer(scanner: socket.socket) -> bytes:
    told = b""
    while b"\0" not in told and len(told) < LONGEST_ANSWER:
        part = scanner.recv(LONGEST_ANSWER)
        if not part:
            break
        told += part
    return told.partition(b"\0")[0].strip()
