"""Every route declares who may enter, once; the list beside this file is what a reviewer reads."""

from pathlib import Path

from flask import Flask

from foundation.web.access import SIGNED_IN, STAFF, Rule

LISTED = Path(__file__).with_name("routes.txt")
NAMES = {SIGNED_IN: "signed in", STAFF: "staff"}


def _words(rule: Rule) -> str:
    if rule.public:
        return "public"
    roles = NAMES.get(rule) or ", ".join(sorted(rule.roles))
    return f"{roles} (token)" if rule.bearer else roles


def _routes(app: Flask) -> list[str]:
    lines = []
    for route in app.url_map.iter_rules():
        rule = getattr(app.view_functions[route.endpoint], "access_rule", None)
        methods = "/".join(sorted((route.methods or set()) - {"HEAD", "OPTIONS"}))
        words = _words(rule) if rule else "UNDECLARED"
        if route.endpoint.endswith(".static"):
            words = "public"  # the files of the look; nothing else is served as a file
        lines.append(f"{methods:<5} {route.rule:<60} {words}")
    return sorted(lines, key=lambda line: (line.split()[1], line))


def test_every_route_declares_one_access_rule(routes: Flask) -> None:
    assert [line for line in _routes(routes) if line.endswith(("UNDECLARED", " "))] == []


def test_the_list_of_routes_is_current(routes: Flask) -> None:
    now = "\n".join(_routes(routes)) + "\n"
    listed = LISTED.read_text("utf-8") if LISTED.exists() else ""
    if now != listed:
        LISTED.with_suffix(".new").write_text(now, "utf-8")
    assert now == listed, "read the difference, then: mv tests/house/routes.new tests/house/routes.txt"
