"""Figures of every body, and the league tables made of them."""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from dagster_project.flow import Job, StageRun, Summary, run_stage, table_key
from dagster_project.measure import all_figures
from dagster_project.stages.counting import PAYEES
from dagster_project.stages.engine import connect, view
from dagster_project.stages.plan import DECLARED, Plan
from dagster_project.store import Store, code_key, folder_key, key_of

FIGURES, LEAGUES = "figures", "league_tables"


def give_context(engine: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Give an engine what the queries join: classes of payee, and the districts that each body serves."""
    classes = [(name, payee_class.in_scope) for name, payee_class in plan.classes.items()]
    engine.register("classes", pa.table({
        "payee_class": [name for name, _ in classes],
        "in_scope": pa.array([in_scope for _, in_scope in classes], pa.bool_()),
    }))  # fmt: skip
    areas = [(p.slug, code) for p in plan.publishers.values() for code in (p.areas_served or (p.lad_code,)) if code]
    engine.register("areas", pa.table({
        "publisher": pa.array([slug for slug, _ in areas], pa.string()),
        "lad_code": pa.array([code for _, code in areas], pa.string()),
    }))  # fmt: skip


def compute_figures(plan: Plan) -> StageRun:
    """All figures of all bodies, by one query a form."""
    payees = plan.recall(PAYEES)
    keys = [table_key(PAYEES, publisher, key, "payments") for publisher, key in payees.keys.items()]
    bodies = [(p.slug, p.kind, p.lad_code, p.areas_served) for p in plan.publishers.values()]
    declared = folder_key(DECLARED / "measures", DECLARED / "vocabulary")
    key = key_of([payees.key, code_key("measure", "stages/measuring.py"), declared, bodies, plan.is_complete])

    def work(store: Store, job: Job) -> Summary:
        with connect() as engine:
            view(engine, store, "payments", keys)
            give_context(engine, plan)
            figures = all_figures(engine, plan.measures, plan.denominators, plan.publishers, plan.is_complete)
        store.write_frame(table_key(FIGURES, "all", job.key, "figures"), figures)
        return {"figures": len(figures), "ranked": int(figures["is_ranked"].sum())}

    return plan.keep(run_stage(plan.store, FIGURES, [Job("all", key)], work, plan.report, workers=1))


def figures_frame(plan: Plan) -> pd.DataFrame:
    """All figures."""
    return plan.store.read_frame(table_key(FIGURES, "all", plan.recall(FIGURES).keys["all"], "figures"))


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
