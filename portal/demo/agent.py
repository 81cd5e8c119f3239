"""The demonstration's agent: one accountant who acts for many firms, and somebody who has only registered."""

from datetime import timedelta

from sqlalchemy.orm import Session

from catalog import queries as catalogue
from foundation import clock
from foundation.accounts import queries as accounts
from foundation.enterprises import queries as firms
from foundation.enterprises.binding import services as binding
from foundation.enterprises.binding.services import Wanted
from foundation.enterprises.mandates import services as mandates
from foundation.enterprises.mandates.rules import Capacity, Power
from foundation.enterprises.mandates.services import Terms
from foundation.web.access import Actor
from portal.demo.people import ALUMINIUM, BAMBOO, CASTING, COLD, HERBS, PEOPLE, TEA, TRADE, WALNUT
from portal.window import prefill
from portal.window.services import intake
from portal.window.services.intake import Application

AGENT, NEWCOMER = "daizhang1", "zhuce1"
AGENCY = "广元诚信代理记账有限公司（样例）"
NAMING = (CASTING, BAMBOO, WALNUT, HERBS, TRADE, ALUMINIUM)
DRAFTS = ((TEA, "YL01"), (TRADE, "YL04"), (BAMBOO, "YL03"))
TERM = timedelta(days=180)


def bind(db: Session, code: str, person_id: int) -> None:
    """A firm's own person, bound before the demonstration begins."""
    capacity = Capacity.HANDLER if code == TEA else Capacity.LEGAL
    mandates.bind(db, None, firms.profile(db, code).enterprise, person_id=person_id, capacity=capacity)


def seat(db: Session) -> None:
    """The firms name the accountant, who accepts; a newcomer waits for the counter."""
    until = clock.now().date() + TERM
    terms = Terms(Capacity.AGENT, (Power.APPLY, Power.CONFIRM_ACCOUNT), None, until, AGENCY)
    agent = _actor(db, AGENT)
    for code in NAMING:
        offered = mandates.offer(db, _of_firm(db, code), login_or_phone=AGENT, terms=terms)
        mandates.accept(db, agent, offered, firms.profile(db, code).enterprise)
    newcomer = _actor(db, NEWCOMER)
    cold = firms.profile(db, COLD).enterprise
    binding.ask(db, newcomer, Wanted(COLD, cold.name, Capacity.LEGAL))


def draft(db: Session) -> None:
    """What the accountant began and has not handed in."""
    for code, item_code in DRAFTS:
        known = accounts.actors_named(db, AGENT, clock.now().date())
        actor = next(one for _, one in known if one.organisation_code == code)
        item, profile = catalogue.item(db, item_code), firms.profile(db, code)
        application = Application(actor.person_name, "13800000007", profile.enterprise.name, "", "", None, "")
        prefilled = prefill.frozen(item, profile)
        intake.save_draft(db, actor, item_code, application=application, prefilled=prefilled)


def _of_firm(db: Session, code: str) -> Actor:
    login = next(person.login for person in PEOPLE if person.code == code)
    return _actor(db, login)


def _actor(db: Session, login: str) -> Actor:
    return accounts.actors_named(db, login, clock.now().date())[0][1]
