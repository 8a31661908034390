"""
What a spreadsheet's default opening would change in a CSV file.

A spreadsheet takes each cell for what it looks like, not for what its column is: reference 00123 becomes 123. Excel and
LibreOffice differ in detail; listed is what either of them changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

#: Rows of a sheet; what is beyond is not opened.
SHEET_ROWS = 1_048_576
#: Letters of a cell.
CELL_LETTERS = 32_767
_MONTH = "(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}"
#: What becomes of a text, and which texts; the first that fits is said of a cell.
CHANGES = (
    ("loses its leading noughts", r"^0[0-9]+(\.[0-9]*)?$"),
    ("is rounded to 15 digits", r"^[0-9]{16,}(\.[0-9]*)?$"),
    ("becomes a power of ten", r"^[0-9]+(\.[0-9]*)?[eE][0-9]+$"),
    ("becomes a date or a time",
     (rf"^([0-9]{{1,4}}[-/][0-9]{{1,2}}([-/][0-9]{{1,4}})?|[0-9]{{1,2}}[-/ ]?{_MONTH}([-/ ,]*[0-9]{{2,4}})?|"
     rf"{_MONTH}[-/ ,]*[0-9]{{1,4}}|[0-9]+:[0-9]{{2}}(:[0-9]{{2}})?)$")),
    ("becomes a number without its signs",
     (r"^[(]?[£$€]? ?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?[)]?%?$|^[(][£$€]? ?[0-9.]+[)]$|^[£$€] ?[0-9.]+$|^[0-9.]+ ?%$"
     r"|^[0-9]+ [0-9]+/[0-9]+$")),
    ("loses noughts at its end", r"^[0-9]*\.[0-9]*0$|^[0-9]+\.$|^\.[0-9]+$"),
    ("has £, é and their like shown as two signs each", r"[^\x00-\x7f]"),
    ("is written in capitals", r"^(?:true|false|True|False)$"),
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """
    A column that a spreadsheet changes.

    Attributes:
        what: What becomes of a cell, as the end of a sentence that begins with the cell.
        cells: How many cells it concerns.
        example: One of them.
    """

    table: str
    column: str
    what: str
    cells: int
    example: str


def changes(table: pa.Table, schema: Any) -> list[Change]:
    """
    What a spreadsheet would change in the CSV file of a table.

    Args:
        table: In the published form.

    Returns:
        One row per column and kind of change, in the order of columns.
    """
    found = []
    for field in schema.fields:
        column = table.column(field.name)
        if field.type == "string":
            found += _text_changes(schema.name, field.name, column)
        elif said := _TYPED.get(field.type):
            cells = len(column) - column.null_count
            first = _first(column, pc.is_valid(column)) if cells else ""
            found += [Change(schema.name, field.name, said, cells, first)] if cells else []
    return found


_TYPED = {
    "date": "is shown, and saved, in the spreadsheet’s own form",
    "number": "may be shown, and saved, without noughts at its end",
    "boolean": "is written in capitals",
}


def _text_changes(table: str, column: str, texts: pa.ChunkedArray) -> list[Change]:
    counted = pc.value_counts(texts.drop_null())
    values, counts = counted.field("values"), counted.field("counts")
    found = []
    for what, pattern in (*CHANGES, ("is cut short", "")):
        fits = (
            pc.match_substring_regex(values, pattern) if pattern else pc.greater(pc.utf8_length(values), CELL_LETTERS)
        )
        hits = values.filter(fits)
        if len(hits):
            number = int(pc.sum(counts.filter(fits)).as_py())
            found.append(Change(table, column, what, number, str(pc.min(hits).as_py())[:60]))
            values, counts = values.filter(pc.invert(fits)), counts.filter(pc.invert(fits))
    return found


def _first(column: pa.ChunkedArray, valid: pa.ChunkedArray) -> str:
    value = column.filter(valid)[0].as_py()
    return str(value).lower() if isinstance(value, bool) else str(value)


def added(parts: Iterable[Change]) -> list[Change]:
    """Changes of several files of the same tables as those of one."""
    sums: dict[tuple[str, str, str], Change] = {}
    for part in parts:
        key = (part.table, part.column, part.what)
        before = sums.get(key)
        cells = part.cells + (before.cells if before else 0)
        sums[key] = Change(*key, cells, before.example if before else part.example)
    return list(sums.values())
