"""Who is entitled by verified data alone, with the evidence and every doubt, as it stands now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import queries as catalog
from catalog.conditions.parse import parse
from catalog.conditions.tree import Node
from catalog.conditions.verdict import Outcome, judge
from catalog.queries import ItemView
from foundation import clock, numbering
from foundation.accounts import queries as accounts
from foundation.accounts.reference import CITY
from foundation.enterprises import queries as enterprises
from foundation.enterprises.queries import Profile
from foundation.enterprises.rules import Source
from foundation.errors import Conflict, NotAllowed
from foundation.web.access import Actor
from matching.rules import fixed_amount
from portal.window.lists import queries
from portal.window.lists.models import ExemptList, ListRow
from portal.window.lists.rules import (
    Candidate,
    CreditRule,
    Doubt,
    Finding,
    ListAct,
    ListStage,
    credit,
    doubles,
)
from portal.window.lists.step import advance
from portal.window.rules import Ending, ending_of

MODE = "exempt"
SOURCE_WORDS: Mapping[Source, str] = {
    Source.REGISTER: "登记",
    Source.IMPORT: "部门数据",
    Source.DECLARED: "企业自报",
    Source.DERIVED: "推算",
}


def freeze(db: Session, actor: Actor, item_code: str) -> str:
    """Compute who is entitled and freeze it with the evidence; the list's number.

    What an enterprise declared of itself does not count here (only a register or an import does).
    """
    item = catalog.item(db, item_code)
    _check_freezable(db, item)
    _check_window(db, actor, item)
    now = clock.now()
    rows = _rows(db, item, now)
    if not rows:
        raise Conflict("按现有的登记数据，没有企业符合这项政策的条件，不用列清单。数据更新后可以再比对。")
    frozen = ExemptList(
        number=f"QD-{now.year}-{numbering.take(db, 'list', now.year):03}",
        item_code=item.code,
        item_version_id=item.item_version_id,
        item_title=item.title,
        window_id=actor.organisation_id,
        department_id=item.department_id,
        stage=ListStage.FROZEN,
        version=0,
        as_of=now.date(),
        frozen_at=now,
        rows=rows,
    )
    db.add(frozen)
    db.flush()
    doubtful = sum(bool(row.doubts) for row in rows)
    facts = {"item": item.code, "rows": len(rows), "doubtful": doubtful}
    advance(db, frozen, ListAct.FREEZE, actor, now, facts)
    return frozen.number


def _check_freezable(db: Session, item: ItemView) -> None:
    if item.mode != MODE:
        raise NotAllowed("这项政策不是免申即享，不能列清单。请在列表中选择免申即享的事项。")
    if item.foreign or item.department_id is None or item.conditions is None:
        raise NotAllowed("这项政策不在本市兑现，或没有主管部门、没有可比对的条件，不能列清单。")
    if ending_of(item.scope, item.outcome) is Ending.REPORT:
        raise NotAllowed("这项政策由上级决定和兑现，不能在这里列清单。请按申报指南上报。")
    under_way = select(ExemptList.number).where(
        ExemptList.item_code == item.code, ExemptList.stage != ListStage.CONFIRMED
    )
    if existing := db.scalar(under_way.limit(1)):
        raise Conflict(f"这项政策的清单 {existing} 还没有确认完。请先办完，再列新的清单。")


def _check_window(db: Session, actor: Actor, item: ItemView) -> None:
    """A county's item is its own window's to list, every other the city's."""
    region = item.region_code or ""
    window = accounts.window_of(db, region if region.startswith(CITY[:4]) else CITY)
    if window.id != actor.organisation_id:
        raise NotAllowed(f"这项政策的清单由{window.name}列。需要时请联系该专窗。")


def _rows(db: Session, item: ItemView, now: datetime) -> list[ListRow]:
    tree = parse(item.conditions)
    amount = fixed_amount(item.benefit)
    entitled = [
        (profile, verified)
        for profile in enterprises.profiles(db)
        if judge(tree, verified := _verified(profile)).outcome is Outcome.ELIGIBLE
    ]
    doubts = _doubts(db, item, [profile for profile, _ in entitled], now.year)
    return [
        ListRow(
            enterprise_id=profile.enterprise.id,
            credit_code=profile.enterprise.credit_code,
            name=profile.enterprise.name,
            region_code=profile.enterprise.region_code or "",
            evidence=_evidence(tree, verified, profile),
            doubts=[finding.as_json() for finding in doubts[profile.enterprise.credit_code]],
            amount_fen=amount,
        )
        for profile, verified in entitled
    ]


def _verified(profile: Profile) -> dict[str, Any]:
    return {name: fact.value for name, fact in profile.facts.items() if fact.source is not Source.DECLARED}


def _doubts(db: Session, item: ItemView, profiles: Sequence[Profile], year: int) -> dict[str, list[Finding]]:
    """Duplicates first, then what was had already, then the item's own credit rule; each with its basis."""
    named = queries.known_accounts(db)
    holders: dict[str, set[str]] = {}
    for code, account in named.items():
        holders.setdefault(account, set()).add(code)
    firms = [profile.enterprise for profile in profiles]
    candidates = [Candidate(firm.credit_code, firm.name, named.get(firm.credit_code, "")) for firm in firms]
    found = doubles(candidates, holders)
    had = queries.had_already(db, [item.code], year)
    excluded = queries.had_already(db, _exclusive(item), year)
    rule = CreditRule.of(item.source)
    for profile in profiles:
        code = profile.enterprise.credit_code
        if code in had:
            found[code].append(Finding(Doubt.PAID_BEFORE, had[code]))
        if code in excluded:
            found[code].append(Finding(Doubt.EXCLUSIVE, excluded[code]))
        if rule and credit(rule, profile.values):
            found[code].append(_credit_finding(rule, profile))
    return found


def _exclusive(item: ItemView) -> list[str]:
    given = item.source.get("exclusive_with")
    return [str(code) for code in given] if isinstance(given, list) else []


def _credit_finding(rule: CreditRule, profile: Profile) -> Finding:
    fact = profile.facts[rule.field]
    return Finding(Doubt.CREDIT, rule.text, SOURCE_WORDS[fact.source], fact.as_of.isoformat())


def _evidence(tree: Node, verified: Mapping[str, Any], profile: Profile) -> list[dict[str, Any]]:
    return [
        {
            "text": finding.text,
            "holds": finding.holds,
            "shown": finding.shown,
            "source": profile.facts[finding.field].source.value if finding.field in profile.facts else "",
            "as_of": profile.facts[finding.field].as_of.isoformat() if finding.field in profile.facts else "",
        }
        for finding in judge(tree, verified).findings
    ]
