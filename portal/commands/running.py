"""What every command runs on: settings, the product's clock, a database; how it reads and answers."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from foundation import clock
from foundation.errors import Invalid
from foundation.settings import Settings, from_environment
from portal.demo.home import Home

if TYPE_CHECKING:
    from foundation.db import Database

STANDARD_INPUT = "-"

json_option = click.option("--json", "as_json", is_flag=True, help="以 JSON 回答（清单每行一个）。")


class Running:
    """One call of a command."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self._opened: Database | None = None

    @cached_property
    def home(self) -> Home:
        """Where the demonstration lives."""
        return Home.of(self.environment)

    @property
    def on_demo(self) -> bool:
        """Whether no database was named, so that the demonstration's is meant."""
        return not self.environment.get("DATABASE_URL")

    @cached_property
    def settings(self) -> Settings:
        """The settings, read once."""
        usual = self.home.environment() if self.on_demo else {}
        return from_environment({**usual, **self.environment})

    def enter_time(self) -> None:
        """From here on this process lives in the product's time."""
        if self.settings.clock_offset:
            clock.set_source(clock.shifted(self.settings.clock_offset))

    def database(self) -> "Database":
        """The database of this call; the demonstration's is made where it is missing."""
        if self._opened is None:
            from foundation.db import Database  # here: `--help` must not wait for SQLAlchemy

            url = self.settings.database_url
            if self.on_demo and not self.home.database.exists():
                from portal.schema import migrate  # here: Alembic is slow and seldom needed

                migrate(url)
            self._opened = Database(url)
        return self._opened

    def close(self) -> None:
        """Give back what was opened."""
        if self._opened is not None:
            self._opened.close()


pass_running = click.make_pass_decorator(Running)


def answer(given: Mapping[str, Any], as_json: bool, text: Callable[[], str]) -> None:
    """One answer: an object, or the *text* that says the same to a person."""
    click.echo(json.dumps(given, ensure_ascii=False) if as_json else text())


def lines_of(file: str) -> Iterator[str]:
    """The lines of *file*, or of standard input; Invalid where it is not readable text."""
    try:
        if file == STANDARD_INPUT:
            yield from sys.stdin
            return
        with Path(file).open(encoding="utf-8-sig", newline="\n") as opened:
            yield from opened
    except UnicodeDecodeError:
        raise Invalid.of("FILE", f"{file} 不是 UTF-8 编码的文本", "请另存为 UTF-8 后再试") from None
    except OSError as error:
        why = "没有这个文件" if isinstance(error, FileNotFoundError) else "读不了这个文件"
        raise Invalid.of("FILE", f"{file}：{why}", "请核对路径，路径从当前目录算起") from None


@contextmanager
def progress(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """Show how far long work is, on a terminal only; the callable takes how much is done."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.pos)
