"""Trees and profiles as hypothesis makes them up: every comparison, every kind of value, much of it odd."""

from typing import Any

from hypothesis import strategies as st

NUMBERS = st.sampled_from([0, 1, 2, 5, 5.5, 30, 500, -3, 2**53, 2**53 + 1, 1e300, 10**400])
DAYS = st.sampled_from(
    ["2024-01-01", "2024-02-29", "2024-12-31", "2025-06-30", "2025-06", "2025", "2025-06-30T08:00"]
)
REGIONS = st.sampled_from(["100000", "510000", "510800", "510802", "510811", "441900", "340000"])
TEXTS = st.sampled_from(["企业", "小型", "省级", "510800", "2025-06-30", "5108"])
YES_NO = st.booleans()
SCALARS = NUMBERS | TEXTS | DAYS | YES_NO


def leaf(fields: str, ops: list[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"field": st.sampled_from(fields.split()), "op": st.sampled_from(ops), "value": values}
    )


TITLES = st.fixed_dictionaries(
    {"type": st.sampled_from(["甲", "乙", ["甲", "丙"]])},
    optional={
        "level": st.lists(st.sampled_from(["省级", "市级"]), min_size=1, max_size=2),
        "first_time": YES_NO,
        "obtained_from": DAYS,
        "obtained_to": DAYS,
    },
)
STATISTICS = st.fixed_dictionaries(
    {"kinds": st.lists(st.sampled_from(["规上工业", "限上商贸"]), min_size=1, max_size=2)},
    optional={"new_build": YES_NO, "years_in": st.lists(st.integers(1, 3), min_size=1, max_size=2)},
)
ENTRIES = st.fixed_dictionaries(
    {"type": st.sampled_from(["甲", "乙", "丁", None, 5])},
    optional={
        "kind": st.sampled_from(["规上工业", "限上商贸", ""]),
        "level": st.sampled_from(["省级", "市级", None]),
        "first_time": st.none() | YES_NO,
        "obtained_on": st.none() | DAYS,
        "new_build": st.none() | YES_NO,
        "years_in": st.none() | st.integers(1, 3),
    },
)
LEAVES = st.one_of(
    leaf("a b", ["ge", "gt", "le", "lt", "eq"], NUMBERS),
    leaf("a c d", ["eq"], SCALARS),
    leaf("a c d", ["in"], st.lists(SCALARS, min_size=1, max_size=3)),
    leaf("a d", ["ge", "le", "gt", "lt"], DAYS),
    leaf("a region_code", ["within"], REGIONS),
    leaf("region_code", ["within_any"], st.lists(REGIONS, min_size=1, max_size=3)),
    leaf("a lists", ["has"], TITLES | STATISTICS),
    st.just({}),
)
TREES: st.SearchStrategy[dict[str, Any]] = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.lists(below, min_size=1, max_size=4).map(lambda parts: {"all": parts}),
        st.lists(below, min_size=1, max_size=4).map(lambda parts: {"any": parts}),
        below.map(lambda part: {"not": part}),
    ),
    max_leaves=12,
) | st.just({"all": []})
LISTS = st.lists(ENTRIES | st.just("甲"), max_size=3)
ODD = st.sampled_from(["", " ", "５１０８０２", float("inf"), {"b": 1}, "a\nb"])
ANYTHING = st.none() | SCALARS | REGIONS | LISTS | ODD
PROFILES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "a": ANYTHING,
        "b": st.none() | NUMBERS,
        "c": ANYTHING,
        "d": st.none() | DAYS | TEXTS,
        "region_code": st.none() | REGIONS | TEXTS,
        "lists": st.none() | LISTS,
    },
)
