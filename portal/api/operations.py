"""One operation of the API: what it is asked with and what it answers, said once, next to its view."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from importlib.metadata import version
from typing import Any

from flask import Response, current_app, request
from sqlalchemy.orm import Session

from catalog import queries as catalogue
from foundation import clock
from foundation.web.access import Actor
from foundation.web.forms import Form, parse
from portal.api.answers import Answer

RELEASE = version("huiqi-portal")
View = Callable[..., Answer]


class Nothing(Form):
    """An operation without parameters."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What the OpenAPI document says of a route."""

    summary: str
    answer: type[Answer]
    query: type[Form]
    # the answer changes with the catalogue and the day alone
    by_catalogue: bool


def operation(
    summary: str, answer: type[Answer], query: type[Form] = Nothing, *, by_catalogue: bool = False
) -> Callable[[View], Callable[..., Response]]:
    """A view `view(db, actor, asked, **path)` that returns *answer*; `asked` is the query string, checked.

    An answer *by_catalogue* carries an ETag, and is not even made for whoever has it already.
    """
    declared = Operation(summary, answer, query, by_catalogue)

    def decorate(view: View) -> Callable[..., Response]:
        @wraps(view)
        def answering(db: Session, actor: Actor | None, **path: Any) -> Response:
            asked = parse(query, request.args)
            tag = _tag(catalogue.stamp(db)) if by_catalogue else ""
            if tag and request.if_none_match.contains_weak(tag):
                return _tagged(Response(status=304), tag)
            given = view(db, actor, asked, **path)
            response = current_app.response_class(
                given.model_dump_json(by_alias=True), mimetype="application/json"
            )
            return _tagged(response, tag) if tag else response

        answering.operation = declared  # type: ignore[attr-defined]  # functions carry attributes
        return answering

    return decorate


def operation_of(view: Callable[..., Any]) -> Operation | None:
    """What `operation` declared on a view."""
    return getattr(view, "operation", None)


def _tag(stamp: str) -> str:
    parts = (stamp, clock.now().date().isoformat(), request.full_path, RELEASE)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _tagged(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.headers["Cache-Control"] = "public, no-cache"
    return response
