"""我的政策, as the firm reads it."""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from foundation.audit import timeline
from foundation.db import Database
from foundation.enterprises.queries import profile
from tests.integration.matching.conftest import CREDIT_CODE, Publish, policy
from tests.support.pages import Page, PortalClient

MINE = "/my/policies"
EQUIPMENT = {"field": "tech_reform_equipment_wan", "op": "ge", "value": 500}
LAYOFFS = {"field": "layoff_rate_pct", "op": "le", "value": 5.5}
FILED = {"field": "tech_reform_filed", "op": "eq", "value": True}
Know = Callable[..., None]


def headings(page: Page, tag: str) -> list[str]:
    return [page.words(element) for element in page.all(tag)]


def test_the_answer_is_the_heading(publish: Publish, known: Know, firm_browser: PortalClient) -> None:
    publish(
        policy("A1", "设备补助", EQUIPMENT),
        policy("A2", "技改补助", EQUIPMENT, benefit={"kind": "rate", "rate": 0.01, "text": "按 1%"}),
        policy("A3", "稳岗返还", LAYOFFS),
        policy("A4", "大设备补助", EQUIPMENT | {"value": 1000}),
        policy("A5", "往年补助", EQUIPMENT, window={"start": None, "end": "2025-12-31"}),
        policy("A6", "南充补助", {"field": "region_code", "op": "within", "value": "511300"}),
        policy("A7", "工业补助", {"field": "industry_section", "op": "in", "value": ["B", "C", "D"]}),
    )
    known(tech_reform_equipment_wan=620)

    page = firm_browser.page(MINE)

    assert headings(page, "h1") == ["2 项可享，预计 8 万元以上"]
    assert [head for head in headings(page, "h2") if "项" in head] == [
        "可享 2 项", "需补信息 1 项", "暂不符合 1 项", "现在不受理 1 项",
    ]  # fmt: skip
    words = page.words()
    assert "当年技改购置设备 500 万元及以上：620 万元。" in words
    assert "还不知道：上年度裁员率。" in words
    assert "当年技改购置设备 1000 万元及以上，现为 620 万元，还差 380 万元。" in words
    assert "受理时间：2025年12月31日前。" in words
    assert "另有 2 项不适用：1 项只支持其他地区的企业，1 项只支持其他行业、规模或主体。" in words


def test_a_question_is_answered_where_it_stands(
    publish: Publish, known: Know, firm_browser: PortalClient, database: Database
) -> None:
    publish(policy("A1", "稳岗返还", LAYOFFS), policy("A2", "岗位补助", LAYOFFS, FILED))
    known()
    assert "回答这一题，就能判断“稳岗返还”。" in firm_browser.page(MINE).words()

    response = firm_browser.submit(MINE, MINE, {"value": "3"})

    assert response.status_code == 303
    page = firm_browser.page(response.location)
    assert headings(page, "h1") == ["1 项可享，预计 8 万元"]
    assert "已记下“上年度裁员率”。与它有关的政策：1 项可享，1 项还需补信息。" in page.words()
    with database.reading() as db:
        assert profile(db, CREDIT_CODE).facts["layoff_rate_pct"].source == "declared"
        assert [line.act for line in timeline(db, f"enterprise:{CREDIT_CODE}")] == ["declared"]


def test_every_not_shows_the_smallest_set_that_fails(
    publish: Publish, known: Know, firm_browser: PortalClient
) -> None:
    dear, loan = EQUIPMENT | {"value": 1000}, {"field": "tech_reform_loan_years", "op": "ge", "value": 3}
    choice = {"any": [{"all": [dear, FILED, loan]}, LAYOFFS]}
    publish(policy("A1", "大设备补助", dear, FILED), policy("A2", "择一补助", loan, choice))
    known(tech_reform_equipment_wan=620, tech_reform_filed=False, tech_reform_loan_years=2, layoff_rate_pct=7)

    words = firm_browser.page(MINE).words()

    assert (
        "差 2 个条件当年技改购置设备 1000 万元及以上，现为 620 万元，还差 380 万元。技改项目已备案，" in words
    )
    assert (
        "差 2 个条件技改项目银行贷款的期限 3 年及以上，现为 2 年，还差 1 年。上年度裁员率不超过 5.5%，"
        in words
    )


