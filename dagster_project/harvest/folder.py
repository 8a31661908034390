"""A folder of files as a source: `FOLDER/<publisher-slug>/<files>`. A set of files, not a complete harvest."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

#: A file of this name says that the folder is everything that its bodies published.
COMPLETE = "complete"
#: A file of this name extends the spine.
EXTENDING = "publishers.csv"


class NotASource(ValueError):
    """The folder is not laid out as a source; the message says what to do."""


@dataclass(frozen=True)
class FoundFile:
    """A file below a publisher's folder; `name` is its path below that folder, with forward slashes."""

    publisher: str
    name: str
    path: Path


def spend_folder(folder: Path) -> Path:
    """Where the publishers' folders lie: in the folder itself, or in its `spend/`."""
    return folder / "spend" if (folder / "spend").is_dir() else folder


def says_complete(folder: Path) -> bool:
    """Whether the folder says that it is everything its bodies published."""
    return (folder / COMPLETE).is_file() or (spend_folder(folder) / COMPLETE).is_file()


def extending_publishers(folder: Path) -> Path | None:
    """The folder's own `publishers.csv`, which extends the spine."""
    places = (folder / EXTENDING, spend_folder(folder) / EXTENDING)
    return next((path for path in places if path.is_file()), None)


def found_files(folder: Path, slugs: Iterable[str], only: Iterable[str] = ()) -> list[FoundFile]:
    """
    Every file below the publishers' folders, by publisher and name.

    Args:
        slugs: Known publishers.
        only: Publishers to keep; all where empty.

    Raises:
        NotASource: no such folder, nothing in it, or a folder in it that is no publisher.
    """
    if not folder.is_dir():
        raise NotASource(f"{folder} is not a folder. Expected FOLDER/<publisher-slug>/<files>.")
    known, wanted = set(slugs), set(only)
    root = spend_folder(folder)
    places = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
    for place in places:
        if place.name not in known:
            near = difflib.get_close_matches(place.name, known, n=1)
            meant = f" Did you mean '{near[0]}'?" if near else ""
            raise NotASource(
                f"{place}: '{place.name}' is no publisher in publishers.csv.{meant} Rename the folder, or add a row "
                f"(slug,name,kind,lad_code,region) to {root / EXTENDING}."
            )
    if missing := sorted(wanted - {place.name for place in places}):
        raise NotASource(f"{root} has no folder for {', '.join(missing)}.")
    files = [
        FoundFile(place.name, path.relative_to(place).as_posix(), path)
        for place in places
        if not wanted or place.name in wanted
        for path in sorted(place.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(place).parts)
    ]
    if not files:
        raise NotASource(f"{root} holds no files. Expected FOLDER/<publisher-slug>/<files>.")
    return files
