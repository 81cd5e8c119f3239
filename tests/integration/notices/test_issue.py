from collections.abc import Callable
from threading import Thread

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from foundation import audit
from foundation.db import Database
from foundation.errors import Conflict, Invalid, NotFound
from foundation.outbox import Outbox
from foundation.web.access import Actor
from notices import queries, services
from notices.models import Notice, ServedHow
from notices.services import IssuedNotice
from tests.factories.notices import at, handoff

Issue = Callable[..., IssuedNotice]


class Broken(Exception):
    pass


def _offences(database: Database) -> list[str]:
    with database.reading() as db:
        return [line for _, check in queries.INVARIANTS for line in check(db)]


def test_numbers_run_from_one_by_series(database: Database, issue: Issue) -> None:
    with database.writing() as db:
        numbers = [issue(db).number, issue(db).number, issue(db, series="广惠企受").number]

    assert numbers == ["广惠企交〔2026〕1号", "广惠企交〔2026〕2号", "广惠企受〔2026〕1号"]
    assert _offences(database) == []


def test_a_rollback_gives_the_number_back(database: Database, issue: Issue) -> None:
    for turn in range(12):
        try:
            with database.writing() as db:
                issue(db)
                if turn % 3 == 1:
                    raise Broken
        except Broken:
            pass

    with database.reading() as db:
        serials = list(db.scalars(select(Notice.serial).order_by(Notice.serial)))
        told = len(db.scalars(select(Outbox).where(Outbox.topic == "notices.issued")).all())
    assert serials == list(range(1, 9))
    assert told == 8
    assert _offences(database) == []


def test_several_clerks_at_once_leave_no_gap(database: Database, issue: Issue) -> None:
    def work(seed: int) -> None:
        for turn in range(8):
            try:
                with database.writing() as db:
                    issue(db)
                    if (turn + seed) % 4 == 0:
                        raise Broken
            except Broken:
                pass

    threads = [Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.reading() as db:
        assert sorted(db.scalars(select(Notice.serial))) == list(range(1, 25))
    assert _offences(database) == []


def test_a_gap_and_an_altered_field_are_found(database: Database, issue: Issue) -> None:
    with database.writing() as db:
        first, second, third = issue(db), issue(db), issue(db)
    with database.writing() as db:
        db.execute(text("DELETE FROM notice_reader WHERE notice_id = :id"), {"id": second.id})
        db.execute(text("DELETE FROM notice WHERE id = :id"), {"id": second.id})
        fields = {**handoff().to_json(), "addressee": "另一个单位"}
        db.execute(update(Notice).where(Notice.id == third.id).values(fields=fields))

    assert _offences(database) == [
        "广惠企交〔2026〕: 2 papers, serials 1 to 3",
        f"{third.number}: fields do not match the digest",
    ]
    assert first.number == "广惠企交〔2026〕1号"


def test_the_database_refuses_a_number_twice(database: Database, issue: Issue) -> None:
    with database.writing() as db:
        issue(db)
    with database.writing() as db:
        db.execute(text("UPDATE counter SET last = 0"))
    with pytest.raises(IntegrityError), database.writing() as db:
        issue(db)


def test_fields_are_frozen_when_issued(database: Database, issue: Issue) -> None:
    document = handoff()
    with database.writing() as db:
        issued = issue(db, document)
    with database.reading() as db:
        row = db.scalars(select(Notice)).one()
        assert row.fields == document.to_json()
        assert row.digest == issued.digest
        assert row.happened_at == at(2026, 6, 1, 9, 58)
        assert row.recorded_at == at(2026, 6, 1, 10)


def test_what_no_paper_can_show_is_dropped(database: Database, issue: Issue) -> None:
    with database.writing() as db:
        issue(db, handoff(addressee="甲\x00乙\x1f丙\ud800"))
    with database.reading() as db:
        assert db.scalars(select(Notice.fields)).one()["addressee"] == "甲乙丙"
    assert _offences(database) == []


def test_a_void_paper_keeps_its_number(database: Database, issue: Issue, clerk: Actor) -> None:
    with database.writing() as db:
        issued = issue(db)
    with database.writing() as db:
        services.void(db, clerk, issued.number, "主送单位写错")
    with database.writing() as db:
        assert issue(db).number == "广惠企交〔2026〕2号"

    with database.reading() as db:
        found = queries.verify(db, issued.verify_code)
        line = audit.timeline(db, f"notice:{issued.number}")[0]
    assert (found.standing, found.number) == (queries.Standing.VOID, issued.number)
    assert (line.act, line.facts) == ("void", {"reason": "主送单位写错"})
    assert _offences(database) == []


def test_voiding_needs_a_reason_and_works_once(database: Database, issue: Issue, clerk: Actor) -> None:
    with database.writing() as db:
        number = issue(db).number
    with pytest.raises(Invalid), database.writing() as db:
        services.void(db, clerk, number, "  ")
    with database.writing() as db:
        services.void(db, clerk, number, "主送单位写错")
    with pytest.raises(Conflict), database.writing() as db:
        services.void(db, clerk, number, "主送单位写错")
    with pytest.raises(NotFound), database.writing() as db:
        services.void(db, clerk, "广惠企交〔2026〕99号", "没有这一份")


def test_a_superseded_paper_names_its_successor(database: Database, issue: Issue, clerk: Actor) -> None:
    with database.writing() as db:
        old, new, other = issue(db), issue(db), issue(db, subject="case:2")
    with database.writing() as db:
        services.supersede(db, clerk, old.number, new.number)
    with pytest.raises(Conflict), database.writing() as db:
        services.supersede(db, clerk, new.number, other.number)

    with database.reading() as db:
        found = queries.verify(db, old.verify_code)
    assert (found.standing, found.replaced_by) == (queries.Standing.SUPERSEDED, new.number)


def test_the_first_service_counts(database: Database, issue: Issue, clerk: Actor) -> None:
    with database.writing() as db:
        number = issue(db).number
    with pytest.raises(Invalid), database.writing() as db:
        services.mark_served(db, clerk, number, how=ServedHow.COUNTER, at=at(2026, 6, 1, 9))
    for moment in (at(2026, 6, 1, 10, 35), at(2026, 6, 2, 9)):
        with database.writing() as db:
            services.mark_served(db, clerk, number, how=ServedHow.COUNTER, at=moment, signed_by="李科长")

    with database.reading() as db:
        served_at = db.scalar(select(Notice.served_at))
        lines = audit.timeline(db, f"notice:{number}")
    assert served_at == at(2026, 6, 1, 10, 35)
    assert [(line.act, line.personal) for line in lines] == [("serve", {"signed_by": "李科长"})]
