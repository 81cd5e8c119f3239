"""What is quick never waits behind what is slow, through a real broker."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from queue import Empty
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from celery import Celery

from foundation import outbox
from foundation.db import Database
from foundation.outbox import Reader
from foundation.settings import Settings
from portal import relay, worker
from portal.demo import processes

PAPERS, MESSAGES = 300, 5
READERS = (
    Reader("test.issued", "print", lambda db, payload: None, prepare=lambda database, payload: {}),
    Reader("test.said", "message", lambda db, payload: None),
)


@pytest.fixture
def broker() -> Iterator[str]:
    """The address of a broker that is gone afterwards; a socket's path has to be short."""
    with TemporaryDirectory(prefix="portal-") as folder:
        socket = Path(folder, "valkey.sock")
        process = subprocess.Popen(processes.broker(socket, Path(folder)).command)
        try:
            for _ in range(500):
                if socket.exists():
                    break
                time.sleep(0.01)
            yield f"redis+socket://{socket}"
        finally:
            process.kill()
            process.wait()


def taken(app: Celery) -> list[str]:
    """The readers' names in the order in which a worker, one delivery at a time, comes to them."""
    order: list[str] = []

    def take(body: Any, message: Any) -> None:
        order.append(body[0][1])
        message.ack()

    with app.connection_for_read() as connection, app.amqp.TaskConsumer(connection) as consumer:
        consumer.qos(prefetch_count=1)
        consumer.register_callback(take)
        with suppress(Empty, TimeoutError):
            while True:
                connection.drain_events(timeout=0.5)
    return order


def test_messages_behind_three_hundred_papers_go_first(
    database: Database, settings: Settings, broker: str
) -> None:
    settings = replace(settings, broker_url=broker)
    with database.writing() as db:
        for number in range(PAPERS):
            outbox.emit(db, "test.issued", {"number": number})
        for number in range(MESSAGES):
            outbox.emit(db, "test.said", {"number": number})
    with worker.celery_app(settings) as app, relay.client(settings) as client:
        relay.carry(database, READERS, worker.publisher(app, READERS))
        assert worker.queued(client) == PAPERS + MESSAGES
        assert taken(app) == ["message"] * MESSAGES + ["print"] * PAPERS
