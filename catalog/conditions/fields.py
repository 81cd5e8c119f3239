"""The fields that conditions ask about, in words. A name that is not here works the same."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    TEXT = "text"
    DATE = "date"
    PLACE = "place"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Field:
    """How one field reads: its label, its unit, what to ask, and how yes and no are said.

    *settled* marks what an applicant is rather than does: nobody gets nearer to a policy by changing it.
    """

    name: str
    label: str
    kind: Kind
    unit: str = ""
    question: str = ""
    yes: str = ""
    no: str = ""
    choices: tuple[str, ...] = ()
    settled: bool = False


def _number(name: str, label: str, unit: str, question: str = "") -> Field:
    return Field(name, label, Kind.NUMBER, unit, question or f"贵公司{label}是多少？")


def _yes_no(name: str, yes: str, no: str, question: str, *, settled: bool = False) -> Field:
    return Field(name, yes, Kind.YES_NO, "", question, yes, no, settled=settled)


def _choice(name: str, label: str, choices: str, question: str, *, settled: bool = True) -> Field:
    return Field(name, label, Kind.CHOICE, "", question, choices=tuple(choices.split()), settled=settled)


def _text(name: str, label: str, question: str = "") -> Field:
    return Field(name, label, Kind.TEXT, "", question, settled=True)


def _date(name: str, label: str, question: str = "") -> Field:
    return Field(name, label, Kind.DATE, "", question or f"{label}是哪一天？")


_REGISTERED = (
    Field("region_code", "注册地", Kind.PLACE, "", "贵公司注册在哪个县区？", settled=True),
    _choice(
        "org_type",
        "主体类型",
        "企业 分支机构 个体工商户 农民专业合作社 社会团体 基金会 社会服务机构 "
        "社会组织 律师事务所 会计师事务所 行政事业单位",
        "贵单位是哪一类主体？",
    ),
    _text("name", "名称"),
    _text("id", "编号"),
    _text("uscc", "统一社会信用代码"),
    _text("industry_code", "行业小类", "贵公司的国民经济行业代码是什么？"),
    _text("industry_section", "行业门类", "贵公司属于哪个行业门类？"),
    _text("industry_division", "行业大类", "贵公司属于哪个行业大类？"),
    _choice("ownership", "所有制", "民营 国有 集体 外资 混合所有制", "贵公司是哪种所有制？"),
    _choice("scale", "企业规模", "大型 中型 小型 微型", "按统计划型，贵公司是哪种规模？"),
    _text("park", "所在园区", "贵公司在哪个园区？没有就答“无”。"),
    _date("established_on", "成立日期", "贵公司是哪一天成立的？"),
    _date("snapshot_date", "数据日期"),
    Field("qualifications", "资质和认定", Kind.LIST),
    Field("stat_entries", "统计入库", Kind.LIST),
    _yes_no("synthetic", "样例企业", "不是样例企业", "是样例企业吗？", settled=True),
)
_PEOPLE = (
    _number("employees", "从业人员", "人", "贵公司现有多少从业人员？"),
    _number("insured_employees", "参保职工", "人", "贵公司有多少职工参保？"),
    _number("ui_paid_months", "失业保险足额缴费", "个月", "贵公司足额缴纳失业保险费满多少个月？"),
    _number("layoff_rate_pct", "上年度裁员率", "%", "贵公司上年度裁员率是百分之多少？没有裁员填 0。"),
    _number(
        "startup_loan_new_hire_ratio_pct",
        "当年新招用重点人员占在职职工的比例",
        "%",
        "当年新招用的重点人员，占在职职工百分之多少？",
    ),
    _number(
        "disabled_employee_ratio_pct", "安排残疾人就业的比例", "%", "贵公司安排残疾人就业的比例是百分之多少？"
    ),
    _number("new_graduate_hires", "新引进的高校毕业生", "人", "当年新引进了多少名高校毕业生？"),
    _number("new_master_phd_hires", "首次全职引进的硕士、博士", "人", "当年首次全职引进了多少名硕士、博士？"),
    _number("interns", "在岗见习人员", "人", "现在有多少名见习人员？"),
    _number("student_team_equity_pct", "大学生团队出资比例", "%", "大学生团队出资占百分之多少？"),
    _yes_no(
        "is_labor_dispatch", "劳务派遣单位", "不是劳务派遣单位", "贵公司是劳务派遣单位吗？", settled=True
    ),
    _yes_no(
        "wage_or_social_arrears",
        "有欠薪或欠缴社保记录",
        "没有欠薪、欠缴社保",
        "贵公司有欠薪、欠缴社保的记录吗？",
    ),
    _yes_no(
        "serious_dishonest",
        "被列入严重违法失信名单",
        "没有被列入严重违法失信名单",
        "贵公司被列入严重违法失信名单了吗？",
    ),
    _yes_no("intern_base", "认定的就业见习基地", "不是就业见习基地", "贵公司是认定的就业见习基地吗？"),
    _yes_no(
        "apprentice_program_filed",
        "新型学徒制培训已备案",
        "新型学徒制培训没有备案",
        "贵公司的新型学徒制培训在人社部门备案了吗？",
    ),
    _yes_no(
        "founder_is_student_or_5y_graduate",
        "由在校或毕业 5 年内的大学生自主创办",
        "不是在校或毕业 5 年内的大学生创办",
        "创办人是在校或毕业 5 年内的大学生吗？",
        settled=True,
    ),
)
_MONEY = (
    _number("revenue_wan", "营业收入", "万元", "贵公司上年度营业收入是多少？"),
    _number("assets_wan", "资产总额", "万元"),
    _number("revenue_first_reach_wan", "年销售额首次达到", "万元", "贵公司当年销售额首次达到多少？"),
    _number("retail_sales_increase_wan", "当年零售额增量", "万元"),
    _number("turnover_increase_wan", "当年营业额增量", "万元"),
    _number("online_retail_wan", "年网络零售额", "万元"),
    _number("online_retail_growth_pct", "网络零售额增幅", "%"),
    _number("q3_output_qoq_growth_pct", "三季度产值环比增幅", "%"),
    _number(
        "western_catalog_revenue_pct",
        "西部鼓励类产业主营收入占比",
        "%",
        "西部地区鼓励类产业的主营收入，占收入总额百分之多少？",
    ),
    _number("rd_expense_wan", "研发经费内部支出", "万元"),
    _number("rd_growth_pct", "研发经费增幅", "%"),
    _number("rd_ratio_pct", "研发经费占营业收入的比例", "%"),
    _number("logistics_outsourcing_wan", "承接区内单家企业物流外包的年费用", "万元"),
    _number(
        "overseas_exhibition_spend_wan", "境外参展费用", "万元", "境外参展的展位费和展品回运费一共多少？"
    ),
    _number("first_set_nonrelated_sales_wan", "首台（套）产品年非关联销售额", "万元"),
    _number("annual_rent_yuan", "上一年度实付租金", "元", "上一年度实付厂房租金多少？没有就填 0。"),
    _number("ip_pledge_loan_wan", "专利权质押贷款额", "万元", "贵公司用专利权质押贷款多少？没有就填 0。"),
    _number("bond_local_use_pct", "债券募集资金投资本县的比例", "%"),
    _number(
        "tech_reform_loan_years", "技改项目银行贷款的期限", "年", "技改项目的银行贷款是几年期？没有贷款填 0。"
    ),
    _date("fixed_asset_loan_date", "固定资产贷款发放日", "固定资产贷款是哪一天发放的？"),
    _yes_no(
        "bond_financed",
        "发行了公司债、企业债或中期票据",
        "没有发行债券",
        "贵公司发行过公司债、企业债或中期票据吗？",
    ),
    _yes_no(
        "first_set_insurance_paid",
        "投保了首台（套）或新材料首批次保险",
        "没有投保首台（套）保险",
        "贵公司投保首台（套）或新材料首批次保险了吗？",
    ),
    _yes_no("tax_registered_in_region", "税收级次在本地", "税收级次不在本地", "贵公司的税收级次在当地吗？"),
    _choice(
        "ipo_stage", "上市进度", "未启动 辅导 北交所受理 受理 上市", "贵公司上市进行到哪一步？", settled=False
    ),
)
_PROJECTS = (
    _number(
        "tech_reform_equipment_wan", "当年技改购置设备", "万元", "当年技术改造购置设备多少？没有就填 0。"
    ),
    _number("tech_reform_invest_wan", "技改项目总投资", "万元", "技改项目总投资多少？没有就填 0。"),
    _number("fixed_asset_invest_wan", "固定资产投资", "万元", "项目固定资产投资多少？没有就填 0。"),
    _number("rooftop_pv_mw", "屋顶光伏容量", "兆瓦", "贵公司屋顶光伏容量是多少？没有就填 0。"),
    _number("energy_saving_tce", "技改年节能量", "吨标准煤", "技改项目一年节能多少？没有就填 0。"),
    _number("water_saving_m3", "技改年节水量", "立方米", "技改项目一年节水多少？没有就填 0。"),
    _number("cold_storage_new_m3", "新建冷库容积", "立方米", "新建冷藏冷冻设施多大？没有就填 0。"),
    _number("new_invention_patents", "当年授权发明专利", "件", "当年获得授权的发明专利有几件？没有就填 0。"),
    _number("five_hundred_catalog_items", "列入“五个一百”目录的产品或项目", "个"),
    _number("hog_output_increase", "生猪出栏比上年增加", "头"),
    _number("cattle_output_increase", "肉牛出栏比上年增加", "头"),
    _number("sheep_output_increase", "肉羊出栏比上年增加", "只"),
    _number("poultry_output_increase", "肉禽出栏比上年增加", "羽"),
    _choice(
        "key_project_level",
        "补短板锻长板重点项目级别",
        "国家级 省级 市级 未列入",
        "贵公司的项目列入了哪一级补短板、锻长板重点项目？",
        settled=False,
    ),
    _yes_no("tech_reform_filed", "技改项目已备案", "技改项目没有备案", "贵公司的技改项目备案了吗？"),
    _yes_no(
        "is_mineral_processing",
        "矿产加工项目",
        "不是矿产加工项目",
        "这个项目是矿产加工项目吗？",
        settled=True,
    ),
    _yes_no("is_new_project", "新建项目", "不是新建项目", "贵公司有新建项目吗？"),
    _yes_no(
        "fits_lead_industry_plan", "符合主导产业规划", "不符合主导产业规划", "项目符合当地主导产业规划吗？"
    ),
    _yes_no(
        "industrial_base_project",
        "属于工业“四基”目录的项目",
        "不属于工业“四基”目录",
        "项目属于工业“四基”目录吗？",
    ),
    _yes_no(
        "energy_water_project",
        "实施了节能节水、清洁生产或污染防治项目",
        "没有节能节水、清洁生产或污染防治项目",
        "贵公司实施了节能节水、清洁生产或污染防治项目吗？",
    ),
    _yes_no("cold_storage_upgrade", "改造了冷库", "没有改造冷库", "贵公司改造了冷库吗？"),
    _yes_no("leases_standard_plant", "租赁标准化厂房", "没有租赁标准化厂房", "贵公司租赁标准化厂房吗？"),
    _yes_no(
        "relocated_from_outside", "从县外迁入", "不是从县外迁入", "贵公司是从县外迁入的吗？", settled=True
    ),
    _yes_no(
        "in_supported_chain",
        "属于重点产业链或生产性服务业",
        "不属于重点产业链",
        "贵公司属于重点产业链或生产性服务业吗？",
    ),
    _yes_no("is_key_enterprise", "重点企业", "不是重点企业", "贵公司在当地重点企业名单里吗？"),
    _yes_no(
        "is_env_protection_firm",
        "节能环保企业",
        "不是节能环保企业",
        "贵公司是符合资质要求的节能环保企业吗？",
        settled=True,
    ),
    _yes_no("cold_chain_top100", "全国冷链百强", "不是全国冷链百强", "贵公司是全国冷链百强企业吗？"),
    _yes_no(
        "provincial_first_set_award",
        "获得省级首台（套）销售奖励",
        "没有获得省级首台（套）销售奖励",
        "贵公司获得过省级首台（套）销售奖励吗？",
    ),
    _yes_no(
        "hitech_provincial_review_passed",
        "高新技术企业申请已通过省级评审",
        "没有通过高新技术企业省级评审",
        "贵公司的高新技术企业申请通过省级评审了吗？",
    ),
    _yes_no("rd_in_statistics", "已纳入研发经费统计", "没有纳入研发经费统计", "贵公司纳入研发经费统计了吗？"),
)

REGISTER = {field.name: field for field in (*_REGISTERED, *_PEOPLE, *_MONEY, *_PROJECTS)}
