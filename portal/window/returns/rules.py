"""A payment that the bank sent back: correct the account with four eyes, then it is paid again. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from foundation.errors import Conflict

_SUBJECT = "return:"
_ALIKE = str.maketrans({"（": "(", "）": ")", " ": None, "\u3000": None, "·": "•"})
CORRECTION, CHECK, REISSUE = "correction", "account_check", "reissue"
NOT_YOUR_OWN = "这个账户是您（或您代班的同事）填写的，要由另一个人核对。请转给同事。"


class Stage(StrEnum):
    """Where a returned payment stands."""

    OPEN = "open"
    PROPOSED = "proposed"
    CORRECTED = "corrected"
    REPAID = "repaid"


class Act(StrEnum):
    """What happens to it."""

    BANK_RETURN = "bank_return"
    PROPOSE = "propose_account"
    DECLINE = "decline_account"
    APPROVE = "approve_account"
    REPAY = "repay"


MOVES: Mapping[tuple[Stage, Act], Stage] = MappingProxyType(
    {
        # another payment of the same case comes back
        (Stage.OPEN, Act.BANK_RETURN): Stage.OPEN,
        (Stage.PROPOSED, Act.BANK_RETURN): Stage.PROPOSED,
        (Stage.CORRECTED, Act.BANK_RETURN): Stage.OPEN,
        (Stage.OPEN, Act.PROPOSE): Stage.PROPOSED,
        (Stage.PROPOSED, Act.PROPOSE): Stage.PROPOSED,
        (Stage.PROPOSED, Act.DECLINE): Stage.OPEN,
        (Stage.PROPOSED, Act.APPROVE): Stage.CORRECTED,
        (Stage.CORRECTED, Act.REPAY): Stage.REPAID,
    }
)
CLOCKS: Mapping[Stage, str | None] = MappingProxyType(
    {Stage.OPEN: CORRECTION, Stage.PROPOSED: CHECK, Stage.CORRECTED: REISSUE, Stage.REPAID: None}
)
STAGE_NAMES: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.OPEN: "退票，待更正账户",
        Stage.PROPOSED: "退票，待核对账户",
        Stage.CORRECTED: "退票，待重新付款",
        Stage.REPAID: "已重新付款",
    }
)
# what everybody waits for, said to the applicant
WAITING: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.OPEN: "银行退回了这笔款。请核对并更正收款账户，更正后重新支付。",
        Stage.PROPOSED: "专窗正在核对您更正的账户。",
        Stage.CORRECTED: "账户已更正，财政部门正在重新付款。",
        Stage.REPAID: "款项已重新支付。",
    }
)


def take(stage: Stage, act: Act) -> Stage:
    """What *act* does to a returned payment."""
    try:
        return MOVES[stage, act]
    except KeyError:
        raise Conflict(f"这笔退票现在是“{STAGE_NAMES[stage]}”，不能这样办理。请刷新后再看。") from None


def same_name(account_name: str, applicant_name: str) -> bool:
    """Whether an account is in the applicant's name; banks and registers differ in brackets and gaps."""
    return account_name.translate(_ALIKE) == applicant_name.translate(_ALIKE)


def subject(number: str) -> str:
    """How audit and deadlines name what was sent back of the case of *number*."""
    return f"{_SUBJECT}{number}"


def number_of(name: str) -> str | None:
    """The case of such a subject; None where it is something else."""
    return name.removeprefix(_SUBJECT) if name.startswith(_SUBJECT) else None
