"""A question from its asker to the item's FAQ, with the clocks of whoever holds it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

import foundation.deadlines.tasks
from foundation import audit, outbox
from foundation.clock import BEIJING
from foundation.db import Database
from foundation.deadlines import queries as deadlines
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.web.access import Actor, Role
from notices import queries as notices
from portal import relay
from portal.window.questions import faq, queries, rules, services, tasks
from portal.window.questions.models import QuestionPersonal
from portal.window.questions.rules import Channel, Kind, Stage
from portal.window.questions.services import Asking
from tests.conftest import Clock
from tests.factories.city import DEPARTMENT, ITEM, City
from tests.support.pages import PortalClient

SignedIn = Callable[[str], PortalClient]
KEY = "0123456789abcdef" * 2
WORDS = "样例机械有限公司的二手设备算不算设备投入？"
READERS = (*tasks.READERS, *foundation.deadlines.tasks.READERS)


def ask(database: Database, actor: Actor, words: str = WORDS, item: str = ITEM) -> str:
    return database.write(lambda db: services.ask(db, actor, Asking(words, item_code=item)).number)


def visit(database: Database, serial: int = 0, origin: str = "here", **more: str) -> services.Received:
    key = f"{serial:032x}"
    asking = Asking("小微企业能申请吗？", item_code=ITEM, **more)
    return database.write(lambda db: services.ask_unknown(db, asking, form_key=key, origin=origin))


def answer(database: Database, actor: Actor, number: str, words: str = "不算。", told: bool = False) -> None:
    database.write(lambda db: services.answer(db, actor, number, words=words, told=told))


def pass_on(database: Database, city: City, number: str) -> None:
    database.write(lambda db: services.pass_on(db, city.clerk, number, department=DEPARTMENT, note="请答复"))


def seen(database: Database, actor: Actor, number: str, clock: Clock) -> queries.QuestionView:
    with database.reading() as db:
        return queries.one(db, actor, number, clock.moment)


def running(database: Database, number: str) -> frozenset[str]:
    with database.reading() as db:
        return deadlines.running(db, rules.subject(number))


def offences(database: Database) -> dict[str, list[str]]:
    with database.reading() as db:
        return {name: rows for name, check in queries.INVARIANTS if (rows := check(db))}


def titles(database: Database, actor: Actor) -> list[str]:
    with database.reading() as db:
        return [message.title for message in notices.inbox(db, actor).messages]


def sweep(database: Database, readers: Iterable[outbox.Reader] = READERS) -> None:
    known = tuple(readers)
    with database.writing() as db:
        outbox.emit(db, outbox.MINUTE, {"at": "2026-01-01T00:00:00+08:00"})
    while relay.carry(database, known, lambda key, name: outbox.deliver(database, known, key, name)):
        pass


def test_the_window_answers_within_a_working_day(database: Database, city: City, clock: Clock) -> None:
    number = ask(database, city.firm)
    asked = seen(database, city.clerk, number, clock)
    assert (asked.stage, asked.words) == (Stage.ASKED, WORDS)
    assert running(database, number) == {"answer"}
    with database.reading() as db:
        (view,) = deadlines.clocks(db, [asked.subject], clock.moment)[asked.subject]
    assert view.due_at == datetime(2026, 6, 2, 17, tzinfo=BEIJING)
    answer(database, city.clerk, number)
    assert seen(database, city.firm, number, clock).answer == "不算。"
    assert titles(database, city.firm)[0].startswith("您的咨询有答复了")
    assert running(database, number) == frozenset()
    with pytest.raises(Conflict, match="已答复"):
        answer(database, city.clerk, number)
    assert offences(database) == {}


def test_the_department_answers_within_three_of_its_own_working_days(
    database: Database, city: City, clock: Clock
) -> None:
    number = ask(database, city.firm)
    with database.writing() as db:
        hours = '[["09:00", "12:00"], ["14:30", "18:00"]]'
        db.execute(
            text("UPDATE organisation SET opening_hours = :hours WHERE code = :code"),
            {"hours": hours, "code": DEPARTMENT},
        )
    pass_on(database, city, number)
    assert running(database, number) == {"consult"}
    with database.reading() as db:
        (ledger,) = [
            each for each in deadlines.ledger(db, rules.subject(number)) if each.limit.name == "consult"
        ]
    assert ledger.reckoning.due == datetime(2026, 6, 4, 18, tzinfo=BEIJING)
    assert ledger.limit.source
    with pytest.raises(NotAllowed):
        answer(database, city.clerk, number)
    clock.advance(timedelta(hours=1))
    database.write(lambda db: services.send_back(db, city.officer, number, reason="应由科技局答复"))
    assert running(database, number) == {"answer"}
    clock.advance(timedelta(hours=1))
    pass_on(database, city, number)
    answer(database, city.officer, number)
    assert seen(database, city.firm, number, clock).stage is Stage.ANSWERED
    assert offences(database) == {}


def test_only_who_has_to_do_with_it_sees_a_question(database: Database, city: City, clock: Clock) -> None:
    number = ask(database, city.firm)
    for stranger in (city.other_firm, city.county_clerk, city.officer, city.cashier, city.admin):
        with pytest.raises(NotFound):
            seen(database, stranger, number, clock)
    pass_on(database, city, number)
    for concerned in (city.firm, city.clerk, city.officer, city.supervisor):
        assert seen(database, concerned, number, clock).number == number
    with pytest.raises(NotFound):
        seen(database, city.stranger, number, clock)


def test_a_visitor_reads_the_answer_by_a_code_and_a_double_click_asks_once(
    database: Database, city: City, clock: Clock
) -> None:
    first, again = visit(database), visit(database)
    assert first == again
    with database.reading() as db:
        found = queries.by_code(db, first.code.lower(), clock.moment)
        assert queries.by_code(db, "000000000000", clock.moment) is None
        assert first.code not in str(db.execute(text("SELECT * FROM question")).all())
    assert found is not None
    assert found.number == first.number
    answer(database, city.clerk, first.number)
    assert seen(database, city.clerk, first.number, clock).stage is Stage.ANSWERED
    assert offences(database) == {}


def test_whoever_left_only_a_number_is_called_before_it_is_over(
    database: Database, city: City, clock: Clock
) -> None:
    number = visit(database, phone="13800001234").number
    pass_on(database, city, number)
    answer(database, city.officer, number)
    assert seen(database, city.clerk, number, clock).stage is Stage.TO_TELL
    assert running(database, number) == {"answer"}
    assert titles(database, city.clerk)[0] == "部门已答复，请告知提问人"
    database.write(lambda db: services.miss(db, city.clerk, number))
    assert seen(database, city.clerk, number, clock).missed == 1
    database.write(lambda db: services.tell(db, city.clerk, number))
    assert seen(database, city.clerk, number, clock).stage is Stage.ANSWERED
    assert offences(database) == {}


def test_visitors_are_held_back_where_too_many_questions_come_from_one_place(
    database: Database, city: City, clock: Clock
) -> None:
    for serial in range(rules.MOST_FROM_ONE):
        visit(database, serial)
    with pytest.raises(NotAllowed, match="这一条没有收下"):
        visit(database, 99)
    visit(database, 100, origin="elsewhere")
    clock.advance(rules.RATE_SPAN + timedelta(minutes=1))
    visit(database, 99)
    ask(database, city.firm)  # whoever is signed in is known


def test_a_call_is_answered_by_a_call_the_same_day(database: Database, city: City, clock: Clock) -> None:
    with pytest.raises(Invalid) as refused, database.writing() as db:
        services.ask(db, city.firm, Asking("请回电", Kind.CALLBACK))
    assert [problem.field for problem in refused.value.problems] == ["phone"]
    wish = Asking("想问厂房补贴", Kind.CALLBACK, phone="13800001234")
    number = database.write(lambda db: services.ask(db, city.firm, wish).number)
    assert running(database, number) == {"callback"}
    view = seen(database, city.clerk, number, clock)
    assert view.stage_name == "待回电"
    assert view.clock is not None
    assert view.clock.due_at == datetime(2026, 6, 1, 17, tzinfo=BEIJING)
    with pytest.raises(Conflict):
        pass_on(database, city, number)
    database.write(lambda db: services.miss(db, city.clerk, number))
    answer(database, city.clerk, number, "已说明条件")
    assert seen(database, city.firm, number, clock).stage is Stage.ANSWERED
    assert offences(database) == {}


def test_the_window_types_in_what_was_asked_by_phone_or_at_the_counter(
    database: Database, city: City, clock: Clock
) -> None:
    def type_in(channel: Channel, phone: str = "") -> str:
        asking = Asking("还能申请吗？", phone=phone)
        return database.write(
            lambda db: services.type_in(db, city.clerk, asking, channel, form_key=KEY).number
        )

    for channel in (Channel.ONLINE, Channel.PHONE):
        with pytest.raises(Invalid):
            type_in(channel)
    number = type_in(Channel.PHONE, "0839-1234567")
    answer(database, city.clerk, number, "可以", told=True)
    assert seen(database, city.clerk, number, clock).stage is Stage.ANSWERED


def test_the_holder_is_warned_urged_and_then_supervised(database: Database, city: City, clock: Clock) -> None:
    number = ask(database, city.firm)
    clock.set(datetime(2026, 6, 2, 16, tzinfo=BEIJING))
    sweep(database)
    assert titles(database, city.clerk)[0].startswith("咨询快到时限")
    clock.set(datetime(2026, 6, 2, 17, 1, tzinfo=BEIJING))
    sweep(database)
    assert titles(database, city.clerk)[0].startswith("咨询已逾期")
    with database.reading() as db:
        assert queries.waiting(db, city.clerk, clock.moment) == (1, 1)
        assert queries.desk(db, city.clerk, answered=False, now=clock.moment).late == 1
    clock.set(datetime(2026, 6, 3, 17, 1, tzinfo=BEIJING))
    sweep(database)
    assert titles(database, city.supervisor)[0].startswith("咨询逾期超过 1 个工作日")
    answer(database, city.clerk, number)
    with database.writing() as db:
        services.remind(db, number, None, title="晚到", key="late", supervise=True)
    assert "晚到" not in str(titles(database, city.supervisor))


def test_the_chain_holds_no_word_of_the_asker(database: Database, city: City) -> None:
    number = visit(database, phone="13800001234", name="王会计").number
    answer(database, city.clerk, number, "请王会计看指南", told=True)
    with database.reading() as db:
        lines = audit.timeline(db, rules.subject(number))
        assert audit.verify(db).whole
    said = str([line.facts for line in lines])
    assert "王会计" not in said
    assert "13800001234" not in said
    assert "指南" not in said


def answered(database: Database, city: City) -> str:
    number = ask(database, city.firm)
    pass_on(database, city, number)
    answer(database, city.officer, number, "二手设备不算。样例机械有限公司买的是新设备，可以。")
    return number


def propose(database: Database, actor: Actor, number: str, reply: str = "二手设备不计入设备投入。") -> str:
    return database.write(
        lambda db: faq.propose(db, actor, number, question="二手设备算设备投入吗？", answer=reply)
    )


def public(database: Database) -> list[str]:
    with database.reading() as db:
        return [entry.answer for entry in queries.faq_of(db, ITEM)]


def test_a_good_answer_is_public_only_after_a_second_pair_of_eyes(database: Database, city: City) -> None:
    number = answered(database, city)
    with pytest.raises(Invalid, match="信用代码"):
        propose(database, city.officer, number, "代码 91510800MAD0A1B2CG 的企业可以。")
    with pytest.raises(Invalid, match="firm"):
        propose(database, city.officer, number, f"{city.firm.person_name}可以。")
    entry = propose(database, city.officer, number)
    with pytest.raises(Conflict):
        propose(database, city.clerk, number)
    assert public(database) == []
    with pytest.raises(NotAllowed, match="另一个人"), database.writing() as db:
        faq.publish(db, city.officer, entry)
    with pytest.raises(NotAllowed, match="主管部门审核"), database.writing() as db:
        faq.publish(db, city.clerk, entry)
    with pytest.raises(NotFound), database.writing() as db:
        faq.publish(db, city.stranger, entry)
    database.write(lambda db: faq.publish(db, city.head, entry))
    assert public(database) == ["二手设备不计入设备投入。"]
    assert offences(database) == {}
    database.write(lambda db: faq.withdraw(db, city.clerk, entry, reason="办法改了"))
    assert public(database) == []
    with pytest.raises(Conflict, match="已撤下"), database.writing() as db:
        faq.publish(db, city.head, entry)


def test_a_proposal_is_turned_down_with_a_reason(database: Database, city: City) -> None:
    number = answered(database, city)
    entry = propose(database, city.clerk, number)
    database.write(lambda db: faq.decline(db, city.head, entry, reason="不够准确"))
    assert public(database) == []
    again = propose(database, city.clerk, number)
    assert again != entry
    unanswered = ask(database, city.firm)
    with pytest.raises(NotAllowed):
        propose(database, city.clerk, unanswered)


def test_what_went_past_the_services_is_found(database: Database, city: City) -> None:
    number = answered(database, city)
    entry = propose(database, city.clerk, number)
    database.write(lambda db: faq.publish(db, city.head, entry))
    with database.writing() as db:
        db.execute(text("UPDATE question SET stage = 'asked', answered_at = NULL, answer = NULL"))
        db.execute(text("UPDATE faq_entry SET answer = 'firm（样例）可以'"))
    assert offences(database).keys() == {
        "a question's clock is that of whoever holds it",
        "a public answer tells nothing of who asked",
    }


@pytest.mark.sqlite
def test_from_the_item_page_to_the_faq_through_the_pages(
    city: City, signed_in: SignedIn, browser: Callable[[], PortalClient]
) -> None:
    visitor = browser()
    assert "常见问题" in visitor.page(f"/items/{ITEM}").text
    assert "还没有人问过" in visitor.page(f"/items/{ITEM}/faq").words()
    refused = visitor.submit(f"/ask?item={ITEM}", "/ask", {"words": "", "kind": "callback"})
    assert refused.status_code == 422
    sent = visitor.submit(f"/ask?item={ITEM}", "/ask", {"words": "二手设备算吗？", "kind": "question"})
    assert sent.status_code == 303
    waiting = visitor.page(sent.location)
    code = sent.location.rsplit("/", 1)[1]
    assert code in waiting.words()
    assert visitor.get("/answers/000000000000").status_code == 404
    assert visitor.get(f"/answers?code={code}").location == sent.location

    clerk, officer, head = signed_in("clerk"), signed_in("officer"), signed_in("head")
    assert "1 条咨询等着办" in clerk.page("/questions").words()
    path = "/questions/ZX-2026-0001"
    assert clerk.submit(path, f"{path}/pass").status_code == 303
    assert officer.submit(path, f"{path}/answer", {"answer": "不算。"}).status_code == 303
    assert "不算。" in visitor.page(sent.location).words()
    proposed = officer.submit(f"{path}/faq", f"{path}/faq", {"question": "二手设备算吗？"})
    assert "要由另一个人审核" in officer.page(proposed.location).words()
    assert "1 条问答待审核" in head.page("/faq").words()
    head.submit(proposed.location, f"{proposed.location}/publish")
    assert "不算。" in visitor.page(f"/items/{ITEM}/faq").words()
    fragment = visitor.get(f"/items/{ITEM}/faq", headers={"HX-Request": "true"})
    assert b"<!doctype" not in fragment.get_data()
    assert (
        head.submit(proposed.location, f"{proposed.location}/withdraw", {"reason": "旧"}).status_code == 303
    )
    assert "还没有人问过" in visitor.page(f"/items/{ITEM}/faq").words()


@pytest.mark.sqlite
def test_the_pages_of_everybody_else(city: City, signed_in: SignedIn, database: Database) -> None:
    firm, clerk, supervisor = signed_in("firm"), signed_in("clerk"), signed_in("supervisor")
    assert "还没有提过咨询" in firm.page("/my/questions").words()
    sent = firm.submit("/ask", "/ask", {"words": "<b>能申请吗</b>"})
    assert "<b>能申请吗</b>" in firm.page(sent.location).words()
    assert "1 条等答复" in firm.page("/my/questions").words()
    typed = clerk.submit(
        "/questions/new", "/questions/new", {"words": "几时到账", "channel": "counter", "item": ITEM}
    )
    assert "查询码" in clerk.page(typed.location).words()
    assert clerk.post(f"{typed.location.partition('?')[0]}/return", {"reason": "x"}).status_code in {400, 403}
    assert "2 条咨询等着办" in supervisor.page("/questions").words()
    assert "这里还没有咨询" in supervisor.page("/questions?tab=answered").words()
    assert signed_in("officer").get(sent.location).status_code == 404
    assert firm.get("/questions").status_code == 403
    assert firm.get("/questions/new").status_code == 403


def test_the_words_of_an_asker_can_be_erased(database: Database, city: City, clock: Clock) -> None:
    number = ask(database, city.firm)
    with database.writing() as db:
        row = db.scalars(select(QuestionPersonal)).one()
        row.words, row.name, row.phone = "（已删除）", "", ""
    assert seen(database, city.clerk, number, clock).words == "（已删除）"
    with database.reading() as db:
        assert audit.verify(db).whole
    with pytest.raises(NotFound):
        seen(database, replace(city.firm, role=Role.FINANCE), number, clock)
