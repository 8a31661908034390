"""
Each payment counted once: publisher x kind of data x month is served once.

Overlaps are found from rows, not from names. A source (a table of a file) most of whose lines of a month stand in another
is an edition of that list: one of them speaks. Sources that are not are parts of it: all count, and a payment that two of
them say is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from dagster_project.ledger.occurrences import payment_ids
from dagster_project.ledger.overlaps import loose_key, reference_key, said_too
from dagster_project.ledger.revisions import Source, silent_sources
from dagster_project.model.ids import COUNTED_KINDS

COVERAGE_COLUMNS = (
    "publisher", "dataset_kind", "month", "rows", "amount_pence", "files", "speaks", "replaced", "replaced_rows",
    "replaced_amount_pence", "basis",
)  # fmt: skip
#: Columns that stand in no table.
WORKING = ["_name", "_source", "_loose", "_reference", "_group"]


@dataclass(frozen=True)
class Counted:
    """
    A publisher's payments and months.

    Attributes:
        payments: One row per payment: columns of the published line, `file_id`, `payment_id`, `amount_pence`.
        coverage: One row per kind and month, columns `COVERAGE_COLUMNS`.
    """

    payments: pd.DataFrame
    coverage: pd.DataFrame


def count_once(publisher: str, lines: pd.DataFrame, files: pd.DataFrame) -> Counted:
    """
    Payments of one publisher.

    Args:
        lines: Published lines of all its files: `ledger.published.LINE_COLUMNS` and `file_id`.
        files: `file_id`, `name`, `retrieved` of each file that `lines` comes from.

    Returns:
        Payments in order of kind, month, date, payee, amount and line; never more lines than were published.
    """
    names = files.set_index("file_id")
    lines = lines[lines["dataset_kind"].isin(COUNTED_KINDS)].copy()
    lines["_name"] = lines["file_id"].map(names["name"])
    lines = lines.sort_values(["_name", "file_id", "table", "record"], kind="stable", ignore_index=True)
    lines["_source"] = lines.groupby(["_name", "file_id", "table"], sort=False).ngroup()
    lines["_loose"] = loose_key(lines)
    lines["_reference"] = _references(lines)
    lines["_group"] = lines["month"].where(lines["month"] != "", "undated")
    kept, coverage = [], []
    for (kind, month), group in lines.groupby(["dataset_kind", "_group"], sort=True):
        served, row = _serve_month(group, names)
        kept.append(served)
        coverage.append({"publisher": publisher, "dataset_kind": kind, "month": month, **row})
    payments = pd.concat(kept, ignore_index=True) if kept else lines
    order = ["dataset_kind", "_group", "date", "payee", "pence", "reference", "_name", "table", "record"]
    payments = payments.sort_values(order, kind="stable", ignore_index=True)
    payments.insert(0, "payment_id", payment_ids(publisher, payments))
    payments.insert(1, "publisher", publisher)
    payments = payments.rename(columns={"pence": "amount_pence"}).drop(columns=WORKING)
    return Counted(payments, pd.DataFrame(coverage, columns=list(COVERAGE_COLUMNS)))


def _references(lines: pd.DataFrame) -> pd.Series:
    """References of all sources as far as they can be compared."""
    parts = [reference_key(rows) for _, rows in lines.groupby("_source", sort=False)]
    return pd.concat(parts) if parts else pd.Series(dtype="str")


def _serve_month(group: pd.DataFrame, names: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, object]]:
    """Lines of one month that count, and the month's row of coverage without its keys."""
    by_source = {int(str(number)): rows for number, rows in group.groupby("_source", sort=True)}
    sources = {number: _source(number, rows, names) for number, rows in by_source.items()}
    silent = silent_sources(list(sources.values()), _common(by_source)) if len(by_source) > 1 else {}
    speaking = [number for number in by_source if number not in silent]
    served = _once([by_source[number] for number in sorted(speaking, key=lambda n: (-sources[n].rows, n))])
    lost = _once([served, *(by_source[number] for number in silent)]).iloc[len(served) :]
    row = {
        "rows": len(served),
        "amount_pence": int(served["pence"].sum()),
        "files": group["file_id"].nunique(),
        "speaks": _file_names(sources, speaking),
        "replaced": _file_names(sources, list(silent)),
        "replaced_rows": len(lost),
        "replaced_amount_pence": int(lost["pence"].sum()),
        "basis": "fuller file" if silent else "several files" if len(speaking) > 1 else "one file",
    }
    return served, row


def _source(number: int, rows: pd.DataFrame, names: pd.DataFrame) -> Source:
    file = names.loc[rows["file_id"].iloc[0]]
    return Source(number, str(file["name"]), str(file["retrieved"]), len(rows))


def _file_names(sources: dict[int, Source], numbers: list[int]) -> str:
    return "|".join(sorted({sources[number].name for number in numbers}))


def _common(by_source: dict[int, pd.DataFrame]) -> dict[tuple[int, int], int]:
    """How many lines each two sources of a month share."""
    return {(a, b): int(said_too(by_source[a], by_source[b]).sum()) for a, b in combinations(sorted(by_source), 2)}


def _once(sources: list[pd.DataFrame]) -> pd.DataFrame:
    """Lines of several sources; a payment that several say counts as often as the source that says it most often."""
    pool = sources[0]
    for rows in sources[1:]:
        pool = pd.concat([pool, rows[~said_too(rows, pool)]])
    return pool
