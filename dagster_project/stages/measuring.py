"""Figures of every body, and the league tables made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd
import pyarrow as pa

from dagster_project.flow import Job, StageRun, Summary, run_stage, table_key
from dagster_project.measure import all_figures
from dagster_project.measure.areas import areas_of, wider
from dagster_project.measure.breaks import marks
from dagster_project.measure.engine import Engine
from dagster_project.measure.knowing import VISITED
from dagster_project.stages.breakdowns import breakdown_figures
from dagster_project.stages.breaking import breaks_frame, find_breaks, marked
from dagster_project.stages.clustering import cluster_figures
from dagster_project.stages.counting import PAYMENTS
from dagster_project.stages.engine import connect_wide, view
from dagster_project.stages.naming import PAYEES
from dagster_project.stages.parts import with_counts
from dagster_project.stages.plan import DECLARED, Plan
from dagster_project.stages.reading import LINES, files_of
from dagster_project.stages.visiting import duties_of, visits_of
from dagster_project.stages.witnessing import give_witnesses, hear_witnesses, near_of, neighbours_of
from dagster_project.store import Store, code_key, folder_key, key_of

FIGURES, LEAGUES = "figures", "league_tables"
#: Store key of what figures lay under before the last build that changed any.
BEFORE = "tables/runs/figures-before.json"


def give_context(engine: Engine, plan: Plan) -> None:
    """Give an engine what the queries join and a package holds too: classes of payee, and where bodies are."""
    classes = [(name, payee_class.in_scope) for name, payee_class in plan.classes.items()]
    engine.register("classes", pa.table({
        "payee_class": [name for name, _ in classes],
        "in_scope": pa.array([in_scope for _, in_scope in classes], pa.bool_()),
    }))  # fmt: skip
    bodies = plan.publishers.values()
    _give(engine, "areas", ("publisher", "lad_code"), areas_of(plan.publishers))
    _give(engine, "wider", ("publisher", "lad_code"), sorted(wider(plan.publishers)))
    _give(engine, "regions", ("publisher", "region"), [(p.slug, p.region) for p in bodies if p.region])
    # Districts stand in the spine as bodies; what lies in none of them has no region here.
    _give(engine, "places", ("lad_code", "region"),
          sorted({(p.lad_code, p.region) for p in bodies if p.lad_code[:3] in DISTRICTS and p.region}))  # fmt: skip


def give_build(engine: Engine, plan: Plan) -> list[str]:
    """
    Give an engine what only a build knows: its files and their headings, how sure links are, what registers say.

    Returns:
        What of the measures' `needs` is at hand.

    Raises:
        FileNotFoundError: there is no build, only a package of one.
    """
    counted = plan.recall(PAYMENTS).summaries
    files = [
        (publisher, *(row[name] for name in FILE_TEXTS), *(int(row[name]) for name in FILE_NUMBERS))
        for publisher, frame in files_of(plan).items()
        for row in with_counts(frame, counted[publisher]["counted"]).to_dict("records")
    ]  # fmt: skip
    engine.register("files", pa.table({
        name: pa.array([row[at] for row in files], pa.string() if at <= len(FILE_TEXTS) else pa.int64())
        for at, name in enumerate(("publisher", *FILE_TEXTS, *FILE_NUMBERS))
    }))  # fmt: skip
    _give(engine, "layouts", ("publisher", "file_id", "first_month", "heading"), [
        (publisher, row["file_id"], row["first_month"], row["heading"])
        for partition, summary in plan.recall(LINES).summaries.items() for publisher in (partition.split("/")[0],)
        for row in summary["headings"] if row["dataset_kind"] == "payments"
    ])  # fmt: skip
    payees = plan.recall(PAYEES)
    keys = [table_key(PAYEES, publisher, key, "payees") for publisher, key in payees.keys.items()]
    view(engine, plan.store, "payees_told", keys)
    told = {row[0] for row in engine.execute("DESCRIBE payees_told").fetchall()}
    confidence = "min(confidence)" if "confidence" in told else "CAST(NULL AS DOUBLE)"
    engine.execute(
        f"CREATE OR REPLACE TABLE links AS SELECT publisher, supplier_id, {confidence} AS confidence FROM payees_told "
        "WHERE supplier_id <> '' GROUP BY ALL"
    )
    _give(engine, "near", ("publisher", "lad_code"), near_of(plan))
    _give(engine, "duties", ("publisher", "publish_by"), duties_of(plan))
    visits = visits_of(plan)
    _give(engine, "visits", tuple(VISITED), visits)
    return [*give_witnesses(engine, plan), *(["harvest"] if visits else [])]


#: Marks of codes of districts, where each place of the United Kingdom lies in exactly one.
DISTRICTS = ("E06", "E07", "E08", "E09", "W06", "S12", "N09")
FILE_TEXTS = ("name", "container", "status", "dataset_kinds", "first_month")
FILE_NUMBERS = ("rows_published", "rows_rejected", "rows_counted")


def _give(engine: Engine, name: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Make rows of text a table of the engine."""
    engine.register(name, pa.table({
        column: pa.array([row[at] for row in rows], pa.string()) for at, column in enumerate(columns)
    }))  # fmt: skip


