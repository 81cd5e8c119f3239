"""What finance sends."""

from typing import Annotated

from pydantic import Field, StringConstraints

from foundation.web.forms import Form, Line, Moment, YuanAsFen
from portal.payouts.rules import FundSource


class PrepareForm(Form):
    """How much of a share to pay now."""

    amount: YuanAsFen


class PayForm(Form):
    """What the bank's slip says."""

    paid_at: Moment
    bank_reference: Line


class ReturnForm(Form):
    """What the bank's notice of return says."""

    returned_at: Moment
    reason: Line


class VoidForm(Form):
    """Why a prepared payment is taken back."""

    reason: Line


class PoolForm(Form):
    """A pool to set up: an item's money of one year and one source."""

    code: Annotated[Line, StringConstraints(max_length=80)]
    name: Line
    item_code: Line
    year: Annotated[int, Field(ge=2000, le=2100)]
    source: FundSource


class TopUpForm(Form):
    """What the treasury's document says."""

    amount: YuanAsFen
    document_number: Line
