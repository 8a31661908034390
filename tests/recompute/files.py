"""Measures of openness: of lines, months and files."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from tests.recompute.asked import Figures
from tests.recompute.published import SCOPE, year_of
from tests.recompute.sums import Found

NUMBERS = ("company_number", "charity_number", "vat_number", "postcode")


def _part(reached: Fraction | int, whole: int, is_money: bool) -> Found:
    """A share that leaves nothing open; counts are told in hundredths, as pence are."""
    if not whole:
        return Found(None, None, 0, 0, "no-base", is_money=is_money)
    share = Fraction(reached) / whole
    outer = (float(share), float(share)) if is_money else (None, None)
    return Found(share, share, whole if is_money else whole * 100, 0, is_money=is_money, outer=outer)


def line_figures(lines: pd.DataFrame, is_complete: bool) -> Figures:
    """Fields filled, names given, payees told apart, months there; by body and year."""
    lines = lines.assign(
        fields=1 + sum((lines[name] != "").astype(int) for name in ("department", "purpose", "category", "reference"))
        + (lines["date"] != "").astype(int) + lines["is_named"].astype(int),
        paid=lines["pence"].clip(lower=0),
        is_told=(lines["payee_class"].isin([c for c, scope in SCOPE.items() if scope == 1])),
        has_number=pd.concat([lines[name] != "" for name in NUMBERS], axis=1).any(axis=1),
    )  # fmt: skip
    found: Figures = {}
    for (who, period), rows in lines.groupby(["who", "period"], observed=True):
        key = (str(who), str(period))
        found["t3-fields", *key] = _part(int(rows["fields"].sum()), 7 * len(rows), is_money=False)
        if pounds := int(rows["paid"].sum()):
            named = int(rows.loc[~rows["is_redacted"], "paid"].sum())
            found["t6-named-payees", *key] = _part(named, pounds, is_money=True)
        told = rows[rows["is_told"]]
        if pounds := int(told["paid"].sum()):
            apart = int(told.loc[told["has_number"], "paid"].sum())
            found["t7-identifiers", *key] = _part(apart, pounds, is_money=True)
        if is_complete:
            counts = sorted(rows.groupby("month").size())
            middle = Fraction(int(counts[(len(counts) - 1) // 2] + counts[len(counts) // 2]), 2)
            months = sum(Fraction(1, 2) if 5 * int(n) < middle else 1 for n in counts)
            found["t2-completeness", *key] = _part(months, 12, is_money=False)
    return found


def file_figures(files: pd.DataFrame) -> Figures:
    """Of the files with payments whose first month lies in the year: tables, lines that are not repeated, lines read."""
    files = files[(files["first_month"] != "") & files["dataset_kinds"].str.contains("payments")]
    files = files.assign(period=files["first_month"].map(year_of))
    found: Figures = {}
    for (who, period), rows in files.groupby(["publisher", "period"]):
        key = (str(who), str(period))
        found["t4-format", *key] = _part(int((rows["status"] != "not_a_table").sum()), len(rows), is_money=False)
        lines = int(rows["rows_published"].sum())
        found["t10-counted-once", *key] = _part(int(rows["rows_counted"].sum()), lines, is_money=False)
        read = rows[rows["status"] == "read"]
        if len(read):
            published = int(read["rows_published"].sum())
            found["t12-readability", *key] = _part(
                published, published + int(read["rows_rejected"].sum()), is_money=False
            )
    return found


def layout_figures(files: pd.DataFrame) -> Figures:
    """Headings that each file shares with the one before it, of all that either has."""
    files = files[(files["first_month"] != "") & (files["layout"] != "") & (files["status"] == "read")]
    sums: dict[tuple[str, str], list[int]] = {}
    for who, rows in files.sort_values(["publisher", "first_month", "file_id"]).groupby("publisher"):
        before: set[str] | None = None
        for month, layout in zip(rows["first_month"], rows["layout"], strict=True):
            own = set(layout.split("|"))
            if before is not None:
                shared, either = sums.setdefault((str(who), year_of(month)), [0, 0]), before | own
                shared[0] += len(before & own)
                shared[1] += len(either)
            before = own
    return {("t5-stability", *key): _part(shared, either, is_money=False) for key, (shared, either) in sums.items()}
