"""From a department's file to the catalogue: looked through, drafted, passed by a second person, found."""

import io
from pathlib import Path

import docx
import pytest
from openpyxl import Workbook

from catalog import queries as catalogue
from catalog import services as catalogue_services
from catalog.drafting import queries, services
from catalog.drafting.rules import FairRecord
from catalog.rules import FairCompetition, Origin
from catalog.search.find import search
from catalog.services import import_items
from foundation.db import Database
from foundation.errors import Invalid, NotAllowed, NotFound
from tests.factories import city as cities
from tests.factories.city import City
from tests.integration.catalog.conftest import Enter
from tests.support.pages import PortalClient

GUIDE = Path("tests/data/guides/consumption_infrastructure_reward.txt")
REVIEWED = {
    "fair": "passed",
    "reviewed_on": "2026-01-05",
    "reviewer": "市市场监管局",
    "conclusion": "不影响竞争",
}


def word_guide() -> bytes:
    document = docx.Document()
    for line in GUIDE.read_text("utf-8").splitlines():
        document.add_paragraph(line)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def drafted(database: Database, city: City, **more: object) -> str:
    source = cities.item_row("NEW-1", title="核桃产业发展奖励", **more)
    return database.write(lambda db: services.add(db, city.officer, source, doubts=[]))


def test_from_a_word_guide_to_the_search(signed_in: Enter, database: Database) -> None:
    officer, head = signed_in("officer"), signed_in("head")
    answer = officer.submit("/drafts", data={"file": (io.BytesIO(word_guide()), "指南.docx")})
    preview = officer.page(answer.location)
    words = preview.words()
    assert "看懂了 1 项" in words
    assert "省里的叫法，先按即申即享；不对请改" in words
    assert "没有看出各对应哪种情形" in words
    draft = officer.submit(answer.location).location
    officer.submit(draft, draft, {"issued_on": "2026-01-02", "then": "submit"})
    assert "审签发布" not in officer.page(draft).words()
    published = head.submit(draft, f"{draft}/publish", REVIEWED)
    page = head.page(published.location).words()
    assert "消费基础建设奖励" in page
    assert "已审查，通过" in page
    with database.reading() as db:
        assert [hit.item.title for hit in search(db, "智慧商圈").hits] == ["消费基础建设奖励"]
        assert catalogue.item(db, published.location.rpartition("/")[2]).origin is Origin.AUTHORED


def test_a_pasted_guide_and_a_hostile_list(signed_in: Enter) -> None:
    officer = signed_in("officer")
    answer = officer.submit("/drafts", data={"pasted": GUIDE.read_text("utf-8")})
    assert "消费基础建设奖励" in officer.page(answer.location).words()
    book = Workbook()
    book.worksheets[0].append(["事项名称", "金额"])
    book.worksheets[0].append(["设备补贴", "=1+1"])
    kept = io.BytesIO()
    book.save(kept)
    refused = officer.submit("/drafts", data={"file": (io.BytesIO(kept.getvalue()), "清单.xlsx")})
    assert refused.status_code == 422
    assert "表格里有公式" in refused.text


def test_nobody_publishes_alone(database: Database, city: City) -> None:
    code = drafted(database, city)
    database.write(lambda db: services.submit(db, city.officer, code))
    record = FairRecord(FairCompetition.PASSED)
    with pytest.raises(NotAllowed, match="自己起草"), database.writing() as db:
        services.publish(db, city.officer, code, record)


def test_a_measure_of_the_city_needs_its_review(database: Database, city: City) -> None:
    code = drafted(database, city)
    database.write(lambda db: services.submit(db, city.officer, code))
    for record in (FairRecord(FairCompetition.UNRECORDED), FairRecord(FairCompetition.UPPER_POLICY)):
        with pytest.raises(Invalid), database.writing() as db:
            services.publish(db, city.head, code, record)
    with database.reading() as db, pytest.raises(NotFound):
        catalogue.item(db, code)


def test_drafts_are_their_departments_own(database: Database, city: City, signed_in: Enter) -> None:
    code = drafted(database, city)
    assert signed_in("stranger").get(f"/drafts/{code}").status_code == 404
    with pytest.raises(NotFound), database.writing() as db:
        services.drop(db, city.stranger, code)
    with pytest.raises(Invalid, match="别的部门的事项"), database.writing() as db:
        services.add(db, city.stranger, cities.item_row(), doubts=[])


def test_a_draft_goes_back_with_a_reason(database: Database, city: City, signed_in: Enter) -> None:
    code = drafted(database, city)
    database.write(lambda db: services.submit(db, city.officer, code))
    signed_in("head").submit(f"/drafts/{code}", f"/drafts/{code}/send-back", {"reason": "标准要写清楚"})
    assert "退回原因：标准要写清楚" in signed_in("officer").page(f"/drafts/{code}").words()


