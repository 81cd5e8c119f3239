"""What people hand in about a case, one form a class."""

from typing import Annotated

from pydantic import Field

from foundation.enterprises.consents.rules import Means
from foundation.web.forms import Form, Line, Moment, OptionalLine, OptionalText, Phone, Text, YuanAsFen
from portal.window.bulk.rules import BulkAct
from portal.window.services.intake import Application

# what each field is called on the pages, for the list of what is wrong
LABELS = {
    "contact_name": "联系人",
    "contact_phone": "联系电话",
    "account_name": "收款户名",
    "account_bank": "开户银行",
    "account_number": "收款账号",
    "applied_fen": "申请金额",
    "statement": "情况说明",
    "declared": "承诺",
    "item_code": "事项编码",
    "credit_code": "统一社会信用代码",
    "material": "材料名称",
    "wanted": "要求",
    "note": "说明",
    "ground": "理由",
    "reason": "理由或说明",
    "department": "承办部门",
    "override_reason": "改交其他部门的理由",
    "act": "要办什么",
    "number": "办件",
    "officer_name": "承办人",
    "officer_phone": "直拨电话",
    "basis": "依据",
    "checked_fen": "初核金额",
    "opinion": "意见",
    "decided_fen": "审定金额",
    "what": "送达了什么",
    "document_number": "凭证或文号",
    "delivered_at": "送达时间",
    "body": "报哪个上级部门",
    "reported_at": "上报时间",
}
OptionalYuan = Annotated[YuanAsFen, Field(ge=0, le=100_000_000_00)]


class ApplicationForm(Form):
    """The application; a draft may lack anything, what is there must be readable."""

    contact_name: OptionalLine = ""
    contact_phone: Annotated[
        str, Field(pattern=r"^$|^[0-9+\- ]{5,20}$", description="请填电话号码，例如 0839-3263893")
    ] = ""
    account_name: OptionalLine = ""
    account_bank: OptionalLine = ""
    account_number: Annotated[
        str, Field(pattern=r"^$|^[0-9 ]{6,34}$", description="请填银行账号，只有数字")
    ] = ""
    applied_fen: OptionalYuan | None = None
    statement: OptionalText = ""

    def application(self) -> Application:
        """As the service takes it."""
        return Application(
            contact_name=self.contact_name,
            contact_phone=self.contact_phone,
            account_name=self.account_name,
            account_bank=self.account_bank,
            account_number=self.account_number.replace(" ", ""),
            applied_fen=self.applied_fen,
            statement=self.statement,
        )


class CounterForm(Form):
    """For whom and for what the window starts an application."""

    item_code: Line
    credit_code: Annotated[
        str, Field(pattern=r"^[0-9A-Z]{18}$", description="请填 18 位统一社会信用代码，数字和大写字母")
    ]
    # 帮办: who of the enterprise agreed, and how
    given_by: Annotated[str, Field(min_length=1, max_length=60)]
    means: Means


class SupplementForm(Form):
    """What is missing: materials and what is wanted of each, in the same order."""

    material: list[OptionalLine]
    wanted: list[OptionalLine]

    def gaps(self) -> list[tuple[str, str]]:
        """(material, what is wanted), rows left empty dropped."""
        rows = zip(self.material, self.wanted, strict=False)
        return [(material, wanted or "请提供") for material, wanted in rows if material]


class SupplyForm(Form):
    """A word with the files, or instead of them when the papers came over the counter."""

    note: OptionalText = ""


class RefuseForm(Form):
    """On which formal ground, and why."""

    ground: Line
    reason: Text


class HandOffForm(Form):
    """To whom, and why if that is not the item's own department."""

    department: Line
    override_reason: OptionalText = ""


class RespondForm(Form):
    """Who handles it, and the direct line."""

    officer_name: Line
    officer_phone: Phone


class ChosenForm(Form):
    """Which act is meant for which cases of a page of the desk."""

    act: BulkAct
    number: Annotated[list[Line], Field(max_length=100)]


class BulkForm(ChosenForm):
    """The same, to be carried out."""

    number: Annotated[list[Line], Field(min_length=1, max_length=100)]


class ReturnForm(Form):
    """Why it is not ours, and on which basis."""

    reason: Text
    basis: Line


class ReviewForm(Form):
    """What the papers bear out."""

    checked_fen: OptionalYuan | None = None
    opinion: Text
    reason: OptionalText = ""


class ApproveForm(Form):
    """The amount decided, and why it differs, where it does."""

    decided_fen: OptionalYuan | None = None
    reason: OptionalText = ""


class DeliverForm(Form):
    """What was delivered, when, and the paper that shows it."""

    what: Line
    document_number: Annotated[Line, Field(max_length=120)]
    delivered_at: Moment


class ReportForm(Form):
    """To which body above, under which number, when."""

    body: Line
    document_number: Annotated[Line, Field(max_length=120)]
    reported_at: Moment


class ReasonForm(Form):
    """An act that needs its reason in writing."""

    reason: Text


class FreezeForm(Form):
    """Which exempt item."""

    item_code: Line


class AccountForm(Form):
    """Where the money of an exempt item goes."""

    account_name: Line
    account_bank: Line
    account_number: Annotated[str, Field(pattern=r"^[0-9 ]{6,34}$", description="请填银行账号，只有数字")]


class WithdrawForm(Form):
    """A reason is welcome, not demanded."""

    reason: OptionalText = ""
