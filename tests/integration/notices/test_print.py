"""What stands on the paper, read back from the PDF."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.request import OpenerDirector

import pytest
import segno
from pypdf import PdfReader
from weasyprint import HTML

from notices import layout, press, render
from notices.documents import Contact, Document, DueTime, Fact, Kind, Material, digest, in_words
from tests.factories.notices import at, handoff

NUMBER, CODE, URL = "广惠企交〔2026〕15号", "7K3M9QXT2B", "https://hq.example.gov.cn"
MILLIMETRE = 72 / 25.4


def printed(document: Document) -> bytes:
    """As the worker does it: from frozen fields."""
    fields = document.to_json()
    key = digest(NUMBER, CODE, fields)
    frozen = Document.from_json(fields)
    return render.pdf(frozen, number=NUMBER, verify_code=CODE, digest=key, public_url=URL)


def text_of(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def fonts_of(pdf: bytes) -> set[str]:
    pages = PdfReader(BytesIO(pdf)).pages
    fonts = [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]
    return {str(font["/BaseFont"]).partition("+")[2] for font in fonts}


def test_number_times_and_parties_stand_on_the_paper() -> None:
    document = handoff()
    words = text_of(printed(document))

    assert NUMBER in words
    for due in document.due_times:
        assert in_words(due.at) in words
    assert "2026年10月8日09时45分" in words
    for said in ("惠企政策兑现交办通知书", "广元市科学技术局：", "广元市惠企政策兑现专窗受托综合受理"):
        assert said in words
    for said in ("抄送：广元市人民政府督查室", CODE, f"{URL}/verify/{CODE}", "办理时限", "附件：交办事项表"):
        assert said in words


def test_letter_and_slips_fill_the_two_sides_of_one_sheet() -> None:
    pages = PdfReader(BytesIO(printed(handoff()))).pages
    assert len(pages) == 2
    first, last = ("".join(page.extract_text().split()) for page in pages)

    assert CODE in first
    assert "惠企政策兑现交办通知书回执" in last
    assert "惠企政策兑现交办通知书存根" in last
    assert NUMBER in last
    assert "回执" not in first


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.HANDOFF])
def test_every_kind_prints(kind: Kind) -> None:
    document = handoff(kind=kind, receipt=None, stub=(), remedy="可以在60日内申请行政复议。")
    words = text_of(printed(document))

    assert kind.label in words
    assert "60日内申请行政复议" in words


def test_the_paper_is_a4_and_names_itself() -> None:
    reader = PdfReader(BytesIO(printed(handoff())))
    page = reader.pages[0].mediabox

    assert (round(page.width / MILLIMETRE), round(page.height / MILLIMETRE)) == (210, 297)
    assert reader.metadata is not None
    assert reader.metadata.title == f"惠企政策兑现交办通知书 {NUMBER}"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"


def test_a_line_holds_28_characters_and_a_page_22_lines() -> None:
    document = handoff(
        paragraphs=("国" * 28 * 40,), facts=(), due_times=(), materials=(), contacts=(), receipt=None, stub=()
    )
    second = PdfReader(BytesIO(printed(document))).pages[1].extract_text().splitlines()
    body = [line for line in second if line.startswith("国国")]

    assert [len(line) for line in body[:-1]] == [28] * (len(body) - 1)
    long = handoff(paragraphs=("国" * 28 * 80,), facts=(), receipt=None, stub=())
    lines = PdfReader(BytesIO(printed(long))).pages[1].extract_text().splitlines()
    assert len([line for line in lines if line.startswith("国国")]) == 22


def test_the_letterhead_keeps_to_the_standard() -> None:
    """The pairs of red rules are 170 mm wide."""
    boxes: list[tuple[float, float, float, float]] = []

    def note(operator: bytes, operands: Any, matrix: Any, _: Any) -> None:
        if operator == b"re":
            x, y, width, height = (float(value) for value in operands)
            boxes.append((x, y, width, height))

    page = PdfReader(BytesIO(printed(handoff()))).pages[0]
    page.extract_text(visitor_operand_before=note)
    widths = {round(width * 0.75 / MILLIMETRE) for _, _, width, _ in boxes}
    assert 170 in widths


def test_the_code_to_scan_is_drawn() -> None:
    pictures = PdfReader(BytesIO(printed(handoff()))).pages[0].images

    assert len(pictures) == 1
    expected = segno.make(f"{URL}/verify/{CODE}", error="m", micro=False, mask=layout.QR_MASK)
    drawn = pictures[0].image.convert("L")
    side = drawn.width // len(expected.matrix)
    read = [
        [drawn.getpixel((x * side + side // 2, y * side + side // 2)) == 0 for x in range(len(row))]
        for y, row in enumerate(expected.matrix)
    ]
    assert read == [[bool(module & 1) for module in row] for row in expected.matrix]


def test_no_space_stands_between_figures_and_words() -> None:
    words = PdfReader(BytesIO(printed(handoff(addressee="收到之日起 60 日内 A 区")))).pages[0].extract_text()

    assert "收到之日起60日内A区" in words


def test_control_characters_do_not_stop_the_press() -> None:
    assert "甲乙丙" in text_of(printed(handoff(addressee="甲\x00乙\x0b\x1f丙\ud800\ufffe")))


def test_the_same_fields_give_the_same_bytes() -> None:
    assert printed(handoff()) == printed(handoff())


def test_another_process_gives_the_same_bytes() -> None:
    code = (
        "import sys; from notices import render; from notices.documents import digest;"
        "from tests.factories.notices import handoff; document = handoff();"
        f"known = dict(number='{NUMBER}', verify_code='{CODE}', public_url='{URL}');"
        f"key = digest('{NUMBER}', '{CODE}', document.to_json());"
        "sys.stdout.buffer.write(render.pdf(document, digest=key, **known))"
    )
    root = Path(press.__file__).parents[1]
    elsewhere = subprocess.run([sys.executable, "-c", code], cwd=root, check=True, capture_output=True)

    assert elsewhere.stdout == printed(handoff())


@pytest.mark.parametrize(
    "change",
    [
        {"addressee": "广元市财政局"},
        {"dated": at(2026, 10, 1, 9).date()},
        {"facts": (Fact("申请金额", "200,001元"),)},
        {"due_times": (DueTime("响应", at(2026, 10, 8, 9, 46)),)},
    ],
    ids=["addressee", "date", "amount", "minute"],
)
def test_another_word_gives_other_bytes(change: dict[str, Any]) -> None:
    assert printed(handoff(**change)) != printed(handoff())


@pytest.mark.parametrize("name", ["犇翀喆垚堃", "䶮玥璟毖谰", "𠮷田", "①℃"])
def test_rare_characters_print(name: str) -> None:
    pdf = printed(handoff(addressee=name, issuer=f"广元市{name}局"))

    assert name in text_of(pdf)
    assert fonts_of(pdf) <= {"song", "heavy", "hei", "kai"} | {"heavy,-Heavy", "hei-Medium", "kai-Medium"}


def test_only_packaged_fonts_are_used() -> None:
    assert {font.partition("-")[0].strip(",") for font in fonts_of(printed(handoff()))} == {
        "song",
        "heavy",
        "hei",
    }


def test_a_notice_is_small() -> None:
    assert len(printed(handoff())) <= 60 * 1024


@pytest.mark.parametrize("text", ["字" * 600, "x" * 600, " ", "\n" * 50, "\u202e\u200b\u0301" * 50])
def test_texts_of_any_length_print(text: str) -> None:
    document = handoff(
        issuer=text,
        addressee=text,
        paragraphs=(text, text),
        facts=(Fact(text, text),),
        due_times=(DueTime(text, at(2026, 10, 8, 9, 45), text),),
        materials=(Material(text, 1, text),),
        contacts=(Contact(text, text, text),),
        copy_to=(text, text),
        urgency=text,
        signer=text,
    )

    assert NUMBER in text_of(printed(document))


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src='http://127.0.0.1:9/x.png'>",
    "</p><link rel=attachment href='file:///etc/passwd'>",
    "<style>@import 'http://127.0.0.1:9/a.css';</style>",
    "{{ sheet.digest }}{% include 'x' %}",
    "&lt;b&gt; &amp; \"quoted\" 'single'",
    "]]><!-- <!ENTITY x SYSTEM 'file:///etc/passwd'>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_prints_as_text(text: str) -> None:
    document = handoff(
        issuer="广元市" + text,
        addressee=text,
        paragraphs=(text,),
        facts=(Fact(text, text),),
        materials=(Material(text, 1, text),),
        contacts=(Contact(text, text, text),),
        copy_to=(text,),
        remedy=text,
        signer=text,
        urgency=text,
    )
    pdf = printed(document)

    assert text_of(pdf).count("".join(text.split())) >= 10
    reader = PdfReader(BytesIO(pdf))
    assert not reader.attachments
    assert all("/Annots" not in page for page in reader.pages)


URLS = [
    f"{scheme}{rest}"
    for scheme in ("http://", "https://", "ftp://", "HTTP://", "hTTps://", "gopher://")
    for rest in (
        "127.0.0.1:9/x",
        "[::1]:9/x",
        "2130706433:9/x",
        "0x7f000001:9/x",
        "localhost:9/x",
        "169.254.169.254/latest/meta-data",
    )
] + [
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "file://localhost/etc/passwd",
    "file:/etc/passwd",
    "file:////etc/passwd",
    "file:///proc/self/environ?x",
    "//127.0.0.1:9/x",
    "///etc/passwd",
    "/etc/passwd",
    "../../etc/passwd",
    "\\\\127.0.0.1\\share",
    "jar:file:///etc/passwd",
    "view-source:http://127.0.0.1:9",
    "unix:///var/run/docker.sock",
    "font:../vendor/song",
    "font:song/../../press.py",
    "font:/etc/passwd",
    "font:kai2",
    "FONT:song ",
    "font://song",
    "font:song?x=http://127.0.0.1:9",
    "blob:http://127.0.0.1:9/x",
    "javascript:alert(1)",
    "netdoc:///etc/passwd",
]
MARKUP = (
    "<link rel=stylesheet href='{0}'><link rel=attachment href='{0}'><img src='{0}'>"
    "<object data='{0}'></object><embed src='{0}'>"
    "<style>@import '{0}'; @font-face {{ font-family: x; src: url('{0}') }}"
    "p {{ background: url('{0}'); font-family: x; content: url('{0}') }}"
    "li {{ list-style: url('{0}') inside }}</style><li>"
    "<p>字</p><svg><image href='{0}'/><use href='{0}'/></svg>"
)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that anybody tries to open below the fetcher."""
    seen: list[str] = []

    inline = OpenerDirector.open

    def refuse(self: Any, request: Any, *rest: Any, **options: Any) -> Any:
        url = str(getattr(request, "full_url", request))
        if url.startswith("data:"):
            return inline(self, request, *rest, **options)
        seen.append(url)
        raise OSError("a fetch")

    monkeypatch.setattr("urllib.request.OpenerDirector.open", refuse)
    return seen


def test_there_are_sixty_hostile_addresses() -> None:
    assert len(set(URLS)) >= 60


@pytest.mark.parametrize("url", URLS)
def test_even_as_markup_no_address_is_fetched(url: str, opened: list[str]) -> None:
    HTML(string=MARKUP.format(url), base_url=None, url_fetcher=press.Fetcher()).render()

    assert opened == []


def test_no_address_in_a_field_is_fetched(opened: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    fetch = press.Fetcher.fetch

    def noted(self: press.Fetcher, url: str, headers: Any = None) -> Any:
        asked.append(url)
        return fetch(self, url, headers)

    printed(handoff())  # a warm press has its fonts
    monkeypatch.setattr(press.Fetcher, "fetch", noted)
    everywhere = tuple(MARKUP.format(url) for url in URLS)
    printed(handoff(paragraphs=everywhere, facts=tuple(Fact(url, url) for url in URLS), copy_to=tuple(URLS)))

    assert ([url for url in asked if not url.startswith("data:image/png")], opened) == ([], [])
