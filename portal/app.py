"""The web application: every room's pages, gathered."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import catalog.authoring.views
import catalog.drafting.views
import catalog.sought.views
import catalog.survey.views
import catalog.views
import catalog.vocabulary.views
import foundation.accounts.views.room
import foundation.deadlines.views
import foundation.enterprises.binding.views
import matching.push.views
import matching.views
import notices.views
import portal.api.views
import portal.disclosure.views
import portal.feedback.redress.views
import portal.feedback.views
import portal.firms.views.room
import portal.health
import portal.impact.views
import portal.outreach.views
import portal.payouts.batches.disclosing
import portal.payouts.batches.views
import portal.payouts.views
import portal.reports.views
import portal.window.disclosing
import portal.window.publicity.views
import portal.window.questions.room
import portal.window.returns.views
import portal.window.views.room
from foundation.accounts.views.browser import load_actor
from foundation.db import Database
from foundation.enterprises.binding import identity
from foundation.files import FileStore
from foundation.settings import Settings
from foundation.web import pages
from foundation.web.counting import Either, Hits, InMemory, InTable, InValkey
from foundation.web.site import Site
from portal import relay

ROOMS = (
    catalog.views,
    catalog.drafting.views,
    catalog.sought.views,
    catalog.survey.views,
    catalog.vocabulary.views,
    catalog.authoring.views,
    matching.views,
    matching.push.views,
    portal.window.views.room,
    portal.window.publicity.views,
    portal.window.questions.room,
    portal.window.returns.views,
    portal.payouts.views,
    portal.payouts.batches.views,
    portal.feedback.views,
    portal.feedback.redress.views,
    portal.disclosure.views,
    portal.reports.views,
    portal.outreach.views,
    portal.impact.views,
    portal.api.views,
    portal.firms.views.room,
    notices.views,
    foundation.accounts.views.room,
    foundation.deadlines.views,
    foundation.enterprises.binding.views,
)


def _counters(settings: Settings, database: Database) -> dict[str, Hits]:
    """In Valkey where there is one; else in the database, and what is only looked at in each process."""
    if settings.broker_url:
        shared = InValkey(relay.client(settings))
        return {"counter": Either(shared, InTable(database)), "loose_counter": shared}
    return {"counter": InTable(database), "loose_counter": InMemory()}


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
        administration=tuple(entry for room in ROOMS for entry in getattr(room, "ADMINISTRATION", ())),
        **_counters(settings, database),
        contexts=(
            portal.feedback.views.every_page,
            matching.views.every_page,
            portal.window.views.apply.every_page,
            notices.views.every_page,
            foundation.enterprises.binding.views.every_page,
        ),
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Werkzeug documents it
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    pages.init(app, running)
    identity.init(app, settings)
    portal.disclosure.views.init(
        app, (*portal.window.disclosing.SOURCES, *portal.payouts.batches.disclosing.SOURCES)
    )
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    app.register_blueprint(portal.health.blueprint)
    return app
