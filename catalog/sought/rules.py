"""Which texts may be kept as something sought: what could be about a person or a firm may not. Pure."""

import re

LONGEST_KEPT, SHORTEST_KEPT = 30, 2
# a telephone, identity or account number, an amount with its cents: digits that say who, not what
_DIGITS = re.compile(r"(?:\d[ -]?){6,}")
# eighteen figures and letters: a credit code or an identity number
_CODE = re.compile(r"[0-9a-z]{15,}")
_NAMED = re.compile(
    r"有限公司|有限责任|股份公司|合伙企业|经营部|商行|先生|女士|身份证|手机号|账号|密码|我叫|我是|@"
)


def may_keep(query: str) -> bool:
    """Whether a normal text says what is sought, and nothing of who seeks it."""
    if not SHORTEST_KEPT <= len(query) <= LONGEST_KEPT:
        return False
    plain = query.replace(" ", "")
    return not (_DIGITS.search(query) or (_CODE.search(plain) and any(map(str.isdigit, plain)))) and (
        _NAMED.search(query) is None
    )
