"""Which months are served, late, missing, replaced and withdrawn, year by year: a sign and a colour, and the same in words."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from dagster_project.model import periods
from dagster_project.portal import findings, formats

LETTERS = ("A", "M", "J", "J", "A", "S", "O", "N", "D", "J", "F", "M")


#: What a state that needs explaining means, in the order in which they are explained.
SIGNS = {
    "again": "a double tick, a month that was published again: the later or fuller file speaks",
    "gone": "a crossed tick, a month whose file the body lists no more; we keep it",
    "late": "a clock, a month that is due by now and was not found",
}


def calendar(
    coverage: pd.DataFrame, is_known_complete: bool, late: Collection[str] = (), gone: Collection[str] = ()
) -> dict[str, Any] | None:
    """
    The calendar of one body.

    Args:
        coverage: Rows of one body.
        is_known_complete: Whether a month that is not here is known not to be published.
        late: Months that are due and were not found at the last visit.
        gone: Months of files that the body listed before and lists no more.

    Returns:
        `years`, each with twelve `(state, words)`: `served`, of which `served again` were replaced by a later file and
        `served gone` withdrawn; `late`; `gap` between the first and the last month; `outside`. `signs`, sentences for the
        states that are there. `None` where no month is served.
    """
    served = coverage[coverage["month"] != "undated"].groupby("month")["rows"].sum()
    if served.empty:
        return None
    again = set(coverage.loc[coverage["replaced"] != "", "month"]) if "replaced" in coverage else set()
    late = {month for month in late if month not in served.index and month > served.index.min()}
    first, last = served.index.min(), max([served.index.max(), *late])
    gaps = [month for month in periods.months_between(first, last) if month not in served.index and month not in late]
    start, end = int((periods.financial_year(first) or "")[:4]), int((periods.financial_year(last) or "")[:4])
    years = [f"{year}-{(year + 1) % 100:02d}" for year in range(end, start - 1, -1)]
    absent = "not published" if is_known_complete else "no file"

    def cell(month: str) -> tuple[str, str]:
        if month in served.index:
            said = f"{formats.month(month)}: {formats.plural(served[month], 'payment')}"
            if month in gone:
                return "served gone", f"{said}; its file is no longer listed"
            return ("served again", f"{said}; published again") if month in again else ("served", said)
        if month in late:
            return "late", f"{formats.month(month)}: due, and not found"
        inside = first < month < last
        return (
            "gap" if inside else "outside"
        ), f"{formats.month(month)}: {absent if inside else 'outside these files'}"

    undated = int(coverage.loc[coverage["month"] == "undated", "rows"].sum())
    cells = [(formats.year(year), [cell(month) for month in periods.months_of(year)]) for year in years]
    states = {state.rpartition(" ")[2] for _, months in cells for state, _ in months}
    return {
        "heading": findings.months_published(gaps, is_known_complete),
        "letters": LETTERS,
        "years": cells,
        "signs": [says for state, says in SIGNS.items() if state in states],
        "late": [formats.month(month) for month in sorted(late)],
        "gaps": [formats.month(month) for month in gaps],
        "undated": undated,
        "absent": absent,
    }
