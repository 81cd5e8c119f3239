"""What a credit code must be, what has to be shown, and what an identity service has to say."""

from datetime import datetime, timedelta

import pytest

from foundation.clock import BEIJING
from foundation.enterprises.binding.rules import (
    BindingState,
    ClaimNames,
    Proof,
    check_capacity,
    check_waiting,
    code_problem,
    kind_of,
    missing_proofs,
    plain_code,
    read_claims,
    region_of,
)
from foundation.enterprises.consents.rules import LASTS, holds
from foundation.enterprises.mandates.rules import Capacity
from foundation.enterprises.rules import Kind
from foundation.errors import Conflict, NotAllowed

FIRM = "91510800MAD0A1B2CG"
NAMES = ClaimNames("code", "firm", "name", "role", frozenset({"法定代表人"}))
TOLD = {"sub": "s-1", "code": FIRM, "firm": "样例机械有限公司", "name": "王慧", "role": "法定代表人"}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (FIRM, None),
        (FIRM[:-1], "现在是 17 位"),
        (FIRM.replace("0A", "OA"), "第 12 位是“O”"),
        (FIRM[:-1] + "?", "第 18 位是“?”"),
        (FIRM[:-1] + "H", "校验码对不上"),
    ],
)
def test_a_wrong_code_says_what_is_wrong(code: str, said: str | None) -> None:
    problem = code_problem(code)
    assert (problem is None) if said is None else (problem is not None and said in problem.message)


def test_a_code_tells_who_registered_whom() -> None:
    assert plain_code(f" {FIRM[:8].lower()} {FIRM[8:]} ") == FIRM
    assert region_of(FIRM) == "510800"
    kinds = {"91": Kind.ENTERPRISE, "92": Kind.SOLE_TRADER, "12": Kind.PUBLIC, "N2": Kind.COOPERATIVE}
    assert {start: kind_of(start + FIRM[2:]) for start in kinds} == kinds


def test_what_has_to_be_shown() -> None:
    assert missing_proofs(Capacity.LEGAL, [Proof.LICENCE, Proof.IDENTITY_CARD]) == ()
    (missing,) = missing_proofs(Capacity.HANDLER, [Proof.LICENCE, Proof.IDENTITY_CARD])
    assert "授权书" in missing.message
    check_capacity(Capacity.LEGAL)
    with pytest.raises(NotAllowed, match="不在窗口绑定"):
        check_capacity(Capacity.AGENT)


def test_a_request_is_decided_once() -> None:
    check_waiting(BindingState.WAITING)
    with pytest.raises(Conflict, match="已绑定"):
        check_waiting(BindingState.GRANTED)


def test_an_identity_service_binds_the_legal_representative() -> None:
    claims = read_claims("https://id.example", TOLD, NAMES)
    assert (claims.credit_code, claims.person, claims.capacity) == (FIRM, "王慧", Capacity.LEGAL)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"role": "经办人"}, "不是法定代表人"),
        ({"code": "123"}, "没有说明您代表哪家企业"),
        ({"sub": ""}, "没有说明"),
        ({"name": 7}, "没有说明"),
    ],
)
def test_an_identity_service_that_says_too_little_binds_nobody(change: dict[str, object], said: str) -> None:
    with pytest.raises(NotAllowed, match=said):
        read_claims("https://id.example", {**TOLD, **change}, NAMES)


def test_a_consent_is_for_one_application_soon_after() -> None:
    given = datetime(2026, 6, 1, 10, tzinfo=BEIJING)
    assert holds(given, given)
    assert not holds(given, given + LASTS)
    assert not holds(given, given - timedelta(minutes=1))
