"""The enterprises and items that matching is measured on: fixed seeds, values as real policies use them.

Enterprises have 30 facts, up to 35 % of each missing. Items ask 3 to 8 conditions, joined by and, or and not.
A tree is a tuple: ("and" | "or" | "not", part…) over (comparison, fact, value). With *jitter* nearly every
numeric threshold is asked for by one item alone, the worst case for sharing.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tree = tuple[Any, ...]
Columns = dict[str, NDArray[Any]]
TODAY = date(2026, 9, 1)
# fact: (median, spread on a logarithmic scale or None for a linear one, thresholds, share missing)
NUMBERS: dict[str, tuple[float, float | None, list[float], float]] = {
    "employees": (25, 1.3, [5, 10, 20, 30, 50, 100, 150, 200, 300, 500, 1000], 0.05),
    "insured_employees": (18, 1.3, [5, 10, 20, 30, 50, 100, 200, 300], 0.10),
    "revenue_wan": (
        800, 1.8, [100, 200, 500, 1000, 2000, 5000, 10000, 20000, 40000, 50000, 100000], 0.10
    ),
    "revenue_growth": (0.08, None, [0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5], 0.25),
    "tax_paid_wan": (30, 1.8, [5, 10, 20, 50, 100, 300, 500, 1000, 5000], 0.10),
    "profit_wan": (40, 1.8, [0, 10, 50, 100, 300, 500, 1000], 0.20),
    "rd_expense_wan": (25, 1.8, [5, 10, 20, 50, 100, 300, 500, 1000, 2000], 0.35),
    "rd_ratio": (0.03, 0.8, [0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1], 0.35),
    "registered_capital_wan": (500, 1.5, [50, 100, 200, 500, 1000, 3000, 5000, 10000], 0.02),
    "assets_wan": (1500, 1.8, [300, 500, 1000, 5000, 8000, 40000, 120000], 0.20),
    "debt_ratio": (0.5, 0.5, [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8], 0.25),
    "patents": (2, 1.2, [1, 2, 5, 10, 20, 50], 0.15),
    "invention_patents": (0.6, 1.2, [1, 2, 3, 5, 10], 0.15),
    "exports_wan": (20, 2.2, [10, 50, 100, 500, 1000, 5000], 0.30),
    "fixed_asset_invest_wan": (100, 2.0, [100, 300, 500, 1000, 2000, 5000, 10000], 0.30),
}  # fmt: skip
WHOLE = frozenset({"employees", "insured_employees", "patents", "invention_patents"})
DATE = "established_on"
DATES = [TODAY - timedelta(days=int(365.25 * years)) for years in (1, 2, 3, 5, 8, 10)]
DATES += [date(year, 1, 1) for year in (2018, 2020, 2021, 2022, 2023, 2024, 2025)]
CHOICES: dict[str, tuple[list[str], list[float], float]] = {
    "scale": (["大型", "中型", "小型", "微型"], [0.03, 0.12, 0.35, 0.5], 0.03),
    "ownership": (
        ["国有", "民营", "外资", "港澳台", "混合", "集体"], [0.06, 0.8, 0.04, 0.03, 0.04, 0.03], 0.02
    ),
    "credit_rating": (list("ABMCD"), [0.25, 0.45, 0.15, 0.1, 0.05], 0.15),
    "taxpayer": (["一般", "小规模"], [0.45, 0.55], 0.05),
    "park": ([f"园区{n}" for n in range(12)], [0.4] + [0.6 / 11] * 11, 0.0),
}  # fmt: skip
FLAGS = {
    "above_scale": 0.12, "high_tech": 0.06, "serious_dishonest": 0.03, "environment_penalty": 0.04,
    "safety_accident": 0.01, "listed": 0.01,
}  # fmt: skip
WANTED = frozenset({"above_scale", "high_tech", "listed"})
TITLES = [f"荣誉{n:02d}" for n in range(40)]
REGIONS = [f"51{city:02d}{district:02d}" for city in range(1, 22) for district in range(1, 11)]
REGIONS += [
    f"{province}01{district:02d}" for province in ("50", "61", "62", "53") for district in range(1, 6)
]
SECTIONS = {
    "A": (1, 5), "B": (6, 12), "C": (13, 43), "D": (44, 46), "E": (47, 50), "F": (51, 52), "G": (53, 60),
    "H": (61, 62), "I": (63, 65), "J": (66, 69), "K": (70, 70), "L": (71, 72), "M": (73, 75), "N": (76, 79),
    "O": (80, 82), "P": (83, 83), "Q": (84, 85), "R": (86, 90), "S": (91, 96), "T": (97, 97),
}  # fmt: skip
SECTION_OF = {division: letter for letter, (a, b) in SECTIONS.items() for division in range(a, b + 1)}
BUSY = frozenset({51, 52, 47, 48, 61, 62, 64, 65, 72, 73, 75})


def enterprises(count: int, seed: int = 1) -> Columns:
    """Columns of codes: -1 or NaN is missing."""
    chance = np.random.default_rng(seed)
    found: Columns = {}
    weight = np.array([40.0 if region.startswith("5108") else 1.0 for region in REGIONS])
    found["region"] = chance.choice(np.array(REGIONS, np.int32), count, p=weight / weight.sum())
    weight = np.array([3.0 if 13 <= n <= 43 else 2.0 if n in BUSY else 1.0 for n in range(1, 98)])
    division = chance.choice(np.arange(1, 98), count, p=weight / weight.sum())
    found["industry"] = (division * 100 + chance.integers(10, 60, count)).astype(np.int32)
    found["industry"][chance.random(count) < 0.02] = -1
    for name, (values, shares, missing) in CHOICES.items():
        found[name] = chance.choice(len(values), count, p=shares).astype(np.int8)
        found[name][chance.random(count) < missing] = -1
    found[DATE] = (TODAY.toordinal() - chance.exponential(2500, count)).astype(np.int32)
    found[DATE][chance.random(count) < 0.01] = -1
    for name, (median, spread, _, missing) in NUMBERS.items():
        normal = chance.standard_normal(count)
        drawn = median + 0.25 * normal if spread is None else median * np.exp(spread * normal)
        found[name] = np.floor(drawn) if name in WHOLE else np.round(drawn, 3)
        found[name][chance.random(count) < missing] = np.nan
    for name, share in FLAGS.items():
        found[name] = (chance.random(count) < share).astype(np.int8)
        found[name][chance.random(count) < 0.05] = -1
    titles = np.zeros(count, np.int64)
    for place in range(len(TITLES)):
        titles |= (chance.random(count) < 0.12 / (1 + place * 0.25)).astype(np.int64) << place
    titles[chance.random(count) < 0.08] = -1
    return {**found, "titles": titles}


Values = dict[str, list[Any]]


def facts(columns: Columns, places: slice) -> Values:
    """The same enterprises in words, fact by fact: None is missing."""
    own = {name: values[places] for name, values in columns.items()}
    found: Values = {"region": _words(own["region"], str), "industry": _words(own["industry"], _industry)}
    for name, (values, _, _) in CHOICES.items():
        found[name] = _words(own[name], values.__getitem__)
    found[DATE] = _words(own[DATE], lambda day: date.fromordinal(day).isoformat())
    for name in NUMBERS:
        numbers = own[name].astype(object)
        numbers[np.isnan(own[name])] = None
        found[name] = numbers.tolist()
    for name in FLAGS:
        found[name] = _words(own[name], bool)
    return {**found, "titles": _words(own["titles"], _titles)}


def _words(codes: NDArray[Any], word: Callable[[int], Any]) -> list[Any]:
    distinct, places = np.unique(codes, return_inverse=True)
    words = np.empty(len(distinct), object)
    words[:] = [None if code < 0 else word(code) for code in distinct.tolist()]
    return list(words[places].tolist())


def _industry(code: int) -> str:
    return f"{SECTION_OF[code // 100]}{code:04d}"


def _titles(bits: int) -> frozenset[str]:
    return frozenset(title for place, title in enumerate(TITLES) if bits >> place & 1)


def rows(values: Values) -> list[dict[str, Any]]:
    """One dict an enterprise."""
    return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]


def as_profiles(values: Values) -> Values:
    """The facts under the product's own names and in its own forms."""
    own = {name: known for name, known in values.items() if name not in ("region", "industry", "titles")}
    own["region_code"] = values["region"]
    own["industry_section"] = [code and code[:1] for code in values["industry"]]
    own["industry_division"] = [code and code[:3] for code in values["industry"]]
    entries = {
        titles: [{"type": title} for title in sorted(titles)] for titles in set(values["titles"]) if titles
    }
    own["qualifications"] = [
        titles if titles is None else entries.get(titles, []) for titles in values["titles"]
    ]
    return own


