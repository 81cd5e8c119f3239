"""The people of the kill test: each thread takes its firms' cases from application to money, page by page."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock

from foundation import clock
from tests.accept.browser import Browser, Refused, Tally
from tests.accept.population import login_of
from tests.factories.city import DEPARTMENT, PASSWORD

ACTS = ("submit", "accept", "hand_off", "respond", "review", "approve", "prepare", "pay")
YUAN = "62000"
LONGEST_REST = 2.0
APPLICATION = {
    "contact_name": "王会计",
    "contact_phone": "13800000000",
    "applied_fen": YUAN,
    "account_name": "样例机械有限公司",
    "account_bank": "样例银行",
    "account_number": "6222000011112222",
    "do": "submit",
}


@dataclass(slots=True)
class Journey:
    """One application, and which of its acts the portal has acknowledged."""

    firm: str
    item: str
    number: str = ""
    acknowledged: list[str] = field(default_factory=list)


class Progress:
    """How many acts are acknowledged, for whoever kills."""

    def __init__(self) -> None:
        self.acts, self._lock = 0, Lock()

    def __call__(self) -> None:
        with self._lock:
            self.acts += 1


class Town:
    """Everybody who clicks; `run` returns when every journey is at its end or was refused."""

    def __init__(self, port: int, threads: int) -> None:
        self.port, self.threads = port, threads
        self.tally, self.progress = Tally(), Progress()
        # says when those who kill cannot keep up with those who click
        self.too_fast: Callable[[], bool] = lambda: False

    def run(self, firms: Sequence[str], items: Sequence[str], cases: int) -> list[Journey]:
        """Take *cases* applications from the first click to the last; no two threads share a firm."""
        by_thread: list[list[Journey]] = [[] for _ in range(self.threads)]
        wanted = [(item, number, firm) for item in items for number, firm in enumerate(firms)]
        for item, number, firm in wanted[:cases]:
            by_thread[number % self.threads].append(Journey(firm, item))
        with ThreadPoolExecutor(self.threads) as pool:
            return [journey for done in pool.map(self._walk, by_thread) for journey in done]

    def _walk(self, journeys: list[Journey]) -> list[Journey]:
        people = _People(self.port, self.tally)
        for journey in journeys:
            try:
                for act in _steps(people, journey):
                    journey.acknowledged.append(act)
                    self.progress()
                    self._take_breath()
            except Refused as refusal:
                self.tally.faults.append(f"{journey.number or journey.item}: {refusal}")
        people.leave()
        return journeys

    def _take_breath(self) -> None:
        rested = time.monotonic() + LONGEST_REST
        while self.too_fast() and time.monotonic() < rested:
            time.sleep(0.05)


class _People:
    """The browsers of one thread; one signs in when he is first needed."""

    def __init__(self, port: int, tally: Tally) -> None:
        self.port, self.tally = port, tally
        self._browsers: dict[str, Browser] = {}

    def __call__(self, login: str) -> Callable[[str, str, dict[str, str]], str]:
        if login not in self._browsers:
            browser = Browser(self.port, self.tally)
            browser.sign_in(login, PASSWORD)
            self._browsers[login] = browser
        return self._browsers[login].send

    def leave(self) -> None:
        for browser in self._browsers.values():
            browser.close()


def _steps(people: _People, journey: Journey) -> Iterator[str]:
    apply = f"/apply/{journey.item}"
    journey.number = people(login_of(journey.firm))(apply, apply, APPLICATION).removeprefix("/cases/")
    yield "submit"
    case = f"/cases/{journey.number}"
    people("clerk")(case, f"{case}/accept", {})
    yield "accept"
    people("clerk")(f"{case}/hand-off", f"{case}/hand-off", {"department": DEPARTMENT, "override_reason": ""})
    yield "hand_off"
    officer = {"officer_name": "李工", "officer_phone": "0839-3263893"}
    people("officer")(f"{case}/respond", f"{case}/respond", officer)
    yield "respond"
    opinion = {"checked_fen": YUAN, "opinion": "逐项核对，符合条件", "reason": ""}
    people("officer")(f"{case}/review", f"{case}/review", opinion)
    yield "review"
    people("head")(f"{case}/decide", f"{case}/approve", {"decided_fen": YUAN, "reason": ""})
    yield "approve"
    share = f"/payouts/claims/case:{journey.number}/city"
    payment = people("cashier")(share, share, {"amount": YUAN}).partition("done=")[2]
    yield "prepare"
    line = f"/payouts/lines/{payment}"
    slip = {"paid_at": clock.now().isoformat(), "bank_reference": f"回单 {journey.number}"}
    people("treasurer")(line, f"{line}/pay", slip)
    yield "pay"
