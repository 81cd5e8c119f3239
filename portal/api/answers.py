"""What the API answers, field by field; the OpenAPI document and its page show these classes and words."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from catalog.queries import ItemView
from catalog.rules import Channel, OutcomeKind, Standing
from catalog.rules import Scope as Level
from catalog.shelf import ListedItem
from foundation.deadlines.wording import ClockView
from portal.api.queries import Part
from portal.window.rules import STAGE_NAMES, Stage
from portal.window.story import Happened


class Answer(BaseModel):
    """The base of every answer: money in integer fen, times with their zone."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Period(Answer):
    """起止日期，含首尾两天；null 表示没有限定。"""

    start: date | None = Field(description="第一天")
    end: date | None = Field(description="最后一天")


class ItemLine(Answer):
    """事项清单的一行。"""

    code: str = Field(description="事项编号，长期不变")
    title: str = Field(description="事项名称")
    mode: str = Field(description="兑现方式：exempt 免申即享，instant 即申即享，review 综合评审")
    mode_label: str = Field(description="兑现方式的名称")
    level: str | None = Field(description="政策层级")
    department_name: str | None = Field(description="主管部门")
    region_code: str | None = Field(description="适用地区的行政区划代码")
    region_name: str = Field(description="适用地区")
    elsewhere: bool = Field(description="是不是他地政策，仅供查阅")
    standing: Standing = Field(description="今天能不能申报")
    window: Period = Field(description="申报时间")
    validity: Period = Field(description="政策有效期")
    amount: str = Field(description="兑现标准，一句话")
    published_at: datetime = Field(description="现行版本的发布时间")


class Pages(Answer):
    """分页。"""

    page: int = Field(description="第几页，从 1 起")
    size: int = Field(description="每页几条")
    total: int = Field(description="一共几条")


class Items(Pages):
    """事项清单的一页。"""

    items: list[ItemLine]


class MaterialLine(Answer):
    """要交的一份材料。"""

    code: str
    name: str
    demand: str
    source: str
    required: bool


class StepLine(Answer):
    """办理的一步。"""

    title: str
    limit: str
    why: str


class Item(Answer):
    """一个事项的一个版本，连同申兑指南。"""

    code: str = Field(description="事项编号")
    version: int = Field(description="版本号")
    title: str
    mode: str
    mode_label: str
    level: str | None
    scope: Level = Field(description="local 市内，joint 市县联办，upper 上级")
    outcome: OutcomeKind = Field(description="money 资金，relief 减免，right 权益，certificate 资质")
    channel: Channel = Field(description="在哪里申请")
    department_name: str | None
    region_code: str | None
    region_name: str
    applicant_kinds: list[str]
    conditions: dict[str, Any] | None = Field(description="机器可判的条件树；null 表示没有写成条件")
    benefit: dict[str, Any]
    window: Period
    validity: Period
    time_limit: str | None = Field(description="兑现时限，按指南原文")
    topics: list[str]
    materials: list[MaterialLine]
    steps: list[StepLine]
    phone: str
    published_at: datetime
    source: dict[str, Any] = Field(description="事项的全部字段，按录入原样")


class VersionLine(Answer):
    """一个版本。"""

    number: int
    title: str
    digest: str = Field(description="内容的 SHA-256")
    published_at: datetime
    in_force: bool = Field(description="是不是现行版本")


class Versions(Answer):
    """一个事项的全部版本，新的在前。"""

    code: str
    versions: list[VersionLine]


class Months(Answer):
    """统计的时间段。"""

    month: str | None
    since: datetime = Field(alias="from")
    until: datetime
    closed: bool = Field(description="这个时间段是不是已经结束")


class LimitFigures(Answer):
    """一个时限的兑现情况。"""

    limit: str
    label: str
    promised: str = Field(description="承诺的时限")
    count: int
    on_time: int
    mean: float | None = Field(description="平均用时，单位见 unit")
    unit: str = Field(description="workdays 或 minutes")


class RunningFigures(LimitFigures):
    """连同此刻超时未办的。"""

    overdue_now: int


class DepartmentFigures(LimitFigures):
    """一个部门的。"""

    department: str


class Totals(Answer):
    """件数和金额。"""

    accepted: int
    decided: int
    paid: int
    paid_fen: int = Field(description="已兑付金额，单位是分")


class Satisfaction(Answer):
    """满意度；评价太少时不公布。"""

    ratings: int
    satisfied: int


class Timings(Answer):
    """办理时限的公开数字，由办件记录算出。"""

    period: Months
    counted_at: datetime
    limits: list[RunningFigures]
    review_by_department: list[DepartmentFigures]
    totals: Totals
    satisfaction: Satisfaction | None


