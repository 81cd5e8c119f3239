"""What every page of the portal shows and may call."""

from typing import Any

from flask import Blueprint, Flask, Response, abort, g, request, send_from_directory, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.routing import IntegerConverter, Map

from foundation import clock
from foundation.web import errors, headers, htmx, limits, violations, watching
from foundation.web.access import PUBLIC, Actor, access
from foundation.web.act import act_fields
from foundation.web.assets import STATIC
from foundation.web.filters import FILTERS
from foundation.web.forms import LARGEST_KEY
from foundation.web.navigation import Entry
from foundation.web.site import Site, site

blueprint = Blueprint("web", __name__, template_folder="templates")
LARGEST_REQUEST = 100 * 1024 * 1024
STATIC_SECONDS = 86400
DEMO_NOTE = "演示数据：政策可能已失效，企业与办件均为虚构"


class _Key(IntegerConverter):
    """A number in an address, no larger than any database takes: what is larger is not there."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST_KEY)


def init(app: Flask, running: Site) -> None:
    """Make *app* a site: its hooks, headers, error pages, filters and what each page shows."""
    htmx.init(app)  # first: it replaces the request class
    app.url_map.converters["int"] = _Key
    app.extensions["site"] = running
    app.secret_key = running.settings.secret_key
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_COOKIE_NAME="__Host-portal" if running.settings.secure_cookies else "portal",
        SESSION_COOKIE_SECURE=running.settings.secure_cookies,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    watching.init(app)
    limits.init(app)
    app.before_request(_refuse_nul)
    CSRFProtect(app).exempt(violations.blueprint)  # a browser reports by itself, without a form
    errors.init(app)
    headers.init(app)
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals["act_fields"] = act_fields
    app.jinja_env.trim_blocks = True
    app.context_processor(_every_page)
    app.register_blueprint(blueprint)
    app.register_blueprint(violations.blueprint)


def _refuse_nul() -> None:
    """No text of ours holds a NUL, and PostgreSQL refuses it: such an address or form was made by hand."""
    given = (request.path, *request.args.keys(), *request.args.values())
    if any("\x00" in text for text in given):
        abort(404)
    if None in request.form or None in request.files:  # a part that does not say of which field it is
        abort(400)
    if any("\x00" in text for text in request.form.values()):
        abort(400)


@blueprint.get("/static/<path:filename>")
@access(PUBLIC)
def static(filename: str) -> Response:
    """Our own and the vendored files; their addresses carry a mark of their content."""
    return send_from_directory(STATIC, filename, max_age=STATIC_SECONDS)


def _every_page() -> dict[str, Any]:
    actor: Actor | None = g.get("actor")
    settings = site().settings
    shown: dict[str, Any] = {
        "actor": actor,
        "now": clock.now(),
        "size": request.cookies.get("size", ""),
        "theme": request.cookies.get("theme", ""),
        "here": request.full_path.rstrip("?") if request.method == "GET" else "/",
        "demo_note": DEMO_NOTE if settings.demo else "",
        "city_name": settings.city,
        "navigation": [_link(entry) for entry in _entries(actor)],
        "sign_in_url": url_for("accounts.sign_in"),
        "sign_out_url": url_for("accounts.sign_out"),
        "footer_links": [_link(entry) for entry in site().footer],
    }
    if "db" in g:
        for context in site().contexts:
            shown.update(context(g.db, actor))
    return shown


def _entries(actor: Actor | None) -> list[Entry]:
    role = actor.role if actor else None
    return sorted(
        (entry for entry in site().navigation if entry.shown_to(role)), key=lambda entry: entry.rank
    )


def _link(entry: Entry) -> dict[str, object]:
    return {
        "label": entry.label,
        "href": url_for(entry.endpoint),
        "current": request.endpoint == entry.endpoint,
    }
