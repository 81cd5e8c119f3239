"""The web application as the server's own processes load it."""

import os

from flask import Flask

from catalog.kept_pages import KeptPages
from catalog.sought import counting
from foundation import log
from foundation.db import Database
from portal.app import create_app
from portal.commands.running import Running
from portal.demo import ties
from portal.relay import nudge


def application() -> Flask:
    """One application a process, over a database of its own; commits wake the relay."""
    ties.end_with_remembered_process()
    log.configure()
    running = Running(os.environ)
    running.enter_time()
    settings = running.settings
    database = Database(settings.database_url, slow_query_ms=settings.slow_query_ms)
    database.after_told = nudge(settings)
    app = create_app(settings, database)
    counting.keep_writing(database)
    kept = KeptPages(app.wsgi_app, database, app.config["SESSION_COOKIE_NAME"])
    app.wsgi_app = kept  # type: ignore[method-assign]  # the way that Flask tells to wrap it
    return app
