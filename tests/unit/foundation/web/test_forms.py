"""What is wrong with a form is said field by field, with what the field should look like."""

import pytest

from foundation.errors import Invalid
from foundation.web.forms import Form, Key, Line, Phone, YuanAsFen, parse


class Contact(Form):
    """A form as rooms declare them."""

    name: Line
    phone: Phone
    amount: YuanAsFen


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"phone": "abc"}, "phone", "请填电话号码，例如 0839-3263893"),
        ({"name": ""}, "name", "还没有填写"),
        ({"amount": "六万"}, "amount", "请填数字，单位是元，例如 62000"),
    ],
)
def test_a_problem_says_what_to_write(given: dict[str, str], field: str, said: str) -> None:
    good = {"name": "王会计", "phone": "0839-1234567", "amount": "62,000"}
    assert parse(Contact, good).amount == 62_000_00
    with pytest.raises(Invalid) as refused:
        parse(Contact, good | given)
    assert [(problem.field, problem.message) for problem in refused.value.problems] == [(field, said)]


class Choice(Form):
    """Which row."""

    row: Key


@pytest.mark.parametrize("sent", ["0", "-1", "2147483648", "9223372036854775808", "9" * 400, "一"])
def test_a_key_that_no_database_takes_is_refused(sent: str) -> None:
    with pytest.raises(Invalid):
        parse(Choice, {"row": sent})
    assert parse(Choice, {"row": "7"}).row == 7
