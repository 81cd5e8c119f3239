"""Eight processes at once: on one pool, and on one series of numbers with some giving up and some killed."""

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation import audit, clock, numbering
from foundation.db import Database
from foundation.web.access import Actor
from notices import services as notices
from notices.documents import Document, Kind
from notices.models import Notice
from portal import invariants
from portal.payouts import reserving
from portal.payouts.models import Pool, PoolClaim
from tests.accept.report import Findings
from tests.factories import city as factory
from tests.factories.city import DEPARTMENT, FIRM, POOL, WINDOW

PROCESSES = 8
RESERVES, EACH_FEN, POOL_FEN = 400, 10, 20_000
NOTICES, SERIES, GIVE_UP, KILLS = 1600, "广惠企交", 0.15, 5
LONGEST = 300.0
SPAWN = get_context("spawn")


@dataclass(frozen=True, slots=True)
class Task:
    """What one process is to do."""

    url: str
    worker: int
    actor: Actor
    seed: int
    start_at: float
    done: Path


def pool(on: str, url: str, folder: Path, seed: int) -> Findings:
    """8 x 400 reserves of 10 on a pool of 20,000: each a real act with its ledger and its timeline."""
    found = Findings("pool race", on)
    database = Database(url)
    with database.writing() as db:
        city = factory.found(db, pool_fen=POOL_FEN)
    reports = _race(_reserve, url, folder, city.head, seed)
    errors = [line for report in reports for line in report if line.startswith("!")]
    taken = sorted(float(line) for report in reports for line in report if not line.startswith(("!", "=")))
    span = _span(reports)
    with database.reading() as db:
        held = db.scalars(select(Pool).where(Pool.code == POOL)).one()
        covered = db.scalar(
            select(func.count()).select_from(PoolClaim).where(PoolClaim.funded_at.is_not(None))
        )
        found.count("overspent", max(0, held.reserved_fen + held.paid_fen - held.total_fen))
        found.count("claims covered", covered or 0, POOL_FEN // EACH_FEN)
        found.count("acts", len(taken), PROCESSES * RESERVES)
        found.count("errors", len(errors))
        found.tell("rate", f"{len(taken) / span:.0f} a second")
        found.tell("p99", f"{_p99(taken) * 1000:.0f} ms")
        _house(found, db)
    database.close()
    return found


def numbers(on: str, url: str, folder: Path, seed: int) -> Findings:
    """1,600 papers are numbered by 8 processes; 15 % of the acts are given up, five processes are killed."""
    found = Findings("numbers", on)
    database = Database(url)
    with database.writing() as db:
        city = factory.found(db)
    reports = _race(_number, url, folder, city.clerk, seed, restart=True)
    lines = [line for report in reports for line in report]
    acknowledged = sorted(int(line) for line in lines if line.isdecimal())
    with database.reading() as db:
        serials = list(
            db.scalars(select(Notice.serial).where(Notice.series == SERIES).order_by(Notice.serial))
        )
        last = db.scalar(select(numbering.Counter.last).where(numbering.Counter.series == f"notice:{SERIES}"))
        found.at_least("numbers", len(serials), NOTICES)
        found.count("gaps", len(set(range(1, (last or 0) + 1)) - set(serials)))
        found.count("repeats", len(serials) - len(set(serials)))
        found.count("acknowledged but lost", len(set(acknowledged) - set(serials)))
        found.count("counter beyond the last paper", (last or 0) - max(serials))
        found.count("SIGKILLs inside a transaction", sum(line == "killed" for line in lines), KILLS)
        found.tell("given up", sum(line == "given up" for line in lines))
        found.count("errors", sum(line.startswith("!") for line in lines))
        found.tell("rate", f"{len(serials) / _span(reports):.0f} a second")
        _house(found, db)
    database.close()
    return found


def _house(found: Findings, db: Session) -> None:
    rows = [f"{name}: {row}" for name, rows in invariants.check(db) for row in rows]
    found.holds("invariants", f"{len(rows)} rows", not rows, "none")
    chain = audit.verify(db)
    found.holds("audit verify", f"{chain.lines} lines", chain.whole, "whole")


def _race(
    work: Callable[[Task], None], url: str, folder: Path, actor: Actor, seed: int, restart: bool = False
) -> list[list[str]]:
    """Start everybody at the same moment; who was killed is started again. Returns their reports."""
    folder.mkdir()
    start_at = time.monotonic() + 3.0 + PROCESSES * 0.5
    tasks = [Task(url, number, actor, seed, start_at, folder / str(number)) for number in range(PROCESSES)]
    running: dict[int, BaseProcess] = {task.worker: _start(work, task) for task in tasks}
    deadline = time.monotonic() + LONGEST
    while running and time.monotonic() < deadline:
        for number, process in list(running.items()):
            process.join(0.02)
            if process.exitcode is not None:
                del running[number]
                if restart and process.exitcode == -signal.SIGKILL:
                    running[number] = _start(work, tasks[number])
    for process in running.values():
        process.kill()
    return [task.done.read_text("utf-8").splitlines() for task in tasks]


def _start(work: Callable[[Task], None], task: Task) -> BaseProcess:
    process = SPAWN.Process(target=work, args=(task,), daemon=True)
    process.start()
    return process


def _reserve(task: Task) -> None:
    database = Database(task.url)
    with task.done.open("a", encoding="utf-8") as report:
        _wait(task, report)
        for number in range(RESERVES):
            claim = reserving.Claim(f"case:race-{task.worker}-{number}", FIRM, POOL, EACH_FEN)
            began = time.perf_counter()
            try:
                database.write(lambda db, claim=claim: reserving.reserve(db, task.actor, claim))  # type: ignore[misc]
                report.write(f"{time.perf_counter() - began}\n")
            except Exception as error:
                report.write(f"! {type(error).__name__}: {error}\n".replace("\n", " ") + "\n")
        report.write(f"= {time.monotonic()}\n")


def _number(task: Task) -> None:
    """Number papers until this worker's share is issued; the first time round some are killed half-way."""
    done = task.done.read_text("utf-8").splitlines() if task.done.exists() else []
    dice = random.Random(f"{task.seed} {task.worker} {len(done)}")
    victim = task.worker < KILLS and "killed" not in done
    killed_at = dice.randint(5, NOTICES // PROCESSES - 5) if victim else -1
    left = NOTICES // PROCESSES - sum(line.isdecimal() for line in done)
    database = Database(task.url)
    with task.done.open("a", encoding="utf-8", buffering=1) as report:
        _wait(task, report)
        while left:
            try:
                with database.writing() as db:
                    serial = _issue(db, task)
                    if left == killed_at:
                        report.write("killed\n")
                        os.kill(os.getpid(), signal.SIGKILL)
                    if dice.random() < GIVE_UP:
                        raise _GivenUp
                report.write(f"{serial}\n")
                left -= 1
            except _GivenUp:
                report.write("given up\n")
            except Exception as error:
                report.write(f"! {type(error).__name__}: {error}".replace("\n", " ") + "\n")
        report.write(f"= {time.monotonic()}\n")


class _GivenUp(Exception):
    """The act was refused after the number had been taken."""


def _issue(db: Session, task: Task) -> int:
    document = Document(
        kind=Kind.HANDOFF, issuer="专窗", addressee="市经济和信息化局", dated=clock.now().date(),
        paragraphs=("现交由贵单位办理。",),
    )  # fmt: skip
    paper = notices.issue(
        db, task.actor, document, series=SERIES, organisation=WINDOW, year=clock.now().year,
        subject=f"race:{task.worker}", readers=(DEPARTMENT,), happened_at=clock.now(),
    )  # fmt: skip
    audit.record(
        db, f"race:{task.worker}", "issue", actor=task.actor, happened_at=clock.now(),
        facts={"number": paper.number},
    )  # fmt: skip
    return db.scalars(select(Notice.serial).where(Notice.id == paper.id)).one()


def _wait(task: Task, report: Any) -> None:
    time.sleep(max(0.0, task.start_at - time.monotonic()))
    report.write(f"= {time.monotonic()}\n")


def _span(reports: list[list[str]]) -> float:
    """From the first start to the last end, in seconds."""
    moments = [float(line[2:]) for report in reports for line in report if line.startswith("= ")]
    return max(max(moments) - min(moments), 0.001)


def _p99(sorted_seconds: list[float]) -> float:
    return sorted_seconds[int(len(sorted_seconds) * 0.99)] if sorted_seconds else 0.0
