"""How an account is bound to an enterprise: what a credit code must be, what has to be shown. Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from foundation.enterprises.mandates.rules import Capacity
from foundation.enterprises.rules import Kind
from foundation.errors import Conflict, NotAllowed, Problem

LENGTH = 18
# GB 32100 leaves these letters out, because they look like figures
LEFT_OUT = "IOSVZ"
_LETTER = re.compile(r"[0-9A-Z]")


class BindingState(StrEnum):
    """Where a binding request stands."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Proof(StrEnum):
    """What is shown at the counter."""

    LICENCE = "licence"
    IDENTITY_CARD = "identity_card"
    AUTHORISATION = "authorisation"


STATE_NAMES = {
    BindingState.WAITING: "等待核验", BindingState.GRANTED: "已绑定",
    BindingState.REFUSED: "没有通过", BindingState.WITHDRAWN: "已撤回",
}  # fmt: skip
PROOF_NAMES = {
    Proof.LICENCE: "营业执照原件（个体工商户、社会组织等带登记证书）",
    Proof.IDENTITY_CARD: "本人身份证原件",
    Proof.AUTHORISATION: "企业盖章的授权书，写明授权您办理惠企政策兑现",
}
# the person is the 法定代表人 on the licence, or brings what the 法定代表人 signed
PROOFS: Mapping[Capacity, tuple[Proof, ...]] = {
    Capacity.LEGAL: (Proof.LICENCE, Proof.IDENTITY_CARD),
    Capacity.HANDLER: (Proof.LICENCE, Proof.IDENTITY_CARD, Proof.AUTHORISATION),
}
# the first character of a credit code, or the first two: who registered the body (GB 32100 5.2)
KINDS = {
    "1": Kind.PUBLIC, "5": Kind.SOCIAL, "92": Kind.SOLE_TRADER, "93": Kind.COOPERATIVE,
    "N2": Kind.COOPERATIVE,
}  # fmt: skip


def plain_code(text: str) -> str:
    """A credit code as typed, without what people put in between."""
    return str(uscc.compact(text)).upper()


def code_problem(code: str) -> Problem | None:
    """What is wrong with a credit code, where it can be seen from the code alone."""
    remedy = "请按营业执照核对"
    if len(code) != LENGTH:
        return Problem("credit_code", f"现在是 {len(code)} 位，应当是 {LENGTH} 位", remedy)
    for place, letter in enumerate(code, 1):
        if letter in LEFT_OUT or not _LETTER.fullmatch(letter):
            said = f"第 {place} 位是“{letter}”，代码里没有这个字符"
            return Problem("credit_code", said, "可能是数字 0、1、2、5 看成了字母，" + remedy)
    try:
        uscc.validate(code)
    except ValidationError:
        return Problem("credit_code", "校验码对不上，多半有一位抄错了", remedy)
    return None


def kind_of(code: str) -> Kind:
    """What kind of applicant a credit code belongs to."""
    return KINDS.get(code[:2]) or KINDS.get(code[:1]) or Kind.ENTERPRISE


def region_of(code: str) -> str:
    """Where the body was registered: the district stands in the code."""
    return code[2:8]


def check_waiting(state: BindingState) -> None:
    """A request is decided once."""
    if state is not BindingState.WAITING:
        raise Conflict(f"这份申请{STATE_NAMES[state]}，不能再办。请刷新后查看。")


def check_capacity(capacity: Capacity) -> None:
    """At the counter one is bound as 法定代表人 or 经办人; agents are named by the enterprise itself."""
    if capacity not in PROOFS:
        raise NotAllowed("代理人由企业自己在网上授权，不在窗口绑定。请企业先绑定，再授权代理人。")


def missing_proofs(capacity: Capacity, shown: Collection[Proof]) -> tuple[Problem, ...]:
    """What has not been shown yet for this capacity."""
    return tuple(
        Problem(
            "proofs", f"还没有核对：{PROOF_NAMES[proof]}", "核对原件后勾选；没有带来的，请不予绑定并写明理由"
        )
        for proof in PROOFS[capacity]
        if proof not in shown
    )


@dataclass(frozen=True, slots=True)
class Claims:
    """What an identity service says of a person, under our own names."""

    issuer: str
    subject: str
    person: str
    credit_code: str
    firm: str
    capacity: Capacity


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """What the identity service calls them, and its words for a 法定代表人."""

    credit_code: str
    firm: str
    person: str
    role: str
    legal: frozenset[str]


def read_claims(issuer: str, told: Mapping[str, object], names: ClaimNames) -> Claims:
    """The claims of an identity service, or NotAllowed where they do not bind anybody to an enterprise."""
    code = plain_code(_text(told, names.credit_code))
    subject, firm, person = (_text(told, name) for name in ("sub", names.firm, names.person))
    if code_problem(code) or not (subject and firm and person):
        raise NotAllowed("身份服务没有说明您代表哪家企业。请用企业账号登录身份服务，或到兑现专窗绑定。")
    if _text(told, names.role) not in names.legal:
        raise NotAllowed(
            "身份服务说您不是法定代表人。请由法定代表人登录后授权给您，或带授权书到兑现专窗绑定。"
        )
    return Claims(issuer, subject, person, code, firm, Capacity.LEGAL)


def _text(told: Mapping[str, object], name: str) -> str:
    value = told.get(name)
    return value.strip() if isinstance(value, str) else ""
