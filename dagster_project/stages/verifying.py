"""Recompute a figure that was published from the published payments, and say what it was made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from dagster_project.declare.publishers import load_publishers
from dagster_project.measure import all_figures
from dagster_project.measure.breaks import marks
from dagster_project.stages.breakdowns import breakdown_figures
from dagster_project.stages.breaking import breaks_frame, find_breaks, marked
from dagster_project.stages.engine import connect, quoted
from dagster_project.stages.measuring import give_build, give_context
from dagster_project.stages.packaging import EVERYBODY
from dagster_project.stages.plan import Plan
from dagster_project.stages.unpacked import payments_hash, payments_in
from dagster_project.stages.witnessing import neighbours_of

#: How a published payment becomes what the queries of the figures read: whole pence, and the financial year.
AS_ENRICHED = """
SELECT * REPLACE (coalesce(supplier_id, '') AS supplier_id,
                  CASE payee_missing WHEN 'withheld' THEN '[masked]' ELSE coalesce(payee, redaction, '') END AS payee,
                  coalesce(month, '') AS month, coalesce(payee_lad_code, '') AS payee_lad_code, {told}),
  CAST(amount * 100 AS BIGINT) AS amount_pence,
  CASE WHEN month IS NULL THEN '' ELSE
    printf('%d-%02d', year - (month_of < 4)::INT, (year - (month_of < 4)::INT + 1) % 100) END AS period
FROM (SELECT *, CAST(left(month, 4) AS INT) AS year, CAST(right(month, 2) AS INT) AS month_of FROM {payments})
"""
#: A cell that we withheld is there in the payments that figures are made of, and null in the published ones.
TOLD = ", ".join(
    f"CASE WHEN '|' || coalesce(withheld, '') || '|' LIKE '%|{name}|%' THEN '[masked]' ELSE coalesce({name}, '') END AS {name}"
    for name in ("department", "purpose", "category", "reference", "company_number", "charity_number", "vat_number")
)


#: Tables of figures that anybody can recompute from the published payments.
FIGURE_TABLES = ("figures", "breakdowns")


class NothingToVerify(LookupError):
    """No such figure or package; the message says what was looked for and where."""


def as_released(plan: Plan) -> Plan:
    """The plan with the public bodies, and the claim of completeness, that the package for all was made with."""
    folder = Path(plan.store.path(f"packages/{EVERYBODY}"))
    if not (folder / "datapackage.json").is_file():
        raise NothingToVerify(f"There is no package in {folder}. Make one: local-pound build --out {plan.out}")
    released = replace(plan)
    spine = {publisher.slug: publisher for publisher in load_publishers(folder / "publishers.csv")}
    complete = plan.store.read_json(f"packages/{EVERYBODY}/datapackage.json")["isComplete"]
    released.__dict__.update(publishers=spine, is_complete=complete)
    return released


def verify_figure(plan: Plan, wanted: str) -> tuple[bool, str]:
    """
    Recompute a figure from the published payments of the package for all.

    Returns:
        Whether it comes out the same, and what to print.

    Raises:
        NothingToVerify: there is no figure of that id in this build.
    """
    plan = as_released(plan)
    folder = Path(plan.store.path(f"packages/{EVERYBODY}"))
    for table in FIGURE_TABLES:
        figures = pd.read_parquet(folder / f"{table}.parquet")
        found = figures[figures["figure_id"] == wanted]
        if len(found):
            break
    else:
        raise NothingToVerify(
            f"No figure {wanted} in {folder}. Its id stands under it on the portal, such as f-2b7e90aa10cc."
        )
    said = found.iloc[0]
    measures = [measure for measure in plan.measures if measure.id == said["measure"]]
    again = figures_again(plan, folder, measures, said["publisher"])[table]
    now = again[again["figure_id"] == wanted]
    same = len(now) == 1 and all(_equal(said[name], now.iloc[0][name]) for name in ("low", "high", "status", "months"))
    same = same and int(said["base"] * 100) == now.iloc[0]["base_pence"]
    version = plan.store.read_json(f"packages/{EVERYBODY}/datapackage.json")["version"]
    lines = [
        f"Figure    {wanted}",
        f"Measure   {measures[0].name}: {measures[0].question}" if measures else f"Measure   {said['measure']}",
        f"Body      {said['publisher']}",
        *([f"Part      {said['part']} (by {said['breakdown']})"] if "part" in said else []),
        f"Period    {said['period']} ({said['months']} months)",
        f"At least  {said['low']}",
        f"At most   {said['high']}",
        f"Base      £{said['base']:,}, of which not known £{said['unknown']:,}",
        f"State     {said['status']}",
        f"Package   local-pound {version}, payments.parquet {payments_hash(plan.store)}",
        f"Query     dagster_project/measure, form '{measures[0].form}', base '{measures[0].base}'" if measures else "",
        "",
        "The same again." if same else f"DIFFERENT: recomputed {now.iloc[0].to_dict() if len(now) else 'nothing'}",
    ]
    return same, "\n".join(lines)


def figures_again(plan: Plan, folder: Path, measures: Sequence[Any], publisher: str) -> dict[str, pd.DataFrame]:
    """
    Tables of figures (`FIGURE_TABLES`) from the published payments of a package, and the breaks of their series.

    Args:
        folder: Of the package for all.
        publisher: Whose; `""` for all, and then ranks come out too.
    """
    whole = folder / "payments.parquet"
    source = f"read_parquet({quoted(str(whole))})" if whole.is_file() else payments_in(plan.store)
    if publisher:
        source += f" WHERE publisher = {quoted(publisher)}"
    with connect() as engine:
        engine.execute(f"CREATE VIEW payments_of_bodies AS {AS_ENRICHED.format(payments=source, told=TOLD)}")
        engine.execute("CREATE VIEW payments AS FROM payments_of_bodies")
        give_context(engine, plan)
        try:
            at_hand, neighbours = give_build(engine, plan), neighbours_of(plan)
        except FileNotFoundError:
            at_hand, neighbours = [], {}
            if beyond := [measure.id for measure in measures if not measure.is_in_packages]:
                raise NothingToVerify(
                    f"{', '.join(beyond)}: rests on registers or files that are not in the package. "
                    "Build again from the same files and registers, then verify it there."
                ) from None
        figures = all_figures(
            engine, measures, plan.denominators, plan.publishers, plan.is_complete, at_hand, neighbours
        )
        try:
            breaks = find_breaks(engine, plan)
        except FileNotFoundError:
            breaks = []  # files of a build tell of some of them, and there is none
        parts, of_bodies = breakdown_figures(engine, plan, measures, at_hand), marks(breaks)
    return {
        "figures": marked(figures, of_bodies),
        "breakdowns": marked(parts, of_bodies),
        "breaks": breaks_frame(breaks),
    }


def _equal(a: Any, b: Any) -> bool:
    return bool(a == b) or bool(pd.isna(a) and pd.isna(b))
