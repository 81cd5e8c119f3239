"""What leaves the catalogue: nothing is lost, nothing runs."""

import io
import json
from typing import Any

from openpyxl import load_workbook
from pyld import jsonld

from catalog import exports
from catalog.services import export, import_items
from foundation.db import Database

ADDRESS = "https://hq.example.gov.cn/items/"
LOCAL = "urn:huiqi:row"


def sources(database: Database) -> list[str]:
    with database.reading() as db:
        return list(export(db))


def offline(*given: Any) -> Any:
    raise AssertionError(f"asked the network for {given}")


def test_a_workbook_holds_every_item_and_no_formula(catalogue: Database, rows: list[dict[str, Any]]) -> None:
    hostile = {
        **rows[0],
        "id": "EVIL",
        "title": '=HYPERLINK("http://a.example","补贴")',
        "legal_basis": "+1\x07",
    }
    catalogue.write(lambda db: import_items(db, None, [hostile]))
    sheet = load_workbook(io.BytesIO(exports.workbook(sources(catalogue)))).worksheets[0]
    lines = list(sheet.iter_rows())
    assert tuple(cell.value for cell in lines[0]) == exports.COLUMNS
    assert len(lines) == len(rows) + 2
    assert {cell.data_type for line in lines for cell in line} <= {"s", "inlineStr", "n"}
    (evil,) = [line for line in lines if line[0].value == "EVIL"]
    assert (evil[1].value, evil[6].value) == (hostile["title"], "+1")


def test_linked_data_expands_without_loss_and_without_network(
    catalogue: Database, rows: list[dict[str, Any]]
) -> None:
    given = sources(catalogue)
    document = json.loads("\n".join(exports.linked(given, ADDRESS)))
    expanded = jsonld.expand(document, {"documentLoader": offline})
    assert len(expanded) == len(rows)
    for node, whole, source in zip(document["@graph"], expanded, given, strict=True):
        assert whole["@id"] == ADDRESS + node["identifier"]
        assert whole["@type"] == [
            "https://schema.org/GovernmentService",
            "http://purl.org/vocab/cpsv#PublicService",
        ]
        assert len(whole) == len(node)
        assert all(":" in term or term.startswith("@") for term in whole)
        assert whole[LOCAL][0]["@value"] == json.loads(source)
        inputs = whole.get("http://purl.org/vocab/cpsv#hasInput", [{"@list": []}])[0]["@list"]
        assert len(inputs) == len(json.loads(source)["materials"] or ())


def test_what_was_exported_imports_to_the_same(catalogue: Database) -> None:
    first = sources(catalogue)
    result = catalogue.write(lambda db: import_items(db, None, first))
    assert (result.taken, result.changed, result.unchanged) == (0, 0, len(first))
    assert sources(catalogue) == first
