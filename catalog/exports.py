"""The catalogue for others: a workbook for people, linked data for machines."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from catalog import wording
from catalog.conditions import sentence
from catalog.conditions.parse import parse

COLUMNS = (
    "编号", "事项名称", "兑现方式", "主管部门", "适用地区", "政策层级", "政策依据", "申报条件",
    "系统比对的条件", "兑现标准", "最高金额（元）", "申报材料",
    "申报开始", "申报截止", "生效日期", "失效日期", "兑现时限", "咨询电话",
)  # fmt: skip
# schema.org for everyone, CPSV-AP for catalogues of public services; the row itself stays whole
CONTEXT: Mapping[str, Any] = {
    "schema": "https://schema.org/",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dct": "http://purl.org/dc/terms/",
    "id": "@id",
    "type": "@type",
    "identifier": "dct:identifier",
    "name": {"@id": "schema:name", "@language": "zh-CN"},
    "title": {"@id": "dct:title", "@language": "zh-CN"},
    "description": {"@id": "dct:description", "@language": "zh-CN"},
    "serviceType": "schema:serviceType",
    "provider": "schema:provider",
    "authority": "cv:hasCompetentAuthority",
    "areaServed": "schema:areaServed",
    "audience": "schema:audience",
    "audienceType": "schema:audienceType",
    "termsOfService": {"@id": "schema:termsOfService", "@language": "zh-CN"},
    "output": "cpsv:produces",
    "inputs": {"@id": "cpsv:hasInput", "@container": "@list"},
    "legalBasis": "cpsv:hasLegalResource",
    "availabilityStarts": "schema:availabilityStarts",
    "availabilityEnds": "schema:availabilityEnds",
    "validFrom": "schema:validFrom",
    "validThrough": "schema:validThrough",
    "telephone": "schema:telephone",
    "processingTime": "cv:processingTime",
    "url": {"@id": "schema:url", "@type": "@id"},
    "row": {"@id": "urn:huiqi:row", "@type": "@json"},
}


def workbook(sources: Iterable[str]) -> bytes:
    """The items in force, one a row; what looks like a formula stays text."""
    book = Workbook(write_only=True)
    book.properties.creator = "惠企政策一站式兑现"
    sheet = book.create_sheet("惠企政策事项")
    sheet.freeze_panes = "C2"
    sheet.append([_cell(sheet, name, bold=True) for name in COLUMNS])
    for source in sources:
        sheet.append([_cell(sheet, value) for value in _row(json.loads(source))])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _cell(sheet: WriteOnlyWorksheet, value: object, *, bold: bool = False) -> WriteOnlyCell:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # a text that begins with = is a text
        cell.quotePrefix = value[:1] in ("=", "+", "-", "@")
    if bold:
        cell.font = Font(bold=True)
    return cell


def _row(source: Mapping[str, Any]) -> list[object]:
    benefit, guide = source.get("benefit") or {}, source.get("guide") or {}
    window, validity = source.get("window") or {}, source.get("validity") or {}
    conditions = "；".join(_said(each) for each in sentence.sentences(parse(source.get("conditions"))))
    cap = benefit.get("cap_yuan")
    return [
        str(source["id"]), source.get("title"), source.get("type"), source.get("department"),
        source.get("region_name") or source.get("region_code"), source.get("level"),
        wording.in_text(source.get("legal_basis")), wording.in_text(source.get("conditions_plain")),
        conditions, wording.in_text(benefit.get("text")), cap if isinstance(cap, int | float) else None,
        "；".join(_names(source)), window.get("start"), window.get("end"), validity.get("from"),
        validity.get("to"), wording.in_text(source.get("time_limit")), wording.in_text(guide.get("phone")),
    ]  # fmt: skip


def _said(line: sentence.Sentence) -> str:
    return line.text + ("（" + "；".join(_said(part) for part in line.parts) + "）" if line.parts else "")


def _names(source: Mapping[str, Any]) -> list[str]:
    return [each if isinstance(each, str) else str(each["name"]) for each in source.get("materials") or ()]


def linked(sources: Iterable[str], address: str) -> Iterator[str]:
    """One JSON-LD document, line by line; *address* is what an item's own address begins with."""
    yield '{"@context": ' + json.dumps(CONTEXT, ensure_ascii=False) + ', "@graph": ['
    before = ""
    for source in sources:
        if before:
            yield before + ","
        before = json.dumps(_service(json.loads(source), address), ensure_ascii=False)
    if before:
        yield before
    yield "]}"


def _service(source: Mapping[str, Any], address: str) -> dict[str, Any]:
    benefit, guide = source.get("benefit") or {}, source.get("guide") or {}
    window, validity = source.get("window") or {}, source.get("validity") or {}
    department = source.get("department")
    authority = {"type": "schema:GovernmentOrganization", "name": department} if department else None
    text = wording.in_text
    found = {
        "id": f"{address}{source['id']}",
        "type": ["schema:GovernmentService", "cpsv:PublicService"],
        "identifier": str(source["id"]),
        "name": source["title"],
        "title": source["title"],
        "description": text(benefit.get("text")),
        "serviceType": source.get("type"),
        "provider": authority,
        "authority": authority,
        "areaServed": _area(source),
        "audience": [
            {"type": "schema:BusinessAudience", "audienceType": kind}
            for kind in source.get("applicant_kinds") or ()
        ],
        "termsOfService": text(source.get("conditions_plain")),
        "output": {"type": "cv:Output", "title": text(benefit["text"])}
        if text(benefit.get("text"))
        else None,
        "inputs": [{"type": "cv:Evidence", "title": name} for name in _names(source)],
        "legalBasis": text(source.get("legal_basis")),
        "availabilityStarts": window.get("start"),
        "availabilityEnds": window.get("end"),
        "validFrom": validity.get("from"),
        "validThrough": validity.get("to"),
        "telephone": text(guide.get("phone")),
        "processingTime": text(source.get("time_limit")),
        "url": text(source.get("source_url")),
    }
    return {name: value for name, value in found.items() if value} | {"row": source}


def _area(source: Mapping[str, Any]) -> dict[str, Any] | None:
    if not source.get("region_code"):
        return None
    area = {"type": "schema:AdministrativeArea", "identifier": str(source["region_code"])}
    return area | ({"name": source["region_name"]} if source.get("region_name") else {})