def test_an_answer_moves_items_with_htmx_as_without(
    publish: Publish, known: Know, firm_browser: PortalClient
) -> None:
    publish(policy("A1", "稳岗返还", LAYOFFS))
    known()
    before = firm_browser.page(MINE)
    (form,) = [one for one in before.all("form") if one.get("hx-post") == MINE]
    assert (form.get("hx-target"), form.get("hx-select")) == ("#mine", "#mine")
    assert "需补信息 1 项" in before.words()

    response = firm_browser.submit(MINE, MINE, {"value": "3"})
    after = firm_browser.page(response.location, headers={"HX-Request": "true"})

    (mine,) = [one for one in after.root.iter() if one.get("id") == "mine"]
    assert "可享 1 项" in after.words(mine)
    assert "需补信息" not in after.words(mine)


def test_not_sure_is_an_answer_and_stores_nothing(
    publish: Publish, known: Know, firm_browser: PortalClient, database: Database
) -> None:
    publish(policy("A1", "稳岗返还", LAYOFFS), policy("A2", "技改补助", FILED))
    known()
    first = firm_browser.page(MINE)
    assert "贵公司上年度裁员率是百分之多少？没有裁员填 0。" in first.words()

    response = firm_browser.submit(MINE, MINE, {"value": "unsure"})

    assert "贵公司的技改项目备案了吗？" in firm_browser.page(response.location).words()
    with database.reading() as db:
        assert "layoff_rate_pct" not in profile(db, CREDIT_CODE).values


def test_what_is_no_answer_comes_back_with_its_remedy(
    publish: Publish, known: Know, firm_browser: PortalClient
) -> None:
    publish(policy("A1", "稳岗返还", LAYOFFS))
    known()

    response = firm_browser.submit(MINE, MINE, {"value": "<b>很低</b>"})

    assert response.status_code == 422
    assert firm_browser.last is not None
    assert "请填数字，例如 620" in firm_browser.last.words()
    assert "<b>很低</b>" in [field.get("value") for field in firm_browser.last.all("input")]


def test_only_what_is_asked_can_be_declared(
    publish: Publish, known: Know, firm_browser: PortalClient, database: Database
) -> None:
    publish(policy("A1", "稳岗返还", LAYOFFS))
    known()

    for field in ("rooftop_pv_mw", "region_code", "x" * 90):
        assert firm_browser.submit(MINE, MINE, {"field": field, "value": "1"}).status_code == 422

    with database.reading() as db:
        assert "rooftop_pv_mw" not in profile(db, CREDIT_CODE).values


def test_a_known_fact_can_be_corrected(publish: Publish, known: Know, firm_browser: PortalClient) -> None:
    publish(policy("A1", "设备补助", EQUIPMENT))
    known(tech_reform_equipment_wan=480)
    page = firm_browser.page(f"{MINE}?ask=tech_reform_equipment_wan")
    assert "您可以更正这一项。" in page.words()
    assert "480 万元已有数据，2026年5月31日" in page.words()
    links = [link.get("href") for link in page.all("a") if page.words(link).startswith("更正")]
    assert links == [f"{MINE}?ask=tech_reform_equipment_wan#ask"]

    response = firm_browser.submit(f"{MINE}?ask=tech_reform_equipment_wan", MINE, {"value": "500"})

    assert headings(firm_browser.page(response.location), "h1") == ["1 项可享，预计 8 万元"]


