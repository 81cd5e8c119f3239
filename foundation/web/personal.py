"""Personal values as they stand on a page of somebody who does not need the whole of them. Pure."""

from enum import StrEnum


class Kind(StrEnum):
    """What kind of personal value it is."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    ACCOUNT = "account"
    IDENTITY = "identity"


_MOBILE = 11


def masked(value: str | None, kind: str) -> str:
    """王**, 139****0417, w***@example.com, 尾号 3321, 510***********0017; nothing where there is nothing."""
    if not value:
        return ""
    match Kind(kind):
        case Kind.NAME:
            return value[0] + "*" * min(max(len(value) - 1, 1), 2)
        case Kind.PHONE:
            digits = "".join(sign for sign in value if sign.isdigit())
            return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= _MOBILE else f"****{digits[-2:]}"
        case Kind.EMAIL:
            name, _, domain = value.partition("@")
            return f"{name[:1]}***@{domain}"
        case Kind.ACCOUNT:
            return f"尾号 {value[-4:]}"
        case Kind.IDENTITY:
            return f"{value[:3]}{'*' * max(len(value) - 7, 4)}{value[-4:]}"
