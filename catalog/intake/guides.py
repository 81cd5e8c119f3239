"""A guide (申兑指南) in the city's structure: one item with its sub-items, its fields numbered and named."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from catalog.intake import headings, values
from catalog.intake.assembly import Doubt, ReadRow, Value, assemble
from foundation.errors import Invalid

PREFIX = "G"
_ITEM = re.compile(r"^(\d{1,2})\s*[.．、]\s*(?!\d)(.+)$")
_SUB_ITEM = re.compile(r"^(\d{1,2}(?:[.．]\d{1,2})+)\s*[.．、]?\s*(.+)$")
_SECTION = re.compile(r"^[一二三四五六七八九十]+\s*[、.．]")
_FIELD = re.compile(r"^[(（]([一二三四五六七八九十]+)[)）]\s*([^:：]{2,30})[:：](.*)$")
_NAMED = re.compile(r"^([^:：。，]{2,20})[:：](.*)$")
_GRADES = re.compile(
    r"((?:国家级|省级|市级|县级|[一二三四五A-Z]级)(?:[、和](?:国家级|省级|市级|县级|[一二三四五A-Z]级))+)"
)
_QUOTED = re.compile(r"[“”\"]([^“”\"]{2,30})[“”\"]")


@dataclass(slots=True)
class Part:
    """An item of a guide while it is read."""

    line: int
    number: str
    title: str
    sub_items: list[tuple[str, str]] = field(default_factory=list)
    fields: dict[str, Value] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    last: str = ""

    def name(self, label: str, said: str) -> None:
        """Take one named field."""
        known = headings.meaning(label)
        if known is None or known.field in self.fields:
            self.others[headings.plain(label)] = said.strip()
            self.last = ""
        else:
            self.fields[known.field] = Value(said.strip())
            self.last = known.field

    def go_on(self, said: str) -> None:
        """A line without a name of its own goes on with the field before it, or stands for itself."""
        if self.last:
            before = self.fields[self.last].text
            self.fields[self.last] = Value(f"{before}\n{said}" if before else said)
        elif self.sub_items and not self.fields:
            number, text = self.sub_items[-1]
            self.sub_items[-1] = number, f"{text}{said}"
        else:
            self.others[f"正文{len(self.others) + 1}"] = said


def read(lines: Iterable[str]) -> list[ReadRow]:
    """The items of a guide, each with its sub-items."""
    parts: list[Part] = []
    for at, line in enumerate(lines, 1):
        said = " ".join(line.replace("\ufeff", "").split())
        if said and not _SECTION.match(said):
            _take(parts, at, said)
    if not parts or not any(part.fields for part in parts):
        raise Invalid.of(
            "file", "没有看出申兑指南的结构", "请按“1.事项名称”“(一)政策类别：…”的样子写，一项一行"
        )
    return [_row(part, parts[-1]) for part in parts]


def _take(parts: list[Part], at: int, said: str) -> None:
    named = _FIELD.match(said) or None
    sub_item, item = _SUB_ITEM.match(said), _ITEM.match(said)
    if named and parts:
        parts[-1].name(named[2], named[3])
    elif sub_item and parts and not parts[-1].fields:
        parts[-1].sub_items.append((sub_item[1].replace("．", "."), sub_item[2]))
    elif item and not (parts and parts[-1].last in ("materials", "flow", "conditions", "benefit")):
        parts.append(Part(at, item[1], item[2].strip("。 ")))
    elif not parts:
        parts.append(Part(at, "1", said.strip("《》 ")))
    else:
        _go_on(parts[-1], said)


def _go_on(part: Part, said: str) -> None:
    named = _NAMED.match(said)
    if named and headings.meaning(named[1]):
        part.name(named[1], named[2])
    else:
        part.go_on(said)


def _row(part: Part, last: Part) -> ReadRow:
    """Several items of one guide share the fields that stand after the last of them."""
    fields = {"title": Value(part.title), **(part.fields or last.fields)}
    row = assemble(part.line, fields, part.others or last.others, PREFIX)
    if not part.sub_items:
        return row
    read_items = [_sub_item(number, text) for number, text in part.sub_items]
    row.source["sub_items"] = [one for one, _ in read_items]
    row.source["benefit"] = _benefit(row.source, [one for one, _ in read_items])
    asked = (*row.doubts, *(doubt for _, doubts in read_items for doubt in doubts))
    told = tuple((f"子项 {number}", text) for number, text in part.sub_items)
    return ReadRow(row.row, row.source, (*row.understood, *told), asked)


def _sub_item(number: str, text: str) -> tuple[dict[str, Any], list[Doubt]]:
    """A sub-item: its words, share and caps as numbers; asked whose an amount is."""
    found = values.benefit(text)
    most = values.cap(text)
    one: dict[str, Any] = {"number": number, "text": text, "kind": found["kind"]}
    one |= {name: found[name] for name in ("rate", "base") if name in found}
    if "rate" in found:
        return one | ({"cap_yuan": most} if most is not None else {}), []
    amounts = [each.yuan for each in values.money_in(text)]
    if len(amounts) < 2:
        name = "cap_yuan" if most is not None else "amount_yuan"
        return one | ({name: amounts[0]} if amounts else {}), []
    names = _cases(text, len(amounts))
    figure = "cap_yuan" if most is not None or "不超过" in text else "amount_yuan"
    tiers = [
        {"when": names[at] if names else f"{number} 第 {at + 1} 档", figure: amount}
        for at, amount in enumerate(amounts)
    ]
    ask = f"{number} 有 {len(amounts)} 个金额，没有看出各对应哪种情形，请写明"
    return one | {"kind": "tiered", "tiers": tiers}, [] if names else [Doubt("benefit", text, ask)]


def _cases(text: str, count: int) -> list[str] | None:
    """The cases that amounts belong to, where as many are named in the same order."""
    grades = _GRADES.search(text)
    if grades:
        names = re.split(r"[、和]", grades[1])
        what = re.split(r"的|，|。", text[grades.end() :])[0]
        if len(names) == count:
            return [f"{name}{what}" for name in names]
    quoted = _QUOTED.findall(text)
    return quoted if len(quoted) == count else None


def _benefit(source: dict[str, Any], sub_items: list[dict[str, Any]]) -> dict[str, Any]:
    """One table of all sub-items' tiers; the words stay as the guide gives them."""
    said = (source.get("benefit") or {}).get("text", "")
    tiers: list[dict[str, Any]] = []
    for one in sub_items:
        if "tiers" in one:
            tiers += [{"number": one["number"], **tier} for tier in one["tiers"]]
        else:
            figures: dict[str, Any] = {
                name: one[name] for name in ("rate", "cap_yuan", "amount_yuan", "base") if name in one
            }
            tiers.append({"number": one["number"], "when": one["text"], **figures})
    kind = "tiered_rate" if any("rate" in tier for tier in tiers) else "tiered"
    return {"kind": kind, "text": said, "tiers": tiers}
