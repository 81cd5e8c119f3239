"""The forms of registering and binding."""

from typing import Annotated

from pydantic import Field, StringConstraints

from foundation.enterprises.binding.rules import Proof
from foundation.enterprises.binding.services import Wanted
from foundation.enterprises.mandates.rules import Capacity
from foundation.web.forms import Form, Line, OptionalText, Phone

Login = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.@-]{2,59}$"),
    Field(description="请用 3 到 60 位字母、数字或 _ . @ -，例如 wanghui"),
]
LABELS = {
    "credit_code": "统一社会信用代码", "firm_name": "企业名称", "capacity": "您是", "name": "您的姓名",
    "phone": "手机号", "login": "账号", "password": "密码", "proofs": "核对了哪些原件", "reason": "理由",
}  # fmt: skip


class WantedForm(Form):
    """For which enterprise, and as what."""

    credit_code: Line
    firm_name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    capacity: Capacity

    def wanted(self) -> Wanted:
        """As the service takes it."""
        return Wanted(self.credit_code, self.firm_name, self.capacity)


class RegisterForm(WantedForm):
    """A new account and the enterprise for which it is to act."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    phone: Phone
    login: Login
    password: Line


class GrantForm(Form):
    """What was shown at the counter."""

    capacity: Capacity
    proofs: tuple[Proof, ...] = ()


class RefuseForm(Form):
    """Why not."""

    reason: OptionalText = ""
