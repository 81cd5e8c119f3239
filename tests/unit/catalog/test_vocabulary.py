"""What staff change lies over the shipped words, and says what was taken away."""

import pytest

from catalog.search.lexicon import Concept
from catalog.vocabulary import rules
from catalog.vocabulary.rules import Change, Said
from foundation.errors import Invalid

SOLAR = Concept("光伏", frozenset({"pv"}), ("光伏", "分布式光伏"), ("太阳能",))


def test_changes_lie_over_what_was_shipped() -> None:
    changes = [
        Change("光伏", "晒太阳发电", Said.SPOKEN),
        Change("光伏", "太阳能", Said.FORMAL),
        Change("光伏", "分布式光伏", Said.DROPPED),
        Change("低空经济", "无人机", Said.SPOKEN),
    ]
    solar, sky = rules.overlaid([SOLAR], changes)
    assert (set(solar.formal), solar.spoken) == ({"光伏", "太阳能"}, ("晒太阳发电",))
    assert solar.topics == SOLAR.topics
    assert (sky.name, sky.spoken) == ("低空经济", ("无人机",))
    assert rules.overlaid([SOLAR], []) == (SOLAR,)


def test_only_what_differs_is_kept() -> None:
    assert rules.changes_to(SOLAR, rules.wanted(SOLAR.formal, SOLAR.spoken)) == {}
    wanted = rules.wanted(("光伏",), ("太阳能", "屋顶发电"))
    assert rules.changes_to(SOLAR, wanted) == {"分布式光伏": Said.DROPPED, "屋顶发电": Said.SPOKEN}
    assert rules.changes_to(None, wanted) == wanted


def test_words_are_read_as_the_search_reads_them() -> None:
    assert rules.words_of("技改、ERP，設備\n 技改；；") == ("技改", "erp", "设备")


@pytest.mark.parametrize("word", ["改", "长" * 31])
def test_what_is_no_word_is_refused(word: str) -> None:
    with pytest.raises(Invalid, match="不能作检索词"):
        rules.wanted((), (word,))


def test_a_meaning_has_only_so_many_words_and_a_proper_name() -> None:
    with pytest.raises(Invalid, match="一共 121 个词"):
        rules.wanted((), tuple(f"词语{number}" for number in range(121)))
    with pytest.raises(Invalid, match="名称不合要求"):
        rules.check_name("低空/经济")
    rules.check_name("低空经济")


def test_the_mark_tells_other_words() -> None:
    other = Concept("光伏", frozenset(), ("光伏",), ("太阳能",))
    assert rules.mark_of(SOLAR) == rules.mark_of(Concept("x", frozenset(), SOLAR.formal[::-1], SOLAR.spoken))
    assert rules.mark_of(SOLAR) != rules.mark_of(other)
