"""A warm 交办通知书 against stock WeasyPrint on the same paper, and its size.

The peer is what one writes first: the same page with the same style sheet inside it, tables left automatic,
headings bold, `HTML(string=…).write_pdf()` for each paper, and the CJK fonts of the system. Where it has
none, the peer brings the packaged ones by @font-face. Times are seconds of this process, so that a busy
neighbour does not count.
"""

import json
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from weasyprint import HTML

from notices import layout, press, render
from notices.documents import digest
from tests.factories.notices import handoff

MUST, LARGEST_KB, ROUNDS = 0.28, 60, 9
NUMBER, CODE = "广惠企交〔2026〕15号", "7K3M9QXT2B"
SYSTEM = {
    "heavy, kai": '"Noto Serif CJK SC"; font-weight: bold',
    "hei, kai": '"Noto Sans CJK SC"; font-weight: bold',
    "仿宋_GB2312, FangSong, FandolFang, song, kai": '"Noto Serif CJK SC"',
    "song, kai": '"Noto Serif CJK SC"',
}


def _system_has_noto() -> bool:
    found = subprocess.run(["fc-list", "Noto Serif CJK SC"], capture_output=True, check=False)
    return bool(found.stdout.strip())


def stock_style() -> str:
    """The style sheet of our papers as one writes it first."""
    style = press.STYLE.read_text("utf-8").replace("table-layout: fixed; ", "")
    if not (shutil.which("fc-list") and _system_has_noto()):
        for url, path in press.PACKAGED.items():
            style = style.replace(f'"{url}"', f'"{path.as_uri()}"')
        return style
    style = re.sub(r"@font-face.*", "", style)
    for ours, theirs in SYSTEM.items():
        style = style.replace(ours, theirs)
    return style


def _timed(work: Callable[[], bytes]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Both measures, medians of interleaved rounds in this process."""
    document = handoff()
    known = {"number": NUMBER, "verify_code": CODE, "public_url": "https://hq.example.gov.cn"}
    known["digest"] = digest(NUMBER, CODE, document.to_json())
    page = render.page(layout.lay_out(document, **known))
    plain = page.replace("</head>", f"<style>{stock_style()}</style></head>")

    def ours() -> bytes:
        return render.pdf(document, **known)

    def stock() -> bytes:
        pdf: bytes = HTML(string=plain).write_pdf()
        return pdf

    size = len(ours()) / 1024
    stock()
    pairs = [(_timed(ours), _timed(stock)) for _ in range(rounds)]
    mine, theirs = (statistics.median(each) for each in zip(*pairs, strict=True))
    return [
        _line("notices.warm/stock", mine, theirs, mine / theirs, MUST),
        _line("notices.kb", size, None, size, LARGEST_KB),
    ]


def _line(measure: str, ours: float, peer: float | None, ratio: float, goal: float) -> dict[str, Any]:
    return {
        "measure": measure, "ours": ours, "peer": peer, "ratio": ratio, "goal": goal, "holds": ratio <= goal
    }  # fmt: skip


if __name__ == "__main__":
    json.dump(measure(), sys.stdout, ensure_ascii=False, indent=1)
