"""The forms of an enterprise's people."""

from datetime import date
from typing import Annotated, Literal

from pydantic import StringConstraints

from foundation.enterprises.mandates.rules import Capacity, Power
from foundation.enterprises.mandates.services import Terms
from foundation.web.forms import Form, Key, Line, OptionalLine, Phone

LABELS = {
    "who": "对方的账号或手机号", "capacity": "授权为", "powers": "可以做什么", "scope": "哪些事项",
    "items": "选择事项", "valid_until": "授权到哪一天", "agency": "代理机构", "successor": "接手的同事",
    "name": "联系人", "phone": "手机号", "email": "电子邮箱",
}  # fmt: skip


class OfferForm(Form):
    """Who is named, for what, until when."""

    who: Line
    capacity: Literal[Capacity.HANDLER, Capacity.AGENT]
    powers: tuple[Literal[Power.APPLY, Power.CONFIRM_ACCOUNT], ...] = ()
    scope: Literal["all", "named"]
    items: tuple[Line, ...] = ()
    valid_until: date | None = None
    agency: Annotated[str, StringConstraints(max_length=120)] = ""

    def terms(self) -> Terms:
        """As the service takes them."""
        items = None if self.scope == "all" else self.items
        return Terms(self.capacity, self.powers, items, self.valid_until, self.agency)


class HandOverForm(Form):
    """Which colleague goes on; none where the mandate just ends."""

    successor: Key


class OpenForm(Form):
    """For which enterprise, and on to which page."""

    membership: Key
    to: Line


class ContactForm(Form):
    """Who gets the enterprise's messages."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    phone: Phone
    email: OptionalLine = ""
