"""Roles and kinds of bodies in words. Pure."""

from collections.abc import Mapping
from typing import Any

from foundation.accounts.rules import OrganisationKind
from foundation.web.access import Role

ROLE_NAMES: Mapping[Role, str] = {
    Role.ENTERPRISE: "企业经办人",
    Role.WINDOW: "专窗工作人员",
    Role.DEPARTMENT: "部门工作人员",
    Role.FINANCE: "财政工作人员",
    Role.SUPERVISOR: "监督人员",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全管理员",
    Role.AUDIT_ADMIN: "审计管理员",
    Role.REGISTRANT: "还没有绑定企业",
}
KIND_NAMES: Mapping[OrganisationKind, str] = {
    OrganisationKind.GOVERNMENT: "政府",
    OrganisationKind.DEPARTMENT: "主管部门",
    OrganisationKind.WINDOW: "兑现专窗",
    OrganisationKind.FINANCE: "财政部门",
    OrganisationKind.SUPERVISOR: "监督单位",
    OrganisationKind.ENTERPRISE: "企业",
    OrganisationKind.UNBOUND: "未绑定的账号",
}


def signature(name: str, in_place_of: str | None) -> str:
    """How a person signs; a deputy with 代."""
    return f"{name}（代{in_place_of}）" if in_place_of else name


def hours_text(kept: Any) -> str:
    """Opening hours as they are typed; nothing where the usual ones apply."""
    sessions = kept.get("sessions", ()) if isinstance(kept, Mapping) else kept or ()
    return "、".join(session if isinstance(session, str) else "-".join(session) for session in sessions)


def closed_text(kept: Any) -> str:
    """Closed dates, one a line."""
    return "\n".join(kept.get("closed", ())) if isinstance(kept, Mapping) else ""


# what administrators do, as the record tells it
ACT_NAMES: Mapping[str, str] = {
    "added": "添加账号",
    "changed": "更改资料",
    "granted": "授予岗位",
    "prolonged": "更改岗位的截止日期",
    "ended": "结束岗位",
    "deputised": "安排代理",
    "switched": "换单位",
    "signed_in": "登录",
    "signed_out": "退出",
    "unlocked": "解锁",
    "password_changed": "更改密码",
    "password_reset": "重置密码",
    "enrolled": "绑定手机",
    "recovery_code_used": "使用备用码",
    "second_factor_cleared": "解除手机绑定",
    "registered": "登记单位",
    "import_calendar": "导入放假安排",
}