def test_an_amended_item_keeps_its_code_and_what_the_form_does_not_show(
    database: Database, city: City, signed_in: Enter
) -> None:
    with database.reading() as db:
        before = catalogue.item(db, cities.ITEM)
    officer, head = signed_in("officer"), signed_in("head")
    draft = officer.submit(f"/items/{cities.ITEM}", f"/items/{cities.ITEM}/amend").location
    officer.submit(draft, draft, {"title": "改过的名称", "then": "submit"})
    head.submit(draft, f"{draft}/publish", REVIEWED)
    with database.reading() as db:
        after = catalogue.item(db, cities.ITEM)
        assert queries.drafts(db, city.officer) == []
    assert (after.version, after.title) == (before.version + 1, "改过的名称")
    assert after.scope is before.scope
    assert (after.conditions, after.benefit) == (before.conditions, before.benefit)


def test_limits_run_from_the_day_the_policy_came_out(
    signed_in: Enter, database: Database, city: City
) -> None:
    code = drafted(database, city)
    signed_in("officer").submit(f"/drafts/{code}", f"/drafts/{code}", {"issued_on": "2026-06-01"})
    with database.reading() as db:
        (draft,) = queries.drafts(db, city.officer)
    assert draft.due is not None
    # seven working days after Monday 1 June 2026
    assert draft.due.date().isoformat() == "2026-06-10"
    desk = signed_in("officer").page("/cases").words()
    assert "要发布的政策 1 项" in desk
    assert "还剩 7 个工作日" in desk
    assert "要发布的政策" not in signed_in("stranger").page("/cases").words()
    signed_in("officer").submit(f"/drafts/{code}", f"/drafts/{code}", {"issued_on": "2026-05-15"})
    assert "已逾期" in signed_in("officer").page("/cases").words()


def test_lists_of_a_guide_are_typed_as_lines(signed_in: Enter, database: Database, city: City) -> None:
    code = drafted(database, city)
    officer, path = signed_in("officer"), f"/drafts/{code}"
    wrong = officer.submit(path, path, {"shares": "市级 | 60\n县级 | 50"})
    assert wrong.status_code == 422
    assert "合计不是 100" in wrong.text
    typed = {
        "flow": "审核 | 市经信局 | 10 个工作日",
        "shares": "市级 | 50\n县级 | 50",
        "materials": "发票 | 复印件 | | 选填",
        "review_workdays": "15",
        "scope": "市县联办",
        "applicants": "企业、个体工商户",
    }
    officer.submit(path, path, typed)
    officer.submit(path, path)
    with database.reading() as db:
        source = queries.draft(db, city.officer, code).source
    assert source["guide"]["flow"] == [{"step": "审核", "organisation": "市经信局", "limit": "10 个工作日"}]
    assert source["guide"]["review_workdays"] == 15
    assert source["materials"] == [{"name": "发票", "form": "复印件", "required": False}]
    assert (source["scope"], source["applicant_kinds"]) == ("市县联办", ["企业", "个体工商户"])


def test_an_amended_item_has_three_working_days(signed_in: Enter, database: Database, city: City) -> None:
    officer = signed_in("officer")
    draft = officer.submit(f"/items/{cities.ITEM}", f"/items/{cities.ITEM}/amend").location
    officer.submit(draft, draft, {"issued_on": "2026-06-01"})
    with database.reading() as db:
        (view,) = queries.drafts(db, city.officer)
    assert view.due is not None
    assert view.due.date().isoformat() == "2026-06-04"


def test_versions_say_what_changed(database: Database, city: City, client: PortalClient) -> None:
    row = cities.item_row()
    database.write(lambda db: import_items(db, None, [{**row, "materials": ["营业执照"], "title": "新名称"}]))
    page = client.page(f"/items/{cities.ITEM}/history").words()
    assert "新名称，共 2 版" in page
    assert row["title"] in page
    assert "营业执照" in page
    assert client.get("/items/NONE/history").status_code == 404


def test_a_withdrawn_item_stays_readable(
    database: Database, city: City, client: PortalClient, signed_in: Enter
) -> None:
    with pytest.raises(NotFound), database.writing() as db:
        catalogue_services.withdraw(db, city.stranger, cities.ITEM, "到期")
    path = f"/items/{cities.ITEM}"
    signed_in("officer").submit(path, f"{path}/withdraw", {"reason": "到期"})
    page = client.page(f"/items/{cities.ITEM}").words()
    assert "撤下，不再受理" in page
    assert "开始申请" not in page
    assert cities.ITEM not in client.get("/items").text
