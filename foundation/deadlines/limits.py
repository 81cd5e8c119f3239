"""The default profile: every limit with the text it rests on. Data; an item or a city may say otherwise."""

from collections.abc import Mapping

from foundation.deadlines.rules import Limit, Unit

SCHEME = "《广元市惠企政策“一站式”兑现实施方案》二（六）"
GUIDE = "事项申报指南"

_DEFAULTS = (
    Limit("acceptance", "受理", "受理", Unit.WORKDAYS, 1, "窗口当场、网上 1 个工作日（申报指南通例）"),
    Limit("handoff", "交办", "交办", Unit.OPEN_MINUTES, 60, f"{SCHEME}：受理后 1 个小时内向行业主管部门交办"),
    Limit("response", "响应", "响应", Unit.OPEN_MINUTES, 60, f"{SCHEME}：收到《交办通知书》1 个小时内响应"),
    Limit("review", "审核", "审结", Unit.WORKDAYS, 10, f"{SCHEME}：10 个工作日内完成审核报批"),
    Limit("payout", "兑付", "兑付", Unit.WORKDAYS, 1, f"{SCHEME}：审批完结 1 个工作日内兑现"),
    Limit("supplement", "补正", "补齐", Unit.WORKDAYS, 10, f"{GUIDE}：补正期限（没有写明的，10 个工作日）"),
    Limit("publicity", "公示", "结束", Unit.WORKDAYS, 5, f"{GUIDE}：公示期（没有写明的，5 个工作日）"),
    Limit("followup", "回访", "回访", Unit.WORKDAYS, 5, "《实施方案》二（七）：逐件回访（默认 5 个工作日）"),
    Limit(
        "redress_contact",
        "差评联系",
        "联系企业",
        Unit.WORKDAYS,
        1,
        "《上海市优化营商环境条例》30：1 个工作日",
    ),
    Limit(
        "redress_fix", "差评整改", "整改", Unit.WORKDAYS, 15, "差评 15 个工作日内整改（四川省城市通行做法）"
    ),
    Limit(
        "redress_appeal", "差评申诉", "作出决定", Unit.WORKDAYS, 5, "差评申诉 5 个工作日内决定（本市约定）"
    ),
    Limit("account", "确认账户", "确认", Unit.DAYS, 30, "免申即享：30 日内确认收款账户，逾期提醒，不作放弃"),
    Limit("correction", "更正账户", "更正", Unit.DAYS, 30, "退票：30 日内更正账户，逾期提醒（比照确认账户）"),
    Limit(
        "account_check",
        "核对账户",
        "核对",
        Unit.WORKDAYS,
        1,
        "退票：更正的账户 1 个工作日内核对（本专窗承诺）",
    ),
    Limit("reissue", "重新付款", "付款", Unit.WORKDAYS, 1, f"退票：1 个工作日内重新付款（比照{SCHEME}）"),
    Limit("answer", "答复", "答复", Unit.WORKDAYS, 1, "咨询：简单问题 1 个工作日（浙江省通行做法）"),
    Limit("consult", "部门答复", "答复", Unit.WORKDAYS, 3, "咨询：复杂问题 3 个工作日（浙江省通行做法）"),
    Limit("callback", "回电", "回电", Unit.OPEN_MINUTES, 420, "请回电：当天下班前回电（本专窗承诺）"),
    Limit("total", "全程", "办结", Unit.NONE, 0, f"{GUIDE}：兑现时限；没有写明的不设"),
)

LIMITS: Mapping[str, Limit] = {limit.name: limit for limit in _DEFAULTS}
