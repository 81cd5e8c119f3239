"""The catalogue's pages as visitors without a session get them: made once a publication, then handed out.

It stands before the application, so that a kept page costs neither a query nor a template. Whether something
was published is asked once in `FRESH_SECONDS`; what is kept is made anew after `MOST_SECONDS`.
"""

import hashlib
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from catalog import shelf
from foundation import clock
from foundation.db import Database
from foundation.web.watching import HEADER, REQUESTS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FRESH_SECONDS, MOST_SECONDS, MOST_KEPT, LONGEST_QUERY = 0.4, 60.0, 512, 200
_PAGES = re.compile(r"/(?:items(?:/[^/]+)?|windows|modes|departments(?:/[^/]+)?)?")
_CHOICES = re.compile(r"(?:^|;\s*)(size|theme)=([a-z]{1,10})(?=;|$)")
_NOT_KEPT = frozenset({"content-length", "vary", "cache-control", HEADER.lower()})
# a fragment is another page; a range or an upgrade is none
_SPECIAL = ("HTTP_HX_REQUEST", "HTTP_RANGE", "HTTP_AUTHORIZATION")
# under this the view says how its page is counted when it is handed out again
COUNTED = "portal.counted"
Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """One page: its bytes, its mark, and until when it may be handed out."""

    body: bytes
    etag: str
    headers: Headers
    short: Headers
    state: str
    until: float
    count: Callable[[], None]


class KeptPages:
    """The application behind the pages that are kept."""

    def __init__(self, application: "WSGIApplication", database: Database, session_cookie: str) -> None:
        self.application, self.database = application, database
        self.session_cookie = f"{session_cookie}="
        self.pages: OrderedDict[str, Kept] = OrderedDict()
        self.lock = Lock()
        self.state, self.asked_at = "", float("-inf")

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        key = self._key(environ)
        if key is None:
            return self.application(environ, start_response)
        state, now = self._state(), time.monotonic()
        page = self.pages.get(key)
        if page is None or page.state != state or page.until < now:
            return self._make(environ, start_response, key, state, now)
        REQUESTS.labels("kept", 200).inc()
        page.count()
        number = (HEADER, secrets.token_hex(4).upper())
        if environ.get("HTTP_IF_NONE_MATCH") == page.etag:
            start_response("304 Not Modified", [*page.short, number])
            return (b"",)
        start_response("200 OK", [*page.headers, number])
        return (page.body,) if environ["REQUEST_METHOD"] == "GET" else (b"",)

    def _key(self, environ: "WSGIEnvironment") -> str | None:
        """Under what the page is kept; None for what is not kept at all."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        path, query, cookies = environ["PATH_INFO"], environ.get("QUERY_STRING", ""), ""
        if _PAGES.fullmatch(path) is None or len(query) > LONGEST_QUERY:
            return None
        if any(name in environ for name in _SPECIAL):
            return None
        if "HTTP_COOKIE" in environ:
            if self.session_cookie in environ["HTTP_COOKIE"]:
                return None
            cookies = str(sorted(_CHOICES.findall(environ["HTTP_COOKIE"])))
        return "\n".join((environ.get("HTTP_HOST", ""), path, query, cookies))

    def _state(self) -> str:
        """What pages depend on: the publications and the day."""
        if time.monotonic() - self.asked_at > FRESH_SECONDS:
            with self.database.reading() as db:
                self.state = f"{shelf.stamp(db)} {clock.now().date()}"
            self.asked_at = time.monotonic()
        return self.state

    def _make(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", key: str, state: str, now: float
    ) -> Iterable[bytes]:
        told: list[tuple[str, Headers]] = []

        def started(status: str, headers: Headers, *_: Any) -> Callable[[bytes], object]:
            told.append((status, headers))
            return lambda _: None

        answer = self.application(environ, started)
        try:
            body = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        status, headers = told[-1]
        count = environ.get(COUNTED, _nothing)
        page = _kept(body, headers, state, now, count) if status.startswith("200") else None
        if page is None or environ["REQUEST_METHOD"] != "GET":
            start_response(status, headers)
            return (body,)
        with self.lock:
            self.pages[key] = page
            while len(self.pages) > MOST_KEPT:
                self.pages.popitem(last=False)
        number = [(name, value) for name, value in headers if name == HEADER]
        if environ.get("HTTP_IF_NONE_MATCH") == page.etag:
            start_response("304 Not Modified", [*page.short, *number])
            return (b"",)
        start_response(status, [*page.headers, *number])
        return (body,)


def _nothing() -> None:
    """Pages that nobody counts."""


def _kept(body: bytes, headers: Headers, state: str, now: float, count: Callable[[], None]) -> Kept | None:
    """The page to keep; none where it would tell something of one visitor."""
    names = {name.lower() for name, _ in headers}
    if "set-cookie" in names or ("Content-Type", "text/html; charset=utf-8") not in headers:
        return None
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    own = [("ETag", etag), ("Cache-Control", "no-cache"), ("Vary", "Cookie, HX-Request")]
    others = [(name, value) for name, value in headers if name.lower() not in _NOT_KEPT]
    short = [*own, *((name, value) for name, value in others if name.lower() != "content-type")]
    return Kept(
        body,
        etag,
        [*others, *own, ("Content-Length", str(len(body)))],
        short,
        state,
        now + MOST_SECONDS,
        count,
    )
