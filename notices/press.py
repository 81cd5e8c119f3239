"""The printing press: WeasyPrint with one warm set of fonts and styles; it fetches nothing."""

from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

FONTS = Path(__file__).parent / "fonts" / "vendor"
STYLE = Path(__file__).parent / "templates" / "notices" / "paper.css"
PACKAGED = {f"font:{name}": FONTS / f"{name}.ttf" for name in ("song", "song-heavy", "hei", "kai")}


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


class Press:
    """Prints pages of HTML; fonts are read and styles parsed once."""

    def __init__(self) -> None:
        self._fetcher = Fetcher()
        self._fonts = FontConfiguration()
        self._style = CSS(
            string=STYLE.read_text(encoding="utf-8"), font_config=self._fonts, url_fetcher=self._fetcher
        )

    def print(self, page: str) -> bytes:
        """The PDF of *page*: no date and no chance in it, so that the same page gives the same bytes."""
        html = HTML(string=page, base_url=None, url_fetcher=self._fetcher)
        pdf: bytes = html.write_pdf(
            stylesheets=[self._style], font_config=self._fonts, pdf_identifier=b"notices", pdf_variant=None
        )
        return pdf
