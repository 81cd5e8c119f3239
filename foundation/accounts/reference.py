"""The organisations that a new database knows: Guangyuan's city bodies and its counties' (scheme of 2022)."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.accounts.models import Organisation, OrganisationRelation
from foundation.accounts.rules import OrganisationKind

CITY = "510800"
CITY_NAME = "广元"
# where an account belongs until it is bound to an enterprise; it has no messages, cases or papers
UNBOUND = "unbound"
CITY_COURT = "广元市利州区人民法院"
COUNTIES = {
    "510802": "利州区",
    "510811": "昭化区",
    "510812": "朝天区",
    "510821": "旺苍县",
    "510822": "青川县",
    "510823": "剑阁县",
    "510824": "苍溪县",
    # the development zone has no division code of its own; this one is ours
    "510871": "广元经济技术开发区",
}
CITY_DEPARTMENTS = (
    "发展和改革委员会",
    "经济和信息化局",
    "教育局",
    "科学技术局",
    "公安局",
    "民政局",
    "司法局",
    "人力资源和社会保障局",
    "自然资源局",
    "生态环境局",
    "住房和城乡建设局",
    "交通运输局",
    "水利局",
    "农业农村局",
    "商务局",
    "文化广播电视和旅游局",
    "卫生健康委员会",
    "应急管理局",
    "国有资产监督管理委员会",
    "市场监督管理局",
    "人民防空办公室",
    "金融工作局",
    "经济合作和外事局",
    "林业局",
    "医疗保障局",
    "城市管理行政执法局",
    "税务局",
)
# how policies and people shorten them
SHORT = {
    "发展和改革委员会": "发展改革委",
    "科学技术局": "科技局",
    "人力资源和社会保障局": "人力资源社会保障局",
    "住房和城乡建设局": "住房城乡建设局",
    "文化广播电视和旅游局": "文化广电旅游局",
    "卫生健康委员会": "卫生健康委",
    "国有资产监督管理委员会": "国资委",
    "市场监督管理局": "市场监管局",
    "人民防空办公室": "人防办",
    "医疗保障局": "医保局",
    "城市管理行政执法局": "城管执法局",
}
COUNTY_DEPARTMENTS = ("经济和信息化局", "科学技术局", "农业农村局", "商务局", "人力资源和社会保障局")


@dataclass(frozen=True, slots=True)
class Known:
    """A body of the reference data; *line* ties a county's bureau to the city's."""

    code: str
    name: str
    short_name: str
    kind: OrganisationKind
    region_code: str
    parent: str | None
    line: str | None
    confirmed: bool


def known_organisations() -> Iterator[Known]:
    """The city first, parents before children; county bureaus wait for the county to check their names."""
    kind = OrganisationKind
    top = f"{CITY}-gov"
    yield Known(top, "广元市人民政府", "市政府", kind.GOVERNMENT, CITY, None, None, True)
    yield Known(
        f"{CITY}-window", "广元市惠企政策兑现专窗", "市级兑现专窗", kind.WINDOW, CITY, top, "window", True
    )
    yield Known(f"{CITY}-finance", "广元市财政局", "市财政局", kind.FINANCE, CITY, top, "finance", True)
    yield Known(
        f"{CITY}-centre",
        "广元市政务服务和资源交易中心",
        "市政务服务和资源交易中心",
        kind.SUPERVISOR,
        CITY,
        top,
        None,
        True,
    )
    for number, name in enumerate(CITY_DEPARTMENTS, 1):
        short = "市" + SHORT.get(name, name)
        yield Known(f"{CITY}-{number:02}", f"广元市{name}", short, kind.DEPARTMENT, CITY, top, name, True)
    yield Known(UNBOUND, "尚未绑定企业的账号", "未绑定", kind.UNBOUND, CITY, None, None, True)
    for region, county in COUNTIES.items():
        yield from _county(region, county, top)


def _county(region: str, county: str, city: str) -> Iterator[Known]:
    kind = OrganisationKind
    top = f"{region}-gov"
    government = "管理委员会" if county.endswith("开发区") else "人民政府"
    yield Known(top, county + government, county + government, kind.GOVERNMENT, region, city, None, True)
    window = f"{county}惠企政策兑现专窗"
    yield Known(f"{region}-window", window, window, kind.WINDOW, region, top, "window", True)
    yield Known(
        f"{region}-finance", f"{county}财政局", f"{county}财政局", kind.FINANCE, region, top, "finance", False
    )
    for number, name in enumerate(COUNTY_DEPARTMENTS, 1):
        full = county + name
        yield Known(f"{region}-{number:02}", full, full, kind.DEPARTMENT, region, top, name, False)


def ensure_organisations(db: Session) -> None:
    """Register what is not there yet; what an administrator changed since stays as it is."""
    ids = {row.code: row.id for row in db.execute(select(Organisation.code, Organisation.id))}
    city_lines: dict[str, int] = {}
    for known in known_organisations():
        if known.code not in ids:
            ids[known.code] = _register(db, known, ids)
            if known.line and known.region_code != CITY and known.line in city_lines:
                city = city_lines[known.line]
                db.add(
                    OrganisationRelation(
                        organisation_id=ids[known.code], related_id=city, relation="city_bureau"
                    )
                )
        if known.line and known.region_code == CITY:
            city_lines[known.line] = ids[known.code]
    db.flush()


def _register(db: Session, known: Known, ids: dict[str, int]) -> int:
    is_city = known.region_code == CITY
    government = "广元市人民政府" if is_city else f"{COUNTIES[known.region_code]}人民政府"
    row = Organisation(
        code=known.code,
        name=known.name,
        short_name=known.short_name,
        kind=known.kind,
        region_code=known.region_code,
        parent_id=ids[known.parent] if known.parent else None,
        review_authority=government if is_city or known.region_code != "510871" else "广元市人民政府",
        court=CITY_COURT if is_city else None,
        confirmed=known.confirmed,
    )
    db.add(row)
    db.flush()
    return row.id
