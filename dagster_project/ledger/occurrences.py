"""Equal lines: several payments within one file, one payment across files of the same month."""

from __future__ import annotations

import pandas as pd

from dagster_project.model.ids import payment_id


def compare_key(lines: pd.DataFrame) -> pd.Series:
    """
    What makes two published lines the same payment, for finding overlaps: date, pence, payee.

    Case and spaces of the payee do not matter, and the reference is left out, because a month republished in
    another form (CSV, then XLSX) often differs in just these.
    """
    payee = lines["payee"].str.casefold().str.replace(r"[\W_]+", "", regex=True)
    return lines["date"] + "|" + lines["pence"].astype(str) + "|" + payee


def common_rows(a: pd.Series, b: pd.Series) -> int:
    """How many lines two sources share, each equal line as often as it stands in both."""
    both = pd.concat([a.value_counts(), b.value_counts()], axis=1, keys=["a", "b"], join="inner")
    return int(both.min(axis=1).sum())


def nth_among_equals(lines: pd.DataFrame, by: list[str]) -> pd.Series:
    """The ordinal of each line among equal lines, from 1, in the order they stand in."""
    return lines.groupby(by, sort=False, dropna=False).cumcount() + 1


def payment_ids(publisher: str, payments: pd.DataFrame) -> list[str]:
    """
    Ids of payments, by what they say.

    Args:
        payments: Columns `dataset_kind`, `date`, `payee`, `pence`, `reference`, in an order that does not depend
            on the run: the ordinal among equals follows it.
    """
    ordinal = nth_among_equals(payments, ["dataset_kind", "date", "payee", "pence", "reference"])
    values = zip(
        payments["dataset_kind"], payments["date"], payments["payee"], payments["pence"], payments["reference"], ordinal,
        strict=True,
    )  # fmt: skip
    return [payment_id(publisher, *value) for value in values]
