"""Send what people chose to hear; what fails is tried again, and then shown to the administrator."""

import hashlib
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote

import apprise
from sqlalchemy.orm import Session

from foundation import clock, log
from foundation.db import Database
from foundation.outbox import MINUTE, Payload, Reader
from notices import events
from notices.channels import queries, services
from notices.channels.rules import Channel, text_of

logger = log.get(__name__)


class Gateway(Protocol):
    """What carries a text out of the house; *key* is the same whenever the same text is tried again."""

    def send(self, address: str, title: str, text: str, key: str) -> None: ...


class Console:
    """Writes down that a short message would leave; for places without a contract with an operator."""

    def send(self, address: str, title: str, text: str, key: str) -> None:
        """Say it in the log, without whom and what."""
        logger.info("short message", tail=address[-4:], letters=len(title) + len(text), key=key)


class Apprise:
    """Speaks to mail servers by the *template* of an address, to group robots by the address itself."""

    def __init__(self, template: str = "") -> None:
        self.template = template

    def send(self, address: str, title: str, text: str, key: str) -> None:
        """Send, or raise: whoever called tries again."""
        service = apprise.Apprise()
        # quoted: an address like a&smtp=x.example&@b.cn would name another server, and get our password
        url = self.template.format(address=quote(address, safe="@")) if self.template else address
        if not service.add(url):
            raise ValueError("the channel is not set up: see MAIL_URL")
        # left open, a mail is taken for HTML, and what a firm calls itself for markup
        if not service.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT):
            raise ConnectionError(f"the service did not take {key}")


def readers(mail_url: str = "", gateways: Mapping[Channel, Gateway] | None = None) -> tuple[Reader, ...]:
    """This part's readers; *mail_url* is the mail server as apprise writes it, with {address} in it."""
    known = gateways or {
        Channel.EMAIL: Apprise(mail_url or "unset"),
        Channel.GROUP: Apprise(),
        Channel.SMS: Console(),
    }

    def send(database: Database, payload: Payload) -> Payload:
        with database.reading() as db:
            parcel = queries.parcel(db, payload["dispatches"])
        if parcel is not None:
            title, text = text_of([(title, body) for _, _, title, body in parcel.messages])
            key = hashlib.sha256("".join(key for _, key, _, _ in parcel.messages).encode()).hexdigest()[:32]
            known[parcel.channel].send(parcel.address, title, text, key)
        return {}

    return (
        Reader(events.DISPATCHED, "notices.dispatch", mark_sent, prepare=send),
        Reader(MINUTE, "notices.hand_over", hand_over),
    )


def mark_sent(db: Session, payload: Payload) -> None:
    """They are out of the house."""
    services.mark_sent(db, payload["dispatches"])


def hand_over(db: Session, payload: Payload) -> None:
    """What waited for the end of quiet hours, or for the digest."""
    services.hand_over(db, clock.now())
