"""Letters, sounds and marks."""

from catalog.search import text
from catalog.search.lexicon import Kind, load
from catalog.search.marks import marked
from catalog.search.places import nearness

KNOWN = frozenset({"wen", "gang", "fan", "huan", "ji", "gai"})


def test_full_width_and_punctuation_are_made_plain() -> None:
    assert text.normal("Ｒ＆Ｄ《技改》、补贴！") == "r&d 技改 补贴"


def test_amounts_and_counts_are_not_what_is_asked_for() -> None:
    assert text.asked("买了三百万设备") == "买了 设备"
    assert text.asked("100万元") == "100万元"


def test_letters_are_read_as_the_fewest_syllables() -> None:
    assert text.split_syllables("wengangfanhuan", KNOWN) == ["wen", "gang", "fan", "huan"]
    assert text.split_syllables("wgfh", KNOWN) is None


def test_the_longest_known_word_is_taken() -> None:
    lexicon = load({"遂宁": frozenset({"510900"})})
    parts = lexicon.scan("遂宁的专利权质押贷款多少钱")
    assert [(part.kind, part.text) for part in parts] == [
        (Kind.REGION, "遂宁"),
        (Kind.CONCEPT, "专利权质押"),
        (Kind.CONCEPT, "贷款"),
        (Kind.FILLER, "多少钱"),
    ]


def test_a_latin_word_stands_between_gaps() -> None:
    lexicon = load({})
    assert [part.kind for part in lexicon.scan("ipo 奖励")] == [Kind.CONCEPT, Kind.GENERIC]
    assert [part.text for part in lexicon.scan("ipod")] == ["ipod"]


def test_a_place_is_nearer_than_what_lies_above_it() -> None:
    inside, above = nearness("510923", ["510900"]), nearness("510000", ["510900"])
    assert inside > above > nearness("340000", ["510900"]) == nearness(None, ["510900"])


def test_what_was_found_is_marked_once() -> None:
    assert marked("企业技术改造补助", ["技术改造", "改造", "技"]) == (
        ("企业", False), ("技术改造", True), ("补助", False),
    )  # fmt: skip
    assert marked("无关", ["技改"]) == (("无关", False),)
    assert marked("", ["技改"]) == ()
