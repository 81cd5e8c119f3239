"""What was published and withdrawn last, as an Atom feed (RFC 4287). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

ATOM = "http://www.w3.org/2005/Atom"
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Change:
    """One version of an item, or that the item was withdrawn."""

    code: str
    title: str
    version: int
    at: datetime
    withdrawn: bool

    @property
    def words(self) -> str:
        """What happened, in one sentence."""
        if self.withdrawn:
            return "已撤下，不再受理；已经受理的继续办。"
        return "新发布。" if self.version == 1 else f"更改，现行第 {self.version} 版。"


def feed(changes: Sequence[Change], base: str) -> bytes:
    """The feed; an entry keeps its id for ever, so that readers see each change once."""
    root = Element("feed", {"xmlns": ATOM, "xml:lang": "zh-CN"})
    _text(root, "id", f"{base}/changes.atom")
    _text(root, "title", "惠企政策：发布和更改")
    SubElement(root, "link", {"rel": "self", "href": f"{base}/changes.atom"})
    SubElement(root, "link", {"href": f"{base}/"})
    _text(root, "updated", max((change.at for change in changes), default=BEGINNING).isoformat())
    author = SubElement(root, "author")
    _text(author, "name", "惠企政策一站式兑现")
    for change in changes:
        entry = SubElement(root, "entry")
        address = f"{base}/items/{change.code}"
        mark = "withdrawn" if change.withdrawn else str(change.version)
        _text(entry, "id", f"{address}#{mark}")
        _text(entry, "title", change.title)
        SubElement(entry, "link", {"href": address})
        _text(entry, "updated", change.at.isoformat())
        _text(entry, "summary", change.words)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _text(parent: Element, name: str, words: str) -> None:
    SubElement(parent, name).text = words
