"""What finance sends."""

from foundation.web.forms import Form, Line, Moment, YuanAsFen


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
