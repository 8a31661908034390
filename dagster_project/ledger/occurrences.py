"""Equal lines: several payments within one file, one payment across files of the same month."""

from __future__ import annotations

import pandas as pd

from dagster_project.model.ids import payment_id


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
