"""Templates, addresses and statements are compiled once, not for every application and database anew.

Most tests have an application and a database of their own: compiling would take a third of the gate.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from werkzeug.routing.rules import Rule

_compile_builder = Rule._compile_builder
_builders: dict[tuple[object, ...], Callable[..., Any]] = {}
_statements: dict[Any, Any] = {}


def once(folder: Path) -> None:
    """Keep compiled templates in *folder*, for all workers; addresses and statements in this process."""
    folder.mkdir(exist_ok=True)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(folder))}
    Rule._compile_builder = _known_builder  # type: ignore[method-assign]
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):  # the keys of compiled statements hold it
        dialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
        dialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]


def shared(engine: Engine) -> None:
    """Let *engine* use the statements that others of its kind have compiled: all servers here are alike."""
    engine.update_execution_options(compiled_cache=_statements)


def _known_builder(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
    # a builder gets the rule that it builds for as an argument: equal rules of other applications share it
    alike = (rule.rule, str(rule.defaults), *rule._trace, append_unknown)
    if alike not in _builders:
        _builders[alike] = _compile_builder(rule, append_unknown)
    return _builders[alike]
