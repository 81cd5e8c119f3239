"""The window as portal.app gathers it: importing the pages puts them on the blueprint."""

from portal.window.blueprint import NAVIGATION, blueprint
from portal.window.views import apply, case, department, desk, lists, outcome

__all__ = ["NAVIGATION", "apply", "blueprint", "case", "department", "desk", "lists", "outcome"]
