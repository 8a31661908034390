"""Every figure of every body: one query a form, then bounds, admission and ranks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from dagster_project.measure.admission import not_ranked_because, status_of
from dagster_project.measure.bounds import Sums, bounds_of, effective_payees, exact, outer_of
from dagster_project.measure.engine import Engine
from dagster_project.measure.forms import concentration, share, total, weighted
from dagster_project.measure.knowing import groups_of_bodies, know, know_payees, query
from dagster_project.measure.ranks import places, places_among
from dagster_project.model.figures import Figure
from dagster_project.model.ids import figure_id

FIGURE_COLUMNS = (
    "figure_id", "publisher", "period", "measure", "low", "high", "best", "outer_low", "outer_high", "base_pence",
    "unknown_pence", "months", "coverage", "effective_payees", "status", "is_ranked", "not_ranked_because", "population",
    "rank_best", "rank_worst", "ranked_of", "not_separated", "near_rank_best", "near_rank_worst", "near_of",
)  # fmt: skip

#: Measure, publisher, period and what it is made of.
Found = tuple[str, str, str, Sums]


def sums_of(
    engine: Engine, measures: Sequence[Any], denominators: Mapping[str, Any],
    at_hand: Collection[str],
) -> list[Found]:  # fmt: skip
    """
    Sums of every measure whose needs are at hand, for every body and year; `knowing.know` must have run.

    Args:
        at_hand: What of the measures' `needs` there is.
    """
    can = [measure for measure in measures if measure.form != "missing" and set(measure.needs) <= set(at_hand)]
    of_payees = [measure for measure in can if _asks_payees(measure)]
    found = _sums(engine, [measure for measure in can if not _asks_payees(measure)], denominators)
    for group in groups_of_bodies(engine) if of_payees else ():
        know_payees(engine, group)
        found += _sums(engine, of_payees, denominators)
    return found


def _asks_payees(measure: Any) -> bool:
    return bool(measure.of == "payees" if measure.form == "share" else measure.form in ("concentration", "weighted"))


def _sums(engine: Engine, measures: Sequence[Any], denominators: Mapping[str, Any]) -> list[Found]:
    """Sums of measures over the tables as they are."""
    found: list[Found] = []
    if shares := [measure for measure in measures if measure.form == "share"]:
        rows = engine.execute(share.sums_sql(shares, denominators)).fetchall()
        found += [(measure, publisher, period, share.sums_of(row)) for measure, publisher, period, *row in rows]
    for measure in measures:
        if measure.form != "share":
            found += [(measure.id, *row) for row in _other_sums(engine, measure, denominators)]
    return found


def _other_sums(engine: Engine, measure: Any, denominators: Mapping[str, Any]) -> Iterator[tuple[str, str, Sums]]:
    """Publisher, period and sums of a measure of another form than a share."""
    if measure.form == "concentration":
        for publisher, period, *row in engine.execute(query("forms/concentration.sql")).fetchall():
            yield publisher, period, concentration.sums_of(measure.index, [int(number) for number in row])
    elif measure.form == "weighted":
        for publisher, period, *row in engine.execute(weighted.sums_sql(measure, denominators)).fetchall():
            yield publisher, period, weighted.sums_of(measure.statistic, row, measure.unit)
    else:
        levels = price_levels(engine) if measure.in_prices_of else {}
        now = levels.get(measure.in_prices_of)
        for publisher, period, pence in engine.execute("SELECT publisher, period, pence FROM years").fetchall():
            if not measure.in_prices_of:
                yield publisher, period, total.sums_of(pence)
            elif now and period in levels:
                yield publisher, period, total.sums_of(pence, (levels[period], now))


def price_levels(engine: Engine) -> dict[str, Fraction]:
    """The mean of the monthly price index of each financial year that has all twelve."""
    rows = engine.execute("SELECT period, prices, months FROM price_years").fetchall()
    return {period: exact(prices) / months for period, prices, months in rows}


def all_figures(
    engine: Engine, measures: Sequence[Any], denominators: Mapping[str, Any],
    publishers: Mapping[str, Any], is_complete: bool, at_hand: Collection[str] = (),
    neighbours: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """
    Figures of all bodies, years and measures.

    Args:
        engine: Holds `payments` (enriched), `classes`, `areas`, and what else of `knowing.GIVEN` there is.
        publishers: By slug; `kind`, `lad_code` and `areas_served` are read.
        is_complete: Whether the files are everything that the bodies published; otherwise coverage is not known.
        at_hand: What of the measures' `needs` there is; measures that need more are left out.
        neighbours: By body, the most alike first; see `neighbours.nearest`.

    Returns:
        Columns `FIGURE_COLUMNS`, by measure, period and publisher.
    """
    know(engine)
    served = {(p, y): int(n) for p, y, n in engine.execute("SELECT publisher, period, months FROM years").fetchall()}
    by_id = {measure.id: measure for measure in measures}
    hands = {*at_hand, *(("complete",) if is_complete else ())}
    rows = []
    for measure_id, publisher, period, sums in sums_of(engine, measures, denominators, hands):
        measure, body = by_id[measure_id], publishers[publisher]
        if measure.asked_of == "bodies with an area" and not (body.lad_code or body.areas_served):
            continue
        rows.append(
            _figure_row(publisher, period, measure, body.kind, sums, served.get((publisher, period), 0), is_complete)
        )
    figures = _ranked(_typed(pd.DataFrame(rows, columns=list(FIGURE_COLUMNS))), by_id, neighbours or {})
    return figures.sort_values(["measure", "period", "publisher"], kind="stable", ignore_index=True)


def _figure_row(
    publisher: str, period: str, measure: Any, kind: str, sums: Sums, months: int, is_complete: bool
) -> dict[str, Any]:
    bounds = bounds_of(sums, measure.unit)
    low = None if bounds.low is None else float(bounds.low)
    high = None if bounds.high is None else float(bounds.high)
    is_money = measure.counted_in == "pounds"
    has_outer = measure.form == "share" and is_money
    outer_low, outer_high = outer_of(bounds, sums) if has_outer else (None, None)
    figure = Figure(
        figure_id(publisher, period, measure.id), publisher, period, measure.id, low, high, None, outer_low, outer_high,
        sums.base, sums.unknown, months / 12 if is_complete else None, status_of(bounds.status, months, is_complete), kind,
    )  # fmt: skip
    asks_payees = is_money and measure.of == "payees"
    weighs = effective_payees(sums.base, sums.squares) if asks_payees and sums.base > 0 else None
    because = not_ranked_because(
        bounds.status, months, low, high, measure.unit,
        pence=sums.base if is_money and measure.unit != "pounds" else None,
        payees=weighs if measure.form == "share" else None,
        withheld=sums.withheld / sums.base if sums.base > 0 else 0.0,
    ) if measure.rank else "Not a league table."  # fmt: skip
    return {
        **{name: getattr(figure, name) for name in FIGURE_COLUMNS if hasattr(figure, name)},
        "base_pence": sums.base, "unknown_pence": sums.unknown, "months": months, "effective_payees": weighs,
        "is_ranked": not because, "not_ranked_because": because,
    }  # fmt: skip


def _typed(figures: pd.DataFrame) -> pd.DataFrame:
    """The table with the type of each column, also where it has no rows."""
    numbers = ("low", "high", "best", "outer_low", "outer_high", "coverage", "effective_payees")
    whole = ("base_pence", "unknown_pence", "months")
    text = ("figure_id", "publisher", "period", "measure", "status", "not_ranked_because", "population")
    ranks = ("rank_best", "rank_worst", "ranked_of", "not_separated", "near_rank_best", "near_rank_worst", "near_of")
    return figures.astype({
        **dict.fromkeys(numbers, "float64"), **dict.fromkeys(whole, "int64"), **dict.fromkeys(text, "str"),
        **dict.fromkeys(ranks, "Int64"), "is_ranked": "bool",
    })  # fmt: skip


def _ranked(
    figures: pd.DataFrame, measures: Mapping[str, Any], neighbours: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Places among the admitted bodies of the same kind, measure and year, by the bounds; pairs by the outer range."""
    admitted = figures[figures["is_ranked"]]
    for (measure, _, _), group in admitted.groupby(["measure", "period", "population"], sort=True):
        turned = -1 if measures[str(measure)].direction == "lower" else 1
        bounds = _spans(group["low"] * turned, group["high"] * turned)
        careful = _spans(
            group["outer_low"].fillna(group["low"]) * turned, group["outer_high"].fillna(group["high"]) * turned
        )
        found = places(bounds)
        figures.loc[group.index, "rank_best"] = [place.best for place in found]
        figures.loc[group.index, "rank_worst"] = [place.worst for place in found]
        figures.loc[group.index, "ranked_of"] = len(group)
        figures.loc[group.index, "not_separated"] = [place.not_separated for place in places(careful)]
        near = places_among(dict(zip(group["publisher"], bounds, strict=True)), neighbours)
        for index, publisher in group["publisher"].items():
            if place := near.get(str(publisher)):
                figures.loc[index, ["near_rank_best", "near_rank_worst", "near_of"]] = [
                    place.best,
                    place.worst,
                    place.of,
                ]
    return figures


def _spans(one: pd.Series, other: pd.Series) -> list[tuple[float, float]]:
    return [(min(pair), max(pair)) for pair in zip(one, other, strict=True)]
