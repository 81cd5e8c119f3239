"""Files that somebody could send to hurt: each refused with a reason, soon, and at no cost of memory."""

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from functools import cache

import docx
import pytest
from openpyxl import Workbook

from catalog.intake import reading
from foundation.errors import Invalid

MB = 1024 * 1024
SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@cache
def good_sheet() -> bytes:
    book = Workbook()
    book.worksheets[0].append(["事项名称", "兑现方式"])
    book.worksheets[0].append(["设备补贴", "即申即享"])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


@cache
def good_document() -> bytes:
    kept = io.BytesIO()
    docx.Document().save(kept)
    return kept.getvalue()


def with_part(good: bytes, name: str, content: bytes | Callable[[bytes], bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        for each in names:
            data = old.read(each)
            if each == name:
                data = content(data) if callable(content) else content
            new.writestr(each, data)
        if name not in names:
            new.writestr(name, content if isinstance(content, bytes) else content(b""))
    return kept.getvalue()


def sheet(body: str) -> bytes:
    return with_part(good_sheet(), SHEET, f'{HEAD}<worksheet xmlns="{SPACE}">{body}</worksheet>'.encode())


def rows(cells: str) -> bytes:
    return sheet(f'<sheetData><row r="1">{cells}</row></sheetData>')


def strings(body: bytes) -> bytes:
    return with_part(
        good_sheet(), "xl/sharedStrings.xml", f'{HEAD}<sst xmlns="{SPACE}">'.encode() + body + b"</sst>"
    )


def document(body: str, before: str = "") -> bytes:
    return with_part(
        good_document(), "word/document.xml", f"{HEAD}{before}<w:document>{body}</w:document>".encode()
    )


def many_parts() -> bytes:
    kept = io.BytesIO(good_sheet())
    with zipfile.ZipFile(kept, "a") as archive:
        for number in range(2_100):
            archive.writestr(f"junk/{number}", b"")
    return kept.getvalue()


def many_references() -> bytes:
    told = b"<si><t>" + b"x" * 90_000 + b"</t></si>"
    cell = '<c r="A1" t="s"><v>0</v></c>'
    body = f'{HEAD}<worksheet xmlns="{SPACE}"><sheetData><row>{cell * 2_000}</row></sheetData></worksheet>'
    return with_part(strings(told), SHEET, body.encode())


def encrypted() -> bytes:
    data = bytearray(good_sheet())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def lying() -> bytes:
    """An archive whose directory says that a part is small."""
    packed = bytearray(with_part(good_sheet(), SHEET, b"<a>" + b" " * MB + b"</a>"))
    at = packed.find(SHEET.encode(), packed.find(b"PK\x01\x02")) - 46
    packed[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(packed)


def damaged() -> bytes:
    """An archive of which a part cannot be unpacked."""
    packed = bytearray(with_part(good_sheet(), "xl/media/a.xml", b"<a>" + b"0123456789" * 99 + b"</a>"))
    at = packed.find(b"xl/media/a.xml") + len("xl/media/a.xml")
    packed[at : at + 8] = b"\xff" * 8
    return bytes(packed)


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
XXE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
LINK = '<Relationship Id="r9" Type="x/attachedTemplate" Target="http://a.example/t" TargetMode="External"/>'
XLSX: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "not an archive": lambda: b"hello" * 100,
    "old office": lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 5_000,
    "cut off": lambda: good_sheet()[:-200],
    "encrypted": encrypted,
    "another archive": lambda: with_part(good_document(), "a.txt", b"x"),
    "hundred megabytes": lambda: b"PK\x03\x04" + b"\0" * (100 * MB),
    "bomb of blanks": lambda: sheet(" " * (40 * MB)),
    "bomb beside the sheets": lambda: with_part(good_sheet(), "xl/media/a.png", b"\0" * (40 * MB)),
    "part too large": lambda: with_part(good_sheet(), "xl/media/a.png", b"\0" * (50 * MB)),
    "lying about a size": lying,
    "damaged inside": damaged,
    "many parts": many_parts,
    "path upwards": lambda: with_part(good_sheet(), "../../etc/cron.d/x", b"x"),
    "absolute path": lambda: with_part(good_sheet(), "/etc/cron.d/x", b"x"),
    "macros": lambda: with_part(good_sheet(), "xl/vbaProject.bin", b"x"),
    "old macros": lambda: with_part(good_sheet(), "xl/macrosheets/sheet1.xml", b"<x/>"),
    "embedded program": lambda: with_part(good_sheet(), "xl/embeddings/oleObject1.bin", b"x"),
    "control": lambda: with_part(good_sheet(), "xl/activeX/activeX1.xml", b"<x/>"),
    "link to another book": lambda: with_part(good_sheet(), "xl/externalLinks/externalLink1.xml", b"<x/>"),
    "formula": lambda: rows('<c r="A1"><f>1+1</f><v>2</v></c>'),
    "formula that calls": lambda: rows("""<c r="A1"><f>cmd|' /C calc'!A0</f></c>"""),
    "formula under a prefix": lambda: rows('<c r="A1"><x:f t="array">WEBSERVICE("http://x")</x:f></c>'),
    "cell far down": lambda: rows('<c r="A1"/><c r="A1048576"><v>1</v></c>'),
    "cell far right": lambda: rows('<c r="XFD1"><v>1</v></c>'),
    "laughs in the texts": lambda: with_part(good_sheet(), "xl/sharedStrings.xml", (HEAD + LAUGHS).encode()),
    "foreign entity": lambda: with_part(good_sheet(), "xl/workbook.xml", (HEAD + XXE + "<x/>").encode()),
    "entity in another encoding": lambda: with_part(good_sheet(), SHEET, (XXE + "<x/>").encode("utf-16")),
    "one endless text": lambda: strings(b"<si><t>" + b"x" * (20 * MB) + b"</t></si>"),
    "one text in many cells": many_references,
}  # fmt: skip
DOCX: dict[str, Callable[[], bytes]] = {
    "foreign entity": lambda: document("&f;", XXE),
    "laughs": lambda: document("&b;", LAUGHS),
    "template from outside": lambda: with_part(
        good_document(),
        "word/_rels/settings.xml.rels",
        f"{HEAD}<Relationships>{LINK}</Relationships>".encode(),
    ),
    "field that calls": lambda: document("<w:instrText> DDEAUTO c:\\\\windows\\\\calc.exe</w:instrText>"),
    "endless depth": lambda: document("<w:p>" * 200_000),
    "macros": lambda: with_part(good_document(), "word/vbaProject.bin", b"x"),
}
OTHERS: dict[str, Callable[[], bytes]] = {
    "a.txt": lambda: b"\0" * 1_000,
    "b.txt": lambda: b"1.x\n" * (6 * MB),
    "c.html": lambda: b"<div>" * 3_000_000,
    "d.exe": lambda: b"MZ" + b"\0" * 100,
    "e.xls": lambda: b"\xd0\xcf\x11\xe0",
}
FILES = [
    *((f"{name}.xlsx", make) for name, make in XLSX.items()),
    *((f"{name}.docx", make) for name, make in DOCX.items()),
    *OTHERS.items(),
]


@pytest.mark.parametrize(("name", "make"), FILES, ids=[name for name, _ in FILES])
def test_it_is_refused(name: str, make: Callable[[], bytes]) -> None:
    data = make()
    tracemalloc.start()
    began = time.process_time()
    try:
        with pytest.raises(Invalid) as refused:
            reading.read(name, data)
        took, (_, most) = time.process_time() - began, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    (problem,) = refused.value.problems
    assert problem.message
    assert problem.remedy
    assert took < 1
    assert most < 150 * MB


def test_what_is_good_is_taken() -> None:
    assert [row.source["title"] for row in reading.read("a.xlsx", good_sheet()).rows] == ["设备补贴"]


def test_what_a_printer_was_told_is_no_program() -> None:
    """Excel puts its printer's settings, a binary part, into nearly every workbook."""
    told = with_part(good_sheet(), "xl/printerSettings/printerSettings12.bin", b"\0" * 900)
    assert [row.source["title"] for row in reading.read("a.xlsx", told).rows] == ["设备补贴"]
