"""The web application: every room's pages, gathered."""

from flask import Blueprint, Flask, Response, jsonify
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

import catalog.views
import foundation.accounts.views.room
import foundation.enterprises.binding.views
import matching.push.views
import matching.views
import notices.views
import portal.api.views
import portal.feedback.views
import portal.firms.views.room
import portal.payouts.views
import portal.reports.views
import portal.window.questions.room
import portal.window.views.room
from foundation import clock, outbox
from foundation.accounts.views.browser import load_actor
from foundation.db import Database
from foundation.enterprises.binding import identity
from foundation.files import FileStore
from foundation.settings import Settings
from foundation.web import pages
from foundation.web.access import PUBLIC, Actor, access
from foundation.web.act import reads
from foundation.web.site import Site

ROOMS = (
    catalog.views,
    matching.views,
    matching.push.views,
    portal.window.views.room,
    portal.window.questions.room,
    portal.payouts.views,
    portal.feedback.views,
    portal.reports.views,
    portal.api.views,
    portal.firms.views.room,
    notices.views,
    foundation.accounts.views.room,
    foundation.enterprises.binding.views,
)
health = Blueprint("health", __name__)


def create_app(settings: Settings, database: Database) -> Flask:
    """A Flask application over *database*; it holds no state of its own."""
    app = Flask(__name__, static_folder=None)
    running = Site(
        settings=settings,
        database=database,
        files=FileStore(settings.files),
        load_actor=load_actor,
        load_bearer=portal.api.views.load_bearer,
        navigation=tuple(entry for room in ROOMS for entry in getattr(room, "NAVIGATION", ())),
        footer=tuple(entry for room in ROOMS for entry in getattr(room, "FOOTER", ())),
        contexts=(notices.views.every_page, foundation.enterprises.binding.views.every_page),
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Werkzeug documents it
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    pages.init(app, running)
    identity.init(app, settings)
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    app.register_blueprint(health)
    return app


@health.get("/healthz")
@access(PUBLIC)
@reads
def healthz(db: Session, actor: Actor | None) -> Response:
    """200 when web and database answer; how far relay and workers lag behind, in seconds."""
    now = clock.now()
    waiting, ticked = outbox.lag(db), outbox.last_told(db, outbox.MINUTE)
    return jsonify(
        status="ok",
        waiting_seconds=round((now - waiting).total_seconds(), 1) if waiting else 0,
        last_minute_seconds_ago=round((now - ticked).total_seconds(), 1) if ticked else None,
    )
