"""Answers for programs: below one address every refusal is a problem document (RFC 9457), never a page."""

from collections.abc import Sequence

from flask import Response, jsonify, request

from foundation.errors import Problem

ADDRESS = "/api/"
PROBLEM = "application/problem+json"


def asked() -> bool:
    """Whether a program asks."""
    return request.path.startswith(ADDRESS)


def problem(
    status: int, title: str, detail: str, reference: str, problems: Sequence[Problem] = ()
) -> Response:
    """A refusal with its reference and, for each wrong field, the field's name, what is wrong, the remedy."""
    errors = [{"field": each.field, "message": each.message, "remedy": each.remedy} for each in problems]
    response = jsonify(
        type="about:blank", title=title, status=status, detail=detail, reference=reference, errors=errors
    )
    response.status_code = status
    response.mimetype = PROBLEM
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
