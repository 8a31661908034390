"""Editions of registers as files that can be read, and whether they are what their declarations say."""

from __future__ import annotations

import csv
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagster_project.archive import archive_key
from dagster_project.declare.measures import Witness
from dagster_project.declare.registers import Register
from dagster_project.match import WrongLayout, find_register_files, register_rows
from dagster_project.match.registers import DELIMITERS, first_lines, folded_heading
from dagster_project.stages.witness_files import find_witnesses, witness_rows
from dagster_project.store import Store

#: What reading a file can run into that is not what it seems: cut short, damaged, or no table at all.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    csv.Error,
    EOFError,
    OSError,
    UnicodeError,
    NotImplementedError,
    RuntimeError,
)
#: Bytes that a packed register may hold.
LARGEST_UNPACKED = 8_000_000_000
TABLES = (".csv", ".txt")
Declaration = Register | Witness


@dataclass(frozen=True)
class Looked:
    """What an edition holds: rows, and the headings of its first file."""

    rows: int
    headings: tuple[str, ...]


def lay_out(store: Store, declared: Declaration, parts: Iterable[Mapping[str, Any]], folder: Path) -> None:
    """
    Put the files of an edition into a folder, as readers of registers want them; nothing else is there afterwards.

    Args:
        parts: Each `sha256` and `name`.

    Raises:
        WrongLayout: a part is packed in a way that cannot be read.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number, part in enumerate(parts):
        data = store.read(archive_key(part["sha256"]))
        name = _file_name(part["name"], data)
        place = folder / name
        if place.exists():
            place = folder / f"{number}" / name
            place.parent.mkdir()
        place.write_bytes(data)
        if place.suffix == ".zip":
            _unpack(declared, place)


def _file_name(name: str, data: bytes) -> str:
    """A name whose ending says how the file is packed; addresses of programs have none, or another."""
    plain = name.rpartition("/")[2]
    ending = ".zip" if data.startswith(b"PK\x03\x04") else ".gz" if data.startswith(b"\x1f\x8b") else ""
    known = ending or next((one for one in TABLES if plain.lower().endswith(one)), ".csv")
    return plain if plain.lower().endswith(known) else f"{plain}{known}"


def _unpack(declared: Declaration, place: Path) -> None:
    """Take the tables out of a ZIP file, unless it holds one alone, which is read as it is; they may be gigabytes."""
    try:
        with zipfile.ZipFile(place) as pack:
            files = [info for info in pack.infolist() if not info.is_dir()]
            tables = [info for info in files if info.filename.lower().endswith(TABLES)]
            if sum(info.file_size for info in files) > LARGEST_UNPACKED:
                raise WrongLayout(f"{declared.name}: {place.name} holds more than {LARGEST_UNPACKED:,} bytes.")
            if not tables:
                raise WrongLayout(f"{declared.name}: {place.name} holds no table.")
            if len(files) == 1 and not getattr(declared, "without_headings", ""):
                return
            for info in tables:
                with pack.open(info) as data, (place.parent / Path(info.filename).name).open("wb") as out:
                    shutil.copyfileobj(data, out)
    except UNREADABLE as error:
        raise WrongLayout(f"{declared.name}: {place.name} cannot be unpacked ({error}).") from error
    place.unlink()


def found_in(declarations: Sequence[Declaration], folder: Path) -> list[tuple[Declaration, Path]]:
    """Which files of a folder are which register or witness; one may be several."""
    registers = [one for one in declarations if isinstance(one, Register)]
    witnesses = [one for one in declarations if isinstance(one, Witness)]
    return [*find_register_files(registers, folder), *find_witnesses(witnesses, folder)]


def rows_of(declared: Declaration, path: Path) -> Iterator[dict[str, str]]:
    """Rows of a register's or a witness' file, our columns only."""
    return register_rows(declared, path) if isinstance(declared, Register) else witness_rows(declared, path)


def look(declared: Declaration, others: Sequence[Declaration], folder: Path) -> Looked:
    """
    What an edition holds, read once from end to end; files in it that no declaration knows are removed.

    Args:
        others: Declarations that read the same files: for them the columns must be there too.

    Raises:
        WrongLayout: it is not what its declaration says.
    """
    try:
        pairs = found_in([declared, *others], folder)
        mine = [path for one, path in pairs if one is declared]
        if not mine:
            raise WrongLayout(f"{declared.name}: {_lacking(declared, folder)}")
        for path in [path for path in folder.rglob("*") if path.is_file() and path not in {at for _, at in pairs}]:
            path.unlink()
        for other, path in pairs:
            next(rows_of(other, path), None)
        rows = sum(1 for path in mine for _ in rows_of(declared, path))
    except UNREADABLE as error:
        raise WrongLayout(f"{declared.name}: its file cannot be read to the end ({error}).") from error
    return Looked(rows, _headings(declared, mine[0], folder))


def _headings(declared: Declaration, path: Path, folder: Path) -> tuple[str, ...]:
    if getattr(declared, "without_headings", ""):
        return ()
    first = next((line for at, line in first_lines(folder) if at == path), "")
    return tuple(cell.strip().strip('"') for cell in first.strip().split(DELIMITERS[declared.delimiter]))


def _lacking(declared: Declaration, folder: Path) -> str:
    """Which columns the files of a folder lack, in words."""
    wanted = {folded_heading(heading): heading for heading in declared.recognised_by}
    there = [folded_heading(line) for _, line in first_lines(folder)]
    lacks = [heading for folded, heading in wanted.items() if not any(folded in line for line in there)]
    if lacks:
        return f"none of its files has the column '{lacks[0]}'."
    return "none of its files is laid out as its declaration says."
