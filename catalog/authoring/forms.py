"""What the editors of conditions, test cases and application forms send."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from catalog.authoring.leaves import KIND_LABELS
from catalog.conditions.fields import Kind
from catalog.conditions.tree import Op
from catalog.item_form import FieldKind
from foundation.web.forms import Form, Line, OptionalLine, OptionalText

Path = Annotated[str, StringConstraints(pattern=r"^(\d{1,3}(\.\d{1,3}){0,30})?$")]
Lines = Annotated[str, StringConstraints(max_length=4000)]
Places = Mapping[str, str]


class LeafForm(Form):
    """One condition: which fact, how compared, with what; a fact never met is declared with it."""

    path: Path = ""
    group: Literal["", "all", "any", "not"] = ""
    field: Line
    op: Op
    value: Annotated[str, StringConstraints(max_length=1000)] = ""
    kind: Kind | None = None
    unit: OptionalLine = ""
    source: OptionalLine = ""

    @property
    def declares(self) -> bool:
        """Whether it says what a new fact is."""
        return self.kind in KIND_LABELS and bool(self.source or self.unit)


class StepForm(Form):
    """One step on a line of the editor."""

    path: Path
    do: Literal["remove", "up", "down", "all", "any", "not"]


class CaseForm(Form):
    """A test case: its name and what it has to come to; the facts come by their own names."""

    name: Line
    expect: Literal["eligible", "not_eligible", "unknown"]
    at: Annotated[int, Field(ge=0)] | None = None


class RemoveCaseForm(Form):
    """Which case goes."""

    at: Annotated[int, Field(ge=0)]


class FieldForm(Form):
    """One field of the application form; the columns of a table of details stand one a line."""

    key: Annotated[str, StringConstraints(pattern=r"^\w{0,20}$")] = ""
    label: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    kind: FieldKind
    unit: Annotated[str, StringConstraints(max_length=20)] = ""
    choices: OptionalText = ""
    columns: OptionalText = ""
    required: Literal["", "yes"] = ""


class FieldStepForm(Form):
    """One step on a field of the form."""

    key: Annotated[str, StringConstraints(pattern=r"^\w{1,20}$")]
    do: Literal["remove", "up", "down"]


class RestForm(Form):
    """What the form reckons, and what the firm promises."""

    of: Annotated[str, StringConstraints(max_length=20)] = ""
    percent: Annotated[float, Field(ge=0, le=100)] = 100
    cap_yuan: Annotated[float, Field(ge=0, le=1_000_000_000)] | None = None
    declarations: Lines = ""

    def changes(self) -> dict[str, Any]:
        """As the form of an item has it."""
        said = [line.strip() for line in self.declarations.splitlines() if line.strip()]
        amount: dict[str, Any] | None = None
        if self.of:
            amount = {"of": self.of, "percent": self.percent, "cap_yuan": self.cap_yuan}
        return {"amount": amount, "declarations": said}
