"""The image and the compose file name what the portal really has: packages, commands, settings."""

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

from foundation.settings import from_environment
from portal.cli import WHERE

COMPOSE: dict[str, Any] = yaml.safe_load(Path("compose.yaml").read_text("utf-8"))
DOCKERFILE = Path("Dockerfile").read_text("utf-8")
ASKED = re.compile(r"\$\{(\w+)(:\?|:-)?")


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


def test_the_image_holds_every_package_and_runs_as_nobody() -> None:
    built = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE))
    assert set(built["packages"]) <= copied
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER (?!0\b|root\b)\S+", final, re.MULTILINE)
    assert "HEALTHCHECK" in final
