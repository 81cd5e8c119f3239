"""What a paper says: plain frozen values that know no policy and no case."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from foundation.clock import BEIJING

# the second half: signs that nobody sees and that turn the rest of a line round
UNPRINTABLE = re.compile(
    r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


class Kind(StrEnum):
    """The papers of the house."""

    HANDOFF = "handoff"
    ACCEPTANCE = "acceptance"
    SUPPLEMENT = "supplement"
    REFUSAL = "refusal"
    RETURN = "return"
    APPROVAL = "approval"
    REJECTION = "rejection"
    SUSPENSION = "suspension"
    EXTENSION = "extension"
    URGING = "urging"
    SUPERVISION = "supervision"
    PUBLICITY = "publicity"
    PAYMENT = "payment"
    APPLICATION = "application"
    COMMITMENT = "commitment"

    @property
    def label(self) -> str:
        """The name printed as the title of the paper."""
        return _LABELS[self]


_LABELS = {
    Kind.HANDOFF: "惠企政策兑现交办通知书",
    Kind.ACCEPTANCE: "受理通知书",
    Kind.SUPPLEMENT: "补正材料一次性告知书",
    Kind.REFUSAL: "不予受理通知书",
    Kind.RETURN: "退回交办告知书",
    Kind.APPROVAL: "准予兑现决定书",
    Kind.REJECTION: "不予兑现决定书",
    Kind.SUSPENSION: "中止计时通知书",
    Kind.EXTENSION: "延期告知书",
    Kind.URGING: "催办通知书",
    Kind.SUPERVISION: "督办通知书",
    Kind.PUBLICITY: "公示",
    Kind.PAYMENT: "兑现通知书",
    Kind.APPLICATION: "惠企政策兑现申请表",
    Kind.COMMITMENT: "承诺书",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the table of facts."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class DueTime:
    """A time limit, the moment it ends, and how it was counted, in words."""

    label: str
    at: datetime
    counted: str = ""
    provisional: bool = False

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"naive due time {self.at!r}")


@dataclass(frozen=True, slots=True)
class Material:
    """One material handed over, or asked for; *note* says what is wrong with it or what it must show."""

    name: str
    pages: int | None = None
    note: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask."""

    name: str
    phone: str
    office: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The slip that the addressee signs and sends back: what may be ticked and what must be filled in."""

    back_to: str
    choices: tuple[str, ...] = ("同意接收", "退回（请写明理由和依据）")
    blanks: tuple[str, ...] = ("签收单位", "签收人", "联系电话", "签收时刻", "退回理由及依据")


@dataclass(frozen=True, slots=True)
class Document:
    """Everything one paper holds. *agent* is the window that signs on the issuer's behalf."""

    kind: Kind
    issuer: str
    addressee: str
    dated: date
    title: str = ""
    agent: str = ""
    urgency: str = ""
    paragraphs: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    due_times: tuple[DueTime, ...] = ()
    materials: tuple[Material, ...] = ()
    requirements: tuple[str, ...] = ()
    remedy: str = ""
    contacts: tuple[Contact, ...] = ()
    copy_to: tuple[str, ...] = ()
    signer: str = ""
    receipt: Receipt | None = None
    stub: tuple[Fact, ...] = ()

    @property
    def heading(self) -> str:
        """The title as printed."""
        return self.title or self.kind.label

    def to_json(self) -> dict[str, Any]:
        """Plain values, fit for a JSON column; what no paper can show is dropped."""
        plain: dict[str, Any] = printable(_ADAPTER.dump_python(self, mode="json"))
        return plain

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> "Document":
        """The document that `to_json` wrote down."""
        return _ADAPTER.validate_python(plain)


_ADAPTER = TypeAdapter(Document)


def printable(value: Any) -> Any:
    """*value* as paper can show it: no control signs, no half surrogates, single spaces."""
    if isinstance(value, str):
        return " ".join(UNPRINTABLE.sub("", value).split())
    if isinstance(value, list):
        return [printable(each) for each in value]
    if isinstance(value, dict):
        return {key: printable(each) for key, each in value.items()}
    return value


def digest(number: str, verify_code: str, fields: dict[str, Any]) -> str:
    """The SHA-256 that binds a number and its code to what the paper says."""
    bound = {"number": number, "verify_code": verify_code, "fields": fields}
    canonical = json.dumps(bound, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def number_text(series: str, year: int, serial: int) -> str:
    """A number as GB/T 9704 writes it: hexagonal brackets, no 第, no zero padding."""
    return f"{series}〔{year}〕{serial}号"


def in_words(moment: datetime) -> str:
    """A moment of Beijing time to the minute, as it stands on paper."""
    local = moment.astimezone(BEIJING)
    return f"{day_in_words(local)}{local:%H}时{local:%M}分"


def day_in_words(day: date) -> str:
    """A day as it stands on paper."""
    return f"{day.year}年{day.month}月{day.day}日"
