"""What the system knows already, with its source and date, so that nobody types it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.conditions import explain
from catalog.conditions.parse import parse
from catalog.conditions.register import label
from catalog.conditions.tree import leaves
from catalog.queries import ItemView
from foundation.enterprises.queries import EnterpriseView, Profile
from foundation.money import yuan
from foundation.web.filters import full_day
from portal.window.models import Case

SOURCES = {"register": "登记数据", "import": "已有数据", "declared": "企业填报", "derived": "按标准推算"}


@dataclass(frozen=True, slots=True)
class Known:
    """One prefilled fact: its name in Chinese, the value in words, where it comes from."""

    field: str
    label: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of the draft."""

    name: str
    detail: str
    key: str


def values(draft: Case | None, enterprise: EnterpriseView, last: Case | None = None) -> Mapping[str, Any]:
    """The form's own fields: of the draft; for a new one what the firm wrote the last time."""
    told = draft or last
    if told is None:
        return {"account_name": enterprise.name}
    personal = told.personal
    known = {
        "contact_name": personal.contact_name,
        "contact_phone": personal.contact_phone,
        "account_name": personal.account_name,
        "account_bank": personal.account_bank,
        "account_number": personal.account_number,
    }
    if draft is None:
        return known | {"account_name": enterprise.name}
    return known | {
        "applied_fen": yuan(draft.applied_fen) if draft.applied_fen is not None else "",
        "statement": draft.form.get("statement", ""),
    }


def files(draft: Case | None) -> list[Attached]:
    """What is attached to the draft."""
    kept = [file for file in draft.files if file.removed_at is None] if draft else []
    return [Attached(file.name, f"{file.material}，{_size(file.size)}", file.key) for file in kept]


def _size(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(size // 1024, 1)} KB"


def facts(item: ItemView, profile: Profile) -> list[Known]:
    """What the item's conditions ask for and the system knows, each with its source and date."""
    fields = dict.fromkeys(leaf.field for leaf in leaves(parse(item.conditions))) if item.conditions else {}
    return [
        Known(
            field,
            label(field),
            explain.fact(field, profile.facts[field].value),
            f"{SOURCES[profile.facts[field].source]}，{full_day(profile.facts[field].as_of)}",
        )
        for field in fields
        if field in profile.facts and not isinstance(profile.facts[field].value, list)
    ]


def frozen(item: ItemView, profile: Profile) -> dict[str, Any]:
    """The same facts as they stood when the form was handed in, kept with the case."""
    return {
        known.field: {"label": known.label, "value": known.value, "source": known.source}
        for known in facts(item, profile)
    }
