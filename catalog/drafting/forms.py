"""What the pages of drafts send."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from catalog.drafting import lines
from catalog.drafting.queries import DraftView
from catalog.drafting.rules import FairRecord
from catalog.intake import values
from catalog.rules import OUTCOME_LABELS, SCOPE_LABELS, FairCompetition
from foundation.web.forms import Form, Line, OptionalLine, OptionalText, Text

LongText = Annotated[str, StringConstraints(max_length=100_000)]
MODE_NAMES = ("免申即享", "即申即享", "综合评审")
Days = Annotated[int, Field(ge=1, le=3650)] | None
_DAYS = ("review_workdays", "publicity_workdays", "supplement_workdays")
_GUIDE = ("place", "hours", "phone", "supervision_phone", "interpretation")


class PasteForm(Form):
    """A guide that was pasted instead of a file."""

    pasted: LongText = ""


class DraftForm(Form):
    """The fields of a draft that are edited one by one; what else it holds stays."""

    title: Line
    type: Literal["", "免申即享", "即申即享", "综合评审"] = ""
    region_code: Annotated[str, StringConstraints(pattern=r"^(\d{6})?$")] = ""
    conditions_plain: OptionalText = ""
    benefit_text: OptionalText = ""
    materials: OptionalText = ""
    legal_basis: OptionalLine = ""
    time_limit: OptionalLine = ""
    window_start: date | None = None
    window_end: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    place: OptionalLine = ""
    hours: OptionalLine = ""
    phone: OptionalLine = ""
    supervision_phone: OptionalLine = ""
    interpretation: OptionalText = ""
    scope: Literal["", "市内", "市县联办", "上级"] = ""
    outcome: Literal["", "奖补", "减免", "权益", "资质"] = ""
    level: OptionalLine = ""
    applicants: OptionalLine = ""
    exclusivity: OptionalText = ""
    flow: OptionalText = ""
    shares: OptionalText = ""
    review_workdays: Days = None
    publicity_workdays: Days = None
    supplement_workdays: Days = None
    issued_on: date | None = None
    effective_from: date | None = None

    def changes(self, before: dict[str, Any]) -> dict[str, Any]:
        """The same as a row of the catalogue's form, over what it was *before*."""
        guide = {**(before.get("guide") or {}), **{name: getattr(self, name) for name in (*_GUIDE, *_DAYS)}}
        if self.flow != lines.flow_said(guide.get("flow") or ()):
            guide["flow"] = lines.flow(self.flow)
        if self.time_limit != (before.get("time_limit") or ""):
            guide = {**guide, "total_days": None, "total_workdays": None, **values.limit(self.time_limit)}
        changed: dict[str, Any] = {
            "title": self.title,
            "type": self.type or None,
            "region_code": self.region_code or None,
            "conditions_plain": self.conditions_plain or None,
            "scope": self.scope or None,
            "outcome": self.outcome or None,
            "level": self.level or None,
            "exclusivity": self.exclusivity or None,
            "legal_basis": self.legal_basis or None,
            "time_limit": self.time_limit or None,
            "window": _span("start", "end", self.window_start, self.window_end),
            "validity": _span("from", "to", self.valid_from, self.valid_to),
            "guide": {name: value for name, value in guide.items() if value},
        }
        if self.benefit_text != ((before.get("benefit") or {}).get("text") or ""):
            changed["benefit"] = values.benefit(self.benefit_text) if self.benefit_text else None
        return changed | self._lists(before)

    def _lists(self, before: dict[str, Any]) -> dict[str, Any]:
        """The lists whose lines were changed; the others stay to the letter."""
        changed: dict[str, Any] = {}
        if self.materials != lines.materials_said(before.get("materials") or ()):
            changed["materials"] = lines.materials(self.materials, before.get("materials") or ())
        if self.shares != lines.shares_said(before.get("sources") or ()):
            changed["sources"] = lines.shares(self.shares) or None
        if self.applicants != "、".join(before.get("applicant_kinds") or ()):
            changed["applicant_kinds"] = values.applicants(self.applicants) if self.applicants else None
        return changed


class SendBackForm(Form):
    """Why a draft goes back."""

    reason: Text


class PassForm(Form):
    """What is on record of the fair-competition review."""

    fair: FairCompetition
    reviewed_on: date | None = None
    reviewer: OptionalLine = ""
    conclusion: OptionalLine = ""
    fair_until: date | None = None

    def record(self) -> FairRecord:
        """The same as the rules read it."""
        return FairRecord(self.fair, self.reviewed_on, self.reviewer, self.conclusion, self.fair_until)


def values_of(draft: DraftView) -> dict[str, str]:
    """What the form of a draft shows."""
    source = draft.source
    guide = source.get("guide") or {}
    window, validity = source.get("window") or {}, source.get("validity") or {}
    shown = {name: guide.get(name) for name in (*_GUIDE, *_DAYS)} | {
        "scope": _label(SCOPE_LABELS, source.get("scope")),
        "outcome": _label(OUTCOME_LABELS, source.get("outcome")),
        "level": source.get("level"),
        "applicants": "、".join(source.get("applicant_kinds") or ()),
        "exclusivity": source.get("exclusivity"),
        "flow": lines.flow_said(guide.get("flow") or ()),
        "shares": lines.shares_said(source.get("sources") or ()),
        "title": source["title"],
        "type": source.get("type") if source.get("type") in MODE_NAMES else "",
        "region_code": source.get("region_code"),
        "conditions_plain": source.get("conditions_plain"),
        "benefit_text": (source.get("benefit") or {}).get("text"),
        "materials": lines.materials_said(source.get("materials") or ()),
        "legal_basis": source.get("legal_basis"),
        "time_limit": source.get("time_limit"),
        "window_start": window.get("start"),
        "window_end": window.get("end"),
        "valid_from": validity.get("from"),
        "valid_to": validity.get("to"),
        "issued_on": draft.issued_on,
        "effective_from": draft.effective_from,
    }
    return {name: str(value or "") for name, value in shown.items()}


def _label(labels: Mapping[Any, str], given: Any) -> Any:
    """A choice in words, whether the file gave its code or its words."""
    return labels.get(given, given)


def _span(first: str, last: str, start: date | None, end: date | None) -> dict[str, str | None] | None:
    if start is None and end is None:
        return None
    return {first: start.isoformat() if start else None, last: end.isoformat() if end else None}
