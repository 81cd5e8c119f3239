"""Every route declares who may enter, once; what that means is called cell by cell in tests/access."""

from flask import Flask

from foundation.web.access import Rule


def _undeclared(app: Flask) -> list[str]:
    return [
        route.rule
        for route in app.url_map.iter_rules()
        if not route.endpoint.endswith(".static")  # the files of the look; nothing else is served as a file
        and getattr(app.view_functions[route.endpoint], "access_rule", Rule()) == Rule()
    ]


def test_every_route_declares_one_access_rule(routes: Flask) -> None:
    assert _undeclared(routes) == []
