"""One application walked the whole way through the real views, by people of every role."""

import io
import json
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from sqlalchemy.orm import Session
from stdnum.cn import uscc

from catalog import services as catalogue
from foundation import clock
from foundation.accounts import queries as accounts
from foundation.accounts import services as account_services
from foundation.db import Database
from foundation.deadlines.due import iso
from foundation.deadlines.limits import LIMITS
from foundation.enterprises import services as firm_services
from foundation.settings import Settings
from foundation.web.access import Actor, Role
from notices import queries as notices
from notices.documents import Kind
from portal.app import create_app
from portal.demo import stage
from portal.demo.browser import Browser, Stuck
from portal.demo.people import FINANCE, INDUSTRY, WINDOW
from portal.demo.seed import lines
from portal.demo.timetable import Timetable
from portal.payouts import queries as payouts
from portal.payouts import services as payout_services
from portal.payouts.rules import FundSource
from portal.schema import migrate
from portal.window.lists import queries as lists
from portal.worker import readers

ITEM, TITLE = "YL-WALK", "标准化厂房租赁补贴（走查样例）"
SOUGHT = "厂房租赁补贴"
# printed in the QR code where the environment names no address
ADDRESS = "http://127.0.0.1:8000"
LENGTH = 1400
SET_UP_DAYS = 60
APPLIED, CHECKED_FEN = "62000", 6_200_000
ROLES = {
    "firm": ("走查企业", Role.ENTERPRISE, ""),
    "clerk": ("走查窗口", Role.WINDOW, WINDOW),
    "officer": ("走查经办", Role.DEPARTMENT, INDUSTRY),
    "head": ("走查审定", Role.DEPARTMENT, INDUSTRY),
    "cashier": ("走查付款", Role.FINANCE, FINANCE),
    "treasurer": ("走查复核", Role.FINANCE, FINANCE),
}


@dataclass(frozen=True, slots=True)
class Walked:
    """What came of a walk."""

    case: str
    notice: str
    due: Mapping[str, datetime]
    paid_fen: int
    pdf: Path
    verify: str

    def answer(self) -> dict[str, Any]:
        """As the command prints it."""
        return {
            "case": self.case,
            "notice": self.notice,
            "due": {name: iso(moment) for name, moment in self.due.items()},
            "paid_fen": self.paid_fen,
            "pdf": str(self.pdf),
            "verify": self.verify,
        }

    def text(self) -> str:
        """The same for a person."""
        due = "，".join(f"{LIMITS[name].label} {iso(moment)}" for name, moment in self.due.items())
        return (
            f"办件：{self.case}\n交办通知书：{self.notice}\n到期：{due}\n兑付：{self.paid_fen / 100:.2f} 元\n"
            f"PDF：{self.pdf}\n核验：{self.verify}"
        )


