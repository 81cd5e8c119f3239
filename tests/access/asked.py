"""The questions of the world: one before the window, one before the department, one answered, FAQ entries."""

from sqlalchemy.orm import Session

from portal.window.questions import faq, services
from portal.window.questions.rules import Channel
from portal.window.questions.services import Asking
from tests.factories import city as factory
from tests.factories.city import City


def ask(db: Session, city: City, *, name: str, phone: str) -> dict[str, str]:
    """Their numbers, and the code of one that came by telephone."""
    said = Asking("发票丢了怎么办", item_code=factory.ITEM, name=name, phone=phone)
    numbers = {f"question:{which}": services.ask(db, city.firm, said).number for which in NAMES}
    called = services.type_in(db, city.clerk, said, Channel.PHONE, form_key="a" * 32)
    services.answer(db, city.clerk, called.number, words="请带复印件", told=False)
    services.pass_on(db, city.clerk, numbers["question:passed"], department=factory.DEPARTMENT)
    entries = {}
    for which in ("answered", "proposed", "public"):
        services.answer(db, city.clerk, numbers[f"question:{which}"], words="请带复印件", told=True)
    for which in ("proposed", "public"):
        number = numbers[f"question:{which}"]
        entries[f"faq:{which}"] = faq.propose(
            db, city.clerk, number, question="发票丢了", answer="请带复印件"
        )
    faq.publish(db, city.officer, entries["faq:public"])
    return {**numbers, **entries, "question:called": called.number, "code": called.code}


NAMES = ("asked", "passed", "answered", "proposed", "public")