def _leaf(chance: random.Random) -> Tree:
    draw = chance.random()
    if draw < 0.12:
        return "prefix", "region", chance.choice(PLACES)
    if draw < 0.27:
        letter = chance.choice("AACCCCCCEFGIILMMNR")
        division = chance.randint(*SECTIONS[letter])
        return "prefix", "industry", letter if chance.random() < 0.45 else f"{letter}{division:02d}"
    if draw < 0.42:
        name = "scale" if draw < 0.37 else chance.choice(["ownership", "credit_rating", "taxpayer", "park"])
        return "in", name, tuple(chance.choice(SETS[name]).split())
    if draw < 0.50:
        return chance.choice(["ge", "le"]), DATE, chance.choice(DATES).isoformat()
    if draw < 0.78:
        name = chance.choice(list(NUMBERS))
        return "ge" if chance.random() < 0.75 else "le", name, float(chance.choice(NUMBERS[name][2]))
    if draw < 0.88:
        name = chance.choice(list(FLAGS))
        return "is", name, name in WANTED
    return "has", "titles", chance.choice(TITLES[: int(40 * chance.random()) + 1])


PLACES = ["51", "5108", "5108", "5101", "5107", *(f"5108{district:02d}" for district in range(1, 8))]
PLACES += [f"51{city:02d}" for city in range(1, 22)]
SETS = {
    "scale": ["微型", "小型 微型", "中型 小型 微型", "中型 大型", "大型", "小型", "中型 小型"],
    "ownership": ["民营", "国有", "外资 港澳台", "民营 集体"],
    "credit_rating": ["A", "A B", "A B M"],
    "taxpayer": ["一般", "小规模"],
    "park": [f"园区{n}" for n in range(1, 12)],
}


