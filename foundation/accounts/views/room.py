"""Everything that this room shows, gathered for the application."""

from foundation.accounts.blueprint import ADMINISTRATION, NAVIGATION, blueprint
from foundation.accounts.views import (
    account,
    administration,
    organisations,
    people,
    security,
    sign_in,
    steps,
)

__all__ = [
    "ADMINISTRATION",
    "NAVIGATION",
    "account",
    "administration",
    "blueprint",
    "organisations",
    "people",
    "security",
    "sign_in",
    "steps",
]
