"""Breaks in the series of bodies and of clusters, and their marks on figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, pairwise
from typing import Any

import pandas as pd

from dagster_project.declare.vocabulary import read_rows
from dagster_project.measure.breaks import (
    KINDS,
    Break,
    layout_breaks,
    reorganisations,
    threshold_breaks,
    vat_breaks,
    without_twins,
)
from dagster_project.measure.engine import Engine
from dagster_project.measure.knowing import query
from dagster_project.model.periods import MONTH, financial_year, months_of
from dagster_project.stages.plan import DECLARED, Plan
from dagster_project.stages.reading import files_of

COLUMNS = ("publisher", "period", "month", "kind", "how", "says")


def find_breaks(engine: Engine, plan: Plan) -> list[Break]:
    """
    Every break of every body.

    Args:
        engine: Holds the view `paid`, as `measure.knowing.know` makes it.
    """
    rows = engine.execute(query("breaks.sql")).fetchall()
    months = {slug: [row[1:] for row in own] for slug, own in groupby(rows, key=lambda row: row[0])}
    found = list(_declared(plan))
    for slug, own in months.items():
        found += threshold_breaks(str(slug), own)
    for slug, frame in files_of(plan).items():
        files = with_payments(frame)
        found += [*vat_breaks(slug, files), *layout_breaks(slug, files)]
    served = {str(slug): (str(own[0][0]), str(own[-1][0])) for slug, own in months.items()}
    return without_twins([*found, *reorganisations(plan.publishers, served)])


def with_payments(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of `files` that were read and hold payments of a month, in order of time."""
    rows = [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
    own = [
        row for row in rows
        if row["status"] == "read" and row["first_month"] and "payments" in row["dataset_kinds"].split("|")
    ]  # fmt: skip
    return sorted(own, key=lambda row: (row["first_month"], row["name"]))


def _declared(plan: Plan) -> Iterator[Break]:
    """
    Those that people declared.

    Raises:
        VocabularyError: one names a body that is not in the spine, or a kind that there is none of.
    """
    columns = ("publisher", "month", "kind", "says", "source")
    for row in read_rows(DECLARED / "measures" / "breaks.csv", columns, columns):
        if plan.origin == "sample" and row["publisher"] not in plan.publishers:
            continue  # real bodies do not stand beside invented ones
        if not MONTH.match(row["month"]):
            raise row.wrong(f"`{row['month']}` is not a month; expected the form 2011-04.")
        says = f"{row['says']} Source: {row['source']}."
        yield Break(row.one_of("publisher", plan.publishers), row["month"], row.one_of("kind", KINDS), "declared", says)


def breaks_frame(breaks: Iterable[Break]) -> pd.DataFrame:
    """Rows of `breaks`, a break each."""
    rows = [(one.publisher, financial_year(one.month), one.month, one.kind, one.how, one.says) for one in breaks]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype("str")


def marked(figures: pd.DataFrame, of_bodies: Mapping[str, list[str]]) -> pd.DataFrame:
    """Figures with the marks of the breaks that lie in their period, in `breaks`, separated by bars."""
    pairs = figures[["publisher", "period"]].drop_duplicates().itertuples(index=False, name=None)
    said = {(who, period): _of_period(of_bodies.get(who, ()), period) for who, period in pairs}
    found = [said[pair] for pair in zip(figures["publisher"], figures["period"], strict=True)]
    return figures.assign(breaks=pd.Series(found, index=figures.index, dtype="str"))


def _of_period(own: Iterable[str], period: str) -> str:
    months = set(months_of(period))
    return "|".join(mark for mark in own if mark.rpartition(" ")[2] in months)


def member_marks(members: Iterable[tuple[str, str, str]]) -> dict[str, list[str]]:
    """
    Marks of clusters of whose bodies others have payments than in the year before.

    Args:
        members: Cluster, period and body with payments in it.
    """
    bodies: dict[str, dict[str, set[str]]] = {}
    for cluster, period, body in members:
        bodies.setdefault(cluster, {}).setdefault(period, set()).add(body)
    found: dict[str, list[str]] = {}
    for cluster, years in bodies.items():
        ordered = sorted(years)
        found[cluster] = [
            f"members {months_of(period)[0]}" for before, period in pairwise(ordered)
            if years[before] != years[period]
        ]  # fmt: skip
    return found