class Walk:
    """A walk over *database*; what it needs is seeded under names of its own."""

    item, title, mode_label = ITEM, TITLE, "综合评审"

    def __init__(self, settings: Settings, database: Database, papers: Path) -> None:
        self.settings, self.database, self.papers = settings, database, papers
        self.known = readers(settings)
        self.app = create_app(settings, database)
        self.mark = secrets.token_hex(3)
        first = f"91510800MAW{secrets.randbelow(10**6):06}"
        self.firm = first + uscc.calc_check_digit(first)
        self.account = f"6222{int(self.mark, 16):015}"
        self.password = secrets.token_urlsafe(16)
        self.browsers: dict[str, Browser] = {}
        self.case = self.prepared = ""

    def go(self, timetable: Timetable) -> Walked:
        """Every step at its moment, each effect delivered before the next."""
        for minutes, step in self._steps():
            stage.stand_at(timetable.after(minutes))
            step()
            stage.settle(self.database, self.known)
        return self._look_back()

    def _steps(self) -> tuple[tuple[int, Callable[[], None]], ...]:
        """What happens after how many minutes of opening time."""
        return (
            (0, self._found), (1, self._enter), (5, self._search), (10, self._match), (20, self._apply),
            (35, self._accept), (50, self._hand_off), (75, self._respond), (930, self._review),
            (990, self._decide), (1310, self._prepare), (1330, self._pay), (LENGTH, self._rate),
        )  # fmt: skip

    def _terms(self) -> dict[str, Any]:
        """What this walk's item says otherwise than the first sample item."""
        return {"id": self.item, "title": self.title, "type": self.mode_label}

    def _traits(self) -> dict[str, Any]:
        """What is known of the walk's enterprise beside the first sample firm's facts."""
        return {}

    def _subject(self) -> str:
        """Whose 《交办通知书》 the walk shows."""
        return f"case:{self.case}"

    def _found(self) -> None:
        self.database.write(self._seed)

    def _seed(self, db: Session) -> None:
        today = clock.now().date()
        item = {**json.loads(lines("sample_items", today)[0]), **self._terms()}
        firm = json.loads(lines("sample_firms", today)[0])
        firm |= {"id": f"walk-{self.mark}", "uscc": self.firm, "name": f"广元走查 {self.mark} 号企业（样例）"}
        firm["attributes"] = {**firm.get("attributes", {}), **self._traits()}
        taken = (
            catalogue.import_items(db, None, [item]),
            firm_services.import_enterprises(db, None, [json.dumps(firm)]),
        )
        for result in taken:
            if result.refused:
                raise Stuck(f"样例没有收下：{result.refused[0]}")
        account_services.enterprise_organisation(db, self.firm, firm["name"], firm["region_code"])
        for login, (name, role, organisation) in ROLES.items():
            account_services.add_person(
                db,
                None,
                login=self._login(login),
                name=name,
                password=self.password,
                organisation_code=organisation or self.firm,
                role=role,
            )
        self._fund(db, today.year)

    def _fund(self, db: Session, year: int) -> None:
        code = f"{self.item}-{year}"
        if not payouts.pools_of_item(db, self.item, year):
            finance = accounts.organisation_by_code(db, FINANCE)
            payout_services.open_pool(
                db,
                None,
                code=code,
                name=f"{year}年走查样例资金",
                item_code=self.item,
                year=year,
                source=FundSource.CITY,
                organisation_id=finance.id,
            )
        payout_services.top_up(db, None, pool_code=code, amount_fen=CHECKED_FEN, document_number="走查样例")

    def _login(self, name: str) -> str:
        return f"walk-{self.mark}-{name}"

    def _enter(self) -> None:
        for name in ROLES:
            self.browsers[name] = Browser(self.app)
            self.browsers[name].send("/sign-in", "/sign-in", login=self._login(name), password=self.password)

    def _search(self) -> None:
        if f"/items/{self.item}" not in Browser(self.app).open(f"/items?q={quote(SOUGHT)}"):
            raise Stuck(f"查“{SOUGHT}”，没有找到 {self.item}")

    def _match(self) -> None:
        if self.item not in self.browsers["firm"].open("/my/policies"):
            raise Stuck(f"“我的政策”里没有 {self.item}")
        self.browsers["firm"].open(f"/items/{self.item}")

    def _apply(self) -> None:
        path = f"/apply/{self.item}"
        paper = (io.BytesIO(stage.PAPER), "厂房租赁合同.pdf")
        given = {
            "contact_name": "走查", "contact_phone": "13800000000", "applied_fen": APPLIED,
            "account_bank": "样例银行广元分行", "account_number": self.account, "do": "submit",
            "file:厂房租赁合同": paper,
        }  # fmt: skip
        where = self.browsers["firm"].send_all(path, path, given)
        self.case = where.rpartition("/cases/")[2]
        if not self.case or "/" in self.case or "?" in where:
            raise Stuck(f"提交申请后到了 {where}，没有得到办件编号")

    def _act(self, who: str, page: str, act: str, **given: str) -> str:
        path = f"/cases/{self.case}"
        return self.browsers[who].send(f"{path}{page}", f"{path}/{act}", **given)

    def _accept(self) -> None:
        self.browsers["clerk"].open("/cases")
        self._act("clerk", "", "accept")

    def _hand_off(self) -> None:
        self._act("clerk", "/hand-off", "hand-off", department=INDUSTRY)

    def _respond(self) -> None:
        self.browsers["officer"].open("/cases")
        self._act("officer", "/respond", "respond", officer_name="走查经办", officer_phone="0839-0000200")

    def _review(self) -> None:
        self._act("officer", "/review", "review", checked_fen=APPLIED, opinion="材料齐全，符合条件")

    def _decide(self) -> None:
        self._act("head", "/decide", "approve", decided_fen=APPLIED)

    def _prepare(self) -> None:
        self.browsers["cashier"].open("/payouts")
        path = f"/payouts/claims/{self._claim_address()}"
        self.prepared = self.browsers["cashier"].send(path, path, amount=APPLIED)

    def _claim_address(self) -> str:
        return f"case:{self.case}/{FundSource.CITY.value}"

    def _pay(self) -> None:
        (payment,) = parse_qs(urlsplit(self.prepared).query)["done"]
        path = f"/payouts/lines/{payment}"
        if path not in self.browsers["treasurer"].open("/payouts"):
            raise Stuck(f"付款清单里没有 {path}")
        self.browsers["treasurer"].send(
            path,
            f"{path}/pay",
            paid_at=f"{clock.now():%Y-%m-%dT%H:%M}",
            bank_reference=f"走查回单-{self.mark}",
        )

    def _rate(self) -> None:
        path = f"/cases/{self.case}/rating"
        self.browsers["firm"].send(path, path, level="1", comment="走查")

    def _look_back(self) -> Walked:
        clerk = self.browsers["clerk"]
        clerk.open(f"/cases/{self.case}")
        Browser(self.app).open("/timings")
        with self.database.reading() as db:
            (_, actor), *_ = accounts.actors_named(db, self._login("clerk"), clock.now().date())
            opened = self._handoff_notice(db, actor)
            claim = payouts.claim_of(db, f"case:{self.case}")
        paper, labels = opened.paper, {limit.label: name for name, limit in LIMITS.items()}
        if "有效" not in Browser(self.app).open(paper.verify_path):
            raise Stuck(f"{paper.verify_path} 没有说有效")
        pdf = self.papers / f"{self.case}-{paper.verify_code}.pdf"
        pdf.parent.mkdir(parents=True, exist_ok=True)
        pdf.write_bytes(clerk.download(f"{paper.path}.pdf"))
        due = {labels[each.label]: each.at for each in opened.document.due_times if each.label in labels}
        paid = claim.paid_fen if claim else 0
        return Walked(self.case, paper.number, due, paid, pdf, paper.verify_path)

    def _handoff_notice(self, db: Session, actor: Actor) -> notices.Opened:
        for paper in notices.of_subject(db, actor, self._subject()):
            if paper.kind == Kind.HANDOFF.value:
                return notices.opened(db, actor, paper.verify_code)
        raise Stuck("没有找到交办通知书")


