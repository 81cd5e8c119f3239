"""Lists of a guide as lines of text, one entry a line, its parts between bars: typed and read back. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.intake import values
from foundation.errors import Invalid

BAR = "|"
OPTIONAL = "选填"


def _parts(said: str, most: int) -> list[list[str]]:
    """The parts of every line that says something, as many as there can be."""
    lines = (line.replace("｜", BAR) for line in said.splitlines())
    found = [[part.strip() for part in line.split(BAR)] for line in lines if line.strip(" |")]
    return [(parts + [""] * most)[:most] for parts in found]


def _line(*parts: object) -> str:
    return f" {BAR} ".join(str(part or "") for part in parts).rstrip(f" {BAR}")


def materials(said: str, before: Sequence[Any]) -> list[Any]:
    """Name, what it must be, who issues it, and 选填; what else was known of one of that name stays."""
    known = {entry["name"]: entry for entry in before if isinstance(entry, Mapping)}
    found: list[Any] = []
    for name, form, source, last in _parts(said, 4):
        entry = {**known.get(name, {}), "name": name, "form": form, "source": source}
        entry["required"] = last != OPTIONAL
        plain = name not in known and not form and not source and entry["required"]
        found.append(name if plain else {key: value for key, value in entry.items() if value != ""})
    return found


def materials_said(given: Sequence[Any]) -> str:
    """The same as lines."""
    return "\n".join(
        each
        if isinstance(each, str)
        else _line(
            each["name"],
            each.get("form"),
            each.get("source"),
            OPTIONAL if each.get("required") is False else "",
        )
        for each in given
    )


def flow(said: str) -> list[dict[str, str]]:
    """Step, whose it is, how long it may take."""
    return [
        {name: part for name, part in (("step", step), ("organisation", whose), ("limit", limit)) if part}
        for step, whose, limit in _parts(said, 3)
    ]


def flow_said(given: Sequence[Mapping[str, Any]]) -> str:
    """The same as lines."""
    return "\n".join(_line(each["step"], each.get("organisation"), each.get("limit")) for each in given)


def shares(said: str) -> list[dict[str, Any]]:
    """Who pays how many percent."""
    found: list[dict[str, Any]] = []
    for source, percent in _parts(said, 2):
        part = values.figure(percent.removesuffix("%").removesuffix("％"))
        if part is None:
            raise Invalid.of("shares", f"“{source}”没有写比例", "一行写一级和它的比例，例如 市级 | 50")
        found.append({"source": source, "percent": part})
    return found


def shares_said(given: Sequence[Mapping[str, Any]]) -> str:
    """The same as lines."""
    return "\n".join(_line(each.get("source"), each.get("percent")) for each in given)
