"""`./run accept`: the slow experiments; a table on standard output, exit code 1 if anything failed."""

import argparse
import secrets
import signal
import sys
import time
from pathlib import Path

from foundation import log
from tests.accept import api, hostile, killing, many, outage, pushes, races, taking_out, trees
from tests.accept.report import Findings, Row, say, table
from tests.accept.servers import KINDS, Servers, servers

EXPERIMENTS = ("guards", "hostile", "trees", "pool", "numbers", "api", "outage", "many", "push", "kill")
SHORT = ("pool", "numbers", "kill")  # what twelve minutes on two cores allow
STAGED = {"api": api, "outage": outage, "many": many}
RACES = {"pool": races.pool, "numbers": races.numbers}


def main() -> int:
    """Run what was asked for."""
    wanted = _arguments()
    log.configure()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that everything started is stopped
    began = time.monotonic()
    rows: list[Row] = []
    with servers(wanted.keep) as made:
        for name in wanted.only or (EXPERIMENTS if wanted.full else SHORT):
            if name == "guards":
                say(name)
                rows += taking_out.run(made.folder / name).rows
                continue
            if name == "hostile":
                say(name)
                rows += hostile.run(hostile.FULL if wanted.full else hostile.SHORT).rows
                continue
            if name == "trees":
                say(name)
                rows += trees.run(wanted.cases or trees.PAIRS, wanted.seed).rows
                continue
            for kind in wanted.database or KINDS:
                say(f"{name} on {kind}")
                rows += _one(name, kind, made, wanted).rows
    seconds = time.monotonic() - began
    sys.stdout.write(f"seed {wanted.seed}\n{table(rows)}\n{seconds:.0f} s\n")
    return int(any(not row.holds for row in rows))


def _one(name: str, kind: str, made: Servers, wanted: argparse.Namespace) -> Findings:
    folder = Path(made.folder, f"{name}-{kind}")
    if name in STAGED:
        stage = STAGED[name]
        return stage.run(kind, made, folder, wanted.cases or (stage.FULL if wanted.full else stage.SHORT))
    if name == "push":
        cases = wanted.cases or (pushes.FULL if wanted.full else pushes.SHORT)
        return pushes.run(kind, made, folder, cases, wanted.seed)
    url = made.database(kind)
    if name in RACES:
        return RACES[name](kind, url, folder, wanted.seed)
    size = killing.FULL if wanted.full else killing.SHORT
    if wanted.cases:
        size = killing.Size(wanted.cases, size.firms, size.flushes)
    return killing.run(kind, url, folder, size, wanted.seed)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run accept", description=__doc__)
    parser.add_argument("--full", action="store_true", help="2,000 cases a database instead of 200")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="repeats a plan of kills")
    parser.add_argument(
        "--only", action="append", choices=EXPERIMENTS, help="one experiment; may be repeated"
    )
    parser.add_argument("--database", action="append", choices=KINDS, help="one database")
    parser.add_argument("--keep", type=Path, help="a new folder in which databases and logs stay")
    parser.add_argument("--cases", type=int, help="another number of cases")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
