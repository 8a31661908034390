"""Which files of packages the portal carries itself; the others lie with the release."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dagster_project.stages.unpacked import lies_there
from dagster_project.store import Store

#: Bytes of downloads on the portal: GitHub Pages take a gigabyte in all, and the pages need their part of it.
AT_MOST = 250_000_000
#: Forms of packages in the order in which they stay: a ZIP file has all of a package, and the pages read Parquet.
FORMS = ("zip", "parquet", "csv")


def form_of(path: str) -> str:
    """The form of a file, by its ending."""
    return path.rpartition(".")[2]


def sizes_of(summaries: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, int]]:
    """Form and bytes of each file of all packages and their years."""
    for summary in summaries.values():
        for own in (summary, *summary["years"].values()):
            for file in own["package"]["files"]:
                if lies_there(file["path"], own["zip_only"]):
                    yield form_of(file["path"]), int(file["bytes"])
            if zipped := own["package"].get("zip"):
                yield "zip", int(zipped["bytes"])


def carried_forms(
    summaries: Mapping[str, Mapping[str, Any]], largest: int, at_most: int | None = None
) -> frozenset[str]:
    """
    Forms of which the portal carries the files: each whole form that there is room for beside those before it.

    Args:
        summaries: Of packages that were written.
        largest: Bytes of a file beyond which it is not carried anyway.
        at_most: Bytes in all; `AT_MOST` where not given.
    """
    left, kept = AT_MOST if at_most is None else at_most, set[str]()
    sizes = [(form, size) for form, size in sizes_of(summaries) if size <= largest]
    for form in FORMS:
        size = sum(size for own, size in sizes if own == form)
        if size <= left:  # else the next may fit: where payments lie in ZIP files alone, figures still can be asked
            left -= size
            kept.add(form)
    return frozenset(kept | ({form for form, _ in sizes} - set(FORMS)))


def place(store: Store, source: str, target: str) -> None:
    """Make stored bytes appear under a second key."""
    if not store.is_local:
        store.write(target, store.read(source))
        return
    path = Path(store.path(target))
    if path.exists() and path.samefile(store.path(source)):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    try:
        path.hardlink_to(store.path(source))
    except OSError:
        shutil.copyfile(store.path(source), path)
