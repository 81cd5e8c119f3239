"""What a body is in the scheme. Pure."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """What a body is in the scheme."""

    GOVERNMENT = "government"
    DEPARTMENT = "department"
    WINDOW = "window"
    FINANCE = "finance"
    SUPERVISOR = "supervisor"
    ENTERPRISE = "enterprise"
