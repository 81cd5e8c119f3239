"""Who signed in, who was refused."""

from flask import request
from sqlalchemy.orm import Session

from foundation.accounts import register
from foundation.accounts.blueprint import blueprint
from foundation.web.access import Actor, Role, access
from foundation.web.act import page, reads


def page_number() -> int:
    """The page of a list that was asked for."""
    asked = request.args.get("page", "1")
    return min(max(int(asked), 1), 10_000) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


@blueprint.get("/administration/sign-ins")
@access(Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
@reads
def sign_ins(db: Session, actor: Actor) -> str:
    """The latest first; refused ones on a tab of their own."""
    refused, number = request.args.get("tab") == "refused", page_number()
    rows, total = register.sign_ins(db, actor, refused=refused, page=number)
    place = {"number": number, "size": register.PAGE_SIZE, "total": total}
    return page("accounts/sign_ins.html", rows=rows, refused=refused, place=place)
