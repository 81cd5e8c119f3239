"""Reads a PDF from standard input and writes it without what acts; run alone, with bounds on itself.

The exit code says what happened: 0 rewritten, 3 encrypted, 4 too large, 5 nothing to take out. Whatever else
happens, a crash of the parser or the end of its memory, refuses the file.
"""

import resource
import sys
from io import BytesIO
from typing import Any

import pikepdf

REWRITTEN, ENCRYPTED, TOO_LARGE, UNCHANGED = 0, 3, 4, 5
MEMORY = 120 * 1024 * 1024
SECONDS = 8
MOST_OBJECTS = 200_000
MOST_PAGES = 2_000
DEEPEST = 40
# keys that hold or start something, wherever they stand
KEYS = (
    "/AA", "/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/AF", "/XFA", "/RichMediaContent",
    "/RichMediaSettings", "/3DD", "/Collection",
)  # fmt: skip
ACTIONS = frozenset(
    {
        "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Movie", "/Sound",
        "/Rendition", "/RichMediaExecute", "/SetOCGState", "/Trans", "/GoTo3DView", "/Hide",
    }
)  # fmt: skip
ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})


class TooLarge(Exception):
    """More than anybody hands in."""


def main() -> int:
    """Read, take out, write."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    try:
        with pikepdf.open(BytesIO(data)) as document:
            if len(document.objects) > MOST_OBJECTS or len(document.pages) > MOST_PAGES:
                return TOO_LARGE
            taken = sum(_clean(document, each, 0) for each in document.objects)
            taken += _clean_root(document)
            if not taken and not document.is_encrypted:
                return UNCHANGED
            out = BytesIO()
            document.save(out, encryption=False)
    except pikepdf.PasswordError:
        return ENCRYPTED
    except TooLarge:
        return TOO_LARGE
    sys.stdout.buffer.write(out.getvalue())
    return REWRITTEN


def _clean_root(document: pikepdf.Pdf) -> int:
    """What happens on opening: a place to start at may stay, an action may not."""
    opens = document.Root.get("/OpenAction")
    if opens is None or isinstance(opens, pikepdf.Array):
        return 0
    del document.Root["/OpenAction"]
    return 1


def _clean(document: pikepdf.Pdf, thing: Any, depth: int) -> int:
    """Take out what acts in *thing* and whatever it holds directly; how much that was."""
    if depth > DEEPEST:
        raise TooLarge
    if isinstance(thing, pikepdf.Array):
        return sum(_clean(document, each, depth + 1) for each in _direct(list(thing)))
    if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        return 0
    held = thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing
    taken = _clean_stream(document, thing) + _clean_keys(held)
    return taken + sum(
        _clean(document, each, depth + 1) for each in _direct([value for _, value in held.items()])
    )


def _direct(values: list[Any]) -> list[Any]:
    """Those that stand here themselves; what is only referred to is an object of the document's list."""
    return [value for value in values if isinstance(value, pikepdf.Object) and not value.is_indirect]


def _clean_stream(document: pikepdf.Pdf, thing: Any) -> int:
    if isinstance(thing, pikepdf.Stream) and thing.stream_dict.get("/Type") == "/EmbeddedFile":
        thing.write(b"")
        return 1
    return 0


def _clean_keys(held: Any) -> int:
    taken = 0
    for key in KEYS:
        if key in held:
            del held[key]
            taken += 1
    if str(held.get("/S", "")) in ACTIONS or str(held.get("/Subtype", "")) in ANNOTATIONS:
        for key in list(held.keys()):
            del held[key]
        taken += 1
    return taken


if __name__ == "__main__":
    sys.exit(main())