def test_an_item_shows_every_condition_with_source_and_date(
    publish: Publish, known: Know, firm_browser: PortalClient
) -> None:
    choice = {"any": [LAYOFFS, {"all": [FILED, {"field": "employees", "op": "le", "value": 30}]}]}
    publish(policy("A1", "设备补助", EQUIPMENT, choice))
    known(tech_reform_equipment_wan=480, layoff_rate_pct=7)

    words = firm_browser.page(f"{MINE}/A1").words()

    assert "必须满足的 2 项" in words
    assert "满足：注册在广元市广元市利州区（已有数据，2026年5月31日）" in words
    assert (
        "不满足：当年技改购置设备 500 万元及以上现为 480 万元，还差 20 万元（已有数据，2026年5月31日）"
        in words
    )
    assert "下面 2 项，满足其中一项即可：都不满足" in words
    assert "不满足：技改项目已备案，且从业人员不超过 30 人现为 55 人，高出 25 人" in words


def test_a_condition_names_its_clause_and_the_day_from_which_it_holds(
    publish: Publish, known: Know, firm_browser: PortalClient
) -> None:
    paid = {"field": "ui_paid_months", "op": "ge", "value": 12, "clause": "第三条第二款"}
    publish(policy("A1", "稳岗返还", paid, legal_basis="样例〔2026〕1号"))
    known(ui_paid_months=5)

    words = firm_browser.page(f"{MINE}/A1").words()
    assert "依据：第三条第二款" in words
    assert "条件的依据：样例〔2026〕1号" in words
    assert "还差 7 个月（已有数据，2026年5月31日）。照现在的情况，2026年12月31日起符合" in words
    assert "照现在的情况，2026年12月31日起符合。" in firm_browser.page(MINE).words()


def test_sources_that_contradict_each_other_are_shown_with_the_one_gone_by(
    publish: Publish, known: Know, firm_browser: PortalClient
) -> None:
    publish(policy("A1", "设备补助", EQUIPMENT))
    known(tech_reform_equipment_wan=480)
    firm_browser.submit(
        f"{MINE}?ask=tech_reform_equipment_wan", MINE, {"value": "620"}
    )  # declared later than the file: gone by

    words = firm_browser.page(MINE).words()
    assert "已有数据（2026年5月31日）是 480 万元，没有采用" in words
    assert "先用登记机关的；没有登记数据的，用日期较新的" in words
    assert "已有数据（2026年5月31日）是 480 万元，没有采用" in firm_browser.page(f"{MINE}/A1").words()


def test_the_panel_alone_is_for_other_pages(
    publish: Publish, known: Know, firm_browser: PortalClient
) -> None:
    publish(policy("A1", "稳岗返还", LAYOFFS))
    known()

    page = firm_browser.page(f"{MINE}/A1", headers={"HX-Request": "true"})

    assert not page.whole
    assert "待确认：上年度裁员率不超过 5.5%没有数据。" in page.words()


def test_an_item_that_is_not_there_is_not_found(known: Know, firm_browser: PortalClient) -> None:
    known()

    assert firm_browser.get(f"{MINE}/A9").status_code == 404


def test_a_firm_without_data_is_told_what_to_do(firm_browser: PortalClient) -> None:
    for path in (MINE, f"{MINE}/A1"):
        assert headings(firm_browser.page(path), "h1") == ["还没有贵公司的数据"]


def test_an_empty_catalogue_says_so(known: Know, firm_browser: PortalClient) -> None:
    known()

    page = firm_browser.page(MINE)

    assert headings(page, "h1") == ["现在没有可享的政策"]
    assert "还没有政策" in page.words()


def test_long_groups_turn_pages_by_ten_and_count_all(
    publish: Publish, known: Know, firm_browser: PortalClient
) -> None:
    publish(*(policy(f"A{number:02}", f"第 {number} 号补助", FILED) for number in range(12)))
    known(tech_reform_filed=True)

    def rows(path: str) -> int:
        return len([title for title in headings(firm_browser.page(path), "h3") if "号补助" in title])

    assert "可享 12 项" in firm_browser.page(MINE).words()
    assert "第 1 至 10 项，共 12 项" in firm_browser.page(MINE).words()
    assert (rows(MINE), rows(f"{MINE}?entitled=2"), rows(f"{MINE}?entitled=99")) == (10, 2, 2)
    assert rows(f"{MINE}?entitled=x") == 10


