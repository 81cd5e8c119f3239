"""One submitted form, parsed and checked; what is wrong is said in Chinese, field by field."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from foundation.clock import BEIJING
from foundation.errors import Invalid, Problem
from foundation.money import parse_yuan

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

F = TypeVar("F", bound="Form")


class Form(BaseModel):
    """The base of every form: unknown fields are ignored, so nothing can be assigned that is not declared."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)


def _fen(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return parse_yuan(value)
    except ValueError:
        raise ValueError("请填数字，单位是元，例如 62000") from None


def _printable(value: str) -> str:
    if any(ord(letter) < 32 and letter not in "\n\r\t" for letter in value):
        raise ValueError("含有不能显示的字符，请删去后再提交")
    return value


# no character that pages cannot show and databases do not take
Printable = AfterValidator(_printable)


def _in_beijing(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)


# what a datetime-local field sends is Beijing's time
Moment = Annotated[datetime, AfterValidator(_in_beijing)]
# text fields: required or not, by length
Line = Annotated[str, StringConstraints(min_length=1, max_length=200), Printable]
OptionalLine = Annotated[str, StringConstraints(max_length=200), Printable]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000), Printable]
OptionalText = Annotated[str, StringConstraints(max_length=4000), Printable]
YuanAsFen = Annotated[int, BeforeValidator(_fen)]
# which row is meant; no database takes larger ones
LARGEST_KEY = 2**31 - 1
Key = Annotated[int, Field(ge=1, le=LARGEST_KEY)]
Phone = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9+\- ]{5,20}$"),
    Field(description="请填电话号码，例如 0839-3263893"),
]

_SAYS = {
    "missing": "还没有填写",
    "string_too_short": "还没有填写",
    "string_too_long": "太长了，最多 {max_length} 个字",
    "string_pattern_mismatch": "格式不对，请核对",
    "int_parsing": "请填整数",
    "int_type": "请填整数",
    "bool_parsing": "请选择是或否",
    "date_from_datetime_parsing": "请填日期，例如 2026-06-01",
    "date_parsing": "请填日期，例如 2026-06-01",
    "datetime_from_date_parsing": "请填日期和时间，例如 2026-06-01T10:30",
    "datetime_parsing": "请填日期和时间，例如 2026-06-01T10:30",
    "enum": "请从给出的选项中选择",
    "literal_error": "请从给出的选项中选择",
    "greater_than": "要大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "too_short": "请至少选择一项",
}


def parse(form: type[F], values: "Mapping[str, Any] | MultiDict[str, str]") -> F:
    """*values* as a *form*; Invalid holds every problem, each with the form's own field name and its remedy.

    A field declared as a list takes all values of its name; an empty optional field counts as not given.
    """
    given: dict[str, Any] = {}
    for name, field in form.model_fields.items():
        is_list = str(field.annotation).startswith(("list", "tuple"))
        if is_list and hasattr(values, "getlist"):
            given[name] = values.getlist(name)
        elif name in values and not (values[name] == "" and not field.is_required()):
            given[name] = values[name]
    try:
        return form.model_validate(given)
    except ValidationError as error:
        raise Invalid(_problem(form, line) for line in error.errors()) from None


def _problem(form: type[Form], line: Any) -> Problem:
    """In words; a field whose form is prescribed says in its description what it should look like."""
    kind = line["type"]
    declared = form.model_fields.get(str(line["loc"][0])) if line["loc"] else None
    if kind == "string_pattern_mismatch" and declared is not None and declared.description:
        return Problem(str(line["loc"][0]), declared.description)
    if kind == "value_error":
        said = str(line["ctx"]["error"])
    else:
        said = _SAYS.get(kind, "填写有误，请核对").format(**line.get("ctx", {}))
    return Problem(".".join(str(part) for part in line["loc"]) or "form", said)
