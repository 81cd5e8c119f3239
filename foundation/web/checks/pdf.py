"""PDF: opened in a process of its own with little memory and time, and kept without anything that acts."""

import subprocess
import sys
from pathlib import Path

from foundation.web.checks.refused import Refused

PROGRAM = Path(__file__).with_name("pdf_program.py")
LONGEST_SECONDS = 10
ENCRYPTED, TOO_LARGE, UNCHANGED = 3, 4, 5
BROKEN = Refused("打不开，可能已损坏", "请重新导出或打印成 PDF 后再传")


def defused(data: bytes) -> bytes:
    """The same document without scripts, launch actions and embedded files.

    Where nothing of that is in it the very same bytes come back, so that signatures on it stay good.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(PROGRAM)], input=data, capture_output=True, timeout=LONGEST_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise BROKEN from None
    if done.returncode == UNCHANGED:
        return data
    if done.returncode == ENCRYPTED:
        raise Refused("设有密码，打不开", "请去掉密码后再传")
    if done.returncode == TOO_LARGE:
        raise Refused("页数或内容太多", "请拆成几个文件后再传")
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        raise BROKEN
    return done.stdout
