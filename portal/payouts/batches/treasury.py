"""The treasury's files: what is sent to be paid, and what comes back. Pure."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from foundation.clock import BEIJING
from foundation.errors import Invalid, Problem
from foundation.money import yuan

HEADINGS = (
    "支付编号", "办件编号", "收款单位", "统一社会信用代码", "户名", "开户银行", "账号", "金额（元）", "资金",
)  # fmt: skip
ANSWERS = ("支付编号", "结果", "时间", "回单号", "原因")
PAID, RETURNED = frozenset({"成功", "已支付", "支付成功"}), frozenset({"退票", "失败", "退回"})
MOST_ROWS = 2_000
# so many rows, each with its payment's number, a moment, a slip and a reason
LONGEST_PASTE = MOST_ROWS * 200
# what a spreadsheet would read as a formula
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Order:
    """One payment as the treasury needs it."""

    payment_id: str
    number: str
    payee_name: str
    payee_code: str
    holder: str
    bank: str
    account: str
    amount_fen: int
    pool: str

    def cells(self) -> tuple[str, ...]:
        """In the order of the headings; no cell is a formula."""
        given = (self.payment_id, self.number, self.payee_name, self.payee_code, self.holder, self.bank)
        plain = (*given, self.account, yuan(self.amount_fen).replace(",", ""), self.pool)
        return tuple(f"'{cell}" if cell.startswith(FORMULA) else cell for cell in plain)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bank says of one payment; *fault* where the row cannot be read."""

    row: int
    payment_id: str
    paid: bool
    at: datetime | None
    reference: str
    reason: str
    fault: str = ""


def as_csv(orders: Iterable[Order]) -> bytes:
    """The file as CSV, with the mark that spreadsheets need to read Chinese."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows(order.cells() for order in orders)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(orders: Iterable[Order]) -> bytes:
    """The file as a workbook; every cell is text, so that no account number is rounded."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("付款明细")
    sheet.append(HEADINGS)
    for order in orders:
        sheet.append(order.cells())
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def digest(orders: Iterable[Order]) -> str:
    """The SHA-256 of the CSV file."""
    return hashlib.sha256(as_csv(orders)).hexdigest()


def read_pasted(text: str) -> list[Answer]:
    """Rows copied from a spreadsheet or a CSV file, the headings first."""
    lines = [line for line in text.splitlines() if line.strip()]
    separator = "\t" if lines and "\t" in lines[0] else ","
    return _answers(list(csv.reader(lines, delimiter=separator)))


def read_xlsx(content: bytes) -> list[Answer]:
    """Rows of a workbook's first sheet, the headings first."""
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = [
            [_text(cell) for cell in row]
            for row in book.worksheets[0].iter_rows(max_row=MOST_ROWS + 2, max_col=20, values_only=True)
        ]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError):
        raise Invalid.of("results", "这个文件打不开", "请用 Excel 另存为 xlsx 后再传") from None
    return _answers([row for row in rows if any(row)])


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="minutes")
    return "" if cell is None else str(cell).strip()


def _answers(rows: Sequence[Sequence[str]]) -> list[Answer]:
    headings = [cell.strip().removeprefix("\ufeff") for cell in rows[0]] if rows else []
    if "支付编号" not in headings or "结果" not in headings:
        raise Invalid.of("results", "没有找到表头“支付编号”和“结果”", f"第一行请写：{'、'.join(ANSWERS)}")
    if len(rows) > MOST_ROWS + 1:
        raise Invalid((Problem("results", f"一次最多 {MOST_ROWS} 行", "请分几次导入"),))
    return [_answer(number, dict(zip(headings, row, strict=False))) for number, row in enumerate(rows[1:], 2)]


def _answer(number: int, cells: Mapping[str, str]) -> Answer:
    said, typed = cells.get("结果", "").strip(), cells.get("时间", "").strip()
    fault = "" if said in PAID | RETURNED else f"结果“{said}”看不懂，请写“成功”或“退票”"
    at = None
    try:
        at = datetime.fromisoformat(typed.replace("/", "-")) if typed else None
    except ValueError:
        fault = fault or f"时间“{typed}”看不懂，请写成 2026-06-01 10:30"
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=BEIJING)
    texts = (cells.get(name, "").strip() for name in ("支付编号", "回单号", "原因"))
    payment, reference, reason = texts
    return Answer(number, payment, said in PAID, at, reference[:80], reason[:200], fault)
