"""A person at a real browser: what it opens, fills in and presses, and what goes wrong meanwhile."""

import re
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
GRAVE = frozenset({"serious", "critical"})
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
RUN = "() => axe.run().then(found => found.violations)"
# what only the code should see: moments as machines write them, Python's words, names of states and fields
RAW = re.compile(r"\d{4}-\d\d-\d\dT\d|\b(?:None|True|False|NaN|undefined)\b|\b[a-z]{2,}_[a-z_]{2,}\b")
LOOKS = 40
# the console tells of most violations of the policy; this tells of all, with what was blocked
WATCH = """document.addEventListener('securitypolicyviolation', told =>
    console.error(`violates ${told.effectiveDirective}: ${told.blockedURI}`))"""
REPORTS = "/csp-reports"
# a page that is refused is also an error to the console; the test looks at the status instead
REFUSED = "Failed to load resource: the server responded with a status of 4"


# what differs from one page of a route to the next: numbers and codes
_OWN = re.compile(r"/(?=[^/]*[0-9]|[A-Z]{8})[^/]+")
Looked = set[tuple[str, str]]


class Person:
    """One person's browser. Every page it opens is held to the same: no error, no violation of the content
    security policy, no sideways scroll, no word of the code, nothing that axe calls serious or critical.

    *looked* holds the routes that axe has looked at, each for one role; None leaves axe out.
    """

    def __init__(self, context: BrowserContext, role: str = "", looked: Looked | None = None) -> None:
        self.context, self.role, self.looked = context, role, looked
        self.page: Page = context.new_page()
        self.page.set_default_timeout(60_000)
        self.faults: list[str] = []
        self.page.add_init_script(WATCH)
        self.page.on("request", self._asked)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on(
            "dialog", lambda dialog: self.faults.append(f"{self.page.url}: a dialog {dialog.message}")
        )

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(REFUSED):
            self.faults.append(f"{self.page.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        if request.url.endswith(REPORTS):
            self.faults.append(f"{self.page.url}: reported {request.post_data}")

    def sign_in(self, login: str) -> None:
        """Through the role switcher of the sign-in page."""
        self.open("/sign-in")
        self.page.locator(f'input[name=login][value="{login}"] + button').click()
        self.page.wait_for_load_state()
        self.steady()

    def open(self, path: str, status: int = 200) -> Response:
        """The page at *path*, answered with *status*."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}"
        self.steady()
        return answer

    def wait_for(self, words: str, path: str) -> None:
        """Look at *path* again until it says so: what a worker does comes a moment later."""
        for _ in range(LOOKS):
            self.open(path)
            if words in self.text():
                return
            self.page.wait_for_timeout(500)
        raise AssertionError(f"{path} never said {words}")

    def steady(self) -> None:
        """The page has a heading and does not scroll sideways."""
        assert self.page.locator("h1").count() == 1, f"{self.page.url}: headings"
        assert not self.page.evaluate(WIDER), f"{self.page.url} scrolls sideways"
        if raw := RAW.search(self.text()):
            self.faults.append(f"{self.page.url} shows {raw[0]}")
        route = (_OWN.sub("/*", self.path()), self.role)
        if self.looked is not None and route not in self.looked:
            self.looked.add(route)
            self.faults += self.faults_for_axe()

    def follow(self, words: str, within: str = "main") -> None:
        """Click the first link that reads so."""
        self.page.locator(within).get_by_role("link", name=words).first.click()
        self.page.wait_for_load_state()
        self.steady()

    def press(self, words: str) -> None:
        """Click the button of the page's own forms that reads exactly so."""
        self.page.locator("main").get_by_role("button", name=words, exact=True).click()
        self.page.wait_for_load_state()
        self.steady()

    def fill(self, **fields: str) -> None:
        """Type into the fields of these names."""
        for name, value in fields.items():
            self.field(name).fill(value)

    def field(self, name: str) -> Locator:
        """The visible field of this name."""
        return self.page.locator(f'main [name="{name}"]:visible').first

    def attach(self, label: str, name: str, content: bytes) -> None:
        """Choose a PDF for the material of this label."""
        upload: Any = {"name": name, "mimeType": "application/pdf", "buffer": content}
        self.page.get_by_label(label, exact=True).set_input_files(upload)

    def text(self) -> str:
        """What the page says, head and foot left out."""
        return self.page.locator("main").inner_text()

    def path(self) -> str:
        """Where it is, without the host."""
        return "/" + self.page.url.split("/", 3)[3].split("?")[0]

    def faults_for_axe(self, *, grave: bool = True) -> list[str]:
        """What axe finds on this page; the *grave* ones are what it calls serious or critical."""
        self.page.evaluate(AXE)
        found = self.page.evaluate(RUN)
        return [
            f"{self.page.url}: {one['id']} {one['nodes'][0]['html'][:160]}"
            for one in found
            if not grave or one["impact"] in GRAVE
        ]
