"""Breaks in a series, in words, and what of them charts and headings mind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from dagster_project.model import periods
from dagster_project.portal import formats, words

#: Kinds after which another thing is counted than before; other headings alone do not change it.
COUNTS_OTHERWISE = ("vat", "threshold", "reorganisation", "members")


def listed(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Rows of `breaks` of one body, the newest first, with `title`, `when`, `says` and `how`."""
    return [
        {"title": words.BREAKS[row["kind"]], "when": formats.month(row["month"]), "says": row["says"],
         "how": words.BREAK_HOW[row["how"]]}
        for row in sorted(rows, key=lambda row: (row["month"], row["kind"]), reverse=True)
    ]  # fmt: skip


def vat_said(files: pd.DataFrame) -> str:
    """How many of a body's files of payments say whether amounts hold VAT, and what; `""` where there is none."""
    own = files[(files["status"] == "read") & files["dataset_kinds"].str.contains("payments")]
    said = own.loc[own["amount_basis"] != "", "amount_basis"].value_counts()
    if own.empty:
        return ""
    told = [
        words.VAT_SAID[str(basis)].format(many=formats.count(int(number))) for basis, number in sorted(said.items())
    ]
    if silent := len(own) - int(said.sum()):
        told.append(words.VAT_SILENT.format(many=formats.count(silent)))
    return words.VAT_OF_FILES.format(files=formats.plural(len(own), "file"), told=formats.listed(told))


def marks_of(text: object) -> list[tuple[str, str]]:
    """The marks of a figure, `vat 2011-04|layout 2011-06`, as pairs of kind and month; none where it has none."""
    pairs = (mark.split(" ") for mark in str(text).split("|")) if isinstance(text, str) and text else ()
    return [(kind, month) for kind, month in pairs]


def said(text: object) -> str:
    """The marks of a figure in words, `""` where it has none."""
    marks = [f"{words.BREAKS[kind].lower()}, {formats.month(month)}" for kind, month in marks_of(text)]
    return words.BREAK.format(what=formats.listed(marks)) if marks else ""


def cuts(figures: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Years that no line may lead to from the year before: those with a break, and those after one within its year."""
    found = set()
    for figure in figures:
        for _, month in marks_of(figure.get("breaks")):
            year = periods.financial_year(month) or ""
            found |= {year} if month.endswith("-04") else {year, periods.next_year(year)}
    return frozenset(found)


def comparable(figures: Sequence[Mapping[str, Any]]) -> set[str]:
    """Years that may be set beside the newest: from the last break on that changed what is counted."""
    months = [month for figure in figures for kind, month in marks_of(figure.get("breaks")) if kind in COUNTS_OTHERWISE]
    last = max(months, default="")
    year = periods.financial_year(last) or ""
    return {
        figure["period"] for figure in figures
        if figure["period"] > year or (figure["period"] == year and last.endswith("-04"))
    }  # fmt: skip
