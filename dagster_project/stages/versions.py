"""
The version of the data packages: the last release's, moved as far as what changed since demands.

MAJOR where a table or field is gone or of another type, or a package is gone; MINOR where tables, fields, packages or figures
are new, or any payment is new or another than before; PATCH for the rest. Before 1.0 the second number stands for the
first. A release says in its manifest what that is seen from: fields, and of each package what it was made of.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dagster_project.stages.comparing import FIGURES, FigureMoved, fields_moved, figures_moved

#: Names the folder of what a release always has: its manifest and its table of figures.
SETTING = "LOCAL_POUND_BEFORE"
MANIFEST = "manifest.json"
#: What a build says that is compared with no release.
FIRST = "0.2.0"

#: Table to its fields and their types.
Tables = Mapping[str, Mapping[str, str]]
#: Package to `made_of`, a key of all that it was made of; and of a body `payments`: `sha256`, `rows` and `pounds`.
Contents = Mapping[str, Mapping[str, Any]]


class NotARelease(Exception):
    """The setting names a folder that has no release's manifest and figures; the message names it."""


def last_release() -> Path | None:
    """
    The folder of the last release, where the setting names one.

    Raises:
        NotARelease: it lacks the manifest, or figures.
    """
    said = os.environ.get(SETTING, "")
    if not said:
        return None
    if missing := [name for name in (MANIFEST, FIGURES) if not (Path(said) / name).is_file()]:
        raise NotARelease(f"{SETTING} is {said}, and there is no {missing[0]} in it. `make before` brings both.")
    return Path(said)


def manifest_of(release: Path) -> dict[str, Any]:
    """The manifest of a release."""
    found: dict[str, Any] = json.loads((release / MANIFEST).read_text(encoding="utf-8"))
    return found


def contents_of(manifest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Packages of a release, as `Contents`; those of single years are parts of others."""
    return {entry["name"]: entry for entry in manifest["packages"] if "made_of" in entry}


def version_after(release: Path | None, tables: Tables, contents: Contents, figures: Path) -> str:
    """
    The version of a build.

    Args:
        release: Of `last_release`.
        tables, contents: Of the build.
        figures: Its table of figures.
    """
    if release is None:
        return FIRST
    manifest = manifest_of(release)
    moved = figures_moved(release / FIGURES, figures)
    return next_version(manifest["version"], part_since(manifest, tables, contents, moved))


def part_since(manifest: Mapping[str, Any], tables: Tables, contents: Contents, figures: list[FigureMoved]) -> str:
    """
    The part of the version that must move: `major`, `minor`, `patch` or `none`.

    Whether payments that differ were corrected or are new, a manifest cannot tell; it is taken for new.

    Args:
        manifest: Of the last release.
        figures: Figures that differ.
    """
    before = contents_of(manifest)
    broken, new = fields_moved(manifest["tables"], tables)
    if broken or set(before) - set(contents):
        return "major"
    paid = [_payments(before[name]) != _payments(own) for name, own in contents.items() if name in before]
    if new or set(contents) - set(before) or any(paid) or any(one.is_new for one in figures):
        return "minor"
    made = any(before[name]["made_of"] != own["made_of"] for name, own in contents.items())
    return "patch" if made or figures else "none"


def _payments(content: Mapping[str, Any]) -> str:
    return str(content.get("payments", {}).get("sha256", ""))


def next_version(old: str, part: str) -> str:
    """A version moved by a part; before 1.0 a breaking change moves the second number, all else the third."""
    first, second, third = (int(number) for number in old.split("."))
    if part == "none":
        return old
    if first == 0:
        return f"0.{second + 1}.0" if part == "major" else f"0.{second}.{third + 1}"
    return {
        "major": f"{first + 1}.0.0", "minor": f"{first}.{second + 1}.0", "patch": f"{first}.{second}.{third + 1}",
    }[part]  # fmt: skip
