"""`pools open`: an item's money of one year and source; finance fills it on its page."""

import click

from foundation import clock
from foundation.accounts import queries as accounts
from portal.commands.running import Running, answer, json_option, pass_running
from portal.payouts import services
from portal.payouts.rules import FundSource


@click.group()
def pools() -> None:
    """资金池。"""


@pools.command("open")
@click.option("--code", required=True, metavar="CODE", help="资金池代码，例如 JG-2026。")
@click.option("--name", required=True, metavar="NAME", help="名称，付款页上显示。")
@click.option("--item", required=True, metavar="CODE", help="事项编号。")
@click.option("--organisation", required=True, metavar="CODE", help="管钱的财政部门，例如 510800-finance。")
@click.option(
    "--source", type=click.Choice([each.value for each in FundSource]), default="city", help="哪一级的钱。"
)
@click.option("--year", type=click.IntRange(2000, 2100), metavar="YEAR", help="年度；不写就是今年。")
@json_option
@pass_running
def open_(
    running: Running, code: str, name: str, item: str, organisation: str, source: str, year: int | None,
    as_json: bool,
) -> None:  # fmt: skip
    """设立一个空的资金池；拨入资金由财政在“资金池”页上办。"""
    of_year = year or clock.now().year
    running.database().write(
        lambda db: services.open_pool(
            db, None, code=code, name=name, item_code=item, year=of_year, source=FundSource(source),
            organisation_id=accounts.organisation_by_code(db, organisation).id,
        )
    )  # fmt: skip
    given = {"pool": code, "item": item, "year": of_year, "source": source, "organisation": organisation}
    answer(given, as_json, lambda: f"已设立资金池 {code}（{of_year} 年），请财政在“资金池”页拨入资金。")
