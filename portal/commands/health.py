"""`healthcheck`: whether this installation does its work, for whoever watches over it."""

from datetime import datetime, timedelta
from typing import Any

import click
from sqlalchemy.orm import Session

from foundation import clock, outbox
from portal.commands.running import Running, answer, json_option, pass_running

BAD_ANSWER = 1
# the relay tells every minute; an effect waits for seconds
LONGEST_SILENCE = timedelta(minutes=3)
LONGEST_WAIT = timedelta(minutes=5)


@click.command()
@json_option
@pass_running
def healthcheck(running: Running, as_json: bool) -> int:
    """数据库答不答、转发停没停、后台积压没有；有问题退出码是 1。"""
    with running.database().reading() as db:
        found = look(db, clock.now())
    troubles: list[str] = found["troubles"]
    answer(found, as_json, lambda: "\n".join(troubles) or "正常。")
    if troubles:
        click.echo(f"{'；'.join(troubles)}。请查看这几个进程的日志。", err=True)
        return BAD_ANSWER
    return 0


def look(db: Session, now: datetime) -> dict[str, Any]:
    """How long ago a minute was told, how long the oldest effect waits, and what is wrong."""
    told, waiting, failed = outbox.last_told(db, outbox.MINUTE), outbox.lag(db), outbox.failed(db)
    troubles = []
    if told is None or now - told > LONGEST_SILENCE:
        troubles.append("relay 没有在报时")
    if waiting is not None and now - waiting > LONGEST_WAIT:
        troubles.append("worker 有积压")
    if failed:
        troubles.append(f"{len(failed)} 项后台办理失败")
    return {
        "healthy": not troubles,
        "last_minute_seconds_ago": _seconds(told, now),
        "waiting_seconds": _seconds(waiting, now) or 0,
        "failed": len(failed),
        "troubles": troubles,
    }


def _seconds(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else round((now - since).total_seconds(), 1)
