"""The last release, as far as it is needed: its manifest and figures at once, each package when its turn comes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dagster_project.stages.comparing import FIGURES
from dagster_project.stages.restoring import Release
from dagster_project.stages.tending import Run, gh
from dagster_project.stages.versions import MANIFEST

#: Releases of data packages are tagged `data-2026-05-04`, by their day.
TAGS = "data-"
#: Says in the folder which release its files are of.
TAG = "tag"


def bring_last(folder: Path, run: Run = gh) -> str:
    """
    Bring manifest and figures of the newest release of data packages.

    Returns:
        Its tag; `""` where there is none yet.
    """
    listed = ["release", "list", "--exclude-drafts", "--limit", "1000", "--json", "tagName", "--jq", ".[].tagName"]
    tags = [tag for tag in run(listed).split() if tag.startswith(TAGS)]
    if not tags:
        return ""
    release = Release(max(tags), folder, run)
    for name in (MANIFEST, FIGURES):
        release.bring(name)
    (folder / TAG).write_text(max(tags), encoding="utf-8")
    return max(tags)


def bringing(folder: Path, run: Run = gh) -> Callable[[str], None] | None:
    """What brings an asset of the release in a folder; `None` where the folder does not say of which release it is."""
    tag = folder / TAG
    return Release(tag.read_text(encoding="utf-8"), folder, run).bring if tag.is_file() else None
