"""Which months are served, year by year: a sign and a colour, and the same in words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dagster_project.model import periods
from dagster_project.portal import findings, formats

LETTERS = ("A", "M", "J", "J", "A", "S", "O", "N", "D", "J", "F", "M")


def calendar(coverage: pd.DataFrame, is_known_complete: bool) -> dict[str, Any] | None:
    """
    The calendar of one body.

    Args:
        coverage: Rows of one body.
        is_known_complete: Whether a month that is not here is known not to be published.

    Returns:
        `years`, each with twelve `(state, words)`: `served`, `gap` between the first and the last month, `outside`.
        `None` where no month is served.
    """
    served = coverage[coverage["month"] != "undated"].groupby("month")["rows"].sum()
    if served.empty:
        return None
    first, last = served.index.min(), served.index.max()
    gaps = [month for month in periods.months_between(first, last) if month not in served.index]
    start, end = int((periods.financial_year(first) or "")[:4]), int((periods.financial_year(last) or "")[:4])
    years = [f"{year}-{(year + 1) % 100:02d}" for year in range(end, start - 1, -1)]
    absent = "not published" if is_known_complete else "no file"

    def cell(month: str) -> tuple[str, str]:
        if month in served.index:
            return "served", f"{formats.month(month)}: {formats.plural(served[month], 'payment')}"
        inside = first < month < last
        return (
            "gap" if inside else "outside"
        ), f"{formats.month(month)}: {absent if inside else 'outside these files'}"

    undated = int(coverage.loc[coverage["month"] == "undated", "rows"].sum())
    return {
        "heading": findings.months_published(gaps, is_known_complete),
        "letters": LETTERS,
        "years": [(formats.year(year), [cell(month) for month in periods.months_of(year)]) for year in years],
        "gaps": [formats.month(month) for month in gaps],
        "undated": undated,
        "absent": absent,
    }
