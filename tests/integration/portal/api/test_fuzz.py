"""Whatever a program sends, the API answers as its description says, and never breaks down."""

from collections.abc import Callable

import pytest
from schemathesis import GenerationMode

from tests.accept.api import differences
from tests.factories.city import City
from tests.support.pages import PortalClient

EXAMPLES = 5


@pytest.mark.parametrize("database_kind", [pytest.param("sqlite", marks=pytest.mark.sqlite)])
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_is_one_that_the_description_knows(
    city: City, client: PortalClient, new_token: Callable[[], str], mode: GenerationMode
) -> None:
    assert list(differences(client.app, new_token(), mode, EXAMPLES)) == []
