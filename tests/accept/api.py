"""Whatever a program sends to `/api/v1`, right or wrong: an answer that its description knows."""

import logging
from collections.abc import Iterator
from pathlib import Path

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import positive_data_acceptance

from foundation import log
from foundation.db import Database
from foundation.settings import NO_RATES, Settings
from portal.api import services
from portal.app import create_app
from tests.accept.report import Findings, say
from tests.accept.servers import Servers
from tests.factories import city as factory

EXPERIMENT = "api"
SHORT, FULL = 50, 2000
SHOWN = 5
# that a month has not begun yet, no schema can say
UNFORESEEABLE = {"/api/v1/timings": [positive_data_acceptance]}


def differences(app: Flask, token: str, mode: GenerationMode, examples: int) -> Iterator[str]:
    """The operations that answered otherwise than described, with the first such request."""
    api = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    hurried = settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    for found in api.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not list(operation.query):
            continue  # any text may be a code: there is nothing to get wrong

        @hurried
        @given(case=operation.as_strategy(generation_mode=mode))
        def holds(case: schemathesis.Case) -> None:
            spoiled = case.meta is not None and case.meta.is_negative_at(ParameterLocation.HEADER)
            carried = {} if spoiled else {"Authorization": f"Bearer {token}"}
            case.call_and_validate(headers=carried, excluded_checks=UNFORESEEABLE.get(case.path))

        try:
            holds()
        except FailureGroup as failures:
            yield f"{operation.label}: {failures.exceptions}"


def run(on: str, made: Servers, folder: Path, examples: int) -> Findings:
    """So many requests an operation, right ones and wrong ones, in this process."""
    found = Findings(EXPERIMENT, on)
    database = Database(url := made.database(on))
    log.configure(logging.ERROR)  # each refusal is a line otherwise
    try:
        with database.writing() as db:
            city = factory.found(db)
            factory.submit(db, city)
            token = services.make(db, city.firm, label="accept", days=30)
        settings = Settings(url, secret_key="only for the experiments", files=folder, rates=NO_RATES)
        app = create_app(settings, database)
        for mode in GenerationMode:
            wrong = list(differences(app, token, mode, examples))
            found.count(f"operations that differ, {examples} {mode.value} requests each", len(wrong))
            for line in wrong[:SHOWN]:
                say(line)
    finally:
        log.configure()
        database.close()
    return found
