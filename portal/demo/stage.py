"""Where the demonstration's acts are played: real services and actors, the clock set to each act's moment."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalog import queries as catalogue
from foundation import clock, outbox
from foundation.accounts import queries as accounts
from foundation.db import Database
from foundation.enterprises import queries as firms
from foundation.files import FileStore
from foundation.web.access import Actor, Role
from foundation.web.uploads import Upload
from portal import relay
from portal.demo.stories import Do, Story
from portal.feedback import services as feedback
from portal.feedback.rules import Level
from portal.payouts import services as payouts
from portal.payouts.rules import FundSource
from portal.window import prefill
from portal.window.services import acceptance, intake, review
from portal.window.services.intake import Application

Readers = Sequence[outbox.Reader]
# a page that any reader opens, and that says nothing
PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def stand_at(moment: datetime) -> None:
    """Set this process's clock; it stands there until it is set again."""
    clock.set_source(lambda: moment)


def settle(database: Database, readers: Readers, leave: frozenset[str] = frozenset()) -> None:
    """Let every effect happen here that waits, and what it causes; those in *leave* are a worker's."""
    done = 1
    while done:
        done = 0

        def publish(outbox_id: int, reader: str) -> None:
            nonlocal done
            if reader not in leave:
                done += 1
                outbox.deliver(database, readers, outbox_id, reader)

        relay.carry(database, readers, publish)


class Case:
    """One story while it is played; *acts* maps the names of its acts to what they do."""

    def __init__(self, story: Story, files: FileStore) -> None:
        self.story, self.files = story, files
        self.number = ""
        self.acts: Mapping[str, Callable[..., Any]] = {
            "submit": self._submit,
            "accept": lambda db, actor: acceptance.accept(db, actor, self.number),
            "ask": lambda db, actor, **given: acceptance.ask_supplement(db, actor, self.number, **given),
            "hand_off": lambda db, actor: acceptance.hand_off(db, actor, self.number, story.department),
            "respond": self._respond,
            "review": lambda db, actor, **given: review.review(db, actor, self.number, **given),
            "approve": lambda db, actor, **given: review.approve(db, actor, self.number, **given),
            "reject": lambda db, actor, **given: review.reject(db, actor, self.number, **given),
            "prepare": self._prepare,
            "pay": self._pay,
            "rate": self._rate,
        }

    def play(self, db: Session, do: Do) -> None:
        """Carry one act out, now."""
        (_, actor), *_ = accounts.actors_named(db, do.who, clock.now().date())
        self.acts[do.act](db, actor, **do.given)

    def _submit(self, db: Session, actor: Actor) -> None:
        item = catalogue.item(db, self.story.item)
        profile = firms.profile(db, self.story.firm)
        key = self.files.put(PAPER)
        uploads = [
            Upload(f"file:{material.name}", f"{material.name}.pdf", key, len(PAPER), "application/pdf")
            for material in item.guide.materials
        ]
        case = intake.save_draft(
            db,
            actor,
            self.story.item,
            application=self._application(profile.enterprise.name, actor),
            prefilled=prefill.frozen(item, profile),
            uploads=uploads,
            credit_code=None if actor.role is Role.ENTERPRISE else self.story.firm,
        )
        self.number = intake.submit(db, actor, case)

    def _application(self, firm: str, actor: Actor) -> Application:
        account = f"6222{int(self.story.firm[2:8] + self.story.firm[14:16]):015}"  # every firm has its own
        amount = self.story.applied_fen
        return Application(actor.person_name, "0839-0000001", firm, "样例银行广元分行", account, amount, "")

    def _respond(self, db: Session, actor: Actor) -> None:
        name, phone = actor.person_name, "0839-0000200"
        review.respond(db, actor, self.number, officer_name=name, officer_phone=phone)

    def _prepare(self, db: Session, actor: Actor) -> None:
        self.payment = payouts.prepare_line(db, actor, subject=f"case:{self.number}", source=FundSource.CITY)

    def _pay(self, db: Session, actor: Actor, bank_reference: str) -> None:
        now = clock.now()
        payouts.pay(db, actor, payment_id=self.payment, paid_at=now, bank_reference=bank_reference)

    def _rate(self, db: Session, actor: Actor, level: int, comment: str) -> None:
        feedback.rate(db, actor, self.number, Level(level), comment)
