"""The editors of a draft: its conditions with their test cases, and its application form."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from catalog import cases, item_form, links
from catalog.authoring import fields, leaves, queries, services, tree
from catalog.authoring.forms import (
    CaseForm,
    FieldForm,
    FieldStepForm,
    LeafForm,
    RemoveCaseForm,
    RestForm,
    StepForm,
)
from catalog.conditions import sentence
from catalog.conditions.normal import Literal
from catalog.conditions.parse import parse as parse_conditions
from catalog.conditions.register import field_named
from catalog.conditions.tree import AllOf, AnyOf, Not, Unstated
from catalog.conditions.tree import leaves as leaves_of
from catalog.conditions.verdict import Outcome
from catalog.drafting import queries as drafting
from catalog.drafting.queries import DraftView
from catalog.drafting.rules import State
from catalog.item_form import KIND_LABELS
from foundation.errors import Invalid, NotFound, Problem
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import parse

blueprint = Blueprint("authoring", __name__, template_folder="templates")
Problems = tuple[Problem, ...]
Values = MultiDict[str, str] | None
FACT = "fact:"
EXPECTED = [
    (Outcome.ELIGIBLE.value, "可享"),
    (Outcome.NOT_ELIGIBLE.value, "不符合"),
    (Outcome.UNKNOWN.value, "需补信息"),
]
LABELS = {
    "field": "看哪一项", "op": "怎么比", "value": "要求", "kind": "类型", "unit": "单位", "source": "来源",
    "name": "用例名称", "expect": "预期结果", "label": "项目名称", "choices": "可选的几种",
    "columns": "明细表的列", "of": "按哪一项计算", "percent": "比例", "cap_yuan": "最高金额",
    "declarations": "承诺内容",
}  # fmt: skip


def _open(db: Session, actor: Actor, code: str) -> DraftView:
    """The draft, where it can be changed."""
    found = drafting.draft(db, actor, code)
    if found.state is not State.DRAFT:
        raise NotFound("这份草稿已经交审签，现在不能改。要改请审签的人先退回。")
    return found


def _conditions_page(
    db: Session, actor: Actor, code: str, problems: Problems = (), values: Values = None
) -> str:
    draft = _open(db, actor, code)
    source = draft.source
    raw, known = source.get("conditions"), queries.known_fields(db, source)
    asked = dict.fromkeys(leaf.field for leaf in leaves_of(parse_conditions(raw)))
    return page(
        "authoring/conditions.html",
        draft=draft,
        lines=tree.lines(raw) if raw else [],
        groups=tree.groups(raw),
        conditions=sentence.sentences(parse_conditions(raw)),
        entitled=links.link(links.ENTITLED, code=code),
        known=known,
        declared=source.get("fields") or (),
        ops=[(op.value, label) for op, label in leaves.OP_LABELS.items()],
        kinds=[(kind.value, label) for kind, label in leaves.KIND_LABELS.items()],
        leaf=values or _edited(raw),
        tried=cases.tried(source),
        case=values or _edited_case(source),
        facts=[(FACT + name, field_named(name)) for name in asked],
        expected=EXPECTED,
        labels=LABELS | {FACT + name: field_named(name).label for name in asked},
        problems=problems,
    )


def _edited(raw: object) -> dict[str, str]:
    """The condition that is to be changed, as its form shows it."""
    path = request.args.get("edit", "")
    if not path:
        return {}
    written = tree.at(raw, path)
    if "field" not in written:
        return {}
    op = "within_any" if written["op"] == "within" else str(written["op"])
    said = leaves.said_of(written)
    return {"path": path, "field": str(written["field"]), "op": op, "value": said, "editing": path}


def _edited_case(source: Any) -> dict[str, Any]:
    at = request.args.get("case", "")
    kept = cases.of(source)
    if not at.isdecimal() or int(at) >= len(kept):
        return {}
    case = kept[int(at)]
    facts = {FACT + name: leaves.fact_said(value) for name, value in case.facts.items()}
    return {"name": case.name, "expect": case.expect.value, "at": at, **facts}


def _back(code: str) -> ResponseReturnValue:
    return redirect(url_for("authoring.conditions", code=code), 303)


@blueprint.get("/drafts/<code>/conditions")
@access(Role.DEPARTMENT)
@reads
def conditions(db: Session, actor: Actor, code: str) -> str:
    """The conditions line by line, their sentence, and the cases that they have to pass."""
    return _conditions_page(db, actor, code)


@blueprint.get("/drafts/<code>/conditions/look")
@access(Role.DEPARTMENT)
@reads
def look(db: Session, actor: Actor, code: str) -> str:
    """What is being typed as a sentence; or what may have been meant."""
    source = _open(db, actor, code).source
    known = queries.known_fields(db, source)
    said = ""
    why: Problems = ()
    near = (
        []
        if leaves.find(request.args.get("field", ""), known)
        else leaves.did_you_mean(request.args.get("field", ""), known)
    )
    try:
        leaf, _ = services.resolved(known, source, parse(LeafForm, request.args))
        node = parse_conditions(leaf)
        if not isinstance(node, AllOf | AnyOf | Not | Unstated):
            said = sentence.clause(Literal(node))
    except Invalid as refusal:
        why = refusal.problems
    return page("authoring/look.html", said=said, near=near, why=why, draft_code=code)


@blueprint.post("/drafts/<code>/conditions")
@access(Role.DEPARTMENT)
@act(again=_conditions_page)
def change_conditions(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """Add a condition, or put another in the place of one."""
    form = parse(LeafForm, request.form)
    if request.form.get("do") == "put":
        services.put(db, actor, code, form)
    else:
        services.add(db, actor, code, form)
    return _back(code)


@blueprint.post("/drafts/<code>/conditions/step")
@access(Role.DEPARTMENT)
@act(again=_conditions_page)
def step(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """Remove a line, move it, or make its group one of another kind."""
    services.step(db, actor, code, parse(StepForm, request.form))
    return _back(code)


@blueprint.post("/drafts/<code>/cases")
@access(Role.DEPARTMENT)
@act(again=_conditions_page)
def keep_case(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """Keep a test case."""
    said = {name.removeprefix(FACT): value for name, value in request.form.items() if name.startswith(FACT)}
    services.keep_case(db, actor, code, parse(CaseForm, request.form), said)
    return _back(code)


@blueprint.post("/drafts/<code>/cases/remove")
@access(Role.DEPARTMENT)
@act(again=_conditions_page)
def remove_case(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """Remove a test case."""
    services.remove_case(db, actor, code, parse(RemoveCaseForm, request.form).at)
    return _back(code)


def _form_page(db: Session, actor: Actor, code: str, problems: Problems = (), values: Values = None) -> str:
    draft = _open(db, actor, code)
    written = draft.source.get(item_form.KEY) or {}
    amount = written.get("amount") or {}
    return page(
        "authoring/form.html",
        draft=draft,
        form=item_form.of(draft.source),
        kinds=[(kind.value, label) for kind, label in KIND_LABELS.items()],
        kind_labels=KIND_LABELS,
        figures=item_form.figures_of(written.get("fields") or ()),
        column_help=fields.COLUMN_HELP,
        field=values or _edited_field(written),
        rest=values or {**amount, "declarations": "\n".join(written.get("declarations") or ())},
        labels=LABELS,
        problems=problems,
    )


def _edited_field(written: Any) -> dict[str, Any]:
    key = request.args.get("edit", "")
    found = next((each for each in written.get("fields") or () if each["key"] == key), None)
    if found is None:
        return {"required": "yes"}
    shown = {"choices": "\n".join(found.get("choices") or ()), "columns": fields.columns_said(found)}
    return {**found, **shown, "required": "yes" if found.get("required", True) else ""}


def _back_to_form(code: str) -> ResponseReturnValue:
    return redirect(url_for("authoring.form", code=code), 303)


@blueprint.get("/drafts/<code>/form")
@access(Role.DEPARTMENT)
@reads
def form(db: Session, actor: Actor, code: str) -> str:
    """What a firm is asked when it applies."""
    return _form_page(db, actor, code)


@blueprint.post("/drafts/<code>/form")
@access(Role.DEPARTMENT)
@act(again=_form_page)
def keep_field(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """Keep a field."""
    services.keep_field(db, actor, code, parse(FieldForm, request.form))
    return _back_to_form(code)


@blueprint.post("/drafts/<code>/form/step")
@access(Role.DEPARTMENT)
@act(again=_form_page)
def step_field(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """Remove a field, or move it."""
    services.step_field(db, actor, code, parse(FieldStepForm, request.form))
    return _back_to_form(code)


@blueprint.post("/drafts/<code>/form/rest")
@access(Role.DEPARTMENT)
@act(again=_form_page)
def keep_rest(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """Keep what is reckoned and what is promised."""
    services.keep_rest(db, actor, code, parse(RestForm, request.form))
    return _back_to_form(code)
