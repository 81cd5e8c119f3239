"""The two kinds of view: `reads` looks, `act` does one thing in one transaction, once per key."""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any

from flask import current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from sqlalchemy import String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.wrappers import Response

from foundation import clock
from foundation.db import Base, Instant
from foundation.errors import Conflict, Invalid, NotAllowed
from foundation.web import uploads
from foundation.web.access import Actor, rule_of
from foundation.web.site import site

View = Callable[..., ResponseReturnValue]
KEY_FIELD = "_key"
LONGEST_KEY = 64
NOT_CONTENT = frozenset({"csrf_token", KEY_FIELD})


class Answer(Base):
    """What an act answered under its key, so that the same click again has no second effect."""

    __tablename__ = "idempotent_answer"

    actor: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    body_digest: Mapped[str] = mapped_column(String(64))
    location: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Instant)


class _Twin(Exception):
    """The same key is just being answered by another request."""


class SignInFirst(Exception):
    """Nobody is signed in where somebody must be."""


def act_fields() -> Markup:
    """The hidden fields of every form that acts: the CSRF token and this form's own key."""
    return Markup(
        '<input type="hidden" name="csrf_token" value="{}"><input type="hidden" name="{}" value="{}">'
    ).format(generate_csrf(), KEY_FIELD, secrets.token_hex(16))


def reads(view: View) -> View:
    """A GET view `view(db, actor, **path)` in a transaction that cannot write."""

    @wraps(view)
    def looking(**path: Any) -> ResponseReturnValue:
        with site().database.reading() as db, _on_page(db):
            return view(db, enter(db), **path)

    return looking


def act(again: View | None = None, first: Callable[[Session], None] | None = None) -> Callable[[View], View]:
    """A POST view `view(db, actor, **path)` that answers 303: one transaction, one effect per key.

    *first* checks what is slow to check; it only reads, and runs before anybody has to wait for a lock.

    What the view refuses with Invalid is rolled back and shown again, with 422, by
    `again(db, actor, problems=…, values=…, **path)`; nothing is stored for a refusal. The same key with
    the same content gets the first answer; with another content it is a Conflict.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def acting(**path: Any) -> ResponseReturnValue:
            try:
                g.uploads = _received()
                if first is not None:
                    with site().database.reading() as db:
                        enter(db)  # who may not enter makes nobody work
                        first(db)
                try:
                    return site().database.write(lambda db: _once(db, view, path))
                except _Twin:
                    return site().database.write(lambda db: _once(db, view, path))
            except Invalid as refusal:
                if again is None:
                    raise
                return _show_again(again, refusal, path)

        acting.acts = True  # type: ignore[attr-defined]  # functions carry attributes
        return acting

    return decorate


def _received() -> tuple[uploads.Upload, ...]:
    """The files of the request, looked at for those alone who may enter, before anybody waits for a lock."""
    if not request.files:
        return ()
    with site().database.reading() as db:
        enter(db)
    return uploads.receive(request.files, site().files, site().settings.clamav)


def enter(db: Session) -> Actor | None:
    """Who is signed in, if the current route admits them; SignInFirst or NotAllowed otherwise."""
    rule = rule_of(current_app.view_functions[request.endpoint or ""])
    actor = site().load_bearer(db) if rule.bearer else site().load_actor(db)
    g.actor = actor
    if not rule.admits(actor):
        if actor is None:
            raise SignInFirst
        raise NotAllowed("这一项由别的单位或岗位办理。需要时请联系本单位管理员，或换一个身份登录。")
    return actor


@contextmanager
def _on_page(db: Session) -> Iterator[None]:
    """Lets what every page shows (unread messages and the like) be read in the view's own transaction."""
    g.db = db
    try:
        yield
    finally:
        g.pop("db")


def _show_again(again: View, refusal: Invalid, path: dict[str, Any]) -> ResponseReturnValue:
    with site().database.reading() as db, _on_page(db):
        page = again(db, enter(db), problems=refusal.problems, values=request.form, **path)
    response = current_app.make_response(page)
    response.status_code = 422
    return response


def _once(db: Session, view: View, path: dict[str, Any]) -> ResponseReturnValue:
    actor = enter(db)
    if actor is None:  # before anyone is signed in there is nobody to keep an answer for
        return view(db, actor, **path)
    key = _key()
    digest = _body_digest()
    known = db.get(Answer, (str(actor.person_id), key))
    if known is not None:
        if known.body_digest != digest:
            raise Conflict("这一页已经提交过，内容不同。请刷新页面，核对后再提交。")
        return redirect(known.location or url_for("home"), 303)
    answer = Answer(actor=str(actor.person_id), key=key, body_digest=digest, created_at=clock.now())
    db.add(answer)
    try:
        db.flush()  # a twin that runs at the same time waits here, and then finds the first one's answer
    except IntegrityError:
        raise _Twin from None
    response = current_app.make_response(view(db, actor, **path))
    _demand_redirect(response)
    answer.location = response.location
    return response


def _key() -> str:
    key = request.form.get(KEY_FIELD, "")
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid.of(KEY_FIELD, "这一页不完整，没有提交", "请刷新页面后再提交")
    return key


def _body_digest() -> str:
    fields = sorted(
        (name, value) for name, value in request.form.items(multi=True) if name not in NOT_CONTENT
    )
    files = [(upload.field, upload.name, upload.key) for upload in uploads.received()]
    return hashlib.sha256(json.dumps([request.path, fields, files]).encode()).hexdigest()


def _demand_redirect(response: Response) -> None:
    if response.status_code != 303:
        raise TypeError(f"{request.endpoint} acted but answered {response.status_code}; an act answers 303")


def sign_in_page() -> ResponseReturnValue:
    """Where to go when somebody must be signed in; htmx is told to move the whole page."""
    session["next"] = request.full_path if request.method == "GET" else request.headers.get("Referer", "/")
    return redirect(url_for("accounts.sign_in"), 303)


def page(template: str, /, **context: Any) -> str:
    """A rendered page or fragment."""
    return render_template(template, **context)
