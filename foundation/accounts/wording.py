"""Roles and kinds of bodies in words. Pure."""

from collections.abc import Mapping

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
