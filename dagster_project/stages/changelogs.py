"""
What a release changes against the last one, package by package: from the assets of both, to changelogs.

A release is a folder with its manifest, its table of figures and its ZIP files, one a package; packages are opened one
at a time, since all of them together are larger than memory and disk. Those that were made of the same are not opened, and
those of the older release need not lie there: each is brought when its turn comes, and goes again.
"""

from __future__ import annotations

import csv
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from dagster_project.stages.comparing import (
    FIGURES,
    PARTS,
    PAYMENTS,
    Comparison,
    FigureMoved,
    Moved,
    NothingToCompare,
    compare,
    figures_moved,
    part_of,
)
from dagster_project.stages.versions import MANIFEST, manifest_of

#: What is taken out of a ZIP file to compare it.
TAKEN = ("datapackage.json", PAYMENTS, FIGURES)
#: The package for all holds what those of each body hold.
FOR_ALL = "local-pound"
CHANGELOGS = "changelogs.zip"
#: Figures that a changelog names; all are in the table beside it.
NAMED = 20


def compare_releases(
    old: Path, new: Path, bring: Callable[[str], object] | None = None
) -> tuple[Comparison, dict[str, Comparison]]:
    """
    Compare two releases, or two packages.

    Args:
        old, new: Folders of ZIP files with `figures.parquet` beside them; or folders of one package each.
        bring: Puts an asset of the older release, by its name, into its folder.

    Returns:
        The whole, and each package that both have, by name.

    Raises:
        NothingToCompare: a folder holds neither a package nor ZIP files.
    """
    if (old / TAKEN[0]).is_file() or (new / TAKEN[0]).is_file():
        return compare(old, new), {}
    before, after = _zips(old), _zips(new)
    found = {
        name: _compared(before[name], after[name], bring) for name in before if name in after and not _is_year(name)
    }
    broken = [f"The package `{name}` is gone." for name in before if name not in after]
    more = [f"The package `{name}` is new." for name in after if name not in before]
    broken += [f"{name}: {said}" for name, one in found.items() for said in one.broken]
    more += [f"{name}: {said}" for name, one in found.items() for said in one.new]
    moved = sorted((one for part in found.values() for one in part.moved), key=lambda one: one.publisher)
    figures: Sequence[FigureMoved] = [one for part in found.values() for one in part.figures]
    if (old / FIGURES).is_file() and (new / FIGURES).is_file():
        figures = figures_moved(old / FIGURES, new / FIGURES)
    part = max((part_of(broken, more, moved, figures), *(one.part for one in found.values())), key=PARTS.index)
    versions = next(((one.old_version, one.new_version) for one in found.values()), ("0.0.0", "0.0.0"))
    return Comparison(part, tuple(broken), tuple(more), tuple(moved), tuple(figures), *versions), found


@dataclass(frozen=True)
class _Package:
    """A package of a release: its ZIP file, which may have to be brought, and what the manifest says of it."""

    place: Path
    made_of: str = ""
    version: str = ""


def _zips(folder: Path) -> dict[str, _Package]:
    """Packages of a release by name: those of its manifest, or where it has none its ZIP files."""
    if (folder / MANIFEST).is_file():
        entries = manifest_of(folder)["packages"]
        return {
            entry["name"]: _Package(folder / entry["zip"]["path"], entry.get("made_of", ""), entry["version"])
            for entry in entries if "zip" in entry
        }  # fmt: skip
    found = {path.stem: _Package(path) for path in sorted(folder.glob("*.zip")) if path.name != CHANGELOGS}
    if not found:
        raise NothingToCompare(f"{folder} holds no data package (no datapackage.json, no manifest, no ZIP files).")
    return found


def _is_year(name: str) -> bool:
    """Whether a package is one year of another, which is compared as a whole."""
    return re.search(r"-(\d{4}-\d{2}|undated)$", name) is not None


def _compared(old: _Package, new: _Package, bring: Callable[[str], object] | None) -> Comparison:
    if old.made_of and old.made_of == new.made_of:
        return Comparison("none", (), (), (), (), old.version, new.version)
    is_brought = bring is not None and not old.place.is_file()
    if bring is not None and is_brought:
        bring(old.place.name)
    with tempfile.TemporaryDirectory() as scratch:
        found = compare(_taken(old.place, Path(scratch) / "old"), _taken(new.place, Path(scratch) / "new"))
    if is_brought:
        old.place.unlink()
    return found


