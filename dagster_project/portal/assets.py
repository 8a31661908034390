"""Style, script, fonts and their licences, under names that carry their hash, so that they can be kept for ever."""

from __future__ import annotations

import json
import logging
import re
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

FONTS = {
    "Public Sans": ("@fontsource-variable/public-sans", "public-sans"),
    "Source Serif": ("@fontsource-variable/source-serif-4", "source-serif-4"),
}
#: `boot.js` and `lp.js` are on every page, the others on the page that they are named after.
SCRIPTS = ("boot.js", "lp.js", "find.js", "compare.js", "explore.js", "query.js", "search.js")
#: What comes on demand: folder beside the packages, its files as `site/engine.mjs` and `site/vega.mjs` make them, what lacks without.
ENGINES = (
    ("duckdb", ("duckdb.js", "duckdb-worker.js", "duckdb.wasm"), "the database for browsers is not installed", "no questions on /query/"),
    ("vega", ("vega.js",), "Vega is not installed", "no charts to explore"),
)  # fmt: skip
#: Which file of a font serves which characters: nearly all, and the Welsh letters that the first file lacks.
RANGES = {
    "latin": "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, "
    "U+2191, U+2193, U+2212, U+2215",
    "latin-ext": "U+0174-0177",
}
MISSING = "fonts are not installed (see site/package.json): pages use the reader's own"


def hashed(name: str, data: bytes) -> str:
    """A file name with the hash of its bytes: `"lp.css"` becomes `"lp.1a2b3c4d.css"`."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{sha256(data).hexdigest()[:8]}.{ending}"


def write_assets(source: Path, folder: Path, faces: str, used: str) -> dict[str, str]:
    """
    Write the style sheet, the scripts, the icon and the picture of shared addresses.

    Args:
        source: The folder `site`.
        folder: Where to; addresses on pages start with `assets/`.
        faces: The rules that load fonts, of `write_fonts`.
        used: Text in which every class of a page occurs: rules of the theme that it cannot meet are left out.

    Returns:
        Plain name to the name with the hash in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    theme = files("material") / "templates/assets/stylesheets"
    sheet = next(p for p in sorted(theme.iterdir(), key=lambda p: p.name) if re.fullmatch(r"main\..*\.css", p.name))
    ours = (source / "assets" / "lp.css").read_text(encoding="utf-8")
    css = "\n".join((faces, purge(sheet.read_text(encoding="utf-8"), used), squeeze(ours)))
    named = {"lp.css": css.encode()} | {name: (source / "assets" / name).read_bytes() for name in SCRIPTS}
    named["card.png"] = card(source)
    names = {name: hashed(name, data) for name, data in named.items()}
    for name, data in named.items():
        (folder / names[name]).write_bytes(data)
    (folder / "icon.svg").write_bytes((source / "assets" / "icon.svg").read_bytes())
    (folder / "LICENCE-material.txt").write_text(MATERIAL_LICENCE, encoding="utf-8")
    return names


def card(source: Path) -> bytes:
    """The picture that stands beside a shared address: 1200 x 630, one for all pages."""
    import vl_convert  # slow to load

    picture: bytes = vl_convert.svg_to_png((source / "assets" / "card.svg").read_text(encoding="utf-8"))
    return picture


def write_fonts(folder: Path, packages: Path | None) -> tuple[str, tuple[str, ...]]:
    """
    Copy the fonts with their licences; the rules that load them, and which to load at once (from the root).

    Beside `packages` may lie `fonts`, the same cut down to the letters of these pages (`site/subset.mjs`).
    """
    folder.mkdir(parents=True, exist_ok=True)
    faces, preload = [], []
    for family, (package, stem) in FONTS.items():
        home = packages / package if packages else None
        if home is None or not (home / "LICENSE").is_file():
            log.warning("%s", f"{family}: {MISSING}")
            continue
        for part, letters in RANGES.items():
            whole = home / "files" / f"{stem}-{part}-wght-normal.woff2"
            cut = home.parents[2] / "fonts" / f"{stem}-{part}.woff2"
            data = (cut if cut.is_file() else whole).read_bytes()
            name = hashed(f"{stem}-{part}.woff2", data)
            (folder / name).write_bytes(data)
            faces.append(
                f'@font-face{{font-family:"LP {family}";font-weight:400 700;font-display:swap;'
                f"src:url({name}) format('woff2');unicode-range:{letters}}}"
            )
            if part == "latin":
                preload.append(f"assets/{name}")
        (folder / f"LICENCE-{stem}.txt").write_bytes((home / "LICENSE").read_bytes())
    return "\n".join(faces), tuple(preload)


