"""One line of an enterprises file, and which of several sources to believe. Pure."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite
from typing import Any, NoReturn, Protocol, TypeVar

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from foundation.enterprises.scale import SCALES
from foundation.errors import Problem


class Kind(StrEnum):
    """Who may apply (the guides name more than enterprises)."""

    ENTERPRISE = "企业"
    BRANCH = "分支机构"
    SOLE_TRADER = "个体工商户"
    COOPERATIVE = "合作社"
    SOCIAL = "社会组织"
    PUBLIC = "行政事业单位"
    PERSON = "自然人"


class Source(StrEnum):
    """Where a fact comes from."""

    REGISTER = "register"
    IMPORT = "import"
    DECLARED = "declared"
    DERIVED = "derived"


class Dated(Protocol):
    """What `believed` needs to know of a fact."""

    @property
    def value(self) -> Any: ...
    @property
    def source(self) -> Source: ...
    @property
    def as_of(self) -> date: ...


D = TypeVar("D", bound=Dated)

KINDS_BY_WORD = {
    "社会团体": Kind.SOCIAL, "基金会": Kind.SOCIAL, "社会服务机构": Kind.SOCIAL,
    "民办非企业单位": Kind.SOCIAL, "农民专业合作社": Kind.COOPERATIVE, "专业合作社": Kind.COOPERATIVE,
    "事业单位": Kind.PUBLIC, "机关": Kind.PUBLIC, "分公司": Kind.BRANCH, "个体户": Kind.SOLE_TRADER,
    "个人": Kind.PERSON,
    **{kind.value: kind for kind in Kind},
}  # fmt: skip
IDENTITY = ("id", "uscc", "name", "region_code", "industry_code", "established_on", "snapshot_date")
NOT_FACTS = frozenset({*IDENTITY, "uscc_override_reason", "attributes"})
NUMBERS = ("employees", "insured_employees", "revenue_wan", "assets_wan")
FLAGS = ("serious_dishonest", "is_labor_dispatch")
LISTS = ("qualifications", "stat_entries")
LONGEST_FIELD = 80
_CODE = re.compile(r"[0-9A-Z]{18}")
_REGION = re.compile(r"[1-9]\d{5}")
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Row:
    """One enterprise as a file states it."""

    number: int
    external_id: str | None
    credit_code: str
    override_reason: str | None
    name: str
    kind: Kind
    region_code: str | None
    industry_code: str | None
    established_on: str | None
    snapshot_date: date | None
    facts: dict[str, Any]


class _Reading:
    """The fields of one line, and what is wrong with them."""

    def __init__(self, number: int, raw: dict[str, Any]) -> None:
        self.number, self.raw, self.problems = number, raw, list[Problem]()
        given = raw.get("id")
        self.id = str(given) if isinstance(given, str | int) and not isinstance(given, bool) else None

    def refuse(self, field: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(field, message, remedy, self.number, self.id))

    def text(self, field: str, longest: int, *, required: bool = False) -> str | None:
        value = self.raw.get(field)
        if value is None or value == "":
            if required:
                self.refuse(field, "没有填写", f"请补上 {field}")
            return None
        if not isinstance(value, str) or not 0 < len(value.strip()) <= longest:
            self.refuse(field, f"{value!r} 不是 1 到 {longest} 个字的文字", "请改成文字")
            return None
        return value.strip()


def read_row(number: int, line: str) -> tuple[Row | None, list[Problem]]:
    """Line *number* (from 1) of a .jsonl file: the enterprise, or everything that is wrong with it."""
    try:
        raw = json.loads(line, parse_constant=_no_constant)
        kept = _can_be_kept(raw)
    except (ValueError, RecursionError):
        return None, [Problem("row", "不是一行完整的 JSON", "请检查引号、逗号和括号", number)]
    if not isinstance(raw, dict):
        return None, [Problem("row", "不是一个对象", "每行写一家企业：{…}", number)]
    if not kept:
        return None, [Problem("row", "含有不能保存的字符", "请删去控制字符和不完整的字符", number)]
    reading = _Reading(number, raw)
    row = _row(reading)
    return (None if reading.problems else row), reading.problems


def _row(reading: _Reading) -> Row:
    raw = reading.raw
    if reading.id is None and raw.get("id") is not None:
        reading.refuse("id", f"{raw['id']!r} 不是编号", "请填文字或整数")
    elif reading.id is not None and not 0 < len(reading.id) <= LONGEST_FIELD:
        reading.refuse("id", f"编号要有 1 到 {LONGEST_FIELD} 个字", "请改正编号")
    snapshot = _day(reading, "snapshot_date")
    if snapshot is not None and len(snapshot) != len("2025-06-30"):
        reading.refuse("snapshot_date", f"{snapshot} 不是一天", "请填日期，例如 2025-06-30")
        snapshot = None
    return Row(
        number=reading.number,
        external_id=reading.id,
        credit_code=_credit_code(reading),
        override_reason=reading.text("uscc_override_reason", 200),
        name=reading.text("name", 200, required=True) or "",
        kind=kind_of(raw.get("org_type")),
        region_code=_region(reading),
        industry_code=reading.text("industry_code", 10),
        established_on=_day(reading, "established_on"),
        snapshot_date=date.fromisoformat(snapshot) if snapshot else None,
        facts=_facts(reading),
    )


def kind_of(word: object) -> Kind:
    """The applicant kind behind the word of a file; whatever is not named is an enterprise."""
    return KINDS_BY_WORD.get(word, Kind.ENTERPRISE) if isinstance(word, str) else Kind.ENTERPRISE


def credit_code_problem(row: Row, accepted_reason: str | None) -> Problem | None:
    """Why the code of *row* cannot be taken: the check digit of GB 32100 fails and nobody gave a reason."""
    if row.override_reason or accepted_reason:
        return None
    try:
        uscc.validate(row.credit_code)
    except ValidationError:
        remedy = "请核对营业执照；执照上就是这样的，请在 uscc_override_reason 写明理由"
        return Problem("uscc", f"{row.credit_code} 的校验码不对", remedy, row.number, row.external_id)
    return None


def _credit_code(reading: _Reading) -> str:
    value = reading.raw.get("uscc")
    code = uscc.compact(value) if isinstance(value, str) else ""
    if not _CODE.fullmatch(code):
        said = "没有填写" if value in (None, "") else f"{value!r} 不是 18 位数字和大写字母"
        reading.refuse("uscc", said, "请按营业执照填 18 位统一社会信用代码")
    return code


def _region(reading: _Reading) -> str | None:
    value = reading.raw.get("region_code")
    if value is None or value == "":
        return None
    code = str(value)
    if isinstance(value, bool) or not _REGION.fullmatch(code):
        reading.refuse("region_code", f"{value!r} 不是 6 位区划代码", "请填 6 位数字，例如 510802")
        return None
    return code


def _day(reading: _Reading, field: str) -> str | None:
    value = reading.raw.get(field)
    if value is None or value == "":
        return None
    try:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValueError(value)
        date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        reading.refuse(field, f"{value!r} 不是日期", "请填日期，例如 2017-05-10")
        return None
    return value


def _facts(reading: _Reading) -> dict[str, Any]:
    attributes = reading.raw.get("attributes")
    if attributes is not None and not isinstance(attributes, dict):
        reading.refuse("attributes", "不是一个对象", '请写成 {"名称": 值}')
        attributes = None
    own = {name: value for name, value in reading.raw.items() if name not in NOT_FACTS}
    facts = {name: value for name, value in (attributes or {}).items() if name not in NOT_FACTS}
    facts.update((name, value) for name, value in own.items() if value is not None or name not in facts)
    for name, value in facts.items():
        _check_fact(reading, name, value)
    return facts


def _check_fact(reading: _Reading, name: str, value: object) -> None:
    if not 0 < len(name) <= LONGEST_FIELD:
        reading.refuse(name[:LONGEST_FIELD], "名称太长或为空", f"名称最多 {LONGEST_FIELD} 个字")
    if value is None:
        return
    if name in NUMBERS and (isinstance(value, bool) or not isinstance(value, int | float)):
        reading.refuse(name, f"{value!r} 不是数字", "请填数字，例如 150；不知道就填 null")
    if name in FLAGS and not isinstance(value, bool):
        reading.refuse(name, f"{value!r} 不是 true 或 false", "请填 true 或 false；不知道就填 null")
    if name in LISTS and not (isinstance(value, list) and all(isinstance(entry, dict) for entry in value)):
        reading.refuse(name, "不是对象的列表", "请写成 [{…}, {…}]；没有就写 []")
    if name == "scale" and value not in SCALES:
        reading.refuse(name, f"{value!r} 不是企业规模", f"请填 {'、'.join(SCALES)}之一；不知道就填 null")


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _can_be_kept(value: Any) -> bool:
    """Whether both databases can keep *value*: no control or half characters, no endless numbers."""
    if isinstance(value, str):
        return not any(_is_unfit(letter) for letter in value)
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, dict):
        return all(_can_be_kept(name) and _can_be_kept(entry) for name, entry in value.items())
    return all(_can_be_kept(entry) for entry in value) if isinstance(value, list) else True


def _is_unfit(letter: str) -> bool:
    return (letter < " " and letter not in "\t\n\r") or "\ud800" <= letter <= "\udfff"


def believed(facts: Iterable[D]) -> D | None:
    """The one of several facts of the same name to go by.

    What is known goes before what is not; the register before all; between a file and what the enterprise
    declared the fresher one, and the file where both are of the same day.
    """
    known = [fact for fact in facts if fact.value is not None]
    return max(known, key=_weight, default=None)


def _weight(fact: Dated) -> tuple[bool, date, bool]:
    return fact.source is Source.REGISTER, fact.as_of, fact.source is Source.IMPORT
