"""A person at a browser: opens a page, sends its form, and sends the very same again when no answer comes."""

import re
import time
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

LONGEST_OUTAGE = 120.0
PAUSE = 0.1
TIMEOUT = 30
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="(csrf_token|_key)" value="([^"]*)">')
ACTION = re.compile(r'action="([^"]*)"')


class Refused(Exception):
    """The portal answered something that nobody should ever see here."""


@dataclass(slots=True)
class Tally:
    """What the network did to us."""

    lost_answers: int = 0
    nobody_there: int = 0
    busy: int = 0
    faults: list[str] = field(default_factory=list)


class Browser:
    """Signed in as one person; keeps its cookie."""

    def __init__(self, port: int, tally: Tally) -> None:
        self.port, self.tally, self.cookie = port, tally, ""
        self._connection: HTTPConnection | None = None

    def sign_in(self, login: str, password: str) -> None:
        """By login and password, on the sign-in page."""
        self.send("/sign-in", "/sign-in", {"login": login, "password": password})

    def send(self, page: str, action: str, values: dict[str, str]) -> str:
        """Fill in the form to *action* on *page* and send it until it is answered; returns where it leads."""
        body = urlencode({**self._hidden(page, action), **values})
        status, location, text = self._ask("POST", action, body)
        if status != 303:
            raise Refused(f"POST {action}: {status} {_heading(text)}")
        if location.startswith("/sign-in"):
            raise Refused(f"POST {action}: signed out")
        return location

    def _hidden(self, page: str, action: str) -> dict[str, str]:
        status, location, text = self._ask("GET", page)
        if status != 200:
            raise Refused(f"GET {page}: {status} {location} {_heading(text)}")
        for attributes, content in FORM.findall(text):
            target = ACTION.search(attributes)
            if target and unescape(target[1]) == action:
                return dict(HIDDEN.findall(content))
        raise Refused(f"GET {page}: no form to {action}: {_heading(text)}")

    def _ask(self, method: str, path: str, body: str = "") -> tuple[int, str, str]:
        """The first answer that is one; a lost connection or a busy portal means: the same again."""
        deadline = time.monotonic() + LONGEST_OUTAGE
        while True:
            try:
                status, location, text = self._once(method, path, body)
            except ConnectionRefusedError:
                self.close()
                self.tally.nobody_there += 1
            except (OSError, HTTPException):
                self.close()
                self.tally.lost_answers += 1
            else:
                if status < 500:
                    return status, location, text
                if status == 503:
                    self.tally.busy += 1
                else:
                    self.tally.faults.append(f"{method} {path}: {status}")
            if time.monotonic() > deadline:
                raise Refused(f"{method} {path}: no answer for {LONGEST_OUTAGE:.0f} s")
            time.sleep(PAUSE)

    def _once(self, method: str, path: str, body: str) -> tuple[int, str, str]:
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body or None, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            if cookie.startswith("portal="):
                self.cookie = cookie.partition(";")[0]
        return answer.status, answer.getheader("Location") or "", text

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _heading(text: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
    alerts = re.findall(r'class="[^"]*error[^"]*"[^>]*>([^<]+)', text)
    return " ".join(unescape(part).strip() for part in (found[1] if found else "", *alerts[:3]))
