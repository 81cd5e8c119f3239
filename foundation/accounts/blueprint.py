"""The room's blueprint, its entries in the navigation and on the page of administration."""

from flask import Blueprint

from foundation.accounts.rules import OFFICES
from foundation.web.access import Role
from foundation.web.navigation import Entry

blueprint = Blueprint("accounts", __name__, template_folder="templates")
NAVIGATION = (Entry("管理", "accounts.administration", OFFICES, rank=10),)
WATCHERS = frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
SYSTEM = frozenset({Role.SYSTEM_ADMIN})
ADMINISTRATION = (
    Entry("人员", "accounts.people", OFFICES, 10, "账号、岗位和起止日期、代理、解锁"),
    Entry(
        "单位", "accounts.organisations", OFFICES, 20, "名录、上下级、办公时间、不办公的日子、复议机关和法院"
    ),
    Entry("登录记录", "accounts.sign_ins", WATCHERS, 30, "谁登录了，谁输错了密码"),
    Entry("没送达的后台事项", "accounts.effects", SYSTEM, 60, "试了十次仍没办成的，排除原因后重试"),
    Entry("办理记录", "accounts.record", frozenset({Role.AUDIT_ADMIN}), 70, "审计链是否完整，管理员做了什么"),
)
