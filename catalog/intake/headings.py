"""What a heading of a department's list, or a field of a guide, means. The table is data: headings.json."""

import json
import re
import unicodedata
from dataclasses import dataclass
from importlib.resources import files

from rapidfuzz import fuzz, process

ALIKE = 80
_OUTSIDE = re.compile(r"[\s:：*＊、，,。·/（）()\[\]【】]+")
_NUMBERED = re.compile(r"^[（(]?[一二三四五六七八九十\d]+[)）.、．]?")
_UNIT = re.compile(r"(万元|亿元|元)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """The field that a heading stands for; *unit* is what its figures are counted in, in yuan."""

    field: str
    unit: int = 1


def _load() -> tuple[dict[str, str], dict[str, str]]:
    table = json.loads(files("catalog.intake").joinpath("headings.json").read_text("utf-8"))
    names = {name: entry["field"] for entry in table for name in entry["names"]}
    return names, {entry["field"]: entry["label"] for entry in table}


NAMES, LABELS = _load()
_UNITS = {"万元": 10_000, "亿元": 100_000_000, "元": 1}


def plain(heading: str) -> str:
    """A heading without spaces, numbering, brackets and stars."""
    said = _OUTSIDE.sub("", unicodedata.normalize("NFKC", heading))
    return _NUMBERED.sub("", said) or said


def meaning(heading: str) -> Meaning | None:
    """What *heading* means; None where nobody could say."""
    said = plain(heading)
    unit = _UNIT.search(said)
    bare = _UNIT.sub("", said).removesuffix("单位") if unit else said
    field = NAMES.get(said) or NAMES.get(bare) or _within(bare) or _alike(bare)
    return Meaning(field, _UNITS[unit[1]] if unit else 1) if field else None


def _within(said: str) -> str | None:
    """The longest known name in a heading that says a little more."""
    found = [name for name in NAMES if len(name) >= 3 and name in said and len(said) <= len(name) + 6]
    return NAMES[max(found, key=len)] if found else None


def _alike(said: str) -> str | None:
    if not 2 < len(said) <= 12:
        return None
    near = process.extractOne(said, NAMES.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return NAMES[near[0]] if near else None
