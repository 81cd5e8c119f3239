"""Whatever is sent with a form, the answer is clear and never a breakdown."""

import os

import pytest

from tests.access import malformed
from tests.access.conftest import Portal

# a few for each form; `./run accept` sends 50, with --full 2,000
TIMES = int(os.environ.get("MALFORMED_TIMES", "3"))


@pytest.mark.sqlite
def test_no_form_breaks_down(on_sqlite: Portal) -> None:
    caller = on_sqlite.caller()
    found = malformed.forms(on_sqlite.app, caller)
    assert len(found) > 40
    assert [line for form in found for line in malformed.broken(caller, form, TIMES)] == []
