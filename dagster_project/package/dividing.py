"""Packages of single years, where a whole one is too large to take."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dagster_project.model.periods import financial_year

#: Bytes of the largest file that a portal carries: static hosts take no larger ones. A package with a larger one has
#: packages of single years beside it. The one place where this is said.
LARGEST_FILE = 90_000_000
UNDATED = "undated"


def years_of(months: pa.ChunkedArray) -> pa.Array:
    """The financial year of each month, such as `2023-24`; `undated` where there is none."""
    encoded = months.combine_chunks().dictionary_encode() if isinstance(months, pa.ChunkedArray) else months
    names = pa.array([financial_year(month) or UNDATED for month in encoded.dictionary.to_pylist()], pa.string())
    return pc.fill_null(names.take(encoded.indices), UNDATED)


def split_by_year(payments: pa.Table) -> dict[str, pa.Table]:
    """Payments of each financial year, in their order."""
    years = years_of(payments.column("month"))
    return {year: payments.filter(pc.equal(years, year)) for year in sorted(pc.unique(years).to_pylist())}


def year_of(month: str) -> str:
    """The financial year of a month as `coverage` writes it."""
    return financial_year("" if month == UNDATED else month) or UNDATED


def months_in(frame: pd.DataFrame, year: str) -> pd.DataFrame:
    """Rows of `coverage` that are months of a year."""
    return frame[frame["month"].map(lambda month: year_of(str(month)) == year).astype(bool)]


def files_in(files: pd.DataFrame, year: str, serving: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """
    Rows of `files` that a package of one year holds.

    Args:
        serving: Pairs of publisher and `file_id` that payments of the year come from.

    Returns:
        Those, and files that give months of the year which another file serves.
    """
    wanted = set(serving)
    serves = [pair in wanted for pair in zip(files["publisher"], files["file_id"], strict=True)]
    spans = [
        bool(first) and year_of(first) <= year <= year_of(last)
        for first, last in zip(files["first_month"], files["last_month"], strict=True)
    ]
    return files[pd.Series(serves, files.index, dtype=bool) | pd.Series(spans, files.index, dtype=bool)]
