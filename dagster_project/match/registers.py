"""Registers read from files in their published layout: found by their headings, cut down to what is asked for."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from dagster_project.match.index import Entity
from dagster_project.match.names import postcode_key

DELIMITERS = {"comma": ",", "tab": "\t"}
_MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
_VINTAGE = re.compile(rf"\d{{4}}-\d\d(?:-\d\d)?|(?:{_MONTHS})_?\d{{4}}|(?<!\d)20\d\d(?!\d)", re.IGNORECASE)


class WrongLayout(ValueError):
    """A register's file lacks a column that its declaration names."""

    @classmethod
    def of(cls, register: Any, path: Path, lacks: str, headings: Sequence[str]) -> WrongLayout:
        """Say which register, column and vintage."""
        return cls(
            f"{register.name}, vintage {vintage(path.name) or 'unknown'}: {path.name} has no column {lacks}. "
            f"Its columns: {', '.join(h.strip() for h in headings[:12])} … If the register changed its layout, mend "
            f"datapackages/registers/{register.slug}.yaml"
        )


def vintage(name: str) -> str:
    """Which edition a file is, as its name says it: `2024-04-01`, `AUG_2024`, `2025`; `""` where it does not."""
    found = _VINTAGE.search(name)
    return found[0] if found else ""


def folded_heading(heading: str) -> str:
    """A heading without spaces, in small letters: how registers' columns are compared."""
    return re.sub(r"\s+", "", heading).casefold()


