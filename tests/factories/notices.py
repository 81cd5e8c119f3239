"""Papers for tests: valid by default, anything else on request."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from foundation.clock import BEIJING
from foundation.web.access import Actor, Role
from notices.documents import Contact, Document, DueTime, Fact, Kind, Material, Receipt

WINDOW, BUREAU = "510800-window", "510800-04"
FIRM, OTHER_FIRM = "91510800MA6AB12345", "91510800MA6AB54321"


def handoff(**changes: Any) -> Document:
    """A 交办通知书 as the window of Guangyuan would send it."""
    document = Document(
        kind=Kind.HANDOFF,
        issuer="广元市政务服务和资源交易中心",
        addressee="广元市科学技术局",
        dated=date(2026, 9, 30),
        agent="广元市惠企政策兑现专窗",
        paragraphs=(
            "根据《广元市惠企政策“一站式”兑现工作方案》，现将下列惠企政策兑现申请交你单位办理。请在时限内明确"
            "承办人并办结；不属于你单位职责的，请在响应时限内书面退回，并说明理由和依据。",
        ),
        facts=(
            Fact("申请企业", "广元市犇翀新材料科技有限公司（91510800MA6AB12345）"),
            Fact("政策事项", "S001 高新技术企业认定奖励（综合评审类）"),
            Fact("受理编号", "GY-2026-0001"),
            Fact("受理时刻", "2026年9月30日16时20分"),
            Fact("交办时刻", "2026年9月30日16时45分"),
            Fact("申请金额", "200,000元（贰拾万元整）"),
        ),
        due_times=(
            DueTime("响应", at(2026, 10, 8, 9, 45), "自收到通知书起1个小时，按开放时间计算"),
            DueTime("审核决定", at(2026, 10, 20, 17), "自收到次日起10个工作日，补正时间不计入"),
        ),
        materials=(
            Material("惠企政策兑现申请表", 2, digest="ab12cd34ef56ab12"),
            Material("营业执照副本", 1, digest="0012cd34ef56ab12"),
            Material("高新技术企业证书", 1, digest="7712cd34ef56ab12"),
        ),
        contacts=(Contact("值班人员", "0839-3300001", "广元市惠企政策兑现专窗"),),
        copy_to=("广元市人民政府督查室", "广元市目标绩效管理办公室"),
        signer="王敏",
        receipt=Receipt("广元市政务服务和资源交易中心"),
        stub=(
            Fact("主送", "广元市科学技术局"),
            Fact("申请企业", "广元市犇翀新材料科技有限公司"),
            Fact("政策事项", "高新技术企业认定奖励"),
            Fact("交办时刻", "2026年9月30日16时45分"),
            Fact("交办人", "王敏"),
        ),
    )
    return replace(document, **changes)


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in Beijing."""
    return datetime(year, month, day, hour, minute, tzinfo=BEIJING)


def actor(code: str = WINDOW, role: Role = Role.WINDOW, person_id: int = 1) -> Actor:
    """Somebody who acts for the organisation *code*."""
    return Actor(person_id, "王敏", 1, code, "广元市惠企政策兑现专窗", role)
