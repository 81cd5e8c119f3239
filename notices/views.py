"""The public check of a paper, the paper itself as page and PDF, and the inbox."""

from collections.abc import Mapping
from datetime import time
from io import BytesIO
from typing import Any, Literal

from flask import Blueprint, Response, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from foundation.errors import Problem
from foundation.web.access import PUBLIC, SIGNED_IN, Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import Form, Line, Moment, OptionalLine, parse
from foundation.web.navigation import Entry
from foundation.web.site import site
from notices import queries, services
from notices.channels import queries as channel_queries
from notices.channels import services as channels
from notices.channels.rules import HELPS, LABELS, Channel
from notices.codes import as_typed
from notices.kinds import KIND_LABELS, OPTIONAL, MessageKind
from notices.layout import lay_out
from notices.models import ServedHow

blueprint = Blueprint("notices", __name__, template_folder="templates")

# the inbox stands in the head of every page (see every_page), so it needs no entry of its own
NAVIGATION: tuple[Entry, ...] = ()
FOOTER = (Entry("核验文书真伪", "notices.verify_form"),)


class ChoiceForm(Form):
    """Whether messages of a kind are wanted."""

    kind: MessageKind
    wanted: Literal["yes", "no"]


class ServedForm(Form):
    """How and when a paper was served otherwise, and who signed for it."""

    how: Literal[ServedHow.COUNTER, ServedHow.POST, ServedHow.NOTICE_BOARD]
    at: Moment
    signed_by: OptionalLine = ""


class ChannelForm(Form):
    """One channel: where to, together or at once, and when not."""

    channel: Channel
    address: OptionalLine = ""
    digest: Literal["yes", "no"] = "no"
    quiet_from: time | None = None
    quiet_until: time | None = None


class MessageForm(Form):
    """Which message was opened."""

    message: Line


def every_page(db: Session, actor: Actor | None) -> dict[str, Any]:
    """What the head of each page shows of this room: the inbox and how much of it is unread."""
    if actor is None:
        return {}
    return {"inbox_url": url_for("notices.inbox"), "unread": queries.unread(db, actor)}