def _taken(place: Path, folder: Path) -> Path:
    """What is compared of a package; payments are those of each body, not once more of all."""
    folder.mkdir()
    wanted = [name for name in TAKEN if name != PAYMENTS or place.stem != FOR_ALL]
    with zipfile.ZipFile(place) as pack:
        for inside in pack.namelist():
            name = inside.rpartition("/")[2]
            if name in wanted:
                with pack.open(inside) as data, (folder / name).open("wb") as out:
                    shutil.copyfileobj(data, out)
    return folder


def write_changes(whole: Comparison, packages: Mapping[str, Comparison], folder: Path) -> None:
    """
    Write the changelogs of a release.

    `CHANGELOG.md`; `changelogs.zip` with one for each package, which has the figures of its body too; and
    `figures-moved.csv`, all figures that moved, before and after.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "CHANGELOG.md").write_text(changelog(whole), encoding="utf-8")
    with (folder / "figures-moved.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([field.name for field in fields(FigureMoved)])
        writer.writerows(astuple(one) for one in whole.figures)
    with zipfile.ZipFile(folder / CHANGELOGS, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, one in packages.items():
            own = one.figures or tuple(figure for figure in whole.figures if figure.publisher == name)
            part = max(one.part, part_of((), (), (), own), key=PARTS.index)
            said = Comparison(part, one.broken, one.new, one.moved, own, one.old_version, one.new_version)
            pack.writestr(zipfile.ZipInfo(f"{name}.md"), changelog(said, name, most=len(own)))


def changelog(found: Comparison, title: str = "", most: int = NAMED) -> str:
    """
    The changes in Markdown; pounds are sums of the rows named.

    Args:
        most: Figures that are named, those that moved furthest first.
    """
    lines = [f"## {title or 'Data'} {found.new_version}", "", f"Against {found.old_version}: {found.part}.", ""]
    for heading, said in (("Breaks what was there", found.broken), ("New", found.new)):
        lines.extend([f"### {heading}", "", *(f"- {sentence}" for sentence in said), ""] if said else [])
    lines += [*figures_said(found.figures, most, "; all are in `figures-moved.csv`"), *_payments_said(found.moved)]
    return "\n".join(lines) + "\n"


def _payments_said(moved: Iterable[Moved]) -> list[str]:
    rows = [
        f"| {one.publisher} | {one.added:,} | {one.added_pounds:,.2f} | {one.withdrawn:,} | {one.withdrawn_pounds:,.2f} "
        f"| {one.changed:,} |"
        for one in moved
    ]
    if not rows:
        return ["No payment was added, withdrawn or changed."]
    head = ["| body | added | £ | withdrawn | £ | changed |", "| --- | --: | --: | --: | --: | --: |"]
    return ["### Payments", "", *head, *rows]


def figures_said(figures: Sequence[FigureMoved], most: int, rest: str = "") -> list[str]:
    """Figures that moved, as lines of Markdown: how many, where the rest are, and those that moved furthest."""
    if not figures:
        return []
    new, gone = sum(one.is_new for one in figures), sum(one.is_gone for one in figures)
    moved = [one for one in figures if not one.is_new and not one.is_gone]
    named = sorted(moved, key=lambda one: (-abs(one.by), one.publisher, one.measure, one.period))[:most]
    said = [f"{len(moved):,} moved, {new:,} are new, {gone:,} are gone{rest}.", ""]
    if named:
        said += ["| body | period | measure | before | after |", "| --- | --- | --- | --- | --- |"]
        said += [
            f"| {one.publisher} | {one.period} | {one.measure} "
            f"| {_range(one.status_before, one.low_before, one.high_before)} "
            f"| {_range(one.status_after, one.low_after, one.high_after)} |"
            for one in named
        ]
    return ["### Figures", "", *said, ""]


def _range(status: str | None, low: float | None, high: float | None) -> str:
    return f"{low:,.4g} to {high:,.4g}" if low is not None and high is not None else str(status)
