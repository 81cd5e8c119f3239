"""查政策: the home page, lists and results, and the guide of each item."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import segno
from flask import Blueprint, request, url_for
from sqlalchemy.orm import Session

from catalog import item_form, links, pages, queries
from catalog.facets import LEGENDS, Choice
from catalog.kept_pages import COUNTED
from catalog.search import find, text
from catalog.search.marks import marked
from catalog.sought import counting
from foundation import clock
from foundation.accounts import queries as accounts
from foundation.web.access import PUBLIC, Actor, Role, access
from foundation.web.act import page, reads
from foundation.web.htmx import is_fragment
from foundation.web.navigation import Entry
from foundation.web.site import site

blueprint = Blueprint("catalog", __name__, template_folder="templates")
NAVIGATION = (Entry("查政策", "catalog.home", rank=10),)
FILTERS = tuple(LEGENDS)
# who sees what was sought in vain, and can mend it
KEEPERS = frozenset({Role.WINDOW, Role.DEPARTMENT, Role.SUPERVISOR})
MOST_FOUND = 500
MOST_CHOICES = 30


@blueprint.get("/")
@access(PUBLIC)
@reads
def home(db: Session, actor: Actor | None) -> str:
    """What one can look for, by need and by mode, and how long things take."""
    counts = queries.home(db)
    return page(
        "catalog/home.html",
        counts=counts,
        first_run=not counts.total and not accounts.has_people(db),
        modes=pages.MODES,
        limits=pages.PROMISES,
        examples=pages.EXAMPLES,
        firm=_firm(actor),
        my_policies=_my_policies(actor),
        my_cases=links.link(links.MY_CASES),
        timings=links.link(links.TIMINGS),
        compare=links.link(links.MODES),
    )


@blueprint.get("/items")
@access(PUBLIC)
@reads
def items(db: Session, actor: Actor | None) -> str:
    """The catalogue under filters, or what a search found in it."""
    query = _typed(request.args.get("q", ""))
    filters = {name: request.args.getlist(name)[:MOST_CHOICES] for name in FILTERS}
    found = find.search(db, query, MOST_FOUND) if query else None
    codes = [hit.item.code for hit in found.hits] if found else None
    is_typing = is_fragment()
    if query and codes is not None and not is_typing:
        _told(counting.counts_of(db).seek(query, len(codes)))
    today = clock.now().date()
    listing = queries.listing(db, filters, _page_number(), today=today, found=codes)
    words = tuple(found.words()) if found else ()
    chosen = [(choice, _without(name, choice)) for name, choice in _chosen(listing)]
    return page(
        "catalog/items.html",
        query=query,
        is_typing=is_typing,
        settled=links.link(links.SETTLED, q=query) if query else None,
        found=found,
        listing=listing,
        rows=[(pages.row(item, today), marked(item.title, words)) for item in listing.items],
        chosen=chosen,
        filtered=any(filters.values()),
        next_page=_address([*_arguments(), ("page", "")]),
        firm=_firm(actor),
        my_policies=_my_policies(actor),
        verdicts=_verdicts(actor, listing),
        improve=links.link(links.SOUGHT) if actor and actor.role in KEEPERS else None,
    )


@blueprint.get("/items/<code>")
@access(PUBLIC)
@reads
def item(db: Session, actor: Actor | None, code: str) -> str:
    """The guide of one item."""
    view = queries.item(db, code)
    _told(counting.counts_of(db).open(view.code))
    return _guide(actor, view, clock.now().date())


@blueprint.get("/items/<code>/history")
@access(PUBLIC)
@reads
def versions(db: Session, actor: Actor | None, code: str) -> str:
    """Every version of an item, with what changed in words."""
    title, found = queries.versions(db, code)
    return page("catalog/versions.html", code=code, title=title, versions=found)


def _guide(actor: Actor | None, view: queries.ItemView, today: date) -> str:
    address = (site().settings.public_url or request.url_root.rstrip("/")) + url_for(
        "catalog.item", code=view.code
    )
    words = pages.shown(view, today)
    is_firm = actor is not None and actor.role is Role.ENTERPRISE
    amend = links.link(links.AMEND, code=view.code) if actor and queries.is_owner(view, actor) else None
    counter = links.link(links.COUNTER, item=view.code) if actor and actor.role is Role.WINDOW else None
    against_me = links.link(links.AGAINST_ME, item_code=view.code)
    return page(
        "catalog/item.html",
        item=view,
        facts=pages.facts(view, words),
        sources=pages.sources(view, words),
        guide=view.guide,
        form=item_form.of(view.source),
        shown=words,
        apply=links.link(links.APPLY, item_code=view.code)
        if view.can_apply(today) and (actor is None or is_firm)
        else None,
        counter=counter if view.can_apply(today) else None,
        against_me=against_me if actor is None or is_firm else None,
        is_firm=is_firm,
        amend=amend,
        withdraw=links.link(links.WITHDRAW, code=view.code) if amend and not view.withdrawn_at else None,
        faq=None if view.foreign else links.link(links.FAQ, code=view.code),
        qr=_qr(address),
    )


def _told(again: counting.Again) -> None:
    """Let the page count again each time that it is handed out as kept."""
    request.environ[COUNTED] = again


def _my_policies(actor: Actor | None) -> str | None:
    """Where a firm sees what it may have; officials have no such page."""
    return links.link(links.MY_POLICIES) if actor is None or _firm(actor) else None


def _verdicts(actor: Actor | None, listing: queries.Listing) -> str | None:
    """Where the verdicts on what is listed are fetched, for a firm that is signed in."""
    if _firm(actor) is None or not listing.items:
        return None
    return links.link(links.VERDICTS, item=[item.code for item in listing.items])


def _firm(actor: Actor | None) -> str | None:
    return actor.organisation_name if actor and actor.role is Role.ENTERPRISE else None


def _typed(query: str) -> str:
    """What can be shown again of what was typed."""
    shown = "".join(letter if letter.isprintable() else " " for letter in query)
    return " ".join(shown.split())[: text.LONGEST_QUERY]


def _page_number() -> int:
    number = request.args.get("page", "1")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1


def _arguments() -> list[tuple[str, str]]:
    """What was asked for, without the page and without what nobody asks."""
    names = ("q", *FILTERS)
    return [(name, value) for name, value in request.args.items(multi=True) if name in names and value]


def _address(arguments: Sequence[tuple[str, str]]) -> str:
    values: dict[str, Any] = {}
    for name, value in arguments:
        values.setdefault(name, []).append(value)
    return url_for("catalog.items", **values)


def _chosen(listing: queries.Listing) -> list[tuple[str, Choice]]:
    return [(facet.name, choice) for facet in listing.facets for choice in facet.choices if choice.chosen]


def _without(name: str, choice: Choice) -> str:
    return _address([pair for pair in _arguments() if pair != (name, choice.value)])


@lru_cache(maxsize=512)
def _qr(address: str) -> tuple[int, str]:
    """The QR code of an address as the side of its square and the path of its dark cells."""
    code = segno.make(address if urlsplit(address).scheme else "/", error="m", micro=False)
    rows = list(code.matrix_iter(border=3))
    cells = "".join(
        f"M{column} {line}h1v1h-1z"
        for line, row in enumerate(rows)
        for column, dark in enumerate(row)
        if dark
    )
    return len(rows), cells