class InstantWalk(Walk):
    """即申即享: decided straight from the handoff, without a review stage."""

    item, title, mode_label = "YL-WALK-INSTANT", "标准化厂房租赁补贴（即申即享走查样例）", "即申即享"

    def _steps(self) -> tuple[tuple[int, Callable[[], None]], ...]:
        return tuple(step for step in super()._steps() if step[1] not in (self._respond, self._review))


class ExemptWalk(Walk):
    """免申即享: nobody applies; one row of a list, from the comparison to the account."""

    title, mode_label = "标准化厂房租赁补贴（免申即享走查样例）", "免申即享"

    def __init__(self, settings: Settings, database: Database, papers: Path) -> None:
        super().__init__(settings, database, papers)
        # an item of its own, so that nobody else of this database is on the list
        self.item = f"YL-WALK-{self.mark}"
        self.list = ""

    def _terms(self) -> dict[str, Any]:
        only_mine = {"all": [{"field": "walk_mark", "op": "eq", "value": self.mark}]}
        benefit = {"kind": "fixed", "amount_yuan": int(APPLIED), "text": f"一次性 {APPLIED} 元"}
        return {**super()._terms(), "conditions": only_mine, "benefit": benefit}

    def _traits(self) -> dict[str, Any]:
        return {"walk_mark": self.mark}

    def _subject(self) -> str:
        return f"list:{self.list}"

    def _steps(self) -> tuple[tuple[int, Callable[[], None]], ...]:
        return (
            (0, self._found), (1, self._enter), (5, self._search), (10, self._match), (20, self._freeze),
            (50, self._hand_off), (75, self._respond), (930, self._confirm), (990, self._account),
            (1310, self._prepare), (1330, self._pay), (LENGTH, self._rate),
        )  # fmt: skip

    def _freeze(self) -> None:
        where = self.browsers["clerk"].send("/lists", "/lists", item_code=self.item)
        self.list = where.rpartition("/lists/")[2]

    def _hand_off(self) -> None:
        self._on_list("clerk", "hand-off")

    def _respond(self) -> None:
        self._on_list("officer", "respond")

    def _confirm(self) -> None:
        self._on_list("officer", "confirm")
        stage.settle(self.database, self.known)
        with self.database.reading() as db:
            (_, actor), *_ = accounts.actors_named(db, self._login("clerk"), clock.now().date())
            (row,) = lists.one(db, actor, self.list, clock.now()).rows
        self.case = row.case_number

    def _on_list(self, who: str, act: str) -> None:
        path = f"/lists/{self.list}"
        self.browsers[who].send(path, f"{path}/{act}")

    def _account(self) -> None:
        path = f"/cases/{self.case}/account"
        self.browsers["firm"].send(path, path, account_bank="样例银行广元分行", account_number=self.account)


