"""The roles as the demonstration calls them."""

from collections.abc import Mapping
from types import MappingProxyType

from foundation.web.access import Role

ROLE_NAMES: Mapping[Role, str] = MappingProxyType(
    {
        Role.ENTERPRISE: "企业经办",
        Role.WINDOW: "兑现专窗",
        Role.DEPARTMENT: "主管部门",
        Role.FINANCE: "财政",
        Role.SUPERVISOR: "监督",
        Role.SYSTEM_ADMIN: "系统管理员",
        Role.SECURITY_ADMIN: "安全管理员",
        Role.AUDIT_ADMIN: "审计管理员",
        Role.REGISTRANT: "新注册",
    }
)