class CaseLine(Answer):
    """本企业的一件办件。"""

    number: str = Field(description="办件编号")
    item_code: str
    item_title: str
    mode: str
    stage: Stage = Field(description="办到哪一步")
    stage_name: str
    received_at: datetime | None
    accepted_at: datetime | None
    handed_off_at: datetime | None
    decided_at: datetime | None
    paid_at: datetime | None
    applied_fen: int | None = Field(description="申请金额，单位是分")
    decided_fen: int | None = Field(description="审定金额，单位是分")


class Cases(Pages):
    """本企业的办件，新的在前。"""

    cases: list[CaseLine]


class ClockLine(Answer):
    """办件的一个时限。"""

    limit: str
    label: str
    state: str
    due_at: datetime | None
    provisional: bool = Field(description="到期时间是不是暂定（那一年的放假安排还没有公布）")


class StoryLine(Answer):
    """办理过程的一步。"""

    at: datetime | None
    title: str
    text: str
    took: str
    late: bool


class OneCase(CaseLine):
    """一件办件，连同时限和办理过程。"""

    decision_reason: str | None
    clocks: list[ClockLine]
    story: list[StoryLine]


class Reason(Answer):
    """一条理由。"""

    text: str
    holds: bool | None = Field(description="null 表示还不能判断")


class Verdict(Answer):
    """本企业与一个事项。"""

    item: str = Field(description="事项编号")
    outcome: str = Field(description="eligible 符合，not_eligible 不符合，unknown 还不能判断")
    open: bool | None = Field(description="今天能不能申报")
    amount_fen: int | None = Field(default=None, description="估算金额，单位是分")
    because: list[Reason]


class Verdicts(Pages):
    """本企业与每个在册事项，按事项编号。"""

    enterprise: str = Field(description="统一社会信用代码")
    as_of: date
    verdicts: list[Verdict]


class FieldProblem(Answer):
    """一处要改的。"""

    field: str
    message: str
    remedy: str


class Refusal(Answer):
    """没有办成的原因（RFC 9457）。"""

    type: str
    title: str
    status: int
    detail: str = Field(description="原因和下一步")
    reference: str = Field(description="日志里的编号，咨询时请提供")
    errors: list[FieldProblem]


def item_line(row: ListedItem, today: date) -> ItemLine:
    """A row of the list as it stands on *today*."""
    return ItemLine(
        code=row.code, title=row.title, mode=row.mode, mode_label=row.mode_label, level=row.level,
        department_name=row.department_name, region_code=row.region_code, region_name=row.region_name,
        elsewhere=row.foreign, standing=row.standing(today),
        window=Period.model_validate(row.window), validity=Period.model_validate(row.validity),
        amount=row.amount.words, published_at=row.published_at,
    )  # fmt: skip


def one_item(view: ItemView) -> Item:
    """One version with its guide."""
    return Item(
        code=view.code, version=view.version, title=view.title, mode=view.mode, mode_label=view.mode_label,
        level=view.level, scope=view.scope, outcome=view.outcome, channel=view.channel,
        department_name=view.department_name, region_code=view.region_code, region_name=view.region_name,
        applicant_kinds=list(view.applicant_kinds),
        conditions=None if view.conditions is None else dict(view.conditions), benefit=dict(view.benefit),
        window=Period.model_validate(view.window), validity=Period.model_validate(view.validity),
        time_limit=view.time_limit, topics=list(view.topics),
        materials=[MaterialLine.model_validate(each) for each in view.guide.materials],
        steps=[StepLine.model_validate(each) for each in view.guide.steps],
        phone=view.guide.phone, published_at=view.published_at, source=dict(view.source),
    )  # fmt: skip


def case_line(row: Any, standing: str) -> CaseLine:
    """A case in a list; *standing* is what a payment that came back makes of it."""
    return CaseLine.model_validate(_fields(row, standing))


def one_case(row: Any, standing: str, clocks: list[ClockView], story: list[Happened]) -> OneCase:
    """A case whole."""
    return OneCase(
        **_fields(row, standing),
        decision_reason=row.decision_reason,
        clocks=[
            ClockLine(limit=each.limit, label=each.limit_label, state=str(each.state), due_at=each.due_at,
                      provisional=each.provisional)
            for each in clocks
        ],
        story=[StoryLine.model_validate(each) for each in story],
    )  # fmt: skip


def _fields(row: Any, standing: str) -> dict[str, Any]:
    names = (name for name in CaseLine.model_fields if name != "stage_name")
    return {name: getattr(row, name) for name in names} | {"stage_name": standing or STAGE_NAMES[row.stage]}


def paging(part: Part, page: int, size: int) -> dict[str, int]:
    """Which part of the list this is."""
    return {"page": page, "size": size, "total": part.total}