@contextmanager
def open_text(path: Path, encoding: str = "utf-8-sig") -> Iterator[TextIO]:
    """The text of a register's file, plain, gzipped, or the one member of a zip."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as pack, pack.open(pack.namelist()[0]) as member:
            yield io.TextIOWrapper(member, encoding=encoding, errors="replace", newline="")
    elif path.suffix == ".gz":
        with gzip.open(path, "rt", encoding=encoding, errors="replace", newline="") as text:
            yield text
    else:
        with path.open(encoding=encoding, errors="replace", newline="") as text:
            yield text


def first_lines(folder: Path) -> Iterator[tuple[Path, str]]:
    """The files of a folder that may be registers, in order of name, each with its first line."""
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".csv", ".txt", ".gz", ".zip") and p.is_file()):
        try:
            with open_text(path) as text:
                first = text.readline(100_000)
        except (OSError, zipfile.BadZipFile, EOFError, IndexError):
            continue
        yield path, first


def find_register_files(registers: Sequence[Any], folder: Path) -> list[tuple[Any, Path]]:
    """
    Which files of a folder are which register, by their headings, or by name and width where they have none.

    Returns:
        Pairs of declaration and file, in order of file name; a file that is no declared register is passed over.

    Raises:
        WrongLayout: a file is called as a register's are, and has not its headings.
    """
    found = []
    registers = [one for one in registers if one.gives != "boundaries"]  # no tables
    for path, first in first_lines(folder):
        if register := next((one for one in registers if _is_of(one, path, first)), None):
            found.append((register, path))
        elif register := next((one for one in registers if one.named and re.match(one.named, path.name)), None):
            headings = next(csv.reader([first], delimiter=DELIMITERS[register.delimiter]), [])
            folded = {folded_heading(heading) for heading in headings}
            lacks = [f"'{one}'" for one in register.recognised_by if folded_heading(one) not in folded]
            raise WrongLayout.of(register, path, ", ".join(lacks), headings)
    return found


def check_layouts(registers: Sequence[Any], folder: Path) -> None:
    """
    Look at the headings of every register's file of a folder, before anything is read.

    Raises:
        WrongLayout: one of them has not the columns that its declaration names.
    """
    for register, path in find_register_files(registers, folder):
        with open_text(path, register.encoding) as text:
            _positions(register, next(csv.reader(text, delimiter=DELIMITERS[register.delimiter]), []), path)


def _is_of(register: Any, path: Path, first: str) -> bool:
    cells = next(csv.reader([first], delimiter=DELIMITERS[register.delimiter]), [])
    if register.without_headings:
        pattern, width = register.without_headings.rsplit(" ", 1)
        return re.fullmatch(pattern, path.name) is not None and len(cells) == int(width)
    return {folded_heading(cell) for cell in cells} >= {folded_heading(heading) for heading in register.recognised_by}


def _place(register: Any, ours: str, theirs: str, folded: Sequence[str], path: Path, headings: Sequence[str]) -> int:
    """Place of one of our columns in a file of the register, counted from nought."""
    at: int | None
    if theirs.isdecimal():
        at = int(theirs) - 1 if int(theirs) <= len(folded) else None
    elif theirs.startswith("/") and theirs.endswith("/"):
        at = next((i for i, heading in enumerate(folded) if re.fullmatch(theirs[1:-1], heading)), None)
    else:
        at = folded.index(folded_heading(theirs)) if folded_heading(theirs) in folded else None
    if at is None:
        raise WrongLayout.of(register, path, f"'{theirs}' (our {ours})", headings)
    return at


def _positions(register: Any, headings: Sequence[str], path: Path) -> dict[str, int]:
    """Place of each of our columns in a file of the register; former names are `previous 1`, `until 1` and so on."""
    folded = [folded_heading(heading) for heading in headings]
    wanted = dict(register.columns)
    if register.previous_names:
        for n in range(1, register.previous_names.most + 1):
            wanted[f"previous {n}"] = register.previous_names.name.replace("{n}", str(n))
            if register.previous_names.until:
                wanted[f"until {n}"] = register.previous_names.until.replace("{n}", str(n))
    return {ours: _place(register, ours, theirs, folded, path, headings) for ours, theirs in wanted.items()}


def register_rows(register: Any, path: Path) -> Iterator[dict[str, str]]:
    """
    Rows of a register's file, our columns only, streamed.

    Raises:
        WrongLayout: a declared column is not there.
    """
    csv.field_size_limit(1_000_000)
    with open_text(path, register.encoding) as text:
        reader = csv.reader(text, delimiter=DELIMITERS[register.delimiter])
        first = next(reader, [])
        places = list(_positions(register, first, path).items())
        last = max(at for _, at in places)
        rows = chain([first], reader) if register.without_headings else reader
        for cells in rows:
            if len(cells) > last:
                yield {ours: cells[at].strip() for ours, at in places}


def postcode_areas(rows: Iterator[Mapping[str, str]], wanted: set[str] | None = None) -> dict[str, str]:
    """District code by postcode key; only `wanted` ones where given."""
    areas = {}
    for row in rows:
        key = postcode_key(row["postcode"])
        if key and row["lad_code"] and (wanted is None or key in wanted):
            areas[key] = row["lad_code"]
    return areas


def _day(text: str, dates: str) -> str:
    """A day as `YYYY-MM-DD`, `""` where the register gives none that can be read."""
    if not text:
        return ""
    if dates == "dd/mm/yyyy":
        return f"{text[6:10]}-{text[3:5]}-{text[:2]}" if re.fullmatch(r"\d\d/\d\d/\d{4}", text) else ""
    if dates == "yyyymmdd":
        return f"{text[:4]}-{text[4:6]}-{text[6:]}" if re.fullmatch(r"\d{8}", text) else ""
    return text[:10] if re.match(r"\d{4}-\d\d-\d\d", text) else ""


def company_id(number: str) -> str:
    """
    A company number as published, as org-id; `""` where it is none.

    Eight signs; spreadsheets lose leading noughts, also behind letters.
    """
    if not number:
        return ""
    text = re.sub(r"\W", "", number).upper()
    found = re.fullmatch(r"([A-Z]{0,2})(\d{1,8})(R?)", text)
    if not found or not int(found[2]):
        return ""
    text = f"{found[1]}{found[2].zfill(8 - len(found[1]) - len(found[3]))}{found[3]}"
    return f"GB-COH-{text}" if len(text) == 8 else ""


def organisations(register: Any, rows: Iterator[Mapping[str, str]]) -> Iterator[Entity]:
    """Each body of a register; rows of a body's branches or linked charities are left out."""
    previous = range(1, register.previous_names.most + 1) if register.previous_names else ()
    for row in rows:
        number, prefix = row["number"], register.prefix or register.prefixes.get(row["nation"], "")
        if not number or not prefix or not row["name"] or row.get("linked", "0") not in ("", "0"):
            continue
        names = [(row[f"previous {n}"], _day(row.get(f"until {n}", ""), register.dates)) for n in previous
                 if row[f"previous {n}"]]  # fmt: skip
        names += [(name, "") for name in (row.get("also_known_as", ""),) if name]
        company = company_id(row.get("company_number", ""))
        yield Entity(
            f"{prefix}-{number.zfill(register.width) if number.isdecimal() else number}", row["name"],
            tuple(names), row.get("kind") or register.kind, row.get("status", ""),
            _day(row.get("start", ""), register.dates), _day(row.get("end", ""), register.dates),
            postcode_key(row.get("postcode", "")), row.get("sic", ""), (company,) if company else (),
        )  # fmt: skip
