"""Items and enterprises of places nobody has heard of, asking for facts that no register names. The same seed
makes the same world.
"""

import random
from dataclasses import dataclass
from typing import Any

from stdnum.cn import uscc

REGIONS = ("440300", "440305", "441900", "350200", "350203", "540100", "540102", "500000", "500112", "100000")
HOMES = ("440305", "440306", "441900", "350203", "350211", "540102", "500112", "510802")
FIELDS = [f"{kind}_{number:02}" for number in range(14) for kind in ("figure", "flag", "choice", "day", "税")]
CHOICES = ("甲类", "乙类", "丙 类", "Ａ", "50", "true", "2025-06-30", "‘引号’", "a<b>&c")
DAYS = ("2024-02-29", "2024-12-31", "2025-01-01", "2025-06-30")
FIGURES = (0, 1, 5, 5.5, 99.99, 100, 500, -3, 1e9)
TITLES = ("独角兽企业", "绿色工厂（示范）", "“灯塔”工厂")
Row = dict[str, Any]


@dataclass(frozen=True)
class World:
    """Rows as files have them."""

    items: list[Row]
    firms: list[Row]


def world(seed: int, items: int, firms: int) -> World:
    """A world of its own."""
    dice = random.Random(seed)
    return World([_item(dice, one) for one in range(items)], [_firm(dice, one) for one in range(firms)])


def facts_of(firm: Row) -> Row:
    """What a label goes by: own columns and attributes alike."""
    return {name: value for name, value in firm.items() if name != "attributes"} | firm["attributes"]


def _item(dice: random.Random, number: int) -> Row:
    place = dice.choice(REGIONS)
    parts = [{"field": "region_code", "op": "within", "value": place}, *_parts(dice, 3)]
    return {
        "id": f"U{number:03}", "title": f"样例：第 {number} 号支持", "type": "综合评审", "region_code": place,
        "region_name": "样例地区", "level": "市级", "department": f"样例第 {number % 7} 局",
        "conditions": {"all": parts}, "materials": [], "window": None, "validity": None,
        "benefit": {"kind": "other", "text": "按标准核定"},
    }  # fmt: skip


def _parts(dice: random.Random, most: int) -> list[Row]:
    return [_part(dice, 2) for _ in range(dice.randint(1, most))]


def _part(dice: random.Random, depth: int) -> Row:
    how = dice.random()
    if depth == 0 or how < 0.6:
        return _leaf(dice)
    if how < 0.75:
        return {"not": _part(dice, depth - 1)}
    return {"all" if how < 0.85 else "any": [_part(dice, depth - 1) for _ in range(dice.randint(1, 3))]}


def _leaf(dice: random.Random) -> Row:
    name = dice.choice([*FIELDS, "qualifications", "region_code"])
    kind = name.partition("_")[0]
    if name == "qualifications":
        return {"field": name, "op": "has", "value": {"type": dice.choice(TITLES), "level": ["省级"]}}
    if name == "region_code":
        return {"field": name, "op": "within_any", "value": dice.sample(REGIONS, 2)}
    op = dice.choice(["ge", "gt", "le", "lt"])
    return {"field": name, **{
        "figure": {"op": dice.choice([op, "eq"]), "value": dice.choice(FIGURES)},
        "税": {"op": op, "value": dice.choice(FIGURES)},
        "flag": {"op": "eq", "value": dice.random() < 0.5},
        "choice": {"op": "in", "value": dice.sample(CHOICES, 2)},
        "day": {"op": op, "value": dice.choice(DAYS)},
    }[kind]}  # fmt: skip


def _firm(dice: random.Random, number: int) -> Row:
    home = dice.choice(HOMES)
    body = f"91{home}MAUNT{number:04}"
    known = {name: _value(dice, name) for name in FIELDS if dice.random() < 0.8}
    titles = [{"type": title, "level": dice.choice(["省级", "市级", None])} for title in TITLES]
    return {
        "id": f"F{number:03}", "name": f"样例第 {number} 公司", "uscc": body + uscc.calc_check_digit(body),
        "region_code": home, "org_type": "企业", "attributes": known, "snapshot_date": "2025-06-30",
        "qualifications": dice.sample(titles, dice.randint(0, 2)), "stat_entries": [],
    }  # fmt: skip


def _value(dice: random.Random, name: str) -> Any:
    """A value on a boundary, just off it, or none."""
    if dice.random() < 0.15:
        return None
    figure = dice.choice(FIGURES) + dice.choice([0, 0, 0.01, -0.01])
    values = {"figure": figure, "税": figure, "flag": dice.random() < 0.5, "choice": dice.choice(CHOICES)}
    return values.get(name.partition("_")[0], dice.choice(DAYS))
