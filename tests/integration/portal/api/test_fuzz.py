"""Whatever a program sends, the API answers as its description says, and never breaks down."""

from collections.abc import Callable

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.factories.city import City
from tests.support.pages import PortalClient

EXAMPLES = 5
# that a month has not begun yet, no schema can say
UNFORESEEABLE = {"/api/v1/timings": [positive_data_acceptance]}
HURRIED = settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.mark.parametrize("database_kind", [pytest.param("sqlite", marks=pytest.mark.sqlite)])
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_is_one_that_the_description_knows(
    city: City, client: PortalClient, new_token: Callable[[], str], mode: GenerationMode
) -> None:
    token = new_token()
    api = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", client.app)

    for found in api.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not list(operation.query):
            continue  # any text may be a code: there is nothing to get wrong

        @HURRIED
        @given(case=operation.as_strategy(generation_mode=mode))
        def holds(case: schemathesis.Case) -> None:
            unforeseeable = UNFORESEEABLE.get(case.path)
            case.call_and_validate(
                headers={"Authorization": f"Bearer {token}"}, excluded_checks=unforeseeable
            )

        holds()