def write_engines(folder: Path, packages: Path | None) -> dict[str, str]:
    """Copy what pages load on demand, with its licences; plain name to hashed name, nothing of what is not there."""
    found = {}
    for name, parts, missing, without in ENGINES:
        home = packages.parent / name if packages else None
        if home is None or not all((home / part).is_file() for part in parts):
            log.warning("%s", f"{missing} (see site/package.json): {without}")
            continue
        for part in parts:
            data = (home / part).read_bytes()
            found[part] = hashed(part, data)
            (folder / found[part]).write_bytes(data)
        for licence in sorted(home.glob("LICENCE-*.txt")):
            (folder / licence.name).write_bytes(licence.read_bytes())
    return found


def for_scripts(value: Any) -> bytes:
    """A value as the JSON that scripts of these pages read: nothing to spare, and nothing that is no number."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def has_engine(address: str) -> bool:
    """Whether what is loaded on demand is among the assets: its address, as a template has it, then carries its hash."""
    return address.count(".") > 1


def squeeze(css: str) -> str:
    """Style without comments and needless white space."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", css)).replace(";}", "}").strip()


def purge(css: str, used: str) -> str:
    """
    A style sheet without the rules that no page can meet.

    A rule goes only when each of its selectors needs a class or an id that occurs nowhere in `used`; what stands in
    brackets (`:not()`, `:is()`) is never taken as a need. Then custom properties that nothing reads any more go too.
    """
    known = set(re.findall(r"[\w-]+", used))
    kept = _purge(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL), known)
    read = set(re.findall(r"var\((--[\w-]+)", kept + used))
    return re.sub(r"(--md-[\w-]+-icon[\w-]*):url\(\"[^\"]*\"\);?", lambda m: m[0] if m[1] in read else "", kept)


def _purge(css: str, known: set[str]) -> str:
    parts = []
    for prelude, body in _blocks(css):
        if prelude.startswith(("@media", "@supports")):
            inner = _purge(body, known)
            if inner:
                parts.append(f"{prelude}{{{inner}}}")
        elif prelude.startswith("@") or any(_can_meet(selector, known) for selector in _selectors(prelude)):
            parts.append(f"{prelude}{{{body}}}")
    return "".join(parts)


def _blocks(css: str) -> list[tuple[str, str]]:
    """The blocks of a sheet: what stands before each pair of braces, and what in it. Strings may hold braces."""
    blocks, depth, start, opened = [], 0, 0, 0
    for found in re.finditer(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[{};]", css):
        sign = found[0]
        if sign == "{":
            if depth == 0:
                opened = found.start()
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                blocks.append((css[start:opened].strip(), css[opened + 1 : found.start()]))
                start = found.end()
        elif sign == ";" and depth == 0:  # @charset, @import
            start = found.end()
    return blocks


def _selectors(prelude: str) -> list[str]:
    """Selectors of a rule without what stands in brackets, so that a comma there parts nothing."""
    while "(" in (shorter := re.sub(r"\([^()]*\)", "", prelude)):
        prelude = shorter
    return shorter.split(",")


def _can_meet(selector: str, known: set[str]) -> bool:
    """Whether every class and id that a selector needs is known."""
    plain = re.sub(r"\[[^\]]*\]", "", selector)
    return all(name.replace("\\", "") in known for name in re.findall(r"[.#]((?:[\w-]|\\.)+)", plain))


MATERIAL_LICENCE = """Parts of the style sheet come from Material for MkDocs, https://squidfunk.github.io/mkdocs-material/

Copyright (c) 2016-2025 Martin Donath <martin.donath@squidfunk.com>

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NON-INFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
