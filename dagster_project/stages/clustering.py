"""Figures of clusters: the same queries over the payments of several bodies at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from dagster_project.declare.vocabulary import read_rows
from dagster_project.flow import table_key
from dagster_project.measure import all_figures
from dagster_project.measure.clusters import Cluster, clusters_of
from dagster_project.stages.breaking import marked, member_marks
from dagster_project.stages.engine import connect_wide, view
from dagster_project.stages.naming import PAYEES
from dagster_project.stages.plan import DECLARED, Plan
from dagster_project.stages.witnessing import give_witnesses, near_of

#: ITL1 codes and names; the sample's own regions are added from its spine.
REGIONS = {
    "TLC": "North East", "TLD": "North West", "TLE": "Yorkshire and The Humber", "TLF": "East Midlands",
    "TLG": "West Midlands", "TLH": "East of England", "TLI": "London", "TLJ": "South East", "TLK": "South West",
    "TLL": "Wales", "TLM": "Scotland", "TLN": "Northern Ireland",
}  # fmt: skip


def declared_clusters(plan: Plan) -> tuple[Cluster, ...]:
    """Clusters of the bodies of which there are payments."""
    paid = set(plan.recall(PAYEES).keys)
    here = {slug: body for slug, body in plan.publishers.items() if slug in paid}
    others = sorted({body.region for body in here.values() if body.region} - set(REGIONS))
    columns = ("slug", "name", "bodies")
    named = list(read_rows(DECLARED / "measures" / "clusters.csv", columns, ("slug",)))
    return clusters_of(here, REGIONS | {code: f"Region {code}" for code in others}, named, plan.publishers)


def cluster_figures(plan: Plan, give_context: Any) -> pd.DataFrame:
    """
    Figures of every cluster, pooled from sums.

    Args:
        give_context: Gives an engine classes and places; those of bodies are replaced by those of clusters.

    Returns:
        Columns of figures, `publisher` being the cluster; `bodies`, how many of its bodies have payments in the year;
        and `name`. Only measures of payees and of spending: openness is one body's own.
    """
    clusters = {cluster.slug: cluster for cluster in declared_clusters(plan)}
    payees = plan.recall(PAYEES)
    pairs = [(cluster.slug, member) for cluster in clusters.values() for member in cluster.members]
    measures = [measure for measure in plan.measures if measure.family != "openness"]
    with connect_wide() as engine:
        engine.register("members", _table(("cluster", "member"), pairs))
        for name, stored in (("paid_by_bodies", "payments"), ("named_by_bodies", "payees")):
            view(engine, plan.store, name, [table_key(PAYEES, p, key, stored) for p, key in payees.keys.items()])
        engine.execute(
            "CREATE OR REPLACE VIEW payments AS SELECT m.cluster AS publisher, p.* EXCLUDE (publisher) FROM paid_by_bodies AS p "
            "JOIN members AS m ON m.member = p.publisher"
        )
        give_context(engine, plan)
        areas = [(cluster.slug, code) for cluster in clusters.values() for code in cluster.areas_served]
        engine.register("areas", _table(("publisher", "lad_code"), areas))
        engine.register("wider", _table(("publisher", "lad_code"), []))
        engine.register(
            "regions", _table(("publisher", "region"), [(c.slug, c.region) for c in clusters.values() if c.region])
        )
        told = {row[0] for row in engine.execute("DESCRIBE named_by_bodies").fetchall()}
        confidence = "min(confidence)" if "confidence" in told else "CAST(NULL AS DOUBLE)"
        engine.execute(
            f"CREATE OR REPLACE TABLE links AS SELECT m.cluster AS publisher, supplier_id, {confidence} AS confidence "
            "FROM named_by_bodies AS p JOIN members AS m ON m.member = p.publisher WHERE supplier_id <> '' GROUP BY ALL"
        )
        served = {cluster.slug: cluster.areas_served for cluster in clusters.values()}
        engine.register("near", _table(("publisher", "lad_code"), near_of(plan, served)))
        at_hand = give_witnesses(engine, plan)
        figures = all_figures(engine, measures, plan.denominators, clusters, False, at_hand)
        members = engine.execute(
            "SELECT DISTINCT m.cluster, period, p.publisher FROM paid_by_bodies AS p "
            "JOIN members AS m ON m.member = p.publisher WHERE dataset_kind = 'payments' AND period <> ''"
        ).fetchall()
    bodies = Counter((cluster, period) for cluster, period, _ in members)
    found = [bodies[pair] for pair in zip(figures["publisher"], figures["period"], strict=True)]
    names = figures["publisher"].map({slug: c.name for slug, c in clusters.items()}).astype("str")
    return marked(figures.assign(bodies=found, name=names), member_marks(members))


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> pa.Table:
    return pa.table({column: pa.array([row[at] for row in rows], pa.string()) for at, column in enumerate(columns)})
