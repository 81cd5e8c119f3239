"""The enterprise's people as portal.app gathers them: importing the pages puts them on the blueprint."""

from portal.firms.blueprint import NAVIGATION, blueprint
from portal.firms.views import desk, people

__all__ = ["NAVIGATION", "blueprint", "desk", "people"]
