"""The whole square of a question's stages and acts, the FAQ's way, the clocks, and what tells of an asker."""

from datetime import datetime

import pytest

from foundation.clock import BEIJING
from foundation.deadlines.limits import LIMITS
from foundation.deadlines.workdays import Workdays
from foundation.errors import Conflict, Invalid, NotAllowed
from foundation.web.access import Role
from portal.window.questions import rules, story
from portal.window.questions.rules import Act, FaqAct, FaqStage, Kind, Stage

# no holidays in June 2026 up to the 18th
JUNE = Workdays(frozenset({2026}))


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", [Role.WINDOW, Role.DEPARTMENT, Role.ENTERPRISE])
def test_only_the_holder_moves_a_question_and_only_as_listed(
    kind: Kind, stage: Stage, act: Act, role: Role
) -> None:
    after = rules.MOVES[kind].get((stage, act))
    may = after is not None and rules.HOLDERS[stage] is role
    assert (act in rules.possible(kind, stage, role)) is may
    if may:
        assert rules.take(kind, stage, act, role) is after
    else:
        with pytest.raises((Conflict, NotAllowed), match=rules.STAGE_NAMES[stage]):
            rules.take(kind, stage, act, role)


def test_whoever_holds_a_question_has_a_limit_with_a_source() -> None:
    for kind in Kind:
        assert rules.clock_of(kind, Stage.ANSWERED) is None
        for stage, _ in rules.MOVES[kind]:
            assert LIMITS[rules.clock_of(kind, stage) or ""].source
    assert rules.clock_of(Kind.QUESTION, Stage.PASSED) == rules.CONSULT_LIMIT
    assert (LIMITS["answer"].amount, LIMITS["consult"].amount) == (1, 3)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (datetime(2026, 6, 1, 10, tzinfo=BEIJING), datetime(2026, 6, 1, 17, tzinfo=BEIJING)),
        # in the last hour: one open hour, into the next morning
        (datetime(2026, 6, 1, 16, 40, tzinfo=BEIJING), datetime(2026, 6, 2, 9, 40, tzinfo=BEIJING)),
        # on a Saturday: by the end of Monday
        (datetime(2026, 6, 6, 11, tzinfo=BEIJING), datetime(2026, 6, 8, 17, tzinfo=BEIJING)),
    ],
)
def test_a_callback_is_made_the_same_day(asked: datetime, due: datetime) -> None:
    assert rules.same_day(LIMITS["callback"], asked, JUNE).due(asked, JUNE) == due


@pytest.mark.parametrize("counts", [(rules.MOST_FROM_ONE, 5), (0, rules.MOST_FROM_ALL)])
def test_too_many_questions_in_an_hour_are_refused(counts: tuple[int, int]) -> None:
    with pytest.raises(NotAllowed, match="12345"):
        rules.check_rate(*counts)
    rules.check_rate(rules.MOST_FROM_ONE - 1, rules.MOST_FROM_ALL - 1)


def test_the_code_comes_from_the_form_and_nothing_else() -> None:
    key = "0123456789abcdef" * 2
    code = rules.lookup_code(key)
    assert code == rules.lookup_code(key)
    assert len(code) == rules.CODE_LENGTH
    assert set(code) <= set(rules.ALPHABET)
    assert rules.code_digest(code) != code
    for made_by_hand in ("", "a", key.upper(), key + "0"):
        with pytest.raises(Invalid):
            rules.lookup_code(made_by_hand)


def test_a_question_has_a_subject_of_its_own() -> None:
    assert rules.number_of(rules.subject("ZX-2026-0001")) == "ZX-2026-0001"
    assert rules.number_of("case:GY-2026-0001") is None


@pytest.mark.parametrize("stage", FaqStage)
@pytest.mark.parametrize("act", FaqAct)
def test_every_move_of_an_entry_not_listed_is_refused(stage: FaqStage, act: FaqAct) -> None:
    if (stage, act) in rules.FAQ_MOVES:
        assert rules.take_faq(stage, act) is rules.FAQ_MOVES[stage, act]
    else:
        with pytest.raises(Conflict, match=rules.FAQ_STAGE_NAMES[stage]):
            rules.take_faq(stage, act)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("租金发票要上一年度的，共 12 个月。", []),
        ("请拨经办科室 0839-3263893。", []),
        ("请打 13800001234 找王会计", ["“王会计”", "手机号码"]),
        ("代码 91510800MA6AB12345 可以", ["身份证号码或信用代码"]),
        ("身份证 51080219800101123X", ["身份证号码或信用代码"]),
        ("打到 6222000011112222 上", ["银行账号"]),
    ],
)
def test_what_tells_of_the_asker_is_found(text: str, found: list[str]) -> None:
    assert rules.traces(text, ("王会计", "", "0")) == found


def test_everything_has_words() -> None:
    assert set(rules.ACT_NAMES) == set(Act) == set(story.SAID)
    assert set(rules.STAGE_NAMES) == set(Stage) == set(rules.HOLDERS)
    assert set(rules.KIND_NAMES) == set(Kind)
    assert set(rules.CHANNEL_NAMES) == set(rules.Channel)
    assert set(rules.FAQ_STAGE_NAMES) == set(FaqStage)
