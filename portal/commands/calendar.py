"""`calendar`: the State Council's holiday notices, taken in and listed."""

import click

from foundation.clock import now
from foundation.deadlines import importing, queries
from portal.commands.running import Running, answer, json_option, lines_of, pass_running


@click.group()
def calendar() -> None:
    """放假安排：导入，看缺哪年。"""


@calendar.command("import")
@click.argument("file", metavar="FILE")
@click.option("--dry-run", is_flag=True, help="只核对，不保存。")
@json_option
@pass_running
def take_in(running: Running, file: str, dry_run: bool, as_json: bool) -> None:
    """导入 FILE 里一年的通知（JSON；- 是标准输入），重新计算在计的时限。"""
    data = importing.from_text("".join(lines_of(file)))
    if dry_run:
        with running.database().reading() as db:
            seen = importing.preview(db, data)
        given = {"year": seen.year, "days": len(seen.days), "new": len(seen.new), "gone": len(seen.gone)}
        said = (
            f"{seen.year} 年共 {len(seen.days)} 天，新增 {len(seen.new)}，取消 {len(seen.gone)}。没有保存。"
        )
    else:
        made = running.database().write(lambda db: importing.import_calendar(db, None, data))
        given = {"year": made.year, "versions": list(made.versions), "moved": made.moved}  # type: ignore[dict-item]
        said = f"已导入 {made.year} 年，{made.moved} 个在计的时限重新算过。"
        if not made.versions:
            said = f"{made.year} 年的安排和已有的一样。"
    answer(given, as_json, lambda: said)


@calendar.command("list")
@json_option
@pass_running
def listed(running: Running, as_json: bool) -> None:
    """已有哪些年份，还缺哪些。"""
    with running.database().reading() as db:
        known, gaps = queries.calendar(db).notices, queries.gaps(db)
    missing = sorted({*gaps, now().year, now().year + 1} - known.keys())
    given = {"years": sorted(known), "missing": missing}
    lack = "、".join(str(year) for year in missing)
    answer(
        given,
        as_json,
        lambda: f"已有 {min(known)} 至 {max(known)} 年。" + (f"还缺 {lack} 年。" if lack else ""),
    )
