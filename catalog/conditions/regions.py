"""Statistical division codes: which place lies in which, and the names of the places that we meet."""

import re
from typing import TypeGuard

NATION = "100000"
# Cities without districts: the city's own code is the finest there is.
UNDIVIDED = frozenset({"441900", "442000"})
_CODE = re.compile(r"\d{6}\Z")


def is_code(code: object) -> TypeGuard[str]:
    """Six digits."""
    return isinstance(code, str) and _CODE.match(code) is not None


def inside(code: str, region: str) -> bool:
    """Whether the place *code* is *region* or lies in it."""
    if region == NATION:
        return True
    if region.endswith("0000"):
        return code[:2] == region[:2]
    if region.endswith("00") and region not in UNDIVIDED:
        return code[:4] == region[:4]
    return code == region


def name(code: str) -> str:
    """A name that a person can tell apart: 遂宁市船山区; a code never met stands by its number."""
    own = NAMES.get(code)
    if own is None:
        above = _above(code)
        return f"{NAMES[above]}内代码 {code} 的地区" if above in NAMES else f"代码 {code} 的地区"
    city = NAMES.get(code[:4] + "00", "")
    return own if code.endswith("00") or not city else city + own


def _above(code: str) -> str:
    city = code[:4] + "00"
    return city if city in NAMES and city != code else code[:2] + "0000"


NAMES = {
    "100000": "全国",
    "110000": "北京市",
    "120000": "天津市",
    "130000": "河北省",
    "140000": "山西省",
    "150000": "内蒙古自治区",
    "210000": "辽宁省",
    "220000": "吉林省",
    "230000": "黑龙江省",
    "310000": "上海市",
    "320000": "江苏省",
    "320200": "无锡市",
    "320206": "惠山区",
    "320300": "徐州市",
    "320400": "常州市",
    "321000": "扬州市",
    "321200": "泰州市",
    "330000": "浙江省",
    "330100": "杭州市",
    "330109": "萧山区",
    "330110": "余杭区",
    "330112": "临安区",
    "330127": "淳安县",
    "330200": "宁波市",
    "330282": "慈溪市",
    "330300": "温州市",
    "330302": "鹿城区",
    "330324": "永嘉县",
    "330381": "瑞安市",
    "330500": "湖州市",
    "330503": "南浔区",
    "330521": "德清县",
    "330600": "绍兴市",
    "330683": "嵊州市",
    "331100": "丽水市",
    "331123": "遂昌县",
    "331125": "云和县",
    "340000": "安徽省",
    "340100": "合肥市",
    "340121": "长丰县",
    "340200": "芜湖市",
    "340400": "淮南市",
    "340406": "潘集区",
    "340500": "马鞍山市",
    "340600": "淮北市",
    "341000": "黄山市",
    "341100": "滁州市",
    "341102": "琅琊区",
    "341300": "宿州市",
    "341700": "池州市",
    "341721": "东至县",
    "341800": "宣城市",
    "341821": "郎溪县",
    "350000": "福建省",
    "360000": "江西省",
    "370000": "山东省",
    "410000": "河南省",
    "420000": "湖北省",
    "430000": "湖南省",
    "430200": "株洲市",
    "440000": "广东省",
    "441900": "东莞市",
    "442000": "中山市",
    "450000": "广西壮族自治区",
    "460000": "海南省",
    "500000": "重庆市",
    "500104": "重庆市大渡口区",
    "500107": "重庆市九龙坡区",
    "500120": "重庆市璧山区",
    "510000": "四川省",
    "510100": "成都市",
    "510114": "新都区",
    "510800": "广元市",
    "510802": "利州区",
    "510811": "昭化区",
    "510812": "朝天区",
    "510821": "旺苍县",
    "510822": "青川县",
    "510823": "剑阁县",
    "510824": "苍溪县",
    # no division of its own; the code under which this portal knows it
    "510871": "广元经济技术开发区",
    "510900": "遂宁市",
    "510903": "船山区",
    "510904": "安居区",
    "510923": "大英县",
    "511000": "内江市",
    "511002": "市中区",
    "511300": "南充市",
    "511325": "西充县",
    "511600": "广安市",
    "520000": "贵州省",
    "530000": "云南省",
    "530100": "昆明市",
    "532300": "楚雄彝族自治州",
    "532329": "武定县",
    "540000": "西藏自治区",
    "610000": "陕西省",
    "620000": "甘肃省",
    "630000": "青海省",
    "640000": "宁夏回族自治区",
    "650000": "新疆维吾尔自治区",
}
