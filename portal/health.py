"""How the installation is, for whoever watches over it: `/healthz` for everyone, `/metrics` for one token."""

import hmac
import os
from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from foundation import clock, outbox
from foundation.errors import NotFound
from foundation.web.access import PUBLIC, Actor, access
from foundation.web.act import reads
from foundation.web.site import site
from portal.reports import queries as reports

blueprint = Blueprint("health", __name__)
# where the processes of one server keep their counters together; prometheus_client reads it when imported
TOGETHER = "PROMETHEUS_MULTIPROC_DIR"


@blueprint.get("/healthz")
@access(PUBLIC)
@reads
def healthz(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """200 when web, database and files are there; how far relay and workers lag behind, in seconds."""
    now = clock.now()
    waiting, ticked = outbox.lag(db), outbox.last_told(db, outbox.MINUTE)
    kept = site().files.is_open()
    return jsonify(
        status="ok" if kept else "no place for files",
        waiting_seconds=round((now - waiting).total_seconds(), 1) if waiting else 0,
        last_minute_seconds_ago=round((now - ticked).total_seconds(), 1) if ticked else None,
    ), 200 if kept else 503


@blueprint.get("/metrics")
@access(PUBLIC)
@reads
def metrics(db: Session, actor: Actor | None) -> Response:
    """Figures for Prometheus, to the bearer of METRICS_TOKEN; without one there is no such page."""
    given, wanted = request.authorization, site().settings.metrics_token
    token = given.token if given and given.type == "bearer" else None
    if not wanted or not hmac.compare_digest((token or "").encode(), wanted.encode()):
        raise NotFound
    counted = REGISTRY
    if os.environ.get(TOGETHER):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    standing = CollectorRegistry()
    standing.register(_Standing(db, clock.now()))
    return Response(generate_latest(counted) + generate_latest(standing), content_type=CONTENT_TYPE_LATEST)


class _Standing(Collector):
    """What the database says at the moment it is asked."""

    def __init__(self, db: Session, now: datetime) -> None:
        self.db, self.now = db, now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Lag, failures, and clocks that ran out."""
        waiting, told = outbox.lag(self.db), outbox.last_told(self.db, outbox.MINUTE)
        yield _gauge("portal_outbox_lag_seconds", "Age of the oldest effect outstanding.", self._age(waiting))
        yield _gauge("portal_minute_age_seconds", "Since the relay told the minute.", self._age(told))
        failed = len(outbox.failed(self.db))
        yield _gauge("portal_deliveries_failed", "Effects given up after ten tries.", failed)
        late = GaugeMetricFamily("portal_clocks_overdue", "Clocks past due that run.", labels=["limit"])
        for limit, count in reports.overdue(self.db, self.now).items():
            late.add_metric([limit], count)
        yield late

    def _age(self, since: datetime | None) -> float:
        return (self.now - since).total_seconds() if since else 0.0


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value=value)
