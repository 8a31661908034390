"""Figures of parts of a body's spending: of what was bought, and of each service; the same queries over fewer payments."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dagster_project.measure import FIGURE_COLUMNS, all_figures
from dagster_project.measure.buying import NOT_SAID, bought_sql
from dagster_project.measure.engine import Engine
from dagster_project.stages.plan import Plan

#: Parts by what was bought have all measures of payees; those by service what moves when a service is cut.
BY_SERVICE = (
    "spend", "spend-real", "e1-stays-in-the-area", "e7-small-and-medium", "e8-local-small-and-medium",
    "e9-voluntary-and-social",
)  # fmt: skip
#: Services that are told apart, the largest first; the others are one part.
SERVICES, OTHER_SERVICES = 12, "all other services"
BREAKDOWN_COLUMNS = ("figure_id", "publisher", "breakdown", "part", *FIGURE_COLUMNS[2:])
UNRANKED = "Bodies name their services each in their own way, so services are not compared."

#: One row a body and part, under the name that its figures are computed by; and the payments under these names.
PARTS = """
CREATE OR REPLACE TABLE words_of_payments AS
SELECT category, purpose, {bought} AS bought
FROM (SELECT DISTINCT category, purpose FROM payments_of_bodies WHERE dataset_kind = 'payments');

CREATE OR REPLACE TABLE services AS
WITH spelt AS (
    SELECT publisher, lower(trim(department)) AS service, trim(department) AS spelling, count(*) AS lines,
        sum(abs(amount_pence)) AS pence
    FROM payments_of_bodies WHERE dataset_kind = 'payments' AND trim(department) <> '' GROUP BY ALL
),
named AS (
    SELECT publisher, service, arg_max(spelling, (lines, spelling)) AS spelling, sum(pence) AS pence
    FROM spelt GROUP BY ALL
)
SELECT publisher, service,
    CASE WHEN row_number() OVER (PARTITION BY publisher ORDER BY pence DESC, service) <= {services} THEN spelling
    ELSE '{others}' END AS part
FROM named;

CREATE OR REPLACE VIEW payments AS
SELECT p.publisher || '/bought/' || w.bought AS publisher, p.* EXCLUDE (publisher)
FROM payments_of_bodies AS p JOIN words_of_payments AS w ON w.category = p.category AND w.purpose = p.purpose WHERE dataset_kind = 'payments'
UNION ALL
SELECT p.publisher || '/service/' || coalesce(s.part, '{not_said}') AS publisher, p.* EXCLUDE (publisher)
FROM payments_of_bodies AS p LEFT JOIN services AS s ON s.publisher = p.publisher AND s.service = lower(trim(p.department))
WHERE dataset_kind = 'payments';

CREATE OR REPLACE TABLE parts AS
SELECT DISTINCT publisher AS unit, split_part(publisher, '/', 1) AS publisher FROM payments;
"""


@dataclass(frozen=True)
class _Part:
    """A part of a body's spending, as figures read a body."""

    kind: str
    lad_code: str
    areas_served: tuple[str, ...]


def parts_sql(rules: Sequence[Any]) -> str:
    """SQL that cuts `payments_of_bodies` into parts, by what was bought (`declare.buying.BoughtRule`) and by service."""
    return PARTS.format(
        bought=bought_sql(rules, ("category", "purpose")), services=SERVICES, others=OTHER_SERVICES, not_said=NOT_SAID
    )


def breakdown_figures(engine: Engine, plan: Plan, measures: Collection[Any], at_hand: Collection[str]) -> pd.DataFrame:
    """
    Figures by what was bought and by service, of every body, year and measure of payees or of spending.

    Args:
        engine: As `all_figures` left it, with `payments` under the name `payments_of_bodies`; what it holds of bodies is of parts afterwards.

    Returns:
        Columns `BREAKDOWN_COLUMNS`; `breakdown` is `bought` or `service`.
    """
    engine.execute(parts_sql(plan.bought_rules))
    for name in ("areas", "wider", "regions", "near", "links"):
        _give_to_parts(engine, name)
    units = [unit for (unit,) in engine.execute("SELECT unit FROM parts ORDER BY unit").fetchall()]
    asked = [measure for measure in measures if measure.family != "openness" and measure.of == "payees"]
    figures = all_figures(engine, asked, plan.denominators, _parts(units, plan.publishers), plan.is_complete, at_hand)
    return _told_apart(figures)


def _give_to_parts(engine: Engine, name: str) -> None:
    """What is true of a body is true of its parts."""
    columns = [column for (column, *_) in engine.execute(f"DESCRIBE {name}").fetchall() if column != "publisher"]
    engine.execute(
        f"CREATE OR REPLACE TABLE {name}_of_parts AS SELECT unit AS publisher, {', '.join(columns)} "
        f"FROM {name} JOIN parts USING (publisher)"
    )
    engine.unregister(name)
    engine.execute(f"DROP TABLE IF EXISTS {name}")
    engine.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM {name}_of_parts")


def _parts(units: Collection[str], bodies: Mapping[str, Any]) -> dict[str, _Part]:
    found = {}
    for unit in units:
        slug, breakdown, part = unit.split("/", 2)
        body = bodies[slug]
        # A service may be called what a part by what was bought is called, and is another population.
        name = part if breakdown == "bought" else f"service: {part}"
        found[unit] = _Part(f"{body.kind}, {name}", body.lad_code, body.areas_served)
    return found


def _told_apart(figures: pd.DataFrame) -> pd.DataFrame:
    """Figures with body, breakdown and part in columns of their own; those by service without places."""
    names = figures["publisher"].str.split("/", n=2, expand=True).reindex(columns=range(3))
    figures = figures.assign(publisher=names[0], breakdown=names[1], part=names[2])
    by_service = figures["breakdown"] == "service"
    places = [column for column in figures.columns if column.startswith(("rank_", "near_"))]
    figures.loc[by_service, [*places, "ranked_of", "not_separated"]] = pd.NA
    figures.loc[by_service, "is_ranked"] = False
    figures.loc[by_service, "not_ranked_because"] = UNRANKED
    kept = figures[~by_service | figures["measure"].isin(BY_SERVICE)]
    order = ["breakdown", "measure", "period", "publisher", "part"]
    return kept[list(BREAKDOWN_COLUMNS)].sort_values(order, kind="stable", ignore_index=True)
