"""
Nothing invalid is published.

Every row of every file is checked here, from the bytes that are published, by one query a file that is made from its
Table Schema. The verdict is frictionless' own, row for row and error type for error type; and frictionless itself judges
every descriptor and the rows of every package that is made anew, as an outsider would read them.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from dagster_project.package.describing import describe_schema
from dagster_project.package.rows import RowError, Table, quoted, text
from dagster_project.package.zipping import PACKED, open_csv

#: Rows of each CSV file that frictionless reads of packages whose rows it reads elsewhere: of single years, and of the one
#: for all, which are made of the rows of each publisher's. It takes some ten thousand rows a second.
READ_ROWS = 100_000
#: Rows of each Parquet file that it reads then: it takes such a file whole into memory.
PARQUET_ROWS = 500
#: Bytes of a file that are looked at at a time.
AT_ONCE = 1 << 24
#: Two threads and a gigabyte do for the package for all.
ENGINE: Any = {"threads": 2, "memory_limit": "1GB"}


def check_rows(engine: duckdb.DuckDBPyConnection, relation: str, schema: Any) -> list[str]:
    """
    Check every row of a table of ours before it is written.

    Args:
        relation: SQL of the relation, e.g. `read_parquet('…')` or the name of a registered table.
        schema: The declared schema of the table.

    Returns:
        A sentence for each constraint that is broken; empty where all holds.
    """
    return _sentences(schema.name, Table(describe_schema(schema, [])).errors(engine, relation))


def _sentences(table: str, errors: Sequence[RowError]) -> list[str]:
    counts = Counter((error.field, error.kind, error.constraint) for error in errors)
    first = {(error.field, error.kind, error.constraint): error.row for error in reversed(errors)}
    said = []
    for what, count in counts.items():
        field, kind, constraint = what
        place = f"column {field}: " if field else ""
        broken = "unique primary-key" if kind == "primary-key" else constraint or kind
        said.append(f"{table}: {place}{count} row(s) break `{broken}`, the first is row {first[what]}")
    return said


def csv_errors(
    engine: duckdb.DuckDBPyConnection, path: Path, schema: Mapping[str, Any], rows: int | None = None
) -> list[RowError]:
    """
    What is wrong with a CSV file by its Table Schema.

    Args:
        path: The file: UTF-8, comma, double quotes. Where it is not there, it lies beside, packed, for a ZIP file.
        schema: Its Table Schema, as a descriptor has it.
        rows: How many rows it should have, where that is said.
    """
    table = Table(schema)
    names = [column.name for column in table.columns]
    if _is_regular(path, names):
        try:
            found = table.errors(engine, csv_relation(path, names))
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            found = _irregular(path, table)
    else:
        found = _irregular(path, table)
    return found + _miscounted(table.rows, rows)


def csv_relation(path: Path, names: Sequence[str]) -> str:
    """
    SQL that reads a CSV file as text: no guesses, no leniency.

    A line may have 16 MB; left to itself, the engine would take sixteen times that for each of its threads.
    """
    columns = ", ".join(f"{text(name)}: 'VARCHAR'" for name in names)
    place = path if path.exists() else f"{path}{PACKED}"
    return (
        f"read_csv({text(str(place))}, columns = {{{columns}}}, auto_detect = false, header = true, delim = ',', quote = '\"', "
        "escape = '\"', strict_mode = true, null_padding = false, max_line_size = 16777216, buffer_size = 33554432)"
    )


def _is_regular(path: Path, names: Sequence[str]) -> bool:
    """Whether a file begins with its headings and has no empty lines, which the engine would pass over."""
    heading = (",".join(names) + "\r\n").encode()
    with open_csv(path) as file:
        if file.read(len(heading)) != heading:
            return False
        last = heading[-2:]
        while part := file.read(AT_ONCE):
            last += part
            if b"\n\r\n" in last or b"\n\n" in last:
                break
            last = last[-2:]
        else:
            return True
    with open_csv(path) as file:  # the empty line may well stand in a cell
        return all(csv.reader(io.TextIOWrapper(file, "utf-8", newline="")))


def _irregular(path: Path, table: Table) -> list[RowError]:
    """The same verdict, record by record, for files whose shape is wrong."""
    with open_csv(path) as file:
        records = enumerate(csv.reader(io.TextIOWrapper(file, "utf-8", newline="")), 1)
        _, labels = next(records, (1, []))
        wrong = list(_label_errors(labels, [column.name for column in table.columns]))
        columns = table.columns[: len(labels)]
        shape = Table.of(columns, table.key if all(column in columns for column in table.key) else [])
        keys, table.rows = [], 0
        for row, record in records:
            table.rows += 1
            cells = record[: len(columns)]
            padded = [*cells, *[None] * (len(columns) - len(cells))]
            found = shape.judge(row, padded)
            if [error.kind for error in found] != ["blank-row"]:
                found += [RowError(row, "", "extra-cell") for _ in record[len(labels) :]]
                found += [RowError(row, column.name, "missing-cell") for column in columns[len(cells) :]]
            wrong += found
            if shape.key:
                keys.append((row, [padded[columns.index(column)] for column in shape.key]))
        return sorted(wrong + shape.repeated(keys))


def _label_errors(labels: Sequence[str], names: Sequence[str]) -> Iterator[RowError]:
    for label, name in zip(labels, names, strict=False):
        if label != name:
            yield RowError(1, name, "incorrect-label" if label else "blank-label")
    for name in names[len(labels) :]:
        yield RowError(1, name, "missing-label")
    for _ in labels[len(names) :]:
        yield RowError(1, "", "extra-label")


def foreign_key_errors(
    engine: duckdb.DuckDBPyConnection, relation: str, fields: Sequence[str], other: str, references: Sequence[str]
) -> list[RowError]:
    """Rows whose text columns `fields` stand as `references` in no row of another relation, and are not all empty."""
    mine, theirs = _together(fields), _together(references)
    empty = " AND ".join(f"coalesce({quoted(name)}, '') = ''" for name in fields)
    numbered = f"(SELECT row_number() OVER () + 1 AS __row, * FROM {relation})"
    rows = engine.execute(
        f"SELECT __row FROM {numbered} WHERE NOT ({empty}) AND {mine} NOT IN (SELECT {theirs} FROM {other}) ORDER BY __row"
    ).fetchall()
    return [RowError(row, "", "foreign-key") for (row,) in rows]


def _together(fields: Sequence[str]) -> str:
    """SQL of some columns as one value; one column is compared as it is."""
    texts = [f"coalesce({quoted(name)}, '')" for name in fields]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def file_errors(engine: duckdb.DuckDBPyConnection, folder: Path, resource: Mapping[str, Any]) -> list[RowError]:
    """What is wrong with a file of a package by its resource: its rows, and how many they are."""
    path, schema = folder / resource["path"], resource["schema"]
    if resource["format"] == "csv":
        return csv_errors(engine, path, schema, resource["rows"])
    table = Table(schema)
    return table.errors(engine, f"read_parquet({text(str(path))})") + _miscounted(table.rows, resource["rows"])


def _miscounted(found: int, said: int | None) -> list[RowError]:
    return [RowError(0, "", "row-count")] if said is not None and found != said else []


def check_files(descriptor: Path) -> list[str]:
    """
    Check every row of every file of a package on disk, by the schemas of its descriptor.

    Returns:
        Sentences; empty where all holds.
    """
    package, folder = json.loads(descriptor.read_text(encoding="utf-8")), descriptor.parent
    resources = {resource["name"]: resource for resource in package["resources"]}
    with duckdb.connect(config=ENGINE) as engine:
        engine.execute("SET enable_progress_bar = false")
        said = [
            sentence for r in resources.values() for sentence in _sentences(r["path"], file_errors(engine, folder, r))
        ]
        for resource in resources.values() if not said else []:
            for key in resource["schema"].get("foreignKeys", []):
                other = resources[key["reference"]["resource"]]
                relations = (
                    _relation(folder, resource),
                    key["fields"],
                    _relation(folder, other),
                    key["reference"]["fields"],
                )
                said += _sentences(resource["path"], foreign_key_errors(engine, *relations))
    return said


def _relation(folder: Path, resource: Mapping[str, Any]) -> str:
    return csv_relation(folder / resource["path"], [field["name"] for field in resource["schema"]["fields"]])


def check_package(descriptor: Path, rows: int | None = READ_ROWS) -> list[str]:
    """
    Check every row of a package on disk, and let frictionless judge it.

    Args:
        descriptor: Its `datapackage.json`.
        rows: Rows of each CSV file that frictionless reads, and not many of Parquet; `None` for all of CSV.

    Returns:
        What is wrong, as sentences.
    """
    with tempfile.TemporaryDirectory() as folder:
        return check_files(descriptor) + _errors(_as_it_lies(descriptor, Path(folder)), rows)


def _as_it_lies(descriptor: Path, folder: Path) -> Path:
    """
    The same package with the first rows of each Parquet file in its place, and CSV files where they lie, packed or not.

    frictionless reads a Parquet file whole, whatever number of rows it is asked for: gigabytes for the package for all.
    """
    package = json.loads(descriptor.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        path = descriptor.parent / resource["path"]
        if resource["format"] == "parquet":
            short = folder / path.name
            file = pq.ParquetFile(path)
            head = next(file.iter_batches(batch_size=PARQUET_ROWS), None)
            pq.write_table(pa.Table.from_batches([head] if head is not None else [], file.schema_arrow), short)
            for whole in ("hash", "rows"):
                resource.pop(whole, None)
            path = short
        elif not path.exists():
            path = path.with_name(f"{path.name}{PACKED}")
            resource["compression"] = "gz"
            for unpacked in ("hash", "bytes"):
                resource.pop(unpacked, None)
        resource["path"] = str(path.resolve())
    changed = folder / "datapackage.json"
    changed.write_text(json.dumps(package), encoding="utf-8")
    return changed


def _errors(descriptor: Path, rows: int | None) -> list[str]:
    import frictionless

    options: dict[str, Any] = {} if rows is None else {"limit_rows": rows}
    with frictionless.system.use_context(trusted=True):
        report = frictionless.Package(str(descriptor)).validate(**options)
    found = [f"{error.type}: {error.message}" for error in report.errors]
    for task in report.tasks:
        found += [f"{task.name}: {error.type}: {error.message}" for error in task.errors[:5]]
    return found
