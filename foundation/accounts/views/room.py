"""Everything that this room shows, gathered for the application."""

from foundation.accounts.blueprint import blueprint
from foundation.accounts.views import account, sign_in, steps
from foundation.accounts.views.browser import load_actor

PAGES = (sign_in, steps, account)
NAVIGATION = ()

__all__ = ["NAVIGATION", "PAGES", "blueprint", "load_actor"]
