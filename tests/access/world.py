"""One world with everything that routes address: cases at every stage, lists, claims, papers.

Everything in it belongs to one firm, one window, one department and one finance bureau of the city, so that
the other columns of the table are strangers to it. Its personal values stand nowhere else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.services import import_items
from foundation import outbox
from foundation.accounts import services as accounts
from foundation.accounts.models import Membership, Person
from foundation.accounts.reference import UNBOUND
from foundation.db import Database
from foundation.files import FileStore
from foundation.settings import Settings
from foundation.web.access import Actor, Role
from foundation.web.uploads import Upload
from notices.models import Message, Notice
from portal import worker
from portal.api import services as api
from portal.disclosure import services as disclosure
from portal.payouts import services as payouts
from portal.payouts.batches import disclosing as treasury_files
from portal.payouts.batches import services as batches
from portal.payouts.rules import FundSource
from portal.window import disclosing
from portal.window.lists import freezing
from portal.window.lists import services as lists
from portal.window.models import Case
from portal.window.publicity import services as publicity
from portal.window.services import acceptance, intake, review
from tests.access import asked, bound, drafted, rated, returned
from tests.access.bodies import MEANING
from tests.factories import city as factory
from tests.factories.city import City

PHONE, CONTACT, ACCOUNT = "13987650417", "姚联系", "6217003870009915522"
APPLICATION = replace(
    factory.APPLICATION,
    contact_name=CONTACT,
    contact_phone=PHONE,
    account_number=ACCOUNT,
    statement="特殊情况",
)
FILE = b"%PDF-1.4\n% a file of the world\n%%EOF\n"
NOTICE = b'{"year": 2020, "source": "2020", "off": ["2020-01-01"]}'
FEN = 6_200_000

# who stands in which column, in this order; nobody of them is left out of any row
ACTORS: dict[str, tuple[str, Role] | None] = {
    "out": None,  # signed out
    "former": (factory.FIRM, Role.ENTERPRISE),  # the firm's until yesterday, still signed in
    "ended": (UNBOUND, Role.REGISTRANT),  # an agent whose mandate the firm ended, still signed in
    "firm": (factory.FIRM, Role.ENTERPRISE),
    "agent": (UNBOUND, Role.REGISTRANT),  # acts for the firm in the items of all its cases: see bound.py
    "agent2": (UNBOUND, Role.REGISTRANT),  # acts for the firm in an item that none of this is about
    "unbound": (UNBOUND, Role.REGISTRANT),  # registered, and asked to be bound to the firm
    "firm2": (factory.OTHER_FIRM, Role.ENTERPRISE),
    "clerk": (factory.WINDOW, Role.WINDOW),
    "clerk2": (factory.COUNTY_WINDOW, Role.WINDOW),
    "officer": (factory.DEPARTMENT, Role.DEPARTMENT),
    "officer2": ("510802-02", Role.DEPARTMENT),  # a county's
    "officer3": (factory.OTHER_DEPARTMENT, Role.DEPARTMENT),  # of the city, with no hand in anything
    "cashier": ("510800-finance", Role.FINANCE),
    "cashier2": ("510802-finance", Role.FINANCE),
    "superv": ("510800-centre", Role.SUPERVISOR),
    # administrators sit in the very window whose cases these are: their rights must not come from that
    "sysadm": (factory.WINDOW, Role.SYSTEM_ADMIN),
    "secadm": (factory.WINDOW, Role.SECURITY_ADMIN),
    "audit": (factory.WINDOW, Role.AUDIT_ADMIN),
}
# strangers to all that the world holds
STRANGERS = ("agent2", "unbound", "firm2", "clerk2", "officer2", "officer3", "cashier2")
GONE = ("former", "ended")  # were somebody until lately; the same as signed out
WITH_TOKEN = ("firm", "firm2", "former")
ADMINISTRATORS = ("sysadm", "secadm", "audit")


@dataclass(frozen=True, slots=True)
class World:
    """What can stand in an address, by the name of the argument, and the session of each column."""

    objects: dict[str, dict[str, str]]
    sessions: dict[str, str]
    tokens: dict[str, str]
    personal: tuple[str, ...] = (PHONE, CONTACT, ACCOUNT)

    def named(self, value: str) -> str:
        """The object that "@number.submitted" stands for; any other text is itself."""
        if not value.startswith("@"):
            return value
        kind, _, name = value[1:].partition(".")
        return self.objects[kind][name]

    @property
    def present(self) -> frozenset[str]:
        """Who is signed in and may be."""
        return frozenset(self.sessions) - set(GONE)

    @property
    def secrets(self) -> frozenset[str]:
        """What no stranger's page may show: numbers of cases, lists and payments, and personal values."""
        named = [name for kind in ("number", "payment_id") for name in self.objects[kind].values()]
        told_by_code = self.objects["number"]["question:called"]
        # who was left out of a list is told so in writing, with its number
        told_in_writing = self.objects["number"]["list:confirmed"]
        public = {self.objects["number"][name] for name in ("publicity", "objection")}
        return frozenset((*named, *self.personal)) - {"1", told_by_code, told_in_writing, *public}


