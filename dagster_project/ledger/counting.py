"""
Each payment counted once: publisher x kind of data x month is served once.

Overlaps are found from rows, not from names. Sources (tables of files) that give mostly the same lines of a month are
editions of one list: one of them speaks. Sources that do not are parts of it: all count, and a line that stands in two
of them is one payment.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dagster_project.ledger.occurrences import common_rows, compare_key, nth_among_equals, payment_ids
from dagster_project.ledger.revisions import SAME_PAYMENTS, Source, clusters, speaker
from dagster_project.model.ids import COUNTED_KINDS

COVERAGE_COLUMNS = (
    "publisher", "dataset_kind", "month", "rows", "amount_pence", "files", "speaks", "replaced", "replaced_rows",
    "replaced_amount_pence", "basis",
)  # fmt: skip


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
    lines["_key"] = compare_key(lines)
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
    payments = payments.rename(columns={"pence": "amount_pence"}).drop(columns=["_name", "_source", "_key", "_group"])
    return Counted(payments, pd.DataFrame(coverage, columns=list(COVERAGE_COLUMNS)))


def _serve_month(group: pd.DataFrame, names: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, object]]:
    """Lines of one month that count, and the month's row of coverage without its keys."""
    by_source = {int(str(number)): rows for number, rows in group.groupby("_source", sort=True)}
    sources = {number: _source(number, rows, names) for number, rows in by_source.items()}
    editions = clusters(list(by_source), _alike(by_source)) if len(by_source) > 1 else [list(by_source)]
    speaking = [speaker([sources[number] for number in members]).number for members in editions]
    served = pd.concat([by_source[number] for number in sorted(speaking)])
    if len(speaking) > 1:
        served = _once_across_sources(served)
    silent = sorted(set(by_source) - set(speaking))
    lost = _only_in(pd.concat([by_source[number] for number in silent]), served) if silent else served.iloc[:0]
    row = {
        "rows": len(served),
        "amount_pence": int(served["pence"].sum()),
        "files": group["file_id"].nunique(),
        "speaks": _file_names(sources, speaking),
        "replaced": _file_names(sources, silent),
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


def _alike(by_source: dict[int, pd.DataFrame]) -> set[tuple[int, int]]:
    """Pairs of sources of one month that give mostly the same lines."""
    numbers = sorted(by_source)
    pairs = ((a, b) for i, a in enumerate(numbers) for b in numbers[i + 1 :])
    alike = set()
    for a, b in pairs:
        left, right = by_source[a]["_key"], by_source[b]["_key"]
        if common_rows(left, right) >= SAME_PAYMENTS * min(len(left), len(right)):
            alike.add((a, b))
    return alike


def _once_across_sources(served: pd.DataFrame) -> pd.DataFrame:
    """Lines of several speaking sources; an equal line counts as often as the source that has it most often."""
    nth = nth_among_equals(served, ["_source", "_key", "reference"])
    twins = pd.DataFrame({"key": served["_key"], "reference": served["reference"], "nth": nth}).duplicated()
    return served[~twins.to_numpy()]


def _only_in(silent: pd.DataFrame, served: pd.DataFrame) -> pd.DataFrame:
    """Lines of silent sources that no speaking source gives, each once however many editions had it."""
    nth_silent = nth_among_equals(silent, ["_source", "_key"])
    marked = silent.assign(_nth=nth_silent).drop_duplicates(["_key", "_nth"])
    given = set(zip(served["_key"], nth_among_equals(served, ["_key"]), strict=True))
    missing = [pair not in given for pair in zip(marked["_key"], marked["_nth"], strict=True)]
    return silent.loc[marked.index[missing]]
