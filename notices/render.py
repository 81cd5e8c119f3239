"""From a document to paper: the HTML of the sheet, and its PDF."""

import atexit
import re
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from notices.documents import Document
from notices.layout import Sheet, lay_out

if TYPE_CHECKING:
    from notices.press import Press

_TEMPLATES = Environment(
    loader=PackageLoader("notices"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


# pages set a space between Chinese and figures, papers do not (GB/T 9704)
_HAN, _LATIN = "[\u3400-\u9fff]", "[0-9A-Za-z]"
_AIRY = re.compile(f"(?<={_HAN}) (?={_LATIN})|(?<={_LATIN}) (?={_HAN})")


def page(sheet: Sheet) -> str:
    """The HTML that is printed; every value of the document is escaped."""
    return _AIRY.sub("", _TEMPLATES.get_template("notices/paper.html").render(sheet=sheet))


def pdf(document: Document, *, number: str, verify_code: str, digest: str, public_url: str) -> bytes:
    """The PDF of a numbered document; the same values give the same bytes."""
    sheet = lay_out(document, number=number, verify_code=verify_code, digest=digest, public_url=public_url)
    return _press().print(page(sheet))


@cache
def _press() -> "Press":
    from notices.press import Press  # WeasyPrint takes 1.7 s to import, and web processes never print

    atexit.register(_press.cache_clear)  # its fonts lie in a temporary folder
    return Press()
