"""What finance sends."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator

from foundation.clock import BEIJING
from foundation.web.forms import Form, Line, YuanAsFen


def _in_beijing(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)


Moment = Annotated[datetime, AfterValidator(_in_beijing)]


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


class TopUpForm(Form):
    """What the treasury's document says."""

    amount: YuanAsFen
    document_number: Line
