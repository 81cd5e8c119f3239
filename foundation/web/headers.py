"""Headers of every answer: a content security policy without exceptions, and what goes with it."""

from flask import Flask, session
from werkzeug.wrappers import Response

REPORTS = "/csp-reports"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        # not report-to: that needs a header of its own, and browsers hold its reports back for a minute
        f"report-uri {REPORTS}",
    )
)


def init(app: Flask) -> None:
    """Write the headers after every request."""
    app.after_request(_headers)


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if session:
        response.headers.setdefault("Cache-Control", "private, no-store")
    return response
