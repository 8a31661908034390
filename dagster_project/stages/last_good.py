"""
The last portal that was built whole, kept between runs; and the same portal with a label, for when a run fails.

The label stands in every page itself, so that it is there without scripts. A run that succeeds prints its pages anew,
without it.
"""

from __future__ import annotations

import html
import io
import json
import tarfile
from datetime import date
from pathlib import Path

from dagster_project.stages.restoring import Release
from dagster_project.store import Store

KEPT = "portal.tar.gz"
#: In the archive, beside the pages: the day on which they were built.
BUILT = "built.json"
PLACE = "portal"
#: What every page has, once; the label goes before it.
HEADER = b'<header class="lp-head">'
LABEL = (
    '<aside class="md-banner" aria-label="How up to date this is">\n<div class="md-banner__inner md-grid md-typeset">\n'
    "<strong>Not up to date.</strong> Everything here is from the last complete build, of {built}. "
    "The run of {day} failed: {why}.\n</div>\n</aside>\n"
)


class NothingKept(Exception):
    """No portal was kept yet; the message says what keeps one."""


class NoPlaceForLabel(Exception):
    """A page has no place for the label: our templates changed; the message names the page."""


def keep_portal(store: Store, folder: Path, day: date, release: Release | None = None) -> Path:
    """
    Keep the portal that was built, in place of the one kept before.

    Args:
        folder: Where packs lie.
        day: The day of the build.
        release: Where it is uploaded to.

    Raises:
        NothingKept: there is no portal.
    """
    pages = store.list(PLACE)
    if f"{PLACE}/index.html" not in pages:
        raise NothingKept("There is no portal to keep. Build one: make live")
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / KEPT
    with tarfile.open(place, "w:gz", compresslevel=6) as out:
        _add(out, BUILT, json.dumps({"day": day.isoformat()}).encode())
        for key in pages:
            _add(out, key, store.read(key))
    if release:
        release.send(place)
    return place


def _add(out: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    out.addfile(info, io.BytesIO(data))


def label_portal(store: Store, folder: Path, day: date, why: str, release: Release | None = None) -> tuple[str, int]:
    """
    Lay out the portal that was kept, with a label on every page.

    Args:
        folder, release: Where it was kept.
        day: The day of the run that failed.
        why: What failed, in a few words: `the harvest did not finish`.

    Returns:
        The day of its build, ISO, and how many pages carry the label.

    Raises:
        NothingKept: none was kept.
        NoPlaceForLabel: a page of it has no place for one.
    """
    if release and KEPT in release.assets():
        release.bring(KEPT)
    place = folder / KEPT
    if not place.is_file():
        raise NothingKept(f"No portal was kept in {folder} yet: the first run that succeeds keeps one.")
    store.remove(PLACE)
    built, count = "", 0
    with tarfile.open(place, "r:gz") as kept:
        for entry in kept:
            file = kept.extractfile(entry)
            data = file.read() if file else b""
            if entry.name == BUILT:
                built = str(json.loads(data)["day"])
                continue
            if entry.name.endswith(".html"):
                data = labelled(data, built, day.isoformat(), why, entry.name)
                count += 1
            store.write(entry.name, data)
    return built, count


def labelled(page: bytes, built: str, day: str, why: str, name: str) -> bytes:
    """A page with the label, days in words."""
    if page.count(HEADER) != 1:
        raise NoPlaceForLabel(f"{name}: has no {HEADER.decode()}, before which the label goes (stages/last_good.py).")
    said = LABEL.format(built=_said(built), day=_said(day), why=html.escape(why.rstrip(".")))
    return page.replace(HEADER, said.encode() + HEADER)


def _said(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found.day} {found:%B %Y}"