def build(database: Database, settings: Settings) -> World:
    """Found it; takes about a second, so once per kind of database."""
    deliver = _readers(settings)
    with database.writing() as db:
        city = factory.found(db)
        numbers = _cases(db, city, _file(settings))
    factory.deliver(database, deliver)
    with database.writing() as db:
        number, claim, line = _paid(db, city)
        numbers["paid"], numbers["prepared"] = number, claim
        paid_line = payouts.prepare_line(db, city.cashier, subject=f"case:{number}", source=FundSource.CITY)
        pay(db, city, paid_line)
        numbers["returned"] = _submitted(db, city, "W-RETURNED")
        for step in STEPS["approved"]:
            step(db, city, numbers["returned"])
        returned.send_back(db, city, numbers["returned"])
    factory.deliver(database, deliver)
    with database.writing() as db:
        returned.correct(db, city, numbers["returned"], ACCOUNT)
        frozen = _lists(db, city)
        numbers |= _batches(db, city)
        numbers |= _shown(db, city)
    factory.deliver(database, deliver)
    with database.writing() as db:
        questions = asked.ask(db, city, name=CONTACT, phone=PHONE)
        code = questions.pop("code")
        numbers |= questions
        objects = _objects(db, numbers, frozen, {"waiting": line, "paid": paid_line})
        people = {name: factory.actor(db, f"table-{name}", *where) for name, where in ACTORS.items() if where}
        bound_objects = bound.bind(db, people, settings)
        sessions = {name: accounts.sign_in_sample(db, f"table-{name}") for name in people}
        tokens = {name: api.make(db, people[name], label="账务", days=90) for name in WITH_TOKEN}
        objects["code"]["question"] = code
        drafts, token = drafted.draft(db, city, FileStore(settings.files))
        objects["code"] |= drafts
        objects["token"] = {"file": token}
        factory.actor(db, "table-kept", factory.DEPARTMENT, Role.DEPARTMENT)  # whom administrators look after
        objects["login"] = {"kept": "table-kept"}
        objects["key"]["notice"] = FileStore(settings.files).put(NOTICE)
        objects["code"]["bureau"] = factory.DEPARTMENT
        objects["meaning"] = {"shipped": MEANING.name}
        objects["code"]["body"] = factory.OTHER_DEPARTMENT
        clerk, cashier, batch = people["clerk"], people["cashier"], numbers["batch:released"]
        objects["code"]["revealed"] = let_out(db, clerk, "case-contact", numbers["submitted"])
        objects["kind"]["csv"] = f"csv?code={let_out(db, cashier, 'treasury-csv', batch)}"
        objects["of"] = {"case": numbers["submitted"]}
        bound.end(db, people["firm"], bound_objects)
        objects |= bound_objects
        objects["handle"] = {"token": tokens["firm"].split("-")[1]}
        _end_membership(db, "former")
    return World(objects, sessions, tokens)


def let_out(db: Session, actor: Actor, what: str, of: str) -> str:
    """Somebody was let see, or fetch, something; the code of it."""
    sources = (*disclosing.SOURCES, *treasury_files.SOURCES)
    source = next(source for source in sources if source.what == what)
    return disclosure.let_out(db, actor, source, of, "电话通知补正")


def pay(db: Session, city: City, line: str) -> None:
    """The second person pays."""
    payouts.pay(db, city.treasurer, payment_id=line, paid_at=factory.now(), bank_reference="回单 1")


def _readers(settings: Settings) -> Sequence[outbox.Reader]:
    """All but the press: a PDF takes half a second and has tests of its own."""
    return [reader for reader in worker.readers(settings) if "print" not in reader.name]


