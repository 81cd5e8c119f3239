"""Messages on other channels: once each, later where it is quiet, tried again where a gateway fails."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from foundation import outbox
from foundation.accounts.models import Membership, Organisation, Person
from foundation.accounts.rules import OrganisationKind
from foundation.clock import BEIJING, now
from foundation.db import Database
from foundation.web.access import Actor, Role
from notices import services
from notices.channels import services as channels
from notices.channels.rules import Channel
from notices.channels.tasks import readers
from notices.models import Dispatch
from tests.conftest import Clock
from tests.factories.city import deliver

FIRM = "91510802MAMTCWGT54"


@dataclass
class Post:
    """A gateway that remembers, and fails while it is told to."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    fails: bool = False

    def send(self, address: str, title: str, text: str, key: str) -> None:
        if self.fails:
            raise ConnectionError("no line")
        self.sent.append((address, title))


@pytest.fixture
def owner(database: Database) -> Actor:
    with database.writing() as db:
        person = Person(login="liming", name="李明", created_at=now())
        body = Organisation(
            code=FIRM,
            name="样例公司",
            short_name="样例",
            kind=OrganisationKind.ENTERPRISE,
            region_code="510802",
        )
        db.add_all([person, body])
        db.flush()
        since = now().date() - timedelta(days=1)
        db.add(
            Membership(person_id=person.id, organisation_id=body.id, role=Role.ENTERPRISE, valid_from=since)
        )
        return Actor(person.id, person.name, body.id, body.code, body.name, Role.ENTERPRISE)


def tell(database: Database, key: str) -> None:
    with database.writing() as db:
        services.tell(db, FIRM, title=f"消息{key}", body="", link="/inbox", key=key)


def test_what_is_chosen_is_sent_once_and_not_at_night(database: Database, owner: Actor, clock: Clock) -> None:
    post = Post()
    known = readers(gateways={Channel.EMAIL: post, Channel.SMS: post})
    tell(database, "before")
    quiet = time(22), time(8)
    with database.writing() as db:
        channels.choose(db, owner, channel=Channel.EMAIL, address="a@example.com", digest=False, quiet=quiet)
        channels.choose(db, owner, channel=Channel.SMS, address="13800000000", digest=True, quiet=None)
    tell(database, "1")
    tell(database, "1")
    deliver(database, known)
    assert post.sent == [("a@example.com", "消息1")]

    clock.set(datetime(2026, 6, 1, 23, tzinfo=BEIJING))
    tell(database, "2")
    deliver(database, known)
    assert len(post.sent) == 1
    clock.set(datetime(2026, 6, 2, 8, 30, tzinfo=BEIJING))
    deliver(database, known)
    deliver(database, known)
    assert sorted(post.sent[1:]) == [("13800000000", "惠企政策：2 条新消息"), ("a@example.com", "消息2")]
    with database.writing() as db:
        channels.drop(db, owner, Channel.EMAIL)
    tell(database, "3")
    deliver(database, known)
    assert len(post.sent) == 3


def test_a_failure_is_tried_again_and_in_the_end_shown(
    database: Database, owner: Actor, clock: Clock
) -> None:
    post = Post(fails=True)
    known = readers(gateways={Channel.EMAIL: post})
    with database.writing() as db:
        channels.choose(db, owner, channel=Channel.EMAIL, address="a@example.com", digest=False, quiet=None)
    tell(database, "1")
    for _ in range(outbox.TRIES):
        deliver(database, known)
        clock.advance(timedelta(minutes=20))
    with database.reading() as db:
        assert ["notices.dispatch" in line for line in outbox.failed(db)] == [True]
    post.fails = False
    with database.writing() as db:
        outbox.retry_failed(db)
    clock.advance(timedelta(minutes=1))
    deliver(database, known)
    assert post.sent == [("a@example.com", "消息1")]
    with database.reading() as db:
        assert db.scalars(select(Dispatch.sent_at)).one() is not None