# nobody is signed out while the clock steps over waiting times
DAYS_OF_A_WALK = timedelta(days=366)
WALKS: Mapping[str, type[Walk]] = MappingProxyType(
    {"review": Walk, "instant": InstantWalk, "exempt": ExemptWalk}
)


def walk_apart(papers: Path, mode: str = "review") -> Walked:
    """Walk in a new database of its own under *papers*, which stays there to be looked at."""
    papers.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="walk-", dir=papers))
    settings = Settings(f"sqlite:///{folder / 'portal.db'}", files=folder / "files")
    before = clock.set_source(lambda: clock.system_time() - timedelta(days=SET_UP_DAYS))
    try:
        migrate(settings.database_url)
    finally:
        clock.set_source(before)
    database = Database(settings.database_url)
    try:
        return walk(settings, database, papers, mode)
    finally:
        database.close()


def walk(settings: Settings, database: Database, papers: Path, mode: str = "review") -> Walked:
    """Walk one case of *mode*; this process's clock is as before afterwards.

    The PDF is left in *papers*. Sessions are signed with a secret of the walk's own.
    """
    own = replace(
        settings,
        secret_key=secrets.token_hex(32),
        secure_cookies=False,
        demo=False,
        second_factor=False,
        staff_idle=DAYS_OF_A_WALK,
        enterprise_idle=DAYS_OF_A_WALK,
        public_url=settings.public_url or ADDRESS,
    )
    timetable = Timetable.ending_now(database, timedelta(minutes=LENGTH))
    before = clock.set_source(clock.system_time)  # the first step sets its own
    try:
        return WALKS[mode](own, database, papers).go(timetable)
    finally:
        clock.set_source(before)
