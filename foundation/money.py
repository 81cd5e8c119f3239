"""Money is integer fen; people read yuan."""

import re
from decimal import Decimal

import cn2an

_YUAN = re.compile(r"\d{1,12}(\.\d{1,2})?")


def yuan(fen: int) -> str:
    """6200000 fen as "62,000"; fen are shown only where there are any."""
    amount = f"{Decimal(fen) / 100:,.2f}"
    return amount.removesuffix(".00")


def wan(fen: int) -> str:
    """19200000 fen as "19.2" (万元), rounded down to two places: nothing is promised that is not there."""
    hundredths = abs(fen) // 10_000
    text = f"{hundredths // 100:,}.{hundredths % 100:02d}".rstrip("0").rstrip(".")
    return f"-{text}" if fen < 0 else text


def in_capitals(fen: int) -> str:
    """6200000 fen as "陆万贰仟元整", as cheques and decisions write it."""
    return str(cn2an.an2cn(f"{Decimal(fen) / 100:.2f}", "rmb"))


def parse_yuan(text: str) -> int:
    """What a person typed, in fen; ValueError where it is not an amount in yuan with at most two decimals."""
    plain = text.strip().replace(",", "").replace("，", "").removesuffix("元")
    if not _YUAN.fullmatch(plain):
        raise ValueError(text)
    return int(Decimal(plain) * 100)
