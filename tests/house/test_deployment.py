"""The image and the compose file name what the portal really has: packages, commands, settings."""

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

from foundation.settings import Rates, Settings, from_environment
from portal.cli import WHERE

COMPOSE: dict[str, Any] = yaml.safe_load(Path("compose.yaml").read_text("utf-8"))
DOCKERFILE = Path("Dockerfile").read_text("utf-8")
ASKED = re.compile(r"\$\{(\w+)(:\?|:-)?")
FILLED = re.compile(r"\$\{\w+:(?:-|\?)([^}]*)\}")
# the image's own, and what only the demonstration and the tests set
NOT_TOLD = {"PORTAL_HOME", "FILES_DIR", "PORTAL_DEMO", "PORTAL_CLOCK_OFFSET", "SECURE_COOKIES"}


class Asking(dict[str, str]):
    """An environment in which nothing is set; it remembers what was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def get(self, name: str, usual: Any = None) -> Any:
        self.names.add(name)
        return usual


def _copies(service: str) -> int:
    return int(COMPOSE["services"][service].get("deploy", {}).get("replicas", 1))


def test_two_of_everything_that_may_die() -> None:
    assert {name: _copies(name) for name in ("web", "worker", "relay")} == {"web": 2, "worker": 2, "relay": 2}
    assert {"migrate", "database", "broker", "proxy"} <= COMPOSE["services"].keys()


def test_every_process_is_a_command_of_the_portal() -> None:
    for name in ("migrate", "web", "worker", "relay"):
        command = COMPOSE["services"][name]["command"]
        assert (command if isinstance(command, str) else command[0]) in WHERE


def test_every_secret_comes_from_outside() -> None:
    asked = dict(ASKED.findall(Path("compose.yaml").read_text("utf-8")))
    secrets = {"POSTGRES_PASSWORD", "VALKEY_PASSWORD", "SECRET_KEY", "PUBLIC_HOST", "CITY"}
    assert {name: asked.get(name) for name in secrets} == dict.fromkeys(secrets, ":?")
    offered = dict(re.findall(r"^(\w+)=(.*)$", Path(".env.example").read_text("utf-8"), re.MULTILINE))
    assert offered == dict.fromkeys(secrets | {"METRICS_TOKEN"}, "")


def test_what_the_processes_are_told_is_what_the_settings_read() -> None:
    told = COMPOSE["services"]["web"]["environment"]
    settings = from_environment(dict.fromkeys(told, "7"))
    assert (settings.secret_key, settings.city, settings.proxies, settings.metrics_token) == (
        "7",
        "7",
        7,
        "7",
    )


def test_every_setting_can_be_made_and_is_the_usual_one_where_it_is_not() -> None:
    told, environment = COMPOSE["services"]["web"]["environment"], Asking()
    from_environment(environment)
    assert environment.names - told.keys() == NOT_TOLD
    made = from_environment({name: FILLED.sub(r"\1", value) for name, value in told.items()})
    usual = Settings("")
    for name in ("second_factor", "staff_idle", "enterprise_idle", "oidc_legal_words", "oidc_claim_role"):
        assert getattr(made, name) == getattr(usual, name)
    assert (made.rates, made.slow_query_ms, made.clamav) == (Rates(), usual.slow_query_ms, "")


def test_no_process_may_do_more_than_it_has_to() -> None:
    for name in ("migrate", "web", "worker", "relay"):
        service = COMPOSE["services"][name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["volumes"] == ["files:/data"]


def test_the_image_holds_every_package_and_runs_as_nobody() -> None:
    built = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE))
    assert set(built["packages"]) <= copied
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER (?!0\b|root\b)\S+", final, re.MULTILINE)
    assert "HEALTHCHECK" in final
