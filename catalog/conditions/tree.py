"""The condition tree: what a policy asks of an applicant, as frozen values. See docs/adr/0004."""

from dataclasses import dataclass
from enum import StrEnum

Scalar = str | bool | int | float


class Op(StrEnum):
    EQ = "eq"
    IN = "in"
    GE = "ge"
    GT = "gt"
    LE = "le"
    LT = "lt"
    WITHIN = "within"
    WITHIN_ANY = "within_any"
    HAS = "has"


@dataclass(frozen=True, slots=True)
class Compare:
    """One fact against one value: eq, ge, gt, le, lt."""

    field: str
    op: Op
    value: Scalar


@dataclass(frozen=True, slots=True)
class OneOf:
    """One fact among several values."""

    field: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """A place inside one of these regions."""

    field: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """What one entry of a list must show under *key*: one of *among*, or a day from *start* to *end*."""

    key: str
    among: tuple[Scalar, ...] = ()
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Has:
    """A list with some entry that passes every check; the first check names the kind of entry."""

    field: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"


@dataclass(frozen=True, slots=True)
class Unstated:
    """The source does not say what is asked: nobody can tell who meets it."""


Leaf = Compare | OneOf | Within | Has
Node = AllOf | AnyOf | Not | Leaf | Unstated


def leaves(node: Node) -> tuple[Leaf, ...]:
    """Every leaf below *node*, in reading order."""
    if isinstance(node, AllOf | AnyOf):
        return tuple(leaf for part in node.parts for leaf in leaves(part))
    if isinstance(node, Not):
        return leaves(node.part)
    return () if isinstance(node, Unstated) else (node,)
