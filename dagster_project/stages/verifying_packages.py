"""Check a package that somebody holds: its bytes, its rows, and what the archive gives anew; name what differs."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dagster_project.declare.schemas import TableSchema
from dagster_project.flow import processes
from dagster_project.package import (
    DESCRIPTOR,
    MANIFEST,
    ParquetJoiner,
    arrow_table,
    check_package,
    csv_bytes,
    differing,
    joined_csv,
    parquet_bytes,
    split_by_year,
)
from dagster_project.stages.packaging import EVERYBODY
from dagster_project.stages.parts import TABLES
from dagster_project.stages.plan import Plan
from dagster_project.stages.recomputing import recomputed
from dagster_project.stages.supplier_figures import sums_differ
from dagster_project.stages.suppliers import SUPPLIERS
from dagster_project.stages.unpacked import zip_key
from dagster_project.stages.verifying import FIGURE_TABLES, NothingToVerify, as_released, figures_again
from dagster_project.store import HashingWriter

#: A package's name as its descriptor gives it: whose, and of which year.
NAME = re.compile(r"^(?P<of>.+?)(?:-(?P<year>\d{4}-\d{2}|undated))?$")
#: What marks a package of a build as whole; of no interest to anybody who holds one.
UNSAID = (MANIFEST, ".key")


def verify_package(plan: Plan, wanted: str) -> tuple[bool, str]:
    """
    Check a package against its manifest and schema, and against the archive where there is one.

    Args:
        wanted: A package's name in the build (`northbeck`, `northbeck-2023-24`, `all`), a folder, or a ZIP file.

    Returns:
        Whether all holds, and what to print: the file, row or figure that differs.

    Raises:
        NothingToVerify: there is no such package.
    """
    with _unpacked(plan, wanted) as folder:
        return _verified(plan, folder)


@contextmanager
def _unpacked(plan: Plan, wanted: str) -> Iterator[Path]:
    """The folder of a package, however it was named."""
    path = Path(wanted)
    if path.is_file():
        with _unzipped(path) as folder:
            yield folder
        return
    if (path / DESCRIPTOR).is_file():
        with _whole(plan, path) as folder:
            yield folder
        return
    packages = Path(plan.store.path("packages"))
    name = EVERYBODY + wanted.removeprefix("local-pound") if wanted.startswith("local-pound") else wanted
    parts = NAME.match(name)
    for folder in (packages / name, packages / parts["of"] / (parts["year"] or "")) if parts else ():
        if (folder / DESCRIPTOR).is_file():
            with _whole(plan, folder) as whole:
                yield whole
            return
    as_released(plan)
    raise NothingToVerify(
        f"No package '{wanted}' in {packages}, no folder and no ZIP file of that name. Packages are named after their "
        "body's slug, those of a year northbeck-2023-24, the one for all 'all'."
    )


@contextmanager
def _unzipped(path: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as place:
        try:
            with zipfile.ZipFile(path) as archive:
                archive.extractall(place)
        except zipfile.BadZipFile as error:
            raise NothingToVerify(f"{path} is not a ZIP file, or is damaged.") from error
        found = sorted(Path(place).rglob(DESCRIPTOR))
        if not found:
            raise NothingToVerify(f"{path} holds no package: there is no {DESCRIPTOR} in it.")
        yield found[0].parent


@contextmanager
def _whole(plan: Plan, folder: Path) -> Iterator[Path]:
    """The folder of a package; where tables of it lie in its ZIP file alone, that one unpacked, if it is the same package's."""
    said = (folder / DESCRIPTOR).read_bytes()
    descriptor = json.loads(said)
    zipped = Path(plan.store.path(zip_key(descriptor["name"])))
    if all((folder / one["path"]).is_file() for one in descriptor["resources"]) or not zipped.is_file():
        yield folder
        return
    with _unzipped(zipped) as whole:
        yield whole if (whole / DESCRIPTOR).read_bytes() == said else folder


