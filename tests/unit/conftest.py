"""Unit tests are about values: none of them may reach a database."""

from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine


def _refuse(*_: Any) -> NoReturn:
    raise AssertionError("a unit test reached for a database; move it to tests/integration")


@pytest.fixture(autouse=True)
def no_database() -> Iterator[None]:
    event.listen(Engine, "do_connect", _refuse)
    yield
    event.remove(Engine, "do_connect", _refuse)
