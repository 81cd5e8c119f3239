"""Ways up to rooms that the catalogue cannot import: a link where the room is there, else nothing."""

from typing import Any

from flask import current_app, url_for

APPLY = "window.apply"
COUNTER = "window.counter"
AGAINST_ME = "matching.item"
MY_POLICIES = "matching.mine"
MY_CASES = "window.mine"
SOUGHT = "sought.report"
SETTLED = "sought.settled"
VERDICTS = "matching.verdicts"
TIMINGS = "reports.timings"
MODES = "survey.modes"
FAQ = "questions.item_faq"
ENTITLED = "impact.entitled"
IMPACT = "impact.impact"
DRAFTS = "drafting.drafts"
AMEND = "drafting.amend"
WITHDRAW = "drafting.withdraw"
SIGN_IN = "accounts.sign_in"


def link(endpoint: str, **values: Any) -> str | None:
    """The address of *endpoint*, or None in an application without it."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