def _verified(plan: Plan, folder: Path) -> tuple[bool, str]:
    descriptor = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    parts = NAME.match(descriptor["name"])
    publisher, year = (parts["of"], parts["year"] or "") if parts else (descriptor["name"], "")
    with processes(plan.workers) as pool:
        judged = pool.submit(check_package, folder / DESCRIPTOR, rows=None)
        broken = [
            *_bytes_differ(folder),
            *_hashes_differ(folder, descriptor),
            *_forms_differ(folder, descriptor, plan.schemas),
        ]
        whose = _everybody if publisher == "local-pound" else partial(_one, publisher=publisher)
        try:
            if publisher == SUPPLIERS:
                again = sums_differ(as_released(plan), folder)
                whole = "All bytes, all rows, and every sum worked out again from the published payments: the same."
            else:
                again = whose(as_released(plan), folder, year=year, pool=pool)
                whole = "All bytes, all rows, and every payment recomputed from the archive: the same."
        except (FileNotFoundError, NothingToVerify) as why:
            again = []
            whole = (
                f"All bytes and rows are as described. Not recomputed, since there is no archive of it here ({why})."
            )
        broken += judged.result() + again
    said = [
        f"Package   {descriptor['name']} {descriptor['version']}",
        f"Files     {len(descriptor['resources'])}",
        *broken,
    ]
    return not broken, "\n".join([*said, "DIFFERENT" if broken else whole])


def _bytes_differ(folder: Path) -> list[str]:
    """What differs from the manifest."""
    if not (folder / MANIFEST).is_file():
        return [f"{MANIFEST}: is missing"]
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    found = {path.name: _sha256(path) for path in folder.iterdir() if path.is_file()}
    return differing(manifest, found, UNSAID)


def _hashes_differ(folder: Path, descriptor: dict[str, Any]) -> list[str]:
    """What differs from the descriptor, for somebody who mended the manifest alone."""
    files = {r["path"]: r["hash"].removeprefix("sha256:") for r in descriptor["resources"]}
    return [
        f"{name}: its hash is not the one in {DESCRIPTOR}"
        for name, digest in files.items()
        if (folder / name).is_file() and _sha256(folder / name) != digest
    ]


def _forms_differ(folder: Path, descriptor: dict[str, Any], schemas: Mapping[str, TableSchema]) -> list[str]:
    """Tables whose Parquet does not say what their CSV says, read a group of rows at a time."""
    broken = []
    for name in sorted({Path(resource["path"]).stem for resource in descriptor["resources"]} & set(schemas)):
        csv_file, parquet_file = folder / f"{name}.csv", folder / f"{name}.parquet"
        if not (csv_file.is_file() and parquet_file.is_file()):
            continue
        with csv_file.open("rb") as published, pq.ParquetFile(parquet_file) as parquet:
            if parquet.schema_arrow.names != [field.name for field in schemas[name].fields]:
                broken.append(f"{name}.parquet: its columns are not those of the schema")
                continue
            groups = (parquet.read_row_group(number) for number in range(parquet.num_row_groups))
            said = joined_csv(csv_bytes(group, schemas[name]) for group in groups)
            if any(part != published.read(len(part)) for part in said) or (
                parquet.num_row_groups and published.read(1)
            ):
                broken.append(f"{name}.parquet: does not say the same as {name}.csv")
    return broken


def _sha256(path: Path) -> str:
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _one(plan: Plan, folder: Path, year: str, pool: Executor, publisher: str) -> list[str]:
    """What differs between one publisher's package and what its archived files give."""
    parts = recomputed(plan, publisher, pool)
    if year:
        parts = parts.of_year(year, split_by_year(parts.payments).get(year, parts.payments.slice(0, 0)))
    broken = []
    for name, table in parts.tables(plan.schemas).items():
        again = csv_bytes(table, plan.schemas[name])
        broken += _first_row(f"{name}.csv", (folder / f"{name}.csv").read_bytes(), again)
        if (folder / f"{name}.parquet").read_bytes() != parquet_bytes(table):
            broken.append(f"{name}.parquet: is not what the archive gives")
    return broken


