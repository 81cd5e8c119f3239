"""The one command: `portal …`. What each does stands in portal/commands; here is what all have in common."""

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import MappingProxyType

import click

from foundation import log
from foundation.errors import Invalid, PortalError
from portal.commands.running import Running

DONE, BAD_ANSWER, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
# command: module and name in it, and what it does in a word
WHERE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "demo": ("portal.commands.demo:demo", "演示：一个命令全部启动；demo walk 走完一件"),
        "migrate": ("portal.commands.record:migrate", "建库或升级，补齐基础数据"),
        "serve": ("portal.commands.processes:serve", "网站"),
        "worker": ("portal.commands.processes:worker", "后台办理"),
        "relay": ("portal.commands.processes:relay", "转发和报时"),
        "healthcheck": ("portal.commands.health:healthcheck", "这套系统正常不正常"),
        "people": ("portal.commands.record:people", "人员"),
        "calendar": ("portal.commands.calendar:calendar", "放假安排：导入，看缺哪年"),
        "catalog": ("portal.commands.taking:catalog", "政策事项：导入、导出"),
        "enterprises": ("portal.commands.taking:enterprises", "企业：导入"),
        "pools": ("portal.commands.pools:pools", "资金池：设立"),
        "match": ("portal.commands.asking:match", "企业符合哪些政策，政策适合哪些企业"),
        "search": ("portal.commands.asking:search", "查政策"),
        "due": ("portal.commands.due:due", "一个时限什么时候到期"),
        "invariants": ("portal.commands.record:invariants", "核对全部不变量"),
        "audit": ("portal.commands.record:audit", "审计链"),
        "backup": ("portal.commands.keeping:backup", "备份数据库和文件"),
        "restore": ("portal.commands.keeping:restore", "恢复到空的数据库，并逐项核对"),
    }
)

logger = log.get(__name__)


class Commands(click.Group):
    """The commands by name; a module is loaded when its command is called: `due` must not wait for Celery."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Every name, in the order of an installation's life."""
        return list(WHERE)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command called *name*."""
        if name not in WHERE:
            return None
        module, _, attribute = WHERE[name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of `--help`, without loading any of them."""
        with formatter.section("命令"):
            formatter.write_dl([(name, summary) for name, (_, summary) in WHERE.items()])


@click.group(cls=Commands)
def portal() -> None:
    """惠企政策一站式兑现。

    答案写到标准输出，日志写到标准错误。退出码：0 办好了，1 结果不合格，2 输入或用法不对。
    每个命令都可以加 --json；FILE 写 - 就是标准输入。
    """


def main() -> None:
    """The entry point of the package."""
    sys.exit(run(sys.argv[1:], os.environ))


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Do one command; the last line on standard error is the message of a failure."""
    _speak_utf8()
    log.configure()
    running = Running(environment)
    try:
        running.enter_time()
        code = portal.main(list(arguments), prog_name="portal", standalone_mode=False, obj=running)
        return code if isinstance(code, int) else DONE
    except Exception as error:
        return _failed(error)
    except KeyboardInterrupt:
        return _say("已中断。", INTERRUPTED)
    finally:
        running.close()


def _failed(error: Exception) -> int:
    match error:
        case Invalid():
            for problem in error.problems:
                click.echo(str(problem), err=True)
            return BAD_INPUT
        case PortalError():
            return _say(error.message, BAD_INPUT)
        case click.Abort():
            return _say("已中断。", INTERRUPTED)
        case click.ClickException():
            return _misused(error)
        case BrokenPipeError():
            # the reader of standard output has left (`| head`): nobody is there to be told
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return BAD_ANSWER
        case _:
            return _unforeseen(error)


def _unforeseen(error: Exception) -> int:
    if type(error).__module__.startswith("sqlalchemy"):  # by name, so that `--help` need not load it
        logger.error("database refused", error=str(getattr(error, "orig", error))[:500])
        return _say("数据库连接不上，或者还没有建好。请检查 DATABASE_URL，先运行 portal migrate。", BAD_INPUT)
    logger.error("unforeseen", exc_info=error)
    return _say(f"没有办成，系统出错：{type(error).__name__}。上面的日志写明了出错的地方。", BAD_ANSWER)


def _misused(error: click.ClickException) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return _say("还没有写命令。", BAD_INPUT)
    context = getattr(error, "ctx", None)
    where = context.command_path if context else "portal"
    return _say(f"{_in_chinese(error)}。用法请看：{where} --help", BAD_INPUT)


def _in_chinese(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            return f"没有 {error.option_name} 这个选项"
        case click.exceptions.NoSuchCommand():
            return f"没有 {error.command_name} 这个命令"
        case click.MissingParameter():
            return f"缺少 {error.param.make_metavar(error.ctx) if error.param and error.ctx else '参数'}"
        case click.BadParameter():
            name = error.param.opts[0] if error.param else "参数"
            return f"{name} 不对：{error.message.rstrip('.')}"
        case _:
            return f"命令写得不对：{error.format_message().rstrip('.')}"


def _say(message: str, code: int) -> int:
    click.echo(message, err=True)
    return code


def _speak_utf8() -> None:
    """Chinese on any terminal and in any locale."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace" if stream is not sys.stdin else "strict")


if __name__ == "__main__":
    main()
