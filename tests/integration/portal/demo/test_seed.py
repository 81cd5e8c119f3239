"""The demonstration's data: real items with their sources, people for every role, cases on their way."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from catalog import queries as catalogue
from foundation.accounts import queries as accounts
from foundation.db import Database
from foundation.deadlines import queries as deadlines
from foundation.enterprises import queries as firms
from foundation.web.access import Role
from portal import invariants
from portal.demo import prepare, seed
from portal.demo.home import Home
from portal.demo.people import PEOPLE
from portal.firms import queries as desk
from portal.firms.rules import WEEK, Todo
from portal.window.models import Case
from portal.window.publicity import queries as publicities
from portal.window.questions import queries as questions
from portal.window.questions.models import Question
from portal.window.questions.rules import Stage as Asked
from portal.window.rules import Stage
from tests.integration.portal.demo.conftest import NOW

pytestmark = pytest.mark.sqlite


@pytest.fixture
def filled(home: Home) -> Iterator[Database]:
    """Its database."""
    database = Database(f"sqlite:///{home.database}")
    yield database
    database.close()


def test_the_catalogue_holds_the_real_items_and_two_samples_a_mode(filled: Database) -> None:
    with filled.reading() as db:
        items = catalogue.published_items(db)
        samples = [item for item in items if item.title.endswith("（样例）")]
        assert len(items) == 108
        assert sorted(item.mode for item in samples) == sorted(["exempt", "instant", "review"] * 2)
        assert all(not item.foreign and item.department_id for item in samples)
        assert catalogue.item(db, "YL02").window.end == NOW.date() + timedelta(days=5)


def test_every_firm_is_an_example_and_every_role_has_somebody(filled: Database) -> None:
    with filled.reading() as db:
        assert firms.count(db) == 19
        assert all("样例" in profile.enterprise.name for profile in firms.profiles(db))
        people = accounts.sample_accounts(db, NOW.date())
        assert len(people) == len(PEOPLE)
        assert {person.role for person in people} == set(Role)
        for organisation in ("经济和信息化局", "科学技术局", "商务局", "财政局", "专窗"):
            assert sum(organisation in person.organisation for person in people) >= 2


def test_twelve_cases_stand_at_twelve_points(filled: Database) -> None:
    with filled.reading() as db:
        cases = list(db.scalars(select(Case).where(Case.stage != Stage.DRAFT).order_by(Case.number)))
        assert len(cases) == 12
        assert {case.stage for case in cases} >= {
            Stage.SUBMITTED, Stage.SUPPLEMENT_ASKED, Stage.ACCEPTED, Stage.HANDED_OFF, Stage.IN_REVIEW,
            Stage.REVIEW_SUPPLEMENT_ASKED, Stage.REVIEWED, Stage.AWAITING_FUNDS, Stage.APPROVED, Stage.PAID,
            Stage.REJECTED,
        }  # fmt: skip
        states = {
            view.state
            for shown in deadlines.clocks(db, [case.subject for case in cases], NOW).values()
            for view in shown
            if view.state not in {"done", "done_late"}
        }
        assert states >= {"run", "near", "over", "hold"}


def test_nothing_happened_at_night_and_everything_holds(filled: Database) -> None:
    with filled.reading() as db:
        for case in db.scalars(select(Case).where(Case.stage != Stage.DRAFT)):
            assert case.received_at is not None
            assert 9 <= case.received_at.hour <= 17
            assert case.received_at.weekday() < 5
        assert [(name, rows) for name, rows in invariants.check(db) if rows] == []


def test_an_accountant_has_seven_firms_and_something_to_do(filled: Database) -> None:
    with filled.reading() as db:
        person = next(actor.person_id for _, actor in accounts.actors_named(db, "daizhang1", NOW.date()))
        found = desk.desk(db, person, now=NOW, days=WEEK)
    assert len(found.firms) == 7
    assert {task.todo for task in found.tasks} >= {Todo.DRAFT, Todo.APPLY}


def test_one_question_waits_two_are_answered_and_one_became_an_faq_entry(filled: Database) -> None:
    with filled.reading() as db:
        asked = list(db.scalars(select(Question).order_by(Question.number)))
        assert sorted(one.stage for one in asked) == [Asked.ANSWERED, Asked.ANSWERED, Asked.ASKED]
        (entry,) = questions.faq_of(db, "YL01")
        assert "样例" in entry.question


def test_one_list_is_on_show(filled: Database) -> None:
    with filled.reading() as db:
        (shown,) = publicities.published(db, NOW)
        assert (shown.about, shown.over) == ("list:QD-2026-001", False)
        assert len(shown.document.materials) >= 2


def test_a_second_start_finds_everything_done(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed, "fill", lambda home: pytest.fail("filled again"))
    prepare.prepare(home)


def test_what_somebody_did_by_command_is_set_aside(tmp_path: Path, home: Home) -> None:
    used = Home(tmp_path)
    used.database.write_bytes(home.database.read_bytes())
    prepare.set_aside(used)
    assert not used.database.exists()
    assert (tmp_path / "before-demo-1" / "portal.db").exists()


def test_what_an_interrupted_start_left_is_removed(tmp_path: Path, home: Home) -> None:
    half = Home(tmp_path)
    half.database.write_bytes(home.database.read_bytes())
    half.filling.touch()
    prepare.set_aside(half)
    assert [path.name for path in tmp_path.iterdir()] == ["filling"]
