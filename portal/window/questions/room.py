"""The room as portal.app gathers it: importing the pages puts them on the blueprint."""

from portal.window.questions import faq_views
from portal.window.questions.views import FOOTER, NAVIGATION, blueprint

__all__ = ["FOOTER", "NAVIGATION", "blueprint", "faq_views"]
