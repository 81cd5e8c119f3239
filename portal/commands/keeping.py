"""`backup` and `restore`: what a city must not lose, and how it gets it back."""

from pathlib import Path

import click

from portal.backup import back_up
from portal.commands.running import Running, answer, json_option, pass_running, progress
from portal.restore import restore as bring_back

BAD_ANSWER = 1


@click.command()
@click.argument("folder", metavar="DIR")
@json_option
@pass_running
def backup(running: Running, folder: str, as_json: bool) -> None:
    """把数据库和文件备份到 DIR；在用的系统不用停，文件只拷新增的。"""
    made = back_up(running.database(), running.settings.files, Path(folder).absolute())
    given = {"database": str(made.database), "files": made.files, "copied": made.copied}
    said = f"数据库：{made.database}\n文件：{made.files} 个，其中新拷 {made.copied} 个"
    answer(given, as_json, lambda: said)


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--copy", default="", metavar="NAME", help="DIR 里的哪一份；不写就是最新的。")
@json_option
@pass_running
def restore(running: Running, folder: str, copy: str, as_json: bool) -> int:
    """把 DIR 里的备份恢复到空的数据库和文件目录，再核对文件、不变量和审计链。"""
    settings = running.settings
    with progress("核对文件", 100) as done:
        found = bring_back(
            settings.database_url, settings.files, Path(folder).absolute(), copy,
            lambda part, of: done(part * 100 // of),
        )  # fmt: skip
    given = {
        "database": str(found.copy), "files": found.files, "lines": found.lines,
        "troubles": list(found.troubles),
    }  # fmt: skip
    said = f"已恢复：{found.copy}\n核对文件 {found.files} 个，办理记录 {found.lines} 行"
    answer(given, as_json, lambda: said)
    for trouble in found.troubles:
        click.echo(trouble, err=True)
    click.echo(
        f"查出 {len(found.troubles)} 处不合，请按上面所列核对。"
        if found.troubles
        else "核对完毕，没有不合。",
        err=True,
    )
    return BAD_ANSWER if found.troubles else 0
