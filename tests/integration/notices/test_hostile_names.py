"""A hundred hostile names on paper and by mail: words there too, and nothing of them reaches the machine."""

import os
import re
import smtplib
from collections.abc import Sequence
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from io import BytesIO
from itertools import cycle
from typing import Any

import pytest
from pypdf import PdfReader

from notices import press, render
from notices.channels.rules import Channel, check_address
from notices.channels.tasks import Apprise
from notices.documents import Contact, Document, DueTime, Fact, Kind, Material, Receipt, digest, printable
from notices.layout import lay_out
from tests.factories.hostile_names import NAMES
from tests.factories.notices import at, handoff
from tests.support.pages import Page

NUMBER, CODE, URL = "广惠企交〔2026〕15号", "7K3M9QXT2B", "https://hq.example.gov.cn"
MAIL = "mailto://portal:password@127.0.0.1:2525?from=hq@example.gov.cn&to={address}"
# a paper takes half a second to print: one here, every kind in `./run accept`
PRINTED = list(Kind) if os.environ.get("HOSTILE_ROUNDS") else [Kind.HANDOFF]
# signs without a glyph of their own come back from a PDF in other places, or not at all
UNSEEN = dict.fromkeys(map(ord, "\u200b\u200d\ufeff\u0301"))
FOOT = re.compile(r"—\d+—")


# no font of ours draws them; how WeasyPrint still gives their text to whoever copies it, pypdf cannot read
UNDRAWN = tuple(name for name in NAMES if any(sign in name for sign in "🧾👩"))


def _paper(kind: Kind, names: Sequence[str] = NAMES) -> Document:
    """A paper on which every text is a hostile name, and every name stands somewhere."""
    more = cycle(names)
    return handoff(
        kind=kind,
        issuer=next(more),
        addressee=next(more),
        title=next(more),
        agent=next(more),
        urgency=next(more),
        paragraphs=tuple(names),
        facts=(Fact(next(more), next(more)),),
        due_times=(DueTime(next(more), at(2026, 10, 8, 9, 45), next(more)),),
        materials=(Material(next(more), 1, next(more), next(more)),),
        requirements=(next(more), next(more)),
        remedy=next(more),
        contacts=(Contact(next(more), next(more), next(more)),),
        copy_to=(next(more), next(more)),
        signer=next(more),
        receipt=Receipt(next(more), (next(more),), (next(more), next(more)))
        if kind is Kind.HANDOFF
        else None,
        stub=(Fact(next(more), next(more)),) if kind is Kind.HANDOFF else (),
    )


def _folded(text: str) -> str:
    return "".join(text.translate(UNSEEN).split())


@pytest.mark.parametrize("kind", Kind)
def test_the_page_of_a_paper_holds_them_as_text(kind: Kind) -> None:
    fields = _paper(kind).to_json()
    key = digest(NUMBER, CODE, fields)
    sheet = lay_out(Document.from_json(fields), number=NUMBER, verify_code=CODE, digest=key, public_url=URL)
    page = Page(f"<!doctype html>{render.page(sheet).replace('/>', '>')}")
    words = page.words()
    assert [name for name in NAMES if _plain(name) not in words] == []
    assert {element.tag for element in page.root.iter()} <= TAGS
    assert {name for element in page.root.iter() for name in element.attrib} <= ATTRIBUTES


def _plain(name: str) -> str:
    """As papers set it: without spaces between Chinese and figures."""
    return render._AIRY.sub("", str(printable(name)))


TAGS = frozenset(
    {"html", "head", "meta", "title", "body", "header", "div", "p", "main", "h1", "h2", "h3", "section"}
    | {"table", "tbody", "tr", "th", "td", "img"}
)
ATTRIBUTES = frozenset({"lang", "charset", "name", "content", "class", "src", "alt", "scope"})


@pytest.mark.parametrize("kind", PRINTED)
def test_they_are_printed_and_nothing_is_fetched(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    fetch = press.Fetcher.fetch

    def noted(self: press.Fetcher, url: str, headers: Any = None) -> Any:
        asked.append(url[:30])
        return fetch(self, url, headers)

    monkeypatch.setattr(press.Fetcher, "fetch", noted)
    drawn = [name for name in NAMES if name not in UNDRAWN]
    reader = _printed(_paper(kind, drawn))
    words = "".join(FOOT.sub("", _folded(page.extract_text())) for page in reader.pages)
    assert [name for name in drawn if _folded(_plain(name)) not in words] == []
    assert {url.partition(":")[0] for url in asked if url not in press.PACKAGED} == {"data"}
    assert not reader.attachments
    assert all("/Annots" not in page for page in reader.pages)


def _printed(document: Document) -> PdfReader:
    fields = document.to_json()
    key = digest(NUMBER, CODE, fields)
    pdf = render.pdf(Document.from_json(fields), number=NUMBER, verify_code=CODE, digest=key, public_url=URL)
    return PdfReader(BytesIO(pdf))


def test_what_no_font_draws_can_still_be_copied() -> None:
    page = _printed(_paper(Kind.COMMITMENT, UNDRAWN)).pages[0]
    fonts: Any = page["/Resources"]["/Font"]  # type: ignore[index]  # pypdf gives objects
    maps = "".join(
        font.get_object()["/ToUnicode"].get_object().get_data().decode() for font in fonts.values()
    )
    signs = {sign for name in UNDRAWN for sign in name if sign > "\uffff"}
    assert [sign for sign in signs if sign.encode("utf-16-be").hex() not in maps] == []


class Post:
    """A mail server that keeps what it is given."""

    hosts: list[str]
    mails: list[str]

    def __init__(self, host: str, *rest: Any, **options: Any) -> None:
        Post.hosts.append(host)

    def sendmail(self, sender: str, to: list[str], mail: str) -> None:
        Post.mails.append(mail)

    def __getattr__(self, name: str) -> Any:
        return lambda *rest, **options: None


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> type[Post]:
    Post.hosts, Post.mails = [], []
    monkeypatch.setattr(smtplib, "SMTP", Post)
    return Post


# apprise 2.2 imports imghdr with all its plugins
OLD = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def _read(mail: str) -> EmailMessage:
    return message_from_string(mail, _class=EmailMessage, policy=default)


@OLD
def test_a_mail_is_plain_text_with_the_headers_of_any_mail(post: type[Post]) -> None:
    gateway = Apprise(MAIL)
    gateway.send("wang@example.com", "申请已受理", "专窗已受理您的申请。", "k")
    firms = [" ".join(" ".join(NAMES[at : at + 10]).split()) for at in range(0, len(NAMES), 10)]
    for firm in firms:
        gateway.send("wang@example.com", f"新交办：{firm}\r\nBcc: x@x.example", f"{firm}，请响应。", "k")
    usual, *mails = map(_read, post.mails)
    assert {tuple(mail.keys()) for mail in mails} == {tuple(usual.keys())}
    assert {mail.get_content_type() for mail in mails} == {"text/plain"}
    assert [str(mail["Subject"]) for mail in mails] == [f"新交办：{firm} Bcc: x@x.example" for firm in firms]
    assert [mail.get_content().strip() for mail in mails] == [f"{firm}，请响应。" for firm in firms]


@OLD
def test_an_address_names_no_other_server(post: type[Post]) -> None:
    address = check_address(Channel.EMAIL, "a&smtp=x.example&to=b@example.com")
    Apprise(MAIL).send(address, "申请已受理", "专窗已受理您的申请。", "k")
    assert post.hosts == ["127.0.0.1"]
    assert [str(_read(mail)["To"]) for mail in post.mails] == [address]
