"""What a body is in the scheme, who may be what for it, and which offices exclude each other. Pure."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from foundation.web.access import Role


class OrganisationKind(StrEnum):
    """What a body is in the scheme."""

    GOVERNMENT = "government"
    DEPARTMENT = "department"
    WINDOW = "window"
    FINANCE = "finance"
    SUPERVISOR = "supervisor"
    ENTERPRISE = "enterprise"


# 三员: nobody holds two of them (GB/T 22239 三级, 管理用户权限分离)
OFFICES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
ROLE_OF: Mapping[OrganisationKind, Role | None] = {
    OrganisationKind.GOVERNMENT: Role.SUPERVISOR,
    OrganisationKind.DEPARTMENT: Role.DEPARTMENT,
    OrganisationKind.WINDOW: Role.WINDOW,
    OrganisationKind.FINANCE: Role.FINANCE,
    OrganisationKind.SUPERVISOR: Role.SUPERVISOR,
    OrganisationKind.ENTERPRISE: Role.ENTERPRISE,
}


def may_be(kind: OrganisationKind, role: Role) -> bool:
    """Whether a body of *kind* has people in *role*: its own work, and the offices in every public body."""
    return role is ROLE_OF[kind] or (role in OFFICES and kind is not OrganisationKind.ENTERPRISE)


def clashing(held: Iterable[Role], wanted: Role) -> Role | None:
    """The office already held that excludes *wanted*; the same office again excludes nothing."""
    if wanted not in OFFICES:
        return None
    return next((role for role in sorted(held) if role in OFFICES and role is not wanted), None)
