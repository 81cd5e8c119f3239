"""Everything that runs beside the web: the one Celery task, and the relay that feeds it."""

from collections.abc import Iterable
from functools import cache
from threading import Event

import redis
from celery import Celery

import catalog.tasks
import foundation.deadlines.tasks
import matching.push.tasks
import notices.channels.tasks
import notices.tasks
import portal.feedback.redress.tasks
import portal.feedback.tasks
import portal.payouts.tasks
import portal.window.queries
import portal.window.questions.tasks
import portal.window.returns.tasks
import portal.window.tasks
from foundation import log, outbox
from foundation.db import Database
from foundation.files import FileStore
from foundation.settings import Settings, from_environment
from portal import relay

# what has something to prepare waits in a queue of its own: three hundred papers hold up no clock
QUICK, SLOW = "portal", "portal.slow"
QUEUES = (QUICK, SLOW)
LONGEST_TASK = 120

logger = log.get(__name__)


def readers(settings: Settings) -> tuple[outbox.Reader, ...]:
    """Every room's readers, in the order of the house."""
    return (
        *foundation.deadlines.tasks.READERS,
        *catalog.tasks.READERS,
        *notices.tasks.readers(FileStore(settings.files), settings.public_url),
        *notices.channels.tasks.readers(settings.mail_url),
        *matching.push.tasks.readers(portal.window.queries.live_applicants),
        *portal.payouts.tasks.READERS,
        *portal.window.tasks.READERS,
        *portal.window.returns.tasks.READERS,
        *portal.window.questions.tasks.READERS,
        *portal.feedback.tasks.READERS,
        *portal.feedback.redress.tasks.READERS,
    )


def celery_app(settings: Settings) -> Celery:
    """The task queue: an executor only, since truth and schedule live in the database."""
    app = Celery("portal", broker=settings.broker_url)
    app.conf.update(
        task_default_queue=QUICK,
        task_queues={name: {"routing_key": name} for name in QUEUES},
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_time_limit=LONGEST_TASK,
        worker_prefetch_multiplier=1,
        enable_utc=True,
        timezone="UTC",
        broker_connection_retry_on_startup=True,
        worker_hijack_root_logger=False,
        broker_transport_options={
            # a worker takes from the first queue that holds anything, in the order above
            "queue_order_strategy": "priority",
            "visibility_timeout": LONGEST_TASK * 2,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "socket_timeout": relay.BROKER_SECONDS,
            "socket_connect_timeout": relay.BROKER_SECONDS,
        },
    )
    app.task(name="deliver")(deliver)
    return app


@cache
def _running() -> tuple[Database, tuple[outbox.Reader, ...]]:
    """This worker process's database and readers; made in the child, after the fork."""
    settings = from_environment()
    database = Database(settings.database_url, slow_query_ms=settings.slow_query_ms)
    database.after_told = relay.nudge(settings)
    return database, readers(settings)


def deliver(outbox_id: int, reader: str) -> None:
    """Run one reader on one event; a second run of the same has no effect."""
    database, known = _running()
    outbox.deliver(database, known, outbox_id, reader)


def publisher(app: Celery, readers: Iterable[outbox.Reader]) -> relay.Publish:
    """Puts a delivery into the queue of its reader."""
    slow = {reader.name for reader in readers if reader.prepare is not None}

    def publish(outbox_id: int, reader: str) -> None:
        queue = SLOW if reader in slow else QUICK
        app.send_task("deliver", args=(outbox_id, reader), queue=queue, retry=False)

    return publish


def queued(client: redis.Redis) -> int:
    """How many deliveries the broker holds; none where it does not answer."""
    try:
        return sum(int(client.llen(name)) for name in QUEUES)
    except redis.RedisError:
        return 0


def run_relay(settings: Settings, stop: Event) -> None:
    """Carry the outbox until *stop*."""
    app, client, database = (
        celery_app(settings),
        relay.client(settings),
        Database(settings.database_url, slow_query_ms=settings.slow_query_ms),
    )
    known = readers(settings)

    def wait(seconds: float) -> None:
        try:
            client.blpop([relay.WAKE], timeout=seconds)
        except redis.RedisError:
            stop.wait(seconds)

    logger.info("relay started")
    try:
        relay.run(database, known, publisher(app, known), wait, stop, lambda: queued(client))
    finally:
        database.close()