def compute_figures(plan: Plan) -> StageRun:
    """All figures of all bodies, by one query a form."""
    heard = hear_witnesses(plan)
    payees = plan.recall(PAYEES)
    keys = [table_key(PAYEES, publisher, key, "payments") for publisher, key in payees.keys.items()]
    bodies = [asdict(publisher) for publisher in plan.publishers.values()]
    declared = folder_key(DECLARED / "measures", DECLARED / "vocabulary")
    key = key_of([payees.key, heard.key, plan.recall(LINES).key, code_key("measure", "stages/measuring.py", "stages/clustering.py", "stages/breakdowns.py", "stages/breaking.py", "stages/visiting.py"), declared,
                  bodies, plan.is_complete, visits_of(plan)])  # fmt: skip

    def work(store: Store, job: Job) -> Summary:
        with connect_wide() as engine:
            view(engine, store, "payments_of_bodies", keys)
            engine.execute("CREATE OR REPLACE VIEW payments AS SELECT * FROM payments_of_bodies")
            give_context(engine, plan)
            at_hand = give_build(engine, plan)
            figures = all_figures(engine, plan.measures, plan.denominators, plan.publishers, plan.is_complete, at_hand,
                                  neighbours_of(plan))  # fmt: skip
            breaks = find_breaks(engine, plan)
            parts = breakdown_figures(engine, plan, plan.measures, at_hand)
        of_bodies = marks(breaks)
        store.write_frame(table_key(FIGURES, "all", job.key, "breaks"), breaks_frame(breaks))
        store.write_frame(table_key(FIGURES, "all", job.key, "figures"), marked(figures, of_bodies))
        store.write_frame(table_key(FIGURES, "all", job.key, "breakdowns"), marked(parts, of_bodies))
        store.write_frame(table_key(FIGURES, "all", job.key, "cluster_figures"), cluster_figures(plan, give_context))
        return {"figures": len(figures), "ranked": int(figures["is_ranked"].sum()), "at_hand": at_hand}

    before = _keys_before(plan)
    run = plan.keep(run_stage(plan.store, FIGURES, [Job("all", key)], work, plan.report, workers=1))
    if before and before != run.keys:
        plan.store.write_json(BEFORE, before)
    return run


def _keys_before(plan: Plan) -> dict[str, str]:
    try:
        return plan.recall(FIGURES).keys
    except FileNotFoundError:
        return {}


def figures_frame(plan: Plan) -> pd.DataFrame:
    """All figures."""
    return plan.store.read_frame(table_key(FIGURES, "all", plan.recall(FIGURES).keys["all"], "figures"))


def breakdown_frame(plan: Plan) -> pd.DataFrame:
    """All figures of parts of a body's spending; see `breakdowns.breakdown_figures`."""
    return plan.store.read_frame(table_key(FIGURES, "all", plan.recall(FIGURES).keys["all"], "breakdowns"))


def break_frame(plan: Plan) -> pd.DataFrame:
    """All breaks of series; see `breaking.find_breaks`."""
    return plan.store.read_frame(table_key(FIGURES, "all", plan.recall(FIGURES).keys["all"], "breaks"))


def cluster_frame(plan: Plan) -> pd.DataFrame:
    """All figures of clusters; see `clustering.cluster_figures`."""
    return plan.store.read_frame(table_key(FIGURES, "all", plan.recall(FIGURES).keys["all"], "cluster_figures"))


def make_league_tables(plan: Plan) -> StageRun:
    """Ranked measures in the order of their tables: by kind and year, best possible rank first, the unranked last."""
    key = key_of(
        [
            plan.recall(FIGURES).keys["all"],
            code_key("measure", "stages/measuring.py"),
            folder_key(DECLARED / "measures"),
        ]
    )

    def work(store: Store, job: Job) -> Summary:
        ranked = [measure.id for measure in plan.measures if measure.rank]
        figures = figures_frame(plan)
        table = figures[figures["measure"].isin(ranked)]
        order: dict[str, Any] = {"measure": True, "population": True, "period": False, "rank_best": True,
                                 "rank_worst": True, "publisher": True}  # fmt: skip
        table = table.sort_values(list(order), ascending=list(order.values()), na_position="last", kind="stable")
        store.write_frame(table_key(LEAGUES, "all", job.key, "league_tables"), table.reset_index(drop=True))
        tables = table.groupby(["measure", "population", "period"]).ngroups
        return {"rows": len(table), "tables": tables}

    return plan.keep(run_stage(plan.store, LEAGUES, [Job("all", key)], work, plan.report, workers=1))
