"""A file's reading as tables: its published lines, its row in `files`, its rows in `problems`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dagster_project.model.ids import line_id
from dagster_project.model.lines import PUBLISHED_CLASSES, TEXT_FIELDS, FileReading, TableReading, Tally

#: Columns of a published line: where it stands, what it is, what it says.
LINE_COLUMNS = ("table", "record", "dataset_kind", "date", "month", "pence", "is_redacted", *TEXT_FIELDS)


def _table_lines(table: TableReading) -> pd.DataFrame:
    keep = [i for i, row_class in enumerate(table.row_class) if row_class in PUBLISHED_CLASSES]
    columns: dict[str, Any] = {
        "table": table.number,
        "record": [table.record[i] for i in keep],
        "dataset_kind": table.dataset_kind,
        "date": [table.date[i] for i in keep],
        "month": [table.month[i] for i in keep],
        "pence": [table.pence[i] or 0 for i in keep],
        "is_redacted": [table.is_redacted[i] for i in keep],
    }
    for name in TEXT_FIELDS:
        texts = table.text.get(name)
        columns[name] = [texts[i] for i in keep] if texts else ""
    return pd.DataFrame(columns, index=range(len(keep)), columns=list(LINE_COLUMNS))


def lines_frame(reading: FileReading) -> pd.DataFrame:
    """
    The payments and credits of a file, one row per published line, in the order of the file.

    Returns:
        Columns `LINE_COLUMNS`; a payment whose amount cell is blank counts nought pence, as in the file.
    """
    tables = [_table_lines(table) for table in reading.tables] if reading.status == "read" else []
    return _typed(pd.concat(tables, ignore_index=True)) if tables else empty_lines()


def empty_lines() -> pd.DataFrame:
    """No published lines, in the columns and types of some."""
    return _typed(pd.DataFrame({name: [] for name in LINE_COLUMNS}))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    text = {name: "str" for name in LINE_COLUMNS if name not in ("table", "record", "pence", "is_redacted")}
    return frame.astype({**text, "table": "int32", "record": "int64", "pence": "int64", "is_redacted": "bool"})


def keel(reading: FileReading) -> dict[str, Tally]:
    """Rows and pence found, published, rejected and left out, over all tables of a file."""
    sums = {name: Tally() for name in ("found", "published", "rejected", "left_out")}
    for table in reading.tables:
        for name, tally in sums.items():
            tally.add(getattr(table, name))
    return sums


def file_row(reading: FileReading, archived: Mapping[str, Any]) -> dict[str, Any]:
    """
    The file's row in `files`.

    Args:
        archived: Its row in the manifest: publisher, name, sha256, bytes, retrieved, source_url.
    """
    sums = keel(reading)
    read = reading.status == "read"
    months = sorted({month for table in reading.tables for month in table.month if month}) if read else []
    bases = sorted({table.amount_basis for table in reading.tables if table.amount_basis})
    return {
        "file_id": archived["sha256"][:16],
        **{name: archived[name] for name in ("publisher", "name", "sha256", "bytes", "retrieved", "source_url")},
        "container": reading.container,
        "status": reading.status,
        "reason": reading.reason,
        "dataset_kinds": "|".join(sorted({table.dataset_kind for table in reading.tables})) if read else "",
        "amount_basis": "|".join(bases) if read else "",
        "first_month": months[0] if months else "",
        "last_month": months[-1] if months else "",
        "tables": len(reading.tables) if read else 0,
        "rows_in": sums["found"].rows,
        "pence_in": sums["found"].pence,
        **{
            f"{what}_{name}": getattr(sums[name], what)
            for name in ("published", "rejected", "left_out")
            for what in ("rows", "pence")
        },
        "suppressed": reading.suppressed,
    }


def problem_rows(reading: FileReading, archived: Mapping[str, Any], words: Mapping[str, Any]) -> list[dict[str, Any]]:
    """
    The file's rows in `problems`.

    Args:
        words: Code of a problem to what the vocabulary says of it: `severity`, `could`.

    Raises:
        KeyError: the reader gave a code that the vocabulary does not know (our fault).
    """
    rows = []
    for ordinal, problem in enumerate(reading.problems, 1):
        said = words[problem.code]
        rows.append(
            {
                "publisher": archived["publisher"],
                "file_id": archived["sha256"][:16],
                "file_name": archived["name"],
                "ordinal": ordinal,
                "code": problem.code,
                "severity": said.severity,
                "line_id": line_id(archived["sha256"][:16], problem.table, problem.record) if problem.record else "",
                "field": problem.field,
                "value": problem.value,
                "lines": problem.count,
                "did": problem.did,
                "could": said.could,
            }
        )
    return rows
