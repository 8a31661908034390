"""
Nothing invalid is published.

Every row is checked here, by one query a table made from its schema; frictionless judges every descriptor, and the
first rows of every file as an outsider would read them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

#: Rows of each file that frictionless reads in an ordinary build; its own reader is some twenty times slower.
SAMPLED_ROWS = 2_000


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
        rows: Rows of each file that it reads; `None` for all.

    Returns:
        Its errors as sentences.
    """
    import frictionless

    options: dict[str, Any] = {} if rows is None else {"limit_rows": rows}
    with frictionless.system.use_context(trusted=True):
        report = frictionless.Package(str(descriptor)).validate(**options)
    found = [f"{error.type}: {error.message}" for error in report.errors]
    for task in report.tasks:
        found += [f"{task.name}: {error.type}: {error.message}" for error in task.errors[:5]]
    return found
