"""`serve`, `worker`, `relay`: the processes of an installation; they run until INT or TERM."""

import os
import shutil
import signal
import tempfile
from threading import Event

import click

from foundation.errors import Invalid
from portal.commands.running import Running, json_option, pass_running
from portal.demo import ties

WEB = "portal.commands.web:application"
# a request holds one connection to the database; more threads than that would only wait for it
THREADS = 8
KILL_AFTER = 3
TOGETHER = "PROMETHEUS_MULTIPROC_DIR"
LOGGING = {
    "handlers": {
        name: {"formatter": "generic", "class": "logging.StreamHandler", "stream": "ext://sys.stderr"}
        for name in ("console", "access")
    }
}


@click.command()
@click.option("--host", default="127.0.0.1", metavar="ADDRESS", help="监听的地址。")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, metavar="N", help="监听的端口。")
@click.option("--workers", type=click.IntRange(1, 64), default=1, metavar="N", help="进程数。")
@json_option
@pass_running
def serve(running: Running, host: str, port: int, workers: int, as_json: bool) -> None:
    """网站。需要 SECRET_KEY 和 BROKER_URL。"""
    from granian.constants import Interfaces  # here: the other processes need no web server
    from granian.log import LogLevels
    from granian.server import Server

    running.settings.demanding("secret_key", "broker_url")
    running.database().close()  # made if it must be; the workers open their own
    ties.remember_this_process()
    # the server's processes count together; read when they import the counters
    os.environ[TOGETHER] = counters = tempfile.mkdtemp(prefix="portal-counters-")
    try:
        Server(
            WEB, factory=True, interface=Interfaces.WSGI, address=host, port=port, workers=workers,
            blocking_threads=THREADS, respawn_failed_workers=True, workers_kill_timeout=KILL_AFTER,
            log_level=LogLevels.warning, log_dictconfig=LOGGING,
        ).serve()  # fmt: skip
    except OSError as error:
        raise Invalid.of("--port", f"{host}:{port} 用不了：{error}", "请换一个端口") from None
    finally:
        shutil.rmtree(counters, ignore_errors=True)


@click.command()
@click.option("--pool", type=click.Choice(["prefork", "threads"]), default="prefork", help="并行的方式。")
@click.option("--concurrency", type=click.IntRange(1, 256), default=2, metavar="N", help="同时办几件。")
@json_option
@pass_running
def worker(running: Running, pool: str, concurrency: int, as_json: bool) -> int:
    """后台办理：提交之后的通知、文书和清扫。需要 SECRET_KEY 和 BROKER_URL。"""
    from portal.worker import celery_app  # here: Celery is slow, and only two processes need it

    running.settings.demanding("secret_key", "broker_url")
    running.database().close()
    process = celery_app(running.settings).Worker(
        pool=pool, concurrency=concurrency, loglevel="WARNING", quiet=True, without_mingle=True,
        without_gossip=True, without_heartbeat=True,
    )  # fmt: skip
    process.start()
    return int(process.exitcode or 0)


@click.command()
@json_option
@pass_running
def relay(running: Running, as_json: bool) -> None:
    """把提交后要办的事交给后台，每分钟报一次时。需要 SECRET_KEY 和 BROKER_URL。"""
    from portal.worker import run_relay  # here: Celery is slow, and only two processes need it

    running.settings.demanding("secret_key", "broker_url")
    running.database().close()
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    run_relay(running.settings, stop)
