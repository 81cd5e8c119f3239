"""How a field reads, whether the register knows it or not."""

from catalog.conditions.dates import span
from catalog.conditions.fields import REGISTER, Field, Kind
from catalog.conditions.parse import is_number
from catalog.conditions.tree import Compare, Has, Leaf, OneOf, Scalar, Within
from catalog.conditions.words import UNITS, WORDS


def field_of(leaf: Leaf) -> Field:
    """The field that *leaf* asks about; what the register lacks is read off the name and the value wanted."""
    known = REGISTER.get(leaf.field)
    return known if known and _fits(known, leaf) else _open_field(leaf)


def field_named(name: str) -> Field:
    """The field *name* apart from any condition: how a fact itself reads."""
    known = REGISTER.get(name)
    if known:
        return known
    words, unit = _translate(name)
    return Field(name, words, Kind.NUMBER if unit else Kind.TEXT, unit)


def label(name: str) -> str:
    """The field's name in words."""
    return field_named(name).label


def _fits(field: Field, leaf: Leaf) -> bool:
    """A yes-or-no field asked for a number reads as an open one, so the sentence stays true to the rule."""
    return (field.kind is Kind.YES_NO) is (_kind(leaf) is Kind.YES_NO)


def _open_field(leaf: Leaf) -> Field:
    kind = _kind(leaf)
    words, unit = _translate(leaf.field)
    choices: tuple[str, ...] = ()
    if kind is Kind.CHOICE and isinstance(leaf, Compare | OneOf):
        choices = tuple(str(option) for option in _options(leaf))
    return Field(
        leaf.field,
        words,
        kind,
        unit if kind is Kind.NUMBER else "",
        _QUESTIONS.get(kind, "").format(words),
        words,
        f"不符合“{words}”",
        choices,
    )


_QUESTIONS = {
    Kind.NUMBER: "贵公司的“{}”是多少？",
    Kind.YES_NO: "贵公司符合“{}”吗？",
    Kind.CHOICE: "贵公司的“{}”是哪一种？",
    Kind.DATE: "“{}”是哪一天？",
    Kind.PLACE: "“{}”在哪个县区？",
}


def _options(leaf: Compare | OneOf) -> tuple[Scalar, ...]:
    return leaf.values if isinstance(leaf, OneOf) else (leaf.value,)


def _kind(leaf: Leaf) -> Kind:
    if isinstance(leaf, Within):
        return Kind.PLACE
    if isinstance(leaf, Has):
        return Kind.LIST
    first = _options(leaf)[0]
    if isinstance(first, bool):
        return Kind.YES_NO
    if is_number(first):
        return Kind.NUMBER
    return Kind.DATE if isinstance(first, str) and len(first) > len("2025") and span(first) else Kind.CHOICE


def _translate(name: str) -> tuple[str, str]:
    """A name never met, word by word, with the unit it ends in; if one word is strange, the name itself."""
    parts = (name.lower() if name.isascii() else name).split("_")
    unit = _UNITS.get(parts[-1], "") if len(parts) > 1 else ""
    stem = parts[:-1] if unit else parts
    if not name.isascii():  # somebody named it in Chinese
        return "".join(stem), unit
    ratio = _RATIOS.get(parts[-1], "") if len(parts) > 1 else ""
    if all(part in WORDS for part in stem):
        words = "".join(WORDS[part] for part in stem)
        return words + ("" if words.endswith(("率", "比例", "增幅")) else ratio), unit
    return f"指标 {name}", unit


_UNITS = {unit: unit for unit in UNITS.values()} | UNITS
_RATIOS = {"pct": "比例", "percent": "比例"}
