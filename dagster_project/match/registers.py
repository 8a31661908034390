"""Registers read from files in their published layout: found by their headings, cut down to what is asked for."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from dagster_project.match.names import name_key, postcode_key

DELIMITERS = {"comma": ",", "tab": "\t"}


class WrongLayout(ValueError):
    """A register's file lacks a column that its declaration names."""


def _folded(heading: str) -> str:
    return re.sub(r"\s+", "", heading).casefold()


@contextmanager
def _open_text(path: Path) -> Iterator[TextIO]:
    """The text of a register's file, plain, gzipped, or the one member of a zip; UTF-8 with or without mark."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as pack, pack.open(pack.namelist()[0]) as member:
            yield io.TextIOWrapper(member, encoding="utf-8-sig", errors="replace", newline="")
    elif path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8-sig", errors="replace", newline="") as text:
            yield text
    else:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as text:
            yield text


def find_register_files(registers: Sequence[Any], folder: Path) -> list[tuple[Any, Path]]:
    """
    Which files of a folder are which register, by their headings.

    Returns:
        Pairs of declaration and file, in order of file name; a file that is no declared register is passed over.
    """
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".csv", ".txt", ".gz", ".zip") and p.is_file()):
        try:
            with _open_text(path) as text:
                first = text.readline(100_000)
        except (OSError, zipfile.BadZipFile, EOFError, IndexError):
            continue
        for register in registers:
            headings = {
                _folded(cell) for cell in next(csv.reader([first], delimiter=DELIMITERS[register.delimiter]), [])
            }
            if headings >= {_folded(heading) for heading in register.recognised_by}:
                found.append((register, path))
                break
    return found


def _positions(register: Any, headings: Sequence[str], path: Path) -> dict[str, int]:
    """Position of each of our columns in a file of the register."""
    folded = [_folded(heading) for heading in headings]
    positions = {}
    for ours, theirs in register.columns.items():
        if theirs.startswith("/") and theirs.endswith("/"):
            at = next((i for i, heading in enumerate(folded) if re.fullmatch(theirs[1:-1], heading)), None)
        else:
            at = folded.index(_folded(theirs)) if _folded(theirs) in folded else None
        if at is None:
            raise WrongLayout(
                f"{register.name}: {path.name} has no column '{theirs}' (our {ours}). Its columns: "
                f"{', '.join(h.strip() for h in headings[:12])} … If the register changed its layout, mend "
                f"datapackages/registers/{register.slug}.yaml"
            )
        positions[ours] = at
    return positions


def register_rows(register: Any, path: Path) -> Iterator[dict[str, str]]:
    """
    Rows of a register's file, our columns only, streamed.

    Raises:
        WrongLayout: a declared column is not there.
    """
    csv.field_size_limit(1_000_000)
    with _open_text(path) as text:
        reader = csv.reader(text, delimiter=DELIMITERS[register.delimiter])
        positions = _positions(register, next(reader), path)
        last = max(positions.values())
        for cells in reader:
            if len(cells) > last:
                yield {ours: cells[at].strip() for ours, at in positions.items()}


def postcode_areas(rows: Iterator[Mapping[str, str]], wanted: set[str] | None = None) -> dict[str, str]:
    """District code by postcode key; only `wanted` ones where given."""
    areas = {}
    for row in rows:
        key = postcode_key(row["postcode"])
        if key and row["lad_code"] and (wanted is None or key in wanted):
            areas[key] = row["lad_code"]
    return areas


def organisations(register: Any, rows: Iterator[Mapping[str, str]]) -> Iterator[tuple[str, str, str, str]]:
    """Each body of a register: supplier id in org-id form, name, name key, postcode key (`""` where it has none)."""
    for row in rows:
        if row.get("name") and row.get("number"):
            name = row["name"]
            yield f"{register.prefix}-{row['number']}", name, name_key(name), postcode_key(row.get("postcode", ""))
