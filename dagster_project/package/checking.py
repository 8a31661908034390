"""
Nothing invalid is published.

Every row is checked here, by one query a table made from its schema; frictionless judges every descriptor, and the
first rows of every file as an outsider would read them.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

#: Rows of each file that frictionless reads in an ordinary build, where every row was checked by our own query already;
#: its own reader is some twenty times slower. Tests and `verify` let it read all.
SAMPLED_ROWS = 500


def _wrong(field: Any) -> list[tuple[str, str]]:
    """Pairs of constraint and SQL condition of a cell that breaks it."""
    name = '"' + field.name.replace('"', '""') + '"'
    found = []
    if field.required:
        found.append(("required", f"{name} IS NULL"))
    if field.pattern:
        found.append(("pattern", f"NOT regexp_full_match({name}, '{field.pattern.replace(chr(39), chr(39) * 2)}')"))
    if field.enum:
        known = ", ".join("'" + value.replace("'", "''") + "'" for value in field.enum)
        found.append(("enum", f"{name} NOT IN ({known})"))
    if field.minimum:
        found.append(("minimum", f"{name} < {int(field.minimum)}"))
    return found


def check_rows(engine: duckdb.DuckDBPyConnection, relation: str, schema: Any) -> list[str]:
    """
    Check every row of a table.

    Args:
        relation: SQL of the relation, e.g. `read_parquet('…')` or the name of a registered table.

    Returns:
        A sentence for each constraint that is broken; empty where all holds.
    """
    tests = [(field.name, kind, sql) for field in schema.fields for kind, sql in _wrong(field)]
    key = ", ".join(f'"{name}"' for name in schema.primary_key)
    counts = [f"count(*) FILTER (WHERE {sql})" for _, _, sql in tests]
    counts.append(f"count(*) - count(DISTINCT ({key}))")
    answer = engine.execute(f"SELECT {', '.join(counts)} FROM {relation}").fetchone() or ()
    said = [(f"column {column}", kind) for column, kind, _ in tests] + [(f"primary key ({key})", "unique")]
    return [
        f"{schema.name}: {place}: {count} row(s) break `{kind}`"
        for (place, kind), count in zip(said, answer, strict=True)
        if count
    ]


def check_package(descriptor: Path, rows: int | None = SAMPLED_ROWS) -> list[str]:
    """
    Let frictionless judge a package on disk.

    Args:
        descriptor: Its `datapackage.json`.
        rows: Rows of each file that it reads; `None` for all.

    Returns:
        Its errors as sentences.
    """
    if rows is None:
        return _errors(descriptor, None)
    with tempfile.TemporaryDirectory() as folder:
        return _errors(_with_short_parquet(descriptor, rows, Path(folder)), rows)


def _with_short_parquet(descriptor: Path, rows: int, folder: Path) -> Path:
    """
    The same package with the first rows of each Parquet file in its place.

    frictionless reads a Parquet file whole, whatever number of rows it is asked for: gigabytes for the package for all.
    """
    package = json.loads(descriptor.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        path = descriptor.parent / resource["path"]
        if resource["format"] == "parquet":
            short = folder / path.name
            file = pq.ParquetFile(path)
            head = next(file.iter_batches(batch_size=rows), None)
            pq.write_table(pa.Table.from_batches([head] if head is not None else [], file.schema_arrow), short)
            resource.pop("hash", None)
            path = short
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
