"""What browsers report against the content security policy: one line of the log each, and not too many."""

import json
from dataclasses import replace
from typing import Any

from flask import Flask
from structlog.testing import capture_logs

from foundation.settings import Rates
from foundation.web.headers import REPORTS

TOLD = {
    "document-uri": "https://hq.example.gov.cn/cases/GY-2026-0001?q=secret",
    "effective-directive": "script-src-elem",
    "blocked-uri": "https://x.example/a.js?token=secret",
}


def lines(app: Flask, body: bytes, kind: str = "application/csp-report") -> tuple[int, list[Any]]:
    """The status, and the lines told of a violation. No form, no token: as a browser sends it."""
    with capture_logs() as told:
        answer = app.test_client().post(REPORTS, data=body, content_type=kind)
    return answer.status_code, [line for line in told if line["event"] == "policy violation"]


def test_every_page_says_where_to_report(app: Flask) -> None:
    assert f"report-uri {REPORTS}" in app.test_client().get("/sign-in").headers["Content-Security-Policy"]


BLOCKED = {
    "https://x.example:8443/a.js?token=secret": "x.example:8443", "inline": "inline", "data": "data", "": "",
    "javascript:secret": "javascript", "http://[": "[", "x" * 500: "x" * 120,
}  # fmt: skip


def test_a_report_is_a_line_without_queries(app: Flask) -> None:
    for blocked, told in BLOCKED.items():
        status, (line,) = lines(app, json.dumps({"csp-report": TOLD | {"blocked-uri": blocked}}).encode())
        assert status == 204
        assert (line["directive"], line["blocked"]) == ("script-src-elem", told)
        assert line["page"] == "/cases/GY-2026-0001"
        assert "secret" not in str(line)


def test_anything_else_passes_without_a_word(app: Flask) -> None:
    wrong = json.dumps({"csp-report": TOLD | {"blocked-uri": 7}}).encode()
    for body in (b"", b"{", b"[]", b'{"csp-report": 1}', b"\xff", b"[" * 9_000, wrong):
        assert lines(app, body) == (204, [])


def test_reports_are_short_and_few(app: Flask) -> None:
    assert lines(app, b" " * 20_000) == (413, [])
    running = app.extensions["site"]
    few = replace(running.settings, rates=Rates(violations=2))
    app.extensions["site"] = replace(running, settings=few)
    assert [lines(app, b"{}")[0] for _ in range(3)] == [204, 204, 429]
