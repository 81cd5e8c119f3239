"""The invented people of the demonstration: somebody for every role, two where the law asks for four eyes."""

from dataclasses import dataclass

from foundation.accounts.reference import UNBOUND
from foundation.web.access import Role

# everybody knows it, and it works in the demonstration alone: its people exist nowhere else
PASSWORD = "demo-guangyuan"  # noqa: S105


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """An account of the demonstration; *code* is the organisation's."""

    login: str
    name: str
    organisation: str
    code: str
    role: Role
    phone: str = ""


CASTING, BAMBOO, WALNUT, TEA = (
    "91510802MA62YL01XG",
    "91510811MA62YL02XJ",
    "91510812MA62YL03X2",
    "91510821MA62YL04X4",
)
HERBS, TRADE, COLD, ALUMINIUM = (
    "91510822MA62YL05XK",
    "91510823MA62YL06X3",
    "91510824MA62YL07XJ",
    "91510802MA62YL08XP",
)
INDUSTRY, SCIENCE, COMMERCE = "510800-02", "510800-04", "510800-15"
WINDOW, FINANCE, CENTRE = "510800-window", "510800-finance", "510800-centre"
_CITY_WINDOW = "广元市惠企政策兑现专窗"

PEOPLE = (
    DemoPerson("qiye1", "王慧", "广元利州精密铸造有限公司（样例）", CASTING, Role.ENTERPRISE, "13800000001"),
    DemoPerson("qiye2", "刘强", "广元昭化竹木制品有限公司（样例）", BAMBOO, Role.ENTERPRISE, "13800000002"),
    DemoPerson("qiye3", "何平", "广元朝天核桃食品有限公司（样例）", WALNUT, Role.ENTERPRISE, "13800000003"),
    DemoPerson("qiye4", "唐敏", "青川天麻生物科技有限公司（样例）", HERBS, Role.ENTERPRISE, "13800000004"),
    DemoPerson("qiye5", "冯军", "剑阁剑门商贸有限公司（样例）", TRADE, Role.ENTERPRISE, "13800000005"),
    DemoPerson(
        "qiye6", "苏颖", "广元经开铝基新材料有限公司（样例）", ALUMINIUM, Role.ENTERPRISE, "13800000006"
    ),
    # keeps the books of many firms: 经办人 of this one, agent of others (portal/demo/agent.py)
    DemoPerson("daizhang1", "钟秀", "旺苍米仓山茶业有限公司（样例）", TEA, Role.ENTERPRISE, "13800000007"),
    DemoPerson("zhuce1", "石磊", "尚未绑定企业的账号", UNBOUND, Role.REGISTRANT, "13800000008"),
    DemoPerson("zhuanchuang1", "李敏", _CITY_WINDOW, WINDOW, Role.WINDOW, "0839-0000101"),
    DemoPerson("zhuanchuang2", "何伟", _CITY_WINDOW, WINDOW, Role.WINDOW, "0839-0000102"),
    DemoPerson("jingxin1", "赵建国", "广元市经济和信息化局", INDUSTRY, Role.DEPARTMENT, "0839-0000201"),
    DemoPerson("jingxin2", "周丽", "广元市经济和信息化局", INDUSTRY, Role.DEPARTMENT, "0839-0000202"),
    DemoPerson("jingxin3", "吴强", "广元市经济和信息化局", INDUSTRY, Role.DEPARTMENT, "0839-0000203"),
    DemoPerson("keji1", "孙洁", "广元市科学技术局", SCIENCE, Role.DEPARTMENT, "0839-0000301"),
    DemoPerson("keji2", "马骏", "广元市科学技术局", SCIENCE, Role.DEPARTMENT, "0839-0000302"),
    DemoPerson("shangwu1", "黄涛", "广元市商务局", COMMERCE, Role.DEPARTMENT, "0839-0000401"),
    DemoPerson("shangwu2", "曾琳", "广元市商务局", COMMERCE, Role.DEPARTMENT, "0839-0000402"),
    DemoPerson("caizheng1", "陈志远", "广元市财政局", FINANCE, Role.FINANCE, "0839-0000501"),
    DemoPerson("caizheng2", "罗芳", "广元市财政局", FINANCE, Role.FINANCE, "0839-0000502"),
    DemoPerson("jiandu1", "郑洪", "广元市政务服务和资源交易中心", CENTRE, Role.SUPERVISOR, "0839-0000601"),
    DemoPerson("xitong", "谢宇", "广元市政务服务和资源交易中心", CENTRE, Role.SYSTEM_ADMIN),
    DemoPerson("anquan", "邓文", "广元市政务服务和资源交易中心", CENTRE, Role.SECURITY_ADMIN),
    DemoPerson("shenji", "彭华", "广元市政务服务和资源交易中心", CENTRE, Role.AUDIT_ADMIN),
)
