"""Forty hostile files: each is refused or defused, in little time and memory."""

import resource
import socket
import struct
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import ImageFile
from werkzeug.datastructures import FileStorage, MultiDict

from foundation.errors import Invalid
from foundation.files import FileStore
from foundation.web import uploads
from foundation.web.checks import pdf_program
from tests.factories import hostile_files
from tests.factories.hostile_files import FILES, HARM, Hostile

SECONDS, LARGEST = 1.0, 150 * 2**20


def receive(folder: Path, name: str, data: bytes, clamav: str = "") -> uploads.Upload:
    sent = MultiDict([("file:发票", FileStorage(BytesIO(data), filename=name))])
    return uploads.receive(sent, FileStore(folder), clamav)[0]


def processor_seconds() -> float:
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, WHO))


WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


@pytest.fixture(autouse=True)
def as_in_a_web_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The press tells Pillow to forgive broken pictures; it runs in the workers, and here perhaps first."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)


def test_there_are_forty() -> None:
    assert len(FILES) >= 40


@pytest.mark.parametrize("hostile", FILES, ids=lambda hostile: hostile.name)
def test_it_is_refused_or_defused(tmp_path: Path, hostile: Hostile) -> None:
    data = hostile.build()
    before = processor_seconds()
    tracemalloc.start()
    if hostile.defused:
        kept = FileStore(tmp_path).get(receive(tmp_path, hostile.name, data).key)
        with pikepdf.open(BytesIO(kept)) as document:
            assert len(document.pages) == 1
            out = BytesIO()
            document.save(out, stream_decode_level=pikepdf.StreamDecodeLevel.all, qdf=True)
        assert [word for word in HARM if word in out.getvalue()] == []
    else:
        with pytest.raises(Invalid, match=hostile.name):
            receive(tmp_path, hostile.name, data)
        assert list(tmp_path.iterdir()) == []
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert processor_seconds() - before < SECONDS
    assert peak < LARGEST


def test_the_reader_of_pdf_has_no_more_memory_than_that() -> None:
    assert pdf_program.MEMORY < LARGEST


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("发票.pdf", hostile_files.pdf()),
        ("照片.jpg", hostile_files.picture("JPEG")),
        ("图.PNG", hostile_files.picture()),
        ("表.xlsx", hostile_files.archive([], "xl/workbook.xml")),
        ("说明.docx", hostile_files.archive([("word/_rels/document.xml.rels", b"<Relationships/>")])),
        ("电子发票.ofd", hostile_files.archive([], "OFD.xml")),
    ],
)
def test_an_honest_file_is_kept_byte_for_byte(tmp_path: Path, name: str, data: bytes) -> None:
    """A signature on an electronic invoice stays good."""
    assert FileStore(tmp_path).get(receive(tmp_path, name, data).key) == data


def test_a_name_says_what_it_is(tmp_path: Path) -> None:
    turned = receive(tmp_path, "..\\C:\\tmp\\发票\u202efdp.\x07pdf", hostile_files.pdf())
    assert turned.name == "发票fdp.pdf"


def test_one_bad_file_keeps_all_out(tmp_path: Path) -> None:
    sent = MultiDict(
        [(name, FileStorage(BytesIO(data), filename=name)) for name, data in (
            ("好.pdf", hostile_files.pdf()), ("坏.pdf", b"%PDF-1.4 nothing"), ("空.pdf", b""),
        )]
    )  # fmt: skip
    with pytest.raises(Invalid) as refusal:
        uploads.receive(sent, FileStore(tmp_path))
    assert [problem.field for problem in refusal.value.problems] == ["坏.pdf", "空.pdf"]
    assert list(tmp_path.iterdir()) == []


@contextmanager
def clamd(folder: Path, answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A scanner that says *answer* to whatever it gets."""
    path, got = folder / "clamd.ctl", []
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen(1)

        def serve() -> None:
            with listening.accept()[0] as caller, caller.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                while size := struct.unpack("!I", stream.read(4))[0]:
                    got.append(stream.read(size))
                caller.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"unix:{path}", got
        thread.join(5)


def test_a_clean_file_is_handed_to_the_scanner_whole(tmp_path: Path) -> None:
    data = hostile_files.pdf()
    with clamd(tmp_path, b"stream: OK\0") as (address, got):
        receive(tmp_path / "files", "发票.pdf", data, address)
    assert b"".join(got) == data


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"stream: Eicar-Test-Signature FOUND\0", "查出病毒"),
        (b"INSTREAM size limit exceeded. ERROR\0", "查不了病毒"),
        (b"", "查不了病毒"),
    ],
)
def test_only_the_scanners_yes_lets_a_file_in(tmp_path: Path, answer: bytes, said: str) -> None:
    with clamd(tmp_path, answer) as (address, _), pytest.raises(Invalid, match=said):
        receive(tmp_path / "files", "发票.pdf", hostile_files.pdf(), address)


def test_without_the_scanner_nothing_comes_in(tmp_path: Path) -> None:
    began = time.perf_counter()
    with pytest.raises(Invalid, match="查不了病毒"):
        receive(tmp_path, "发票.pdf", hostile_files.pdf(), f"unix:{tmp_path}/nobody")
    assert time.perf_counter() - began < 5
