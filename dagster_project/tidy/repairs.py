"""Mends records whose cells ran together: a date with the amount glued to its end, a payee with a date glued to it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dagster_project.tidy.amounts import Amounts
from dagster_project.tidy.columns import Layout
from dagster_project.tidy.dates import is_day_like
from dagster_project.tidy.grids import Row, is_blank

GLUED = re.compile(r"(?P<head>.*?)\s*(?P<day>\d{1,2}/\d{1,2}/\d{4})\s*(?P<tail>-?[\d,]+(?:\.\d+)?)?$", re.DOTALL)


def unglue(rows: Sequence[Row], start: int, end: int, layout: Layout, amounts: Amounts) -> dict[int, Row]:
    """
    Records of a table that make sense once a cell is cut in two or three.

    Args:
        start, end: The records of the table below its headings.

    Returns:
        Index to the mended record. Only records without an amount in its place are touched, and only where amount
        and day stand in theirs afterwards.
    """
    if not {"amount", "date", "payee"} <= set(layout.columns):
        return {}
    amount, day, payee = (layout.columns[name] for name in ("amount", "date", "payee"))
    mended: dict[int, Row] = {}
    for i in range(start, end):
        row = rows[i]
        if (len(row) > amount and amounts[row[amount]].__class__ is int) or is_blank(row):
            continue
        for at in (day, payee):
            fixed = _cut(row, at)
            if (
                fixed
                and len(fixed) > max(amount, day)
                and is_day_like(fixed[day])
                and isinstance(amounts[fixed[amount]], int)
            ):
                mended[i] = fixed
                break
    return mended


def _cut(row: Row, at: int) -> list[object] | None:
    cell = row[at] if at < len(row) else None
    found = GLUED.match(cell.strip()) if isinstance(cell, str) else None
    if not found or not (found["head"] or found["tail"]):
        return None
    parts = [part for part in (found["head"], found["day"], found["tail"]) if part]
    return [*row[:at], *parts, *row[at + 1 :]]
