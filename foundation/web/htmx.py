"""What htmx needs from the server; htmx-flask gives `request.htmx`, the headers are written here."""

from flask import Flask, request
from htmx_flask import Htmx
from werkzeug.wrappers import Response


def init(app: Flask) -> None:
    """Let requests know htmx, and caches know that pages and fragments differ."""
    Htmx(app)
    app.after_request(_vary)


def is_fragment() -> bool:
    """Whether only a part of the page is asked for."""
    return bool(getattr(request, "htmx", False)) and not request.headers.get("HX-Boosted")


def _vary(response: Response) -> Response:
    response.vary.add("HX-Request")
    return response
