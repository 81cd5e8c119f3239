"""The window as portal.app gathers it: importing the pages puts them on the blueprint."""

from portal.window.blueprint import NAVIGATION, blueprint
from portal.window.views import apply, bulk, case, department, desk, lists, outcome

__all__ = ["NAVIGATION", "apply", "blueprint", "bulk", "case", "department", "desk", "lists", "outcome"]