def _first_row(name: str, published: bytes, again: bytes) -> list[str]:
    """The first row that differs, header not counted."""
    if again == published:
        return []
    rows = [list(csv.reader(io.StringIO(data.decode("utf-8", "replace"), newline=""))) for data in (published, again)]
    for number, (was, now) in enumerate(zip_longest(*rows)):
        if was != now:
            return [f"{name}: row {number} says {was}; recomputed from the archive: {now}"]
    return [f"{name}: the same rows in other bytes"]


def _everybody(plan: Plan, folder: Path, year: str, pool: Executor) -> list[str]:
    """What differs between the package for all, or a year of it, and what the archive gives; then its figures."""
    broken, sizes = [], dict.fromkeys(TABLES, 0)
    sinks = {name: HashingWriter(_Nowhere()) for name in TABLES}
    joiners = {name: ParquetJoiner(sinks[name]) for name in TABLES}
    wrong: set[str] = set()
    for publisher in plan.recall("archived_files").summaries:
        parts = recomputed(plan, publisher, pool)
        if year:
            parts = parts.of_year(year, split_by_year(parts.payments).get(year, parts.payments.slice(0, 0)))
        for name, table in parts.tables(plan.schemas).items():
            data = csv_bytes(table, plan.schemas[name])
            data = data if not sizes[name] else data[data.index(b"\r\n") + 2 :]
            if name == "payments" and year and not table.num_rows:
                continue
            joiners[name].add(table)
            published = _text_at(folder / f"{name}.csv", sizes[name], len(data))
            sizes[name] += len(data)
            if name not in wrong and published not in (None, data):
                wrong.add(name)
                broken += _first_row(f"{name}.csv, {publisher}", published or b"", data)
    for name, joiner in joiners.items():
        joiner.close()
        csv_file, parquet_file = folder / f"{name}.csv", folder / f"{name}.parquet"
        if name not in wrong and csv_file.is_file() and csv_file.stat().st_size != sizes[name]:
            broken.append(f"{name}.csv: has more rows than the archive gives")
        if (not year or name == "payments") and parquet_file.is_file() and _sha256(parquet_file) != sinks[name].sha256:
            broken.append(f"{name}.parquet: is not what the archive gives")
    return broken + ([] if year else _figures_differ(plan, folder))


def _text_at(path: Path, start: int, size: int) -> bytes | None:
    """A part of a file; `None` where there is none, since it was too large for its package and is had by year."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        file.seek(start)
        return file.read(size)


class _Nowhere:
    """A file whose bytes nobody keeps."""

    def write(self, data: Any) -> int:
        """Take bytes."""
        return len(memoryview(data))


def _figures_differ(plan: Plan, folder: Path) -> list[str]:
    """Figures that the published payments do not give, and rows of league tables that are no figure."""
    found = figures_again(plan, folder, plan.measures, "")
    broken = []
    for name in (*FIGURE_TABLES, "league_tables"):
        schema = plan.schemas[name]
        again = _by_id(arrow_table(found["figures" if name == "league_tables" else name], schema))
        said = _by_id(pq.read_table(folder / f"{name}.parquet"))
        for figure in sorted(set(said) | (set(again) if name != "league_tables" else set())):
            was, now = said.get(figure), again.get(figure)
            if was is None or now is None:
                broken.append(
                    f"{name}: figure {figure} is {'not published' if was is None else 'not what the payments give'}"
                )
                continue
            odd = [field.name for field in schema.fields if was[field.name] != now[field.name]]
            if odd:
                broken.append(f"{name}: figure {figure} says {odd[0]} {was[odd[0]]}; recomputed: {now[odd[0]]}")
    return broken + _breaks_differ(arrow_table(found["breaks"], plan.schemas["breaks"]), folder)


def _breaks_differ(again: pa.Table, folder: Path) -> list[str]:
    """Breaks that files and payments do not show, or that are not published."""
    said, now = pq.read_table(folder / "breaks.parquet").to_pylist(), again.to_pylist()
    odd = [f"breaks: {row} is not what files and payments show" for row in said if row not in now]
    return odd + [f"breaks: {row} is not published" for row in now if row not in said]


def _by_id(table: pa.Table) -> dict[str, dict[str, Any]]:
    return {row["figure_id"]: row for row in table.to_pylist()}
