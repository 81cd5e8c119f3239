"""Changing the conditions, the test cases and the application form of a draft. Never commits."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from catalog import cases
from catalog.authoring import fields, leaves, queries, tree
from catalog.authoring.forms import CaseForm, FieldForm, FieldStepForm, LeafForm, RestForm, StepForm
from catalog.conditions.parse import parse
from catalog.conditions.tree import Op
from catalog.conditions.tree import leaves as leaves_of
from catalog.drafting import queries as drafting
from catalog.drafting import services as drafts
from catalog.item_form import KEY as FORM
from foundation.errors import Invalid
from foundation.web.access import Actor

Source = Mapping[str, Any]


def resolved(known: Mapping[str, str], source: Source, form: LeafForm) -> tuple[dict[str, Any], Source]:
    """The condition that was meant, and what the draft has to keep of a fact that is new."""
    name = leaves.find(form.field, known)
    own = {each["field"]: each for each in source.get("fields") or ()}
    if name is not None:
        return leaves.leaf(name, form.op, form.value, own.get(name)), {}
    if not form.declares:
        near = "、".join(meant.label for meant in leaves.did_you_mean(form.field, known))
        ask = f"您要找的是不是：{near}？" if near else ""
        raise Invalid.of(
            "field", f"登记里没有“{form.field}”", f"{ask}确实是新的一项，请在下面写明类型、单位和来源"
        )
    new = leaves.declare(form.field, str(form.kind), form.unit, form.source)
    kept = [each for each in own.values() if each["field"] != new["field"]]
    return leaves.leaf(new["field"], form.op, form.value, new), {"fields": [*kept, new]}


def add(db: Session, actor: Actor, code: str, form: LeafForm) -> None:
    """One more condition."""

    def work(source: Source) -> Source:
        leaf, declared = resolved(queries.known_fields(db, source), source, form)
        return {**declared, "conditions": tree.add(source.get("conditions"), form.path, leaf, form.group)}

    _change(db, actor, code, work)


def put(db: Session, actor: Actor, code: str, form: LeafForm) -> None:
    """Another condition in the place of one; what the form does not show of a list stays as it was."""

    def work(source: Source) -> Source:
        leaf, declared = resolved(queries.known_fields(db, source), source, form)
        before = tree.at(source.get("conditions"), form.path)
        if form.op is Op.HAS and before.get("field") == leaf["field"] and before.get("op") == Op.HAS:
            kept = {key: value for key, value in before["value"].items() if key not in ("type", "kinds")}
            leaf["value"] = {**leaf["value"], **kept}
        return {**declared, "conditions": tree.put(source.get("conditions"), form.path, leaf)}

    _change(db, actor, code, work)


def step(db: Session, actor: Actor, code: str, form: StepForm) -> None:
    """Remove a line, move it, or make its group one of another kind."""

    def work(source: Source) -> Source:
        raw = source.get("conditions")
        if form.do == "remove":
            return {"conditions": tree.remove(raw, form.path)}
        if form.do in ("up", "down"):
            return {"conditions": tree.move(raw, form.path, -1 if form.do == "up" else 1)}
        return {"conditions": tree.turn(raw, form.path, form.do)}

    _change(db, actor, code, work)


def keep_case(db: Session, actor: Actor, code: str, form: CaseForm, said: Mapping[str, str]) -> None:
    """A test case, new or in the place of one; *said* are its facts by name, as typed."""

    def work(source: Source) -> Source:
        kept = list(source.get(cases.KEY) or ())
        asked = dict.fromkeys(leaf.field for leaf in leaves_of(parse(source.get("conditions"))))
        facts = {name: leaves.fact(name, source, said[name]) for name in asked if said.get(name, "").strip()}
        case = {"name": form.name, "facts": facts, "expect": form.expect}
        if form.at is not None and form.at < len(kept):
            kept[form.at] = case
        else:
            kept.append(case)
        return {cases.KEY: kept}

    _change(db, actor, code, work)


def remove_case(db: Session, actor: Actor, code: str, at: int) -> None:
    """One test case fewer."""

    def work(source: Source) -> Source:
        kept = list(source.get(cases.KEY) or ())
        return {cases.KEY: kept[:at] + kept[at + 1 :]}

    _change(db, actor, code, work)


def keep_field(db: Session, actor: Actor, code: str, form: FieldForm) -> None:
    """A field of the application form, new or in the place of one."""
    _change_form(db, actor, code, lambda own: fields.keep(own, form))


def step_field(db: Session, actor: Actor, code: str, form: FieldStepForm) -> None:
    """Remove a field, or move it."""
    _change_form(db, actor, code, lambda own: fields.step(own, form.key, form.do))


def keep_rest(db: Session, actor: Actor, code: str, form: RestForm) -> None:
    """What the form reckons, and what the firm promises."""
    _change_form(db, actor, code, lambda own: {**own, **form.changes()})


def _change_form(db: Session, actor: Actor, code: str, work: Callable[[Source], Source]) -> None:
    _change(db, actor, code, lambda source: {FORM: work(source.get(FORM) or {})})


def _change(db: Session, actor: Actor, code: str, work: Callable[[Source], Source]) -> None:
    drafts.change(db, actor, code, work(drafting.draft(db, actor, code).source))