@blueprint.get("/verify")
@access(PUBLIC)
@reads
def verify_form(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """Type the code from a paper."""
    code = request.args.get("code", "")
    if code.strip():
        return redirect(url_for("notices.verify", code=as_typed(code) or "-"), 303)
    return page("notices/verify_form.html", asked="code" in request.args)


@blueprint.get("/verify/<code>")
@access(PUBLIC)
@reads
def verify(db: Session, actor: Actor | None, code: str) -> ResponseReturnValue:
    """Whether the paper with this code is genuine and in force; nothing more than that."""
    found = queries.verify(db, code)
    status = 404 if found.standing is queries.Standing.UNKNOWN else 200
    return page("notices/verify.html", found=found), status


def _paper_page(
    db: Session, actor: Actor, code: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    opened = queries.opened(db, actor, code)
    sheet = lay_out(
        opened.document,
        number=opened.paper.number,
        verify_code=opened.paper.verify_code,
        digest=opened.digest,
        public_url=site().settings.public_url or request.host_url.rstrip("/"),
    )
    unserved = opened.paper.served_at is None
    return page(
        "notices/twin.html",
        opened=opened,
        paper=opened.paper,
        sheet=sheet,
        receives=unserved and queries.receives(actor, opened),
        serves=unserved and queries.serves(actor, opened),
        problems=problems,
        values=values or {},
    )


@blueprint.get("/notices/<code>")
@access(SIGNED_IN)
@reads
def paper(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """The paper as a page, for those who may read it."""
    return _paper_page(db, actor, code)


@blueprint.post("/notices/<code>/opened")
@access(Role.ENTERPRISE)
@act()
def opened(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """The addressee has the paper before it: served by opening (the page sends this by itself)."""
    services.serve_by_opening(db, actor, code)
    return redirect(url_for("notices.paper", code=code), 303)


@blueprint.post("/notices/<code>/served")
@access(Role.WINDOW, Role.DEPARTMENT)
@act(again=_paper_page)
def served(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """送达 by hand, by post or by public notice, with the time, recorded by whoever issued it."""
    form = parse(ServedForm, request.form)
    services.serve_otherwise(db, actor, code, how=form.how, at=form.at, signed_by=form.signed_by)
    return redirect(url_for("notices.paper", code=code), 303)


@blueprint.get("/notices/<code>.pdf")
@access(SIGNED_IN)
@reads
def pdf(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """The PDF as it was made once; a page that says so while it is still being made."""
    opened = queries.opened(db, actor, code)
    if opened.pdf_key is None:
        return page("notices/not_printed.html", paper=opened.paper), 202
    response: Response = send_file(
        BytesIO(site().files.get(opened.pdf_key)),  # read whole: a damaged file is refused, not sent
        mimetype="application/pdf",
        as_attachment="download" in request.args,
        download_name=f"{opened.paper.number}.pdf",
        etag=opened.pdf_key,
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@blueprint.get("/inbox")
@access(SIGNED_IN)
@reads
def inbox(db: Session, actor: Actor) -> ResponseReturnValue:
    """The messages of one's organisation, newest first."""
    number = request.args.get("page", "1")
    shown = queries.inbox(db, actor, int(number) if number.isdecimal() and len(number) < 6 else 1)
    return page("notices/inbox.html", inbox=shown)


@blueprint.post("/inbox/open")
@access(SIGNED_IN)
@act()
def open_message(db: Session, actor: Actor) -> ResponseReturnValue:
    """Mark a message as read and go where it leads."""
    form = parse(MessageForm, request.form)
    return redirect(services.read_message(db, actor, form.message), 303)


@blueprint.post("/inbox/read")
@access(SIGNED_IN)
@act()
def read_all(db: Session, actor: Actor) -> ResponseReturnValue:
    """Mark every message as read."""
    services.read_all(db, actor)
    return redirect(url_for("notices.inbox"), 303)


@blueprint.get("/inbox/preferences")
@access(SIGNED_IN)
@reads
def preferences(db: Session, actor: Actor) -> ResponseReturnValue:
    """Which kinds of messages one's organisation wants, and by which channels one hears of them."""
    return _preferences(db, actor)


def _preferences(
    db: Session, actor: Actor, problems: tuple[Problem, ...] = (), values: Mapping[str, Any] | None = None
) -> ResponseReturnValue:
    unwanted = queries.unwanted(db, actor)
    kinds = [(kind, KIND_LABELS[kind], kind not in unwanted) for kind in OPTIONAL]
    own = channel_queries.mine(db, actor)
    offered = [(channel, LABELS[channel], HELPS[channel], own.get(channel)) for channel in Channel]
    return page(
        "notices/preferences.html",
        kinds=kinds,
        always=KIND_LABELS[MessageKind.CASE],
        channels=offered,
        problems=problems,
        values=values or {},
    )


@blueprint.post("/inbox/preferences")
@access(SIGNED_IN)
@act()
def choose(db: Session, actor: Actor) -> ResponseReturnValue:
    """Switch a kind off or on again, with one click."""
    form = parse(ChoiceForm, request.form)
    (services.opt_in if form.wanted == "yes" else services.opt_out)(db, actor, form.kind)
    return redirect(url_for("notices.preferences"), 303)


@blueprint.post("/inbox/channels")
@access(SIGNED_IN)
@act(again=_preferences)
def choose_channel(db: Session, actor: Actor) -> ResponseReturnValue:
    """Take or drop one channel of one's own; without an address it is dropped."""
    form = parse(ChannelForm, request.form)
    if form.address:
        quiet = (form.quiet_from, form.quiet_until) if form.quiet_from and form.quiet_until else None
        digest = form.digest == "yes"
        channels.choose(db, actor, channel=form.channel, address=form.address, digest=digest, quiet=quiet)
    else:
        channels.drop(db, actor, form.channel)
    return redirect(url_for("notices.preferences"), 303)
