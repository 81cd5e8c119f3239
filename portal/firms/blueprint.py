"""The blueprint of an enterprise's people and its entries in the navigation."""

from flask import Blueprint

from foundation.web.access import Role
from foundation.web.navigation import Entry

blueprint = Blueprint("firms", __name__, template_folder="templates")
ASKING = (Role.REGISTRANT, Role.ENTERPRISE)
NAVIGATION = (
    Entry("本周要办", "firms.desk", frozenset({Role.ENTERPRISE}), rank=28),
    Entry("人员和授权", "firms.people", frozenset({Role.ENTERPRISE}), rank=60),
)
