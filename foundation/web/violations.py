"""What browsers report against the content security policy: a line of the log each; nothing else is kept."""

import json
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from foundation import log
from foundation.web.access import PUBLIC, access
from foundation.web.headers import REPORTS
from foundation.web.limits import VIOLATIONS, limited

LARGEST, LONGEST = 16 * 1024, 120
blueprint = Blueprint("violations", __name__)
logger = log.get(__name__)


@blueprint.post(REPORTS)
@access(PUBLIC)
@limited(VIOLATIONS)
def report() -> ResponseReturnValue:
    """Something on a page of ours was blocked; whatever else is sent here is let pass without a word."""
    match _told():
        case {
            "csp-report": {
                "effective-directive": str(directive),
                "blocked-uri": str(blocked),
                "document-uri": str(page),
            }
        }:
            logger.warning(
                "policy violation", directive=directive[:LONGEST], blocked=_host(blocked), page=_path(page)
            )
    return "", 204


def _told() -> Any:
    body = request.stream.read(LARGEST + 1)
    if len(body) > LARGEST:
        abort(413)
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _host(address: str) -> str:
    """The host, or the word that stands for what has none: inline, eval, data."""
    return address.partition("://")[2].partition("/")[0][:LONGEST] or address.partition(":")[0][:LONGEST]


def _path(address: str) -> str:
    try:
        return urlsplit(address).path[:LONGEST]
    except ValueError:
        return ""
