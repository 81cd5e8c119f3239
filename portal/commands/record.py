"""`migrate`, `people`, `invariants`, `audit`: the record, and who may write it."""

import click

from foundation import audit as chain
from foundation.accounts import passwords
from foundation.accounts import services as accounts
from foundation.errors import Invalid
from foundation.web.access import Role
from portal import invariants as house
from portal import schema
from portal.commands.running import Running, answer, json_option, lines_of, pass_running

BAD_ANSWER = 1


@click.command()
@json_option
@pass_running
def migrate(running: Running, as_json: bool) -> None:
    """建库或升级到最新结构，补齐基础数据（单位、日历、兑现方式）。"""
    schema.migrate(running.settings.database_url)
    answer({"migrated": True}, as_json, lambda: "数据库已是最新。")


@click.group()
def people() -> None:
    """人员。"""


@people.command("add")
@click.option("--login", required=True, metavar="LOGIN", help="登录账号。")
@click.option("--name", required=True, metavar="NAME", help="姓名。")
@click.option("--organisation", required=True, metavar="CODE", help="单位代码，例如 510800-centre。")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="岗位。")
@click.option("--phone", metavar="PHONE", help="电话。")
@click.option("--password-from", metavar="FILE", help="从文件读密码，- 是标准输入；不写就生成。")
@json_option
@pass_running
def add(
    running: Running, login: str, name: str, organisation: str, role: str, phone: str | None,
    password_from: str | None, as_json: bool,
) -> None:  # fmt: skip
    """添加一个账号，例如第一位系统管理员；不给密码就生成一次性密码，只显示这一次。"""
    given_password = _password(password_from)
    password = given_password or passwords.one_time()
    running.database().write(
        lambda db: accounts.add_person(
            db,
            None,
            login=login.strip(),
            name=name.strip(),
            password=password,
            organisation_code=organisation,
            role=Role(role),
            phone=phone,
            must_change_password=given_password is None,
        )
    )
    told = {} if given_password else {"password": password}
    given = {"login": login, "organisation": organisation, "role": role, **told}
    said = f"已添加 {login}。" + (
        f"一次性密码：{password}，请转交本人，第一次登录时要换成自己的。" if told else ""
    )
    answer(given, as_json, lambda: said)


def _password(source: str | None) -> str | None:
    """The password that was given, if any."""
    if source is None:
        return None
    first = next(iter(lines_of(source)), "").rstrip("\r\n")
    if not first:
        raise Invalid.of("--password-from", "没有读到密码", "请把密码写在第一行")
    return first


@click.command()
@json_option
@pass_running
def invariants(running: Running, as_json: bool) -> int:
    """核对全部不变量；列出不合的记录，没有就什么也不列。"""
    with running.database().reading() as db:
        found = house.check(db)
    bad = [(name, row) for name, rows in found for row in rows]
    for name, row in bad:
        answer({"invariant": name, "row": row}, as_json, lambda name=name, row=row: f"{name}: {row}")  # type: ignore[misc]
    said = f"查出 {len(bad)} 处不合，请按上面所列逐条核对。" if bad else f"核对了 {len(found)} 项，没有不合。"
    click.echo(said, err=True)
    return BAD_ANSWER if bad else 0


@click.group()
def audit() -> None:
    """审计链。"""


@audit.command()
@json_option
@pass_running
def verify(running: Running, as_json: bool) -> int:
    """从头核对审计链：没有改过、没有缺行、时间没有倒走。"""
    with running.database().reading() as db:
        found = chain.verify(db)
    given = {"whole": found.whole, "lines": found.lines, "head": found.head}
    if found.whole:
        answer(given, as_json, lambda: f"审计链完整，共 {found.lines} 行，链尾 {found.head}")
        return 0
    given |= {"broken_at": found.broken_at, "reason": found.reason}
    said = f"审计链在第 {found.broken_at} 行断了：{found.reason}"
    answer(given, as_json, lambda: said)
    click.echo(f"{said}。请保留现场，用备份核对。", err=True)
    return BAD_ANSWER
