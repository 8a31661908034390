"""The map from published headings to our fields: what each body calls its columns, and how often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from dagster_project.model.lines import PUBLISHED_CLASSES, FileReading, TableReading

#: Columns of the map, without the number that makes each row's key.
COLUMNS = ("publisher", "dataset_kind", "heading", "field", "files", "rows", "first_month", "last_month")
#: In a layout, a column over which nothing is printed.
NO_HEADING = "(none)"
_KEY = ["publisher", "dataset_kind", "heading", "field"]


def heading_rows(reading: FileReading, publisher: str, file: str, safe: Callable[[str], str]) -> list[dict[str, Any]]:
    """
    The headings of one file as its tables print them.

    Args:
        safe: Masks what a heading should not have said; a table without headings may have taken a line for them.

    Returns:
        One row per table and column: `publisher`, `file_id`, `dataset_kind`, `heading` (`""` where the column has
        none), `field` (ours; `""` where nobody knew it), `rows` (published), `first_month`, `last_month`.
        Columns that hold nothing are left out.
    """
    if reading.status != "read":
        return []
    return [
        {"publisher": publisher, "file_id": file, "dataset_kind": table.dataset_kind, **row}
        for table in reading.tables
        for row in _table_rows(table, safe)
    ]


def _table_rows(table: TableReading, safe: Callable[[str], str]) -> list[dict[str, Any]]:
    published = [row_class in PUBLISHED_CLASSES for row_class in table.row_class]
    months = {month for month, said in zip(table.month, published, strict=True) if said and month}
    field_at = {at: name for name, at in table.columns.items()}
    width = max([len(table.headings), *(at + 1 for at in (*field_at, *table.unmapped))])
    texts = [*table.headings, *([""] * (width - len(table.headings)))]
    return [
        {
            "heading": safe(" ".join(text.split())), "field": field_at.get(at, ""), "rows": sum(published),
            "first_month": min(months, default=""), "last_month": max(months, default=""),
        }
        for at, text in enumerate(texts)
        if text.strip() or at in field_at or at in table.unmapped
    ]  # fmt: skip


def layout_of(rows: Iterable[Mapping[str, Any]]) -> str:
    """
    The layout of one file: the headings over its payments that count in a month, in small letters, each once.

    Args:
        rows: `heading_rows` of the file.

    Returns:
        In alphabetical order, separated by bars; `""` where none of its payments has a month.
    """
    own = {row["heading"].replace("|", "¦").lower() or NO_HEADING for row in rows
           if row["dataset_kind"] == "payments" and row["first_month"]}  # fmt: skip
    return "|".join(sorted(own))


def headings_frame(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """
    The map of one publisher.

    Args:
        rows: `heading_rows` of its files.

    Returns:
        One row per kind of data, heading and field, those that are read first, the most used first; `files` and `rows`
        add up how often, `ordinal` numbers them from 1.
    """
    frame = pd.DataFrame(list(rows), columns=["file_id", *(name for name in COLUMNS if name != "files")])
    if frame.empty:
        return pd.DataFrame({name: pd.Series(dtype="int64" if name in ("files", "rows", "ordinal") else "str")
                             for name in ("ordinal", *COLUMNS)})  # fmt: skip
    none = frame["first_month"] == ""
    frame["first_month"] = frame["first_month"].mask(none, "9999")
    found = frame.groupby(_KEY, sort=True, as_index=False).agg(
        files=("file_id", "nunique"), rows=("rows", "sum"), first_month=("first_month", "min"),
        last_month=("last_month", "max"),
    )  # fmt: skip
    found["first_month"] = found["first_month"].replace("9999", "")
    found["_unread"] = found["field"] == ""
    order = ["dataset_kind", "_unread", "field", "rows", "heading"]
    found = found.sort_values(order, ascending=[True, True, True, False, True], kind="stable", ignore_index=True)
    found.insert(0, "ordinal", range(1, len(found) + 1))
    return found.drop(columns="_unread")
