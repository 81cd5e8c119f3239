"""The best combination is the best of all: compared with every subset."""

from dataclasses import dataclass
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as some

from matching.combination import EXACT, best


@dataclass(frozen=True)
class Piece:
    code: str
    fen: int | None
    groups: tuple[str, ...] = ()


PIECES = some.lists(
    some.builds(
        Piece,
        some.text("ABCDEFGHIJ", min_size=1, max_size=3),
        some.none() | some.integers(0, 9),
        some.lists(some.sampled_from("xyz"), max_size=2, unique=True).map(tuple),
    ),
    max_size=7,
    unique_by=lambda piece: piece.code,
)


def allowed(pieces: tuple[Piece, ...]) -> bool:
    return not any(set(one.groups) & set(other.groups) for one, other in combinations(pieces, 2))


@given(PIECES)
@settings(max_examples=150, deadline=None)
def test_nothing_better_exists(pieces: list[Piece]) -> None:
    found = best(pieces)
    every = (each for size in range(len(pieces) + 1) for each in combinations(pieces, size))
    most = max(sum(one.fen or 0 for one in each) for each in every if allowed(each))

    assert found.exact
    assert found.fen == most
    assert allowed(tuple(one for one in pieces if one.code in found.chosen))
    assert {*found.chosen, *(one.code for one in found.left_out)} == {one.code for one in pieces}


def test_what_is_left_out_says_for_what() -> None:
    found = best(
        [Piece("A", 5, ("技改",)), Piece("B", 9, ("技改",)), Piece("C", None, ("技改",)), Piece("D", 1)]
    )
    assert found.chosen == ("B", "D")
    assert [(one.code, one.fen, one.group, one.instead) for one in found.left_out] == [
        ("A", 5, "技改", "B"),
        ("C", None, "技改", "B"),
    ]


def test_above_the_limit_the_dearest_goes_first_and_that_is_said() -> None:
    found = best([Piece(f"{number:02}", number, ("x",)) for number in range(EXACT + 1)])
    assert (found.fen, found.exact) == (EXACT, False)
