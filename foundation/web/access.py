"""Who acts, and which routes they may enter."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    """What a person may be for an organisation."""

    ENTERPRISE = "enterprise"
    WINDOW = "window"
    DEPARTMENT = "department"
    FINANCE = "finance"
    SUPERVISOR = "supervisor"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    # somebody with an account that is not bound to an enterprise yet: sees what the public sees
    REGISTRANT = "registrant"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting for an organisation in one role.

    *person_name* is how the person signs there; a deputy for 赵建国, whose id is *stands_in_for*, signs
    周丽（代赵建国）.
    """

    person_id: int
    person_name: str
    organisation_id: int
    organisation_code: str
    organisation_name: str
    role: Role
    stands_in_for: int | None = None
    may_switch: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may enter a route: everyone, whoever is signed in, or the named roles.

    A *bearer* route looks at the token of the request alone, never at the session of a browser.
    """

    public: bool = False
    roles: frozenset[Role] = frozenset()
    bearer: bool = False

    def admits(self, actor: Actor | None) -> bool:
        """Whether *actor* may enter."""
        return self.public or (actor is not None and actor.role in self.roles)


PUBLIC = Rule(public=True)
SIGNED_IN = Rule(roles=frozenset(Role))
# they keep the house and its record; what a case says is none of their business
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
STAFF = Rule(roles=frozenset(Role) - {Role.ENTERPRISE, Role.REGISTRANT})
TOKEN = Rule(roles=frozenset({Role.ENTERPRISE}), bearer=True)


def access(*who: Role | Rule) -> Callable[[View], View]:
    """Declare who may enter a route: one rule, or some roles. Every route carries exactly one declaration."""
    rules = [entry for entry in who if isinstance(entry, Rule)]
    rule = rules[0] if rules else Rule(roles=frozenset(entry for entry in who if isinstance(entry, Role)))

    def declare(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]  # functions carry attributes
        return view

    return declare


def rule_of(view: Callable[..., Any]) -> Rule:
    """The rule that `access` declared on a view; a view without one admits nobody."""
    rule: Rule = getattr(view, "access_rule", Rule())
    return rule
