"""Who may do what to a draft, and which measures may be published with which record."""

from datetime import date

import pytest

from catalog.drafting.rules import MOVES, FairRecord, Move, State, after, check_fair
from catalog.rules import FairCompetition as Fair
from foundation.errors import Invalid, NotAllowed

CITY = "510800"
REVIEWED = {"reviewed_on": date(2026, 1, 5), "reviewer": "市市场监管局"}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_every_move_not_listed_is_refused(state: State, move: Move) -> None:
    if (state, move) in MOVES:
        assert after(state, move) is MOVES[state, move]
    else:
        with pytest.raises(NotAllowed):
            after(state, move)


@pytest.mark.parametrize(
    ("record", "region", "issued"),
    [
        (FairRecord(Fair.PASSED, **REVIEWED), CITY, date(2025, 1, 1)),
        (FairRecord(Fair.EXCEPTED, **REVIEWED, until=date(2027, 1, 1)), CITY, date(2025, 1, 1)),
        (FairRecord(Fair.UPPER_POLICY), "510000", date(2025, 1, 1)),
        (FairRecord(Fair.CLEARED_STOCK), CITY, date(2024, 7, 31)),
        (FairRecord(Fair.UNRECORDED), "510000", None),
    ],
)
def test_what_may_be_published(record: FairRecord, region: str, issued: date | None) -> None:
    check_fair(record, region_code=region, city=CITY, issued_on=issued)


@pytest.mark.parametrize(
    ("record", "region", "issued", "field"),
    [
        (FairRecord(Fair.UNRECORDED), CITY, date(2025, 1, 1), "fair"),
        (FairRecord(Fair.UNRECORDED), None, None, "fair"),
        (FairRecord(Fair.UNRECORDED), "510802", date(2020, 1, 1), "fair"),
        (FairRecord(Fair.UPPER_POLICY), CITY, date(2025, 1, 1), "fair"),
        (FairRecord(Fair.CLEARED_STOCK), CITY, date(2024, 8, 1), "fair"),
        (FairRecord(Fair.CLEARED_STOCK), CITY, None, "fair"),
        (FairRecord(Fair.PASSED), CITY, date(2025, 1, 1), "reviewed_on"),
        (FairRecord(Fair.PASSED, reviewed_on=date(2026, 1, 5)), CITY, date(2025, 1, 1), "reviewed_on"),
        (FairRecord(Fair.EXCEPTED, **REVIEWED), CITY, date(2025, 1, 1), "fair_until"),
    ],
)
def test_what_may_not(record: FairRecord, region: str | None, issued: date | None, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_fair(record, region_code=region, city=CITY, issued_on=issued)
    assert [problem.field for problem in refused.value.problems] == [field]
