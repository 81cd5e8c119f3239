"""The room's blueprint; every module of views adds its pages."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__, template_folder="templates")
