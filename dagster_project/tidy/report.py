"""What `local-pound check` prints about a file: for officers in sentences, for programs as JSON."""

from __future__ import annotations

from typing import Any

from dagster_project.model.lines import FileReading, TableReading
from dagster_project.model.words import Words


def _scored(table: TableReading) -> dict[str, Any]:
    lines = [i for i, kind in enumerate(table.row_class) if kind in ("payment", "credit")]
    days = sorted(table.date[i] or table.month[i] for i in lines if table.month[i])
    return {
        "sheet": table.sheet,
        "member": table.member,
        "header_line": table.header_line,
        "columns": dict(table.columns),
        "rows": table.published.rows,
        "pence": table.published.pence,
        "redacted": sum(table.is_redacted[i] for i in lines),
        "negative": sum(table.row_class[i] == "credit" for i in lines),
        "undated": sum(not table.month[i] for i in lines),
        "date_min": days[0] if days else "",
        "date_max": days[-1] if days else "",
        "dataset_kind": table.dataset_kind,
        "amount_basis": table.amount_basis,
    }


def report_json(path: str, reading: FileReading) -> dict[str, Any]:
    """What `check --json` prints about one file: one object."""
    return {
        "file": path,
        "status": reading.status,
        "reason": reading.reason,
        "container": reading.container,
        "encoding": reading.encoding,
        "delimiter": reading.delimiter,
        "suppressed": reading.suppressed,
        "tables": [_scored(table) for table in reading.tables],
        "problems": [
            {"code": p.code, "did": p.did, "table": p.table, "record": p.record, "field": p.field, "value": p.value, "count": p.count}
            for p in reading.problems
        ],
    }


def report_text(reading: FileReading, words: Words) -> str:
    """What `check` prints about one file."""
    return f"{reading.name}: {reading.status}\n"
