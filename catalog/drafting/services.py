"""From a file to drafts, from a draft to the catalogue: every step by one person, the last by a second."""

import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog import cases, rows, services
from catalog.drafting import queries, rules
from catalog.drafting.rules import FairRecord, Move, State
from catalog.intake.assembly import ReadRow
from catalog.models import ItemDraft, ItemIntake, PolicyItem
from foundation import audit, clock, four_eyes
from foundation.accounts.reference import CITY
from foundation.errors import Conflict, Invalid
from foundation.web.access import Actor


def hand_in(db: Session, actor: Actor, *, file_name: str, file_key: str) -> str:
    """Keep a file to be looked through; returns the mark under which it is found."""
    token = secrets.token_urlsafe(16)
    db.add(
        ItemIntake(
            token=token,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            file_name=file_name,
            file_key=file_key,
            handed_in_at=clock.now(),
            taken_at=None,
        )
    )
    return token


def take(db: Session, actor: Actor, token: str, found: Sequence[ReadRow], chosen: Collection[str]) -> int:
    """Make drafts of the *chosen* rows of a file; how many there are."""
    intake = queries.intake(db, actor, token)
    now = clock.now()
    first = update(ItemIntake).where(ItemIntake.token == token, ItemIntake.taken_at.is_(None))
    if not db.execute(first.values(taken_at=now)).rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
        raise Conflict("这份文件已经收下过。请到草稿里继续。")
    taken = [row for row in found if row.source["id"] in chosen]
    if not taken:
        raise Invalid.of("rows", "没有选中事项", "请至少选一项")
    for row in taken:
        doubts = [[each.field, each.said, each.ask] for each in row.doubts]
        source = queries.completed(db, actor, row.source)
        add(db, actor, source, doubts=doubts, file_name=intake.file_name, file_key=intake.file_key)
    return len(taken)


def add(
    db: Session,
    actor: Actor,
    source: Mapping[str, Any],
    *,
    doubts: list[list[str]],
    file_name: str = "",
    file_key: str | None = None,
) -> str:
    """A draft of an item, new or to be amended; the code stays the item's for ever."""
    own = {**source, "department": source.get("department") or actor.organisation_name}
    draft = rows.read(1, own)
    _check_owner(db, actor, draft.code)
    now = clock.now()
    db.add(
        ItemDraft(
            code=draft.code,
            organisation_id=actor.organisation_id,
            state=State.DRAFT,
            source=json.dumps(own, ensure_ascii=False),
            doubts=doubts,
            file_name=file_name,
            file_key=file_key,
            issued_on=None,
            effective_from=None,
            drafted_by_id=actor.person_id,
            decided_by_id=None,
            note="",
            published_version=None,
            created_at=now,
            changed_at=now,
        )
    )
    facts = {"title": draft.title, "file": file_name}
    audit.record(db, f"draft:{draft.code}", "drafted", actor=actor, happened_at=now, facts=facts)
    return draft.code


def _check_owner(db: Session, actor: Actor, code: str) -> None:
    owner = db.scalar(select(PolicyItem.department_id).where(PolicyItem.code == code))
    if owner is not None and owner != actor.organisation_id:
        raise Invalid.of("id", f"编号 {code} 是别的部门的事项", "请改用别的编号，或请那个部门更改")
    if queries.is_open(db, code):
        raise Invalid.of("id", f"{code} 已经有一份没办完的草稿", "请到草稿里继续，或先放弃那一份")


def save(
    db: Session,
    actor: Actor,
    code: str,
    changes: Mapping[str, Any],
    issued_on: date | None,
    effective_from: date | None = None,
) -> None:
    """Keep what was changed in a draft; whoever changes it is its drafter from now on."""
    draft = _move(db, actor, code, Move.SAVE)
    source = {**json.loads(draft.source), **changes, "id": code}
    rows.read(1, source)
    draft.source = json.dumps(source, ensure_ascii=False)
    draft.issued_on, draft.effective_from = issued_on, effective_from
    draft.drafted_by_id, draft.doubts = actor.person_id, []
    _note(db, actor, draft, "draft_saved")


def change(db: Session, actor: Actor, code: str, changes: Mapping[str, Any]) -> None:
    """Keep one part of a draft that has a page of its own; what nobody looked at stays to be looked at."""
    draft = _move(db, actor, code, Move.SAVE)
    source = {**json.loads(draft.source), **changes}
    rows.read(1, source)
    draft.source, draft.drafted_by_id = json.dumps(source, ensure_ascii=False), actor.person_id
    _note(db, actor, draft, "draft_saved")


def submit(db: Session, actor: Actor, code: str) -> None:
    """Hand a draft to a second person."""
    draft = _move(db, actor, code, Move.SUBMIT)
    source = json.loads(draft.source)
    rows.read(1, source)
    cases.demand_passing(source)
    _note(db, actor, draft, "draft_submitted")


def send_back(db: Session, actor: Actor, code: str, reason: str) -> None:
    """Back to the drafter, with the reason."""
    draft = _move(db, actor, code, Move.SEND_BACK)
    draft.note = reason
    _note(db, actor, draft, "draft_sent_back", reason=reason)


def drop(db: Session, actor: Actor, code: str) -> None:
    """Give a draft up; it stays on record."""
    _note(db, actor, _move(db, actor, code, Move.DROP), "draft_dropped")


def publish(db: Session, actor: Actor, code: str, fair: FairRecord) -> None:
    """The second person's signature: the draft is the version in force from now on, or from its day on."""
    draft = queries.open_draft(db, actor, code)
    state = _after(actor, draft, Move.PUBLISH)
    source = json.loads(draft.source)
    cases.demand_passing(source)
    rules.check_fair(fair, region_code=source.get("region_code"), city=CITY, issued_on=draft.issued_on)
    record = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(fair).items()
        if value and name != "kind"
    }
    draft.published_version = services.publish(db, actor, source, fair.kind, record, draft.effective_from)
    draft.state, draft.decided_by_id, draft.changed_at = state, actor.person_id, clock.now()


def _move(db: Session, actor: Actor, code: str, move: Move) -> ItemDraft:
    draft = queries.open_draft(db, actor, code)
    draft.state = _after(actor, draft, move)
    return draft


def _after(actor: Actor, draft: ItemDraft, move: Move) -> State:
    state = rules.after(draft.state, move)
    if move in rules.BY_SECOND_PERSON:
        refusal = "自己起草的不能自己审签，所代同事起草的也不能。请本单位负责人或另一位同事审签。"
        four_eyes.check_other(actor, draft.drafted_by_id, refusal)
    return state


def _note(db: Session, actor: Actor, draft: ItemDraft, act: str, **facts: Any) -> None:
    now = clock.now()
    draft.changed_at = now
    audit.record(db, f"draft:{draft.code}", act, actor=actor, happened_at=now, facts=facts)