def _file(settings: Settings) -> Upload:
    key = FileStore(settings.files).put(FILE)
    return Upload("file:设备购置发票", "发票.pdf", key, len(FILE), "application/pdf")


def _item(db: Session, city: City, code: str, mode: str = "综合评审") -> str:
    """An item of its own for each case, since a firm has one live case an item."""
    more: dict[str, Any] = {"title": f"样例：{code}", "type": mode}
    if mode == "免申即享":
        more["benefit"] = {"kind": "fixed", "amount_yuan": 80000, "text": "一次性 8 万元"}
    import_items(db, None, [factory.item_row(code, **more)])
    payouts.open_pool(
        db, None, code=f"POOL-{code}", name=f"{code} 资金池", item_code=code, year=factory.now().year,
        source=FundSource.CITY, organisation_id=city.cashier.organisation_id,
    )  # fmt: skip
    payouts.top_up(db, None, pool_code=f"POOL-{code}", amount_fen=10**8, document_number="广财〔2026〕1号")
    return code


def _submitted(db: Session, city: City, code: str, *uploads: Upload) -> str:
    item = _item(db, city, code)
    case = intake.save_draft(db, city.firm, item, application=APPLICATION, prefilled={}, uploads=uploads)
    return intake.submit(db, city.firm, case)


def _cases(db: Session, city: City, upload: Upload) -> dict[str, str]:
    """A case at every stage, by the name of the stage."""
    draft = _item(db, city, "W-DRAFT")
    intake.save_draft(db, city.firm, draft, application=APPLICATION, prefilled={}, uploads=[upload])
    typed = _item(db, city, "W-COUNTER")
    intake.save_draft(
        db,
        city.clerk,
        typed,
        application=APPLICATION,
        prefilled={},
        uploads=[upload],
        credit_code=factory.FIRM,
    )
    bound.consent(db, city.clerk, typed)
    for clerk in (city.clerk, city.county_clerk):
        bound.consent(db, clerk, factory.OTHER_ITEM)
    numbers = {"submitted": _submitted(db, city, "W-SUBMITTED", upload)}
    numbers["supplement"] = _submitted(db, city, "W-SUPPLEMENT")
    acceptance.ask_supplement(db, city.clerk, numbers["supplement"], [("设备购置发票", "看不清")])
    for name, steps in STEPS.items():
        numbers[name] = _submitted(db, city, f"W-{name.upper()}")
        for step in steps:
            step(db, city, numbers[name])
    numbers["rated"] = _submitted(db, city, "W-RATED")
    for step in STEPS["reviewed"]:
        step(db, city, numbers["rated"])
    return {**numbers, **rated.rate(db, city, numbers["rated"])}


Step = Callable[[Session, City, str], object]


def _accept(db: Session, city: City, number: str) -> None:
    acceptance.accept(db, city.clerk, number)


def _hand_off(db: Session, city: City, number: str) -> None:
    acceptance.hand_off(db, city.clerk, number, factory.DEPARTMENT)


def _respond(db: Session, city: City, number: str) -> None:
    review.respond(db, city.head, number, officer_name="李工", officer_phone="0839-3263893")


def _review(db: Session, city: City, number: str) -> None:
    review.review(db, city.head, number, checked_fen=FEN, opinion="符合条件", reason="")


def _approve(db: Session, city: City, number: str) -> None:
    review.approve(db, city.officer, number, decided_fen=FEN, reason="")


STEPS: dict[str, tuple[Step, ...]] = {
    "accepted": (_accept,),
    "handed_off": (_accept, _hand_off),
    "in_review": (_accept, _hand_off, _respond),
    "reviewed": (_accept, _hand_off, _respond, _review),
    "approved": (_accept, _hand_off, _respond, _review, _approve),
}


def _paid(db: Session, city: City) -> tuple[str, str, str]:
    """A case whose payment is about to be made, another with a payment that waits for its second person."""
    numbers = []
    for code in ("W-PAID", "W-PREPARED"):
        numbers.append(_submitted(db, city, code))
        for step in STEPS["approved"]:
            step(db, city, numbers[-1])
    line = payouts.prepare_line(db, city.treasurer, subject=f"case:{numbers[1]}", source=FundSource.CITY)
    return numbers[0], numbers[1], line


