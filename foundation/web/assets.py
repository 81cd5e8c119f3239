"""Addresses of our own static files, with a mark of their content so that browsers may keep them."""

import hashlib
from functools import cache
from pathlib import Path

STATIC = Path(__file__).with_name("static")


@cache
def asset(name: str) -> str:
    """The address of *name* under static/; another content is another address."""
    path = STATIC / name
    if not path.is_file():  # vendor files before the build hook has run
        return f"/static/{name}"
    return f"/static/{name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:10]}"
