"""The blueprint of the window's pages and its entries in the navigation."""

from flask import Blueprint

from foundation.web.access import Role
from foundation.web.navigation import Entry

blueprint = Blueprint("window", __name__, template_folder="templates")
DESKS = frozenset({Role.WINDOW, Role.DEPARTMENT, Role.SUPERVISOR})
NAVIGATION = (
    Entry("工作台", "window.desk", DESKS, rank=10),
    Entry("窗口收件", "window.counter", frozenset({Role.WINDOW}), rank=20),
    Entry("免申清单", "window.lists", DESKS, rank=25),
    Entry("我的办件", "window.mine", frozenset({Role.ENTERPRISE}), rank=30),
)