def _lists(db: Session, city: City) -> dict[str, str]:
    """A list at every stage, and a case from the confirmed one that waits for its account."""
    numbers = {}
    for name in ("frozen", "listed", "answered", "confirmed"):
        numbers[name] = freezing.freeze(db, city.clerk, _item(db, city, f"W-{name.upper()}", "免申即享"))
        if name != "frozen":
            lists.hand_off(db, city.clerk, numbers[name])
    for name in ("answered", "confirmed"):
        lists.respond(db, city.officer, numbers[name])
    rulings = [
        lists.Ruling(factory.FIRM, True, 8_000_000, ""),
        lists.Ruling(factory.OTHER_FIRM, False, None, "已迁出本市"),
    ]
    lists.confirm(db, city.officer, numbers["confirmed"], rulings)
    return numbers


def _shown(db: Session, city: City) -> dict[str, str]:
    """A case that is to be shown, another on show, and an objection that was examined."""
    numbers = {}
    for name in ("to_show", "on_show"):
        code = f"W-{name.upper()}"
        _item(db, city, code)
        factory.take_items(db, factory.item_row(code, title=f"样例：{code}", guide={"publicity": True}))
        case = intake.save_draft(db, city.firm, code, application=APPLICATION, prefilled={})
        numbers[name] = intake.submit(db, city.firm, case)
        for step in STEPS["reviewed"]:
            step(db, city, numbers[name])
    numbers["publicity"] = review.publish(db, city.officer, numbers["on_show"])
    numbers["objection"] = publicity.take_objection(
        db,
        numbers["publicity"],
        name=CONTACT,
        phone=PHONE,
        credit_code="",
        statement="设备是旧的",
        origin="x",
    )
    publicity.examine(db, city.head, numbers["objection"], opinion="已核查")
    return numbers


def _batches(db: Session, city: City) -> dict[str, str]:
    """A batch that waits for its second person, and one that waits for the bank."""
    numbers = {}
    for name in ("made", "released"):
        case = _submitted(db, city, f"W-BATCH-{name.upper()}")
        for step in STEPS["approved"]:
            step(db, city, case)
        pool = f"POOL-W-BATCH-{name.upper()}"
        numbers[f"batch:{name}"] = batches.prepare(db, city.treasurer, pool_code=pool, group="")
    batches.release(db, city.cashier, numbers["batch:released"])
    return numbers


def _objects(
    db: Session, numbers: dict[str, str], frozen: dict[str, str], lines: dict[str, str]
) -> dict[str, dict[str, str]]:
    kept = db.scalars(select(Case.number).where(Case.item_code == "W-CONFIRMED")).one()
    papers = db.execute(select(Notice.kind, Notice.verify_code).order_by(Notice.id.desc()))
    message = select(Message.key).where(Message.recipient_code == factory.FIRM).order_by(Message.id)
    codes = {f"paper:{row.kind}": row.verify_code for row in papers}
    pools = {"pool": "POOL-W-APPROVED"}
    listed = {f"list:{name}": number for name, number in frozen.items()}
    return {
        "number": {**numbers, **listed, "version": "1", "kept": kept or ""},
        "code": {"item": factory.OTHER_ITEM, **codes, **pools},
        "item_code": {"draft": "W-DRAFT", "typed": "W-COUNTER", "new": factory.OTHER_ITEM},
        "credit_code": {"firm": factory.FIRM},
        "key": {"file": _file_key(db)},
        "subject": {name: f"case:{number}" for name, number in numbers.items()},
        "source": {"city": "city"},
        "payment_id": lines,
        "kind": {"csv": "csv"},
        "reason": {"published": "published"},
        "what": {"contact": "case-contact"},
        "rest": {"nowhere": "nowhere"},
        "filename": {"portal.css": "portal.css"},
        "message": {"first": db.scalars(message).first() or ""},
    }


def _file_key(db: Session) -> str:
    case = db.scalars(select(Case).where(Case.item_code == "W-SUBMITTED")).one()
    return case.files[0].key


def _end_membership(db: Session, name: str) -> None:
    yesterday = factory.now().date() - timedelta(days=1)
    person = select(Person.id).where(Person.login == f"table-{name}").scalar_subquery()
    db.execute(
        update(Membership)
        .where(Membership.person_id == person)
        .values(valid_from=yesterday - timedelta(days=9), valid_until=yesterday)
    )
