"""The printing press: WeasyPrint with one warm set of fonts and styles; it fetches nothing."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from cssselect2 import ElementWrapper  # type: ignore[import-untyped]  # a part of weasyprint, without types
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from notices.documents import UNPRINTABLE

FONTS = Path(__file__).parent / "fonts" / "vendor"
STYLE = Path(__file__).parent / "templates" / "notices" / "paper.css"
PACKAGED = {f"font:{name}": FONTS / f"{name}.ttf" for name in ("song", "song-heavy", "hei", "kai")}
PLAIN = """
html, body, div, header, main, section, p, h1, h2, h3 { display: block }
head { display: none }
table { display: table }
tr { display: table-row }
td, th { display: table-cell }
"""


class Fetcher(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
    """Serves `data:` and the packaged fonts by name; any other address is refused, nothing is opened."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """The packaged font or the data of *url*."""
        font = PACKAGED.get(url)
        if font is None:
            return super().fetch(url, headers)
        return URLFetcherResponse(url, font.read_bytes(), {"Content-Type": "font/ttf"})


class _Page(HTML):  # type: ignore[misc]  # weasyprint has no types
    """A page of our own templates, which are well-formed XML: read in C, styled by the few rules it needs.

    A parser for any HTML of the world and a browser's whole style sheet take a fifth of a notice's time.
    """

    def __init__(self, page: str, fetcher: Fetcher, plain: CSS) -> None:
        root = ElementTree.fromstring(UNPRINTABLE.sub("", page))  # noqa: S314 - our template, its fields escaped
        self.base_url = None
        self.url_fetcher = fetcher
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element
        self._plain = plain

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
        return [self._plain]


class Press:
    """Prints pages of our templates; fonts are read and styles parsed once."""

    def __init__(self) -> None:
        self._fetcher = Fetcher()
        self._fonts = FontConfiguration()
        self._plain = CSS(string=PLAIN, url_fetcher=self._fetcher)
        style = STYLE.read_text(encoding="utf-8")
        self._style = CSS(string=style, font_config=self._fonts, url_fetcher=self._fetcher)

    def print(self, page: str) -> bytes:
        """The PDF of *page*: no date and no chance in it, so that the same page gives the same bytes."""
        document = _Page(page, self._fetcher, self._plain)
        pdf: bytes = document.write_pdf(stylesheets=[self._style], font_config=self._fonts)
        return pdf
