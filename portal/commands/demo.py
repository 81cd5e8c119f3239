"""`demo`: the whole portal on one machine, with data; `demo walk`: one case through all of it."""

import click

from portal.commands.running import Running, answer, json_option, pass_running
from portal.demo.people import PASSWORD, PEOPLE
from portal.demo.supervisor import Supervisor
from portal.demo.words import ROLE_NAMES

BAD_ANSWER = 1
MODES = ("review", "instant", "exempt")


@click.group(invoke_without_command=True)
@click.option("--port", type=click.IntRange(1, 65535), metavar="N", help="端口；不写就从 8000 起找空闲的。")
@click.option("--fresh", is_flag=True, help="从头来过：清掉演示里办过的一切。")
@click.option("--at", metavar="TIME", help="演示的时钟从这一刻走起，例如 2026-09-30T16:30；同时从头来过。")
@json_option
@pass_running
@click.pass_context
def demo(
    context: click.Context, running: Running, port: int | None, fresh: bool, at: str | None, as_json: bool
) -> None:
    """启动演示，直到 Ctrl-C；数据库、文件和密钥在 $PORTAL_HOME/demo。"""
    if context.invoked_subcommand is not None:
        return
    start = None
    if at is not None:
        from foundation.deadlines.due import parse_moment  # here: seldom asked for, and slow to load

        start = parse_moment(at)
    Supervisor(
        home=running.home,
        environment=running.environment,
        ready=lambda address: _tell(address, as_json),
        port=port,
        fresh=fresh,
        at=start,
    ).run()


def _tell(address: str, as_json: bool) -> None:
    accounts = [
        {"login": person.login, "password": PASSWORD, "role": person.role.value, "name": person.name,
         "organisation": person.organisation}
        for person in PEOPLE
    ]  # fmt: skip
    answer({"url": address, "accounts": accounts}, as_json, lambda: _text(address))


def _text(address: str) -> str:
    rows = "\n".join(
        f"{person.login:<14}{PASSWORD:<18}{ROLE_NAMES[person.role]}　{person.organisation}　{person.name}"
        for person in PEOPLE
    )
    return f"{address}\n\n演示账号（账号、密码、岗位）：\n{rows}\n\n按 Ctrl-C 停止。"


@demo.command()
@click.option("--mode", type=click.Choice(MODES), default=MODES[0], help="兑现方式。")
@json_option
@pass_running
def walk(running: Running, mode: str, as_json: bool) -> int:
    """走完一件：查、匹配、申请、受理、交办、响应、审核、审定、兑付、评价，全部经过真实的页面。"""
    from portal.demo import walk as walks  # here: the demonstration itself need not load every room
    from portal.demo.browser import Stuck

    papers = running.home.folder.parent / "walks"
    try:
        if running.on_demo:
            walked = walks.walk_apart(papers, mode)
        else:
            walked = walks.walk(running.settings, running.database(), papers, mode)
    except Stuck as error:
        click.echo(f"没有走通：{error}。", err=True)
        return BAD_ANSWER
    answer(walked.answer(), as_json, walked.text)
    return 0