def _jittered(chance: random.Random, leaf: Tree) -> Tree:
    comparison, name, value = leaf
    if comparison not in ("ge", "le"):
        return leaf
    if name == DATE:
        moved = date.fromisoformat(value) + timedelta(days=chance.randint(-700, 700))
        return comparison, name, moved.isoformat()
    return comparison, name, round(value * chance.uniform(0.5, 2) + 0.001 * chance.random(), 4)


def _part(chance: random.Random, leaf: Callable[[], Tree], left: int) -> tuple[Tree, int]:
    """A part of at most *left* conditions, and how many it has."""
    draw = chance.random()
    if draw < 0.66 or left < 2:
        return leaf(), 1
    if draw < 0.86:
        size = min(left, chance.randint(2, 3))
        return ("or", *(leaf() for _ in range(size))), size
    if draw < 0.93:
        return ("not", leaf()), 1
    if left < 3:
        return ("not", ("and", leaf(), leaf())), 2
    return ("or", leaf(), ("and", leaf(), leaf())), 3


def items(count: int, seed: int = 7, *, jitter: bool = False) -> list[Tree]:
    """The items' conditions."""
    chance = random.Random(seed)

    def leaf() -> Tree:
        return _jittered(chance, _leaf(chance)) if jitter else _leaf(chance)

    found: list[Tree] = []
    for _ in range(count):
        left, parts = chance.randint(3, 8), list[Tree]()
        while left > 0:
            one, size = _part(chance, leaf, left)
            parts.append(one)
            left -= size
        found.append(("and", *parts) if len(parts) > 1 else parts[0])
    return found


def conditions(tree: Tree) -> dict[str, Any]:
    """A tree as a catalogue row states it."""
    kind = tree[0]
    if kind in ("and", "or"):
        return {"all" if kind == "and" else "any": [conditions(part) for part in tree[1:]]}
    if kind == "not":
        return {"not": conditions(tree[1])}
    _, name, value = tree
    if kind == "prefix" and name == "region":
        return {"field": "region_code", "op": "within", "value": value.ljust(6, "0")}
    if kind == "prefix":
        name = "industry_section" if len(value) == 1 else "industry_division"
        return {"field": name, "op": "in", "value": [value]}
    if kind == "has":
        return {"field": "qualifications", "op": "has", "value": {"type": value}}
    op = {"is": "eq"}.get(kind, kind)
    return {"field": name, "op": op, "value": list(value) if kind == "in" else value}
