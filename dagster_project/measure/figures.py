"""Every figure of every body: one query a form, then bounds, admission and ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from dagster_project.measure.admission import not_ranked_because, status_of
from dagster_project.measure.bounds import Sums, bounds_of
from dagster_project.measure.forms import share
from dagster_project.measure.ranks import rank_ranges
from dagster_project.model.figures import Figure
from dagster_project.model.ids import figure_id

HERE = Path(__file__).parent

FIGURE_COLUMNS = (
    "figure_id", "publisher", "period", "measure", "low", "high", "best", "outer_low", "outer_high", "base_pence",
    "unknown_pence", "months", "coverage", "status", "is_ranked", "not_ranked_because", "population", "rank_best",
    "rank_worst", "ranked_of",
)  # fmt: skip


def query(name: str) -> str:
    """The text of a named SQL file of this room."""
    return (HERE / name).read_text(encoding="utf-8")


def payee_years(engine: duckdb.DuckDBPyConnection) -> None:
    """Make the table `payee_years` from `payments`, `classes` and `areas` of the engine."""
    engine.execute(f"CREATE OR REPLACE TABLE payee_years AS {query('payee_years.sql')}")


def sums_of(
    engine: duckdb.DuckDBPyConnection, measures: Sequence[Any], denominators: Mapping[str, Any]
) -> pd.DataFrame:
    """
    Sums of every measure.

    Returns:
        One row per measure, publisher and period: yes, unknown, base in pence.
    """
    frames = []
    if shares := [measure for measure in measures if measure.form == "share"]:
        frames.append(engine.execute(share.sums_sql(shares, denominators)).df())
    for measure in measures:
        if measure.form == "concentration":
            frames.append(engine.execute(query("forms/concentration.sql")).df().assign(measure=measure.id))
        elif measure.form == "total":
            years = engine.execute(query("years.sql")).df()
            frames.append(years.assign(measure=measure.id, yes=years["pence"], unknown=0, base=years["pence"]))
    columns = ["measure", "publisher", "period", "yes", "unknown", "base"]
    sums = pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
    return sums.fillna({"yes": 0, "unknown": 0, "base": 0}).astype(
        {"yes": "int64", "unknown": "int64", "base": "int64"}
    )


def all_figures(
    engine: duckdb.DuckDBPyConnection, measures: Sequence[Any], denominators: Mapping[str, Any],
    publishers: Mapping[str, Any], is_complete: bool,
) -> pd.DataFrame:  # fmt: skip
    """
    Figures of all bodies, years and measures.

    Args:
        engine: Holds `payments` (enriched), `classes`, `areas`.
        publishers: By slug; `kind`, `lad_code` and `areas_served` are read.
        is_complete: Whether the files are everything that the bodies published; otherwise coverage is not known.

    Returns:
        Columns `FIGURE_COLUMNS`, by measure, period and publisher.
    """
    payee_years(engine)
    months = engine.execute(query("years.sql")).df().set_index(["publisher", "period"])["months"].to_dict()
    by_id = {measure.id: measure for measure in measures}
    rows = []
    for row in sums_of(engine, measures, denominators).itertuples(index=False):
        measure, body = by_id[str(row.measure)], publishers[str(row.publisher)]
        if measure.asked_of == "bodies with an area" and not (body.lad_code or body.areas_served):
            continue
        served = int(months.get((row.publisher, row.period), 0))
        rows.append(_figure_row(row, measure, body.kind, served, is_complete))
    figures = pd.DataFrame(rows, columns=list(FIGURE_COLUMNS))
    figures = _ranked(figures, by_id)
    return figures.sort_values(["measure", "period", "publisher"], kind="stable", ignore_index=True)


def _figure_row(row: Any, measure: Any, kind: str, months: int, is_complete: bool) -> dict[str, Any]:
    bounds = bounds_of(Sums(row.yes, row.unknown, row.base), measure.unit)
    low = None if bounds.low is None else float(bounds.low)
    high = None if bounds.high is None else float(bounds.high)
    figure = Figure(
        figure_id(row.publisher, row.period, measure.id), row.publisher, row.period, measure.id, low, high, None, None,
        None, row.base, row.unknown, months / 12 if is_complete else None,
        status_of(bounds.status, months, is_complete), kind,
    )  # fmt: skip
    because = (
        not_ranked_because(bounds.status, months, low, high, measure.unit) if measure.rank else "Not a league table."
    )
    return {
        **{name: getattr(figure, name) for name in FIGURE_COLUMNS if hasattr(figure, name)},
        "base_pence": row.base, "unknown_pence": row.unknown, "months": months,
        "is_ranked": not because, "not_ranked_because": because,
    }  # fmt: skip


def _ranked(figures: pd.DataFrame, measures: Mapping[str, Any]) -> pd.DataFrame:
    """Ranks among the admitted bodies of the same kind, measure and year."""
    types = {"low": "float64", "high": "float64", "best": "float64", "outer_low": "float64", "outer_high": "float64",
             "coverage": "float64", "is_ranked": "bool", "base_pence": "int64", "unknown_pence": "int64",
             "months": "int64"}  # fmt: skip
    text = dict.fromkeys(
        ("figure_id", "publisher", "period", "measure", "status", "not_ranked_because", "population"), "str"
    )
    figures = figures.astype({**types, **text, "rank_best": "Int64", "rank_worst": "Int64", "ranked_of": "Int64"})
    admitted = figures[figures["is_ranked"]]
    for (measure, _, _), group in admitted.groupby(["measure", "period", "population"], sort=True):
        turned = -1 if measures[str(measure)].direction == "lower" else 1
        pairs = zip(group["low"] * turned, group["high"] * turned, strict=True)
        places = rank_ranges([(min(pair), max(pair)) for pair in pairs])
        figures.loc[group.index, "rank_best"] = [best for best, _ in places]
        figures.loc[group.index, "rank_worst"] = [worst for _, worst in places]
        figures.loc[group.index, "ranked_of"] = len(group)
    return figures