def test_the_best_combination_leaves_out_what_excludes_itself_and_says_why(
    publish: Publish, known: Know, firm_browser: PortalClient
) -> None:
    group = {"exclusive_groups": ["设备投入"]}
    rate = {"kind": "rate", "rate": 0.08, "base_field": "tech_reform_equipment_wan", "cap_yuan": 1000000}
    publish(
        policy("A1", "设备补助", EQUIPMENT, **group),
        policy("A2", "技改补助", EQUIPMENT, benefit=rate, **group),
        policy("A3", "租金补贴", benefit={"kind": "rate", "rate": 0.5, "base_field": "annual_rent_yuan"}),
    )
    known(tech_reform_equipment_wan=620)

    page = firm_browser.page(MINE)
    assert headings(page, "h1") == ["3 项可享，预计 49.6 万元以上"]
    words = page.words()
    assert "“设备补助”（8 万元）和“技改补助”只能享受一项（设备投入），已选金额高的。" in words
    assert "当年技改购置设备 620 万元 × 8%" in words
    assert "回答这一题，就能算出“租金补贴”的金额。" in words

    response = firm_browser.submit(MINE, MINE, {"value": "100000"})
    assert headings(firm_browser.page(response.location), "h1") == ["3 项可享，预计 54.6 万元"]


def test_a_thousand_items_cost_few_queries_and_no_second_reckoning(
    publish: Publish, known: Know, firm_browser: PortalClient, database: Database
) -> None:
    choices = [EQUIPMENT | {"value": 400 + number} for number in range(300)]
    publish(
        *(policy(f"B{number:05}", f"第 {number} 号补助", choices[number % 300]) for number in range(1000))
    )
    known(tech_reform_equipment_wan=480)
    firm_browser.page(MINE)
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        began = time.process_time()
        assert "可享" in firm_browser.get(MINE).get_data(as_text=True)
        spent = time.process_time() - began
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    assert len([one for one in asked if one.startswith("SELECT")]) <= 5, asked
    assert spent < 0.5  # the first visit holds a thousand items against the firm, the second a page of rows


def test_hostile_text_prints_as_text(publish: Publish, known: Know, firm_browser: PortalClient) -> None:
    hostile = "<script>alert(1)</script>"
    asked: Any = {"field": "park", "op": "eq", "value": hostile}
    publish(policy("A1", hostile, asked))
    known()

    page = firm_browser.page(MINE)

    assert hostile in page.words()
    assert [script.get("src") for script in page.all("script") if not script.get("src")] == []


def test_a_list_of_results_gets_its_verdicts_in_one_look(
    publish: Publish, known: Know, firm_browser: PortalClient
) -> None:
    publish(policy("A1", "设备补助", EQUIPMENT), policy("A2", "稳岗返还", LAYOFFS))
    known(tech_reform_equipment_wan=620)
    look = "/my/verdicts?item=nowhere&item=A1&item=A2"
    fragment = firm_browser.page(look, headers={"HX-Request": "true"})
    told = {p.get("id"): fragment.words(p) for p in fragment.all("p")}
    assert told.keys() == {"verdict-2", "verdict-3"}
    assert "可以申请" in told["verdict-2"]
    assert "还不知道：上年度裁员率" in told["verdict-3"]
    whole = firm_browser.page(look)
    assert "查到的 2 项，对照本企业条件" in whole.words(whole.all("h1")[0])


def test_a_firm_without_data_gets_no_verdicts_but_a_way_on(
    publish: Publish, firm_browser: PortalClient
) -> None:
    publish(policy("A1", "设备补助", EQUIPMENT))
    assert firm_browser.get("/my/verdicts?item=A1", headers={"HX-Request": "true"}).data == b""
    assert "还没有贵公司的数据" in firm_browser.page("/my/verdicts?item=A1").words()
