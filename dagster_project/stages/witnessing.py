"""What registers say about suppliers and places, cut down to those that were paid and to what measures read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from dagster_project.declare.measures import WITNESSED, load_witnesses
from dagster_project.declare.vocabulary import read_rows
from dagster_project.flow import Job, StageRun, Summary, run_stage, table_key
from dagster_project.measure.borders import borders_of, near_districts
from dagster_project.measure.engine import Engine
from dagster_project.measure.neighbours import STATISTICS, nearest
from dagster_project.stages.boundaries import find_boundaries, read_boundaries
from dagster_project.stages.counting import REGISTERS
from dagster_project.stages.engine import connect, view
from dagster_project.stages.naming import PAYEES
from dagster_project.stages.plan import DECLARED, Plan
from dagster_project.stages.witness_files import find_witnesses, witness_rows
from dagster_project.store import Store, code_key, folder_key, key_of

WITNESSES = "witnesses"
#: What the boundaries of districts are called in `needs`.
BORDERS = "county-borders"


@lru_cache
def declared() -> tuple[Any, ...]:
    """Every declared witness."""
    return load_witnesses(DECLARED / "measures" / "witnesses")


def hear_witnesses(plan: Plan) -> StageRun:
    """Rows of every witness that is at hand, of suppliers that were paid."""
    found = find_witnesses(declared(), plan.registers_folder) if plan.registers_folder else []
    payees = plan.recall(PAYEES)
    keys = [table_key(PAYEES, publisher, key, "payments") for publisher, key in payees.keys.items()]
    postcodes = table_key(REGISTERS, "all", plan.recall(REGISTERS).keys["all"], "postcodes")
    shapes = find_boundaries(plan.register_declarations, plan.registers_folder)
    said = [(witness.slug, path.name, folder_key(path)) for witness, path in found]
    said += [(BORDERS, path.name, folder_key(path)) for _, path in shapes]
    key = key_of([
        code_key("measure", "stages/witnessing.py", "stages/witness_files.py", "stages/boundaries.py"),
        folder_key(DECLARED / "measures" / "witnesses"), said, payees.key,
        plan.recall(REGISTERS).key,
    ])  # fmt: skip
    job = Job("all", key, ([(witness, str(path)) for witness, path in found], keys, postcodes, shapes))
    return plan.keep(run_stage(plan.store, WITNESSES, [job], _hear, plan.report, workers=1))


def _hear(store: Store, job: Job) -> Summary:
    found, keys, postcodes, shapes = job.payload
    suppliers, asked = _paid(store, keys)
    tables: dict[str, list[tuple[str, ...]]] = {name: [] for name in WITNESSED}
    for witness, path in found:
        if witness.table == "deprivation":
            continue
        for row in witness_rows(witness, Path(path)):
            cells = tuple(row.get(column, "") for column in WITNESSED[witness.table])
            if "number" in witness.columns:
                cells = (supplier_id(witness.prefix, row["number"]), *cells[1:])
                # A charity may have been paid by its number as a company.
                twin = supplier_id("GB-COH", row.get("company_number", ""))
                if not {cells[0], twin} & suppliers:
                    continue
            tables[witness.table].append(cells)
    asked |= {_code(cells[6]) for cells in tables["companies"]} | {_code(cells[4]) for cells in tables["charities"]}
    for witness, path in found:
        if witness.table == "deprivation":
            tables["deprivation"] += _deprived(witness_rows(witness, Path(path)), asked)
    for name, rows in tables.items():
        store.write_frame(table_key(WITNESSES, "all", job.key, name), _table(name, sorted(set(rows))).to_pandas())
    sites = _sites(store, tables["sites"], postcodes)
    store.write_frame(table_key(WITNESSES, "all", job.key, "sites_placed"), sites)
    pairs: list[tuple[str, str]] = []
    for register, path in shapes:
        borders = borders_of(read_boundaries(register, path))
        pairs = sorted((code, other) for code, others in borders.items() for other in others)
    store.write_frame(
        table_key(WITNESSES, "all", job.key, "borders"),
        pd.DataFrame(pairs, columns=["lad_code", "other"]).astype("str"),
    )
    at_hand = {witness.slug for witness, _ in found} | ({BORDERS} if pairs else set())
    return {"at_hand": sorted(at_hand), "rows": {n: len(r) for n, r in tables.items()}}


def near_of(plan: Plan, clusters: Mapping[str, Iterable[str]] | None = None) -> list[tuple[str, str]]:
    """
    Pairs of a body and a district in its own county or in one that borders on it.

    Args:
        clusters: Districts by cluster, instead of those of bodies.
    """
    run = plan.recall(WITNESSES)
    frame = plan.store.read_frame(table_key(WITNESSES, "all", run.keys["all"], "borders"))
    if frame.empty:
        return []
    borders = {str(code): set(group["other"]) for code, group in frame.groupby("lad_code")}
    rows = read_rows(DECLARED / "measures" / "metropolitan_counties.csv", ("county", "districts"), ("county",))
    counties = [row["districts"].split("|") for row in rows]
    counties += [
        list(body.areas_served) for body in plan.publishers.values() if body.kind == "county" and body.areas_served
    ]
    served = clusters or {
        body.slug: body.areas_served or ((body.lad_code,) if body.lad_code else ()) for body in plan.publishers.values()
    }
    near = near_districts(served, counties, borders)
    return sorted((body, code) for body, codes in near.items() for code in codes)


def _paid(store: Store, keys: list[str]) -> tuple[set[str], set[str]]:
    """Suppliers that were paid, and postcodes that bodies printed."""
    with connect() as engine:
        if not keys:
            return set(), set()
        view(engine, store, "payments", keys)
        suppliers = {row[0] for row in engine.execute("SELECT DISTINCT supplier_id FROM payments").fetchall()} - {""}
        codes = {row[0] for row in engine.execute("SELECT DISTINCT payee_postcode FROM payments").fetchall()}
    return suppliers, {_code(code or "") for code in codes}


def _code(postcode: str) -> str:
    return re.sub(r"\s+", "", postcode).upper()


def supplier_id(prefix: str, number: str) -> str:
    """A register's number in org-id form; company numbers get back the noughts that a spreadsheet took."""
    number = number.strip().upper()
    if prefix == "GB-COH" and number.isdigit():
        number = number.zfill(8)
    return f"{prefix}-{number}" if number else ""


def _deprived(rows: Iterator[Mapping[str, str]], asked: set[str]) -> list[tuple[str, ...]]:
    """Whether each postcode that was asked for is in the most deprived fifth of its own nation's neighbourhoods."""
    worst: dict[str, int] = {}
    kept = []
    for row in rows:
        if row["rank"].isdigit() and int(row["rank"]) > 0:
            worst[row["country"]] = max(worst.get(row["country"], 0), int(row["rank"]))
            if _code(row["postcode"]) in asked:
                kept.append((_code(row["postcode"]), int(row["rank"]), row["country"]))
    return [(code, "deprived" if rank * 5 <= worst[country] else "other", country) for code, rank, country in kept]


def _table(name: str, rows: list[tuple[str, ...]]) -> pa.Table:
    columns = ["supplier_id" if column == "number" else column for column in WITNESSED[name]]
    return pa.table({
        column: pa.array([row[at] for row in rows], pa.string()) for at, column in enumerate(columns)
    })  # fmt: skip


def _sites(store: Store, rows: list[tuple[str, ...]], postcodes: str) -> pd.DataFrame:
    """Districts of the known sites of suppliers."""
    with connect() as engine:
        view(engine, store, "postcodes", [postcodes])
        engine.register("said", pa.table({
            "supplier_id": pa.array([row[0] for row in rows], pa.string()),
            "postcode_key": pa.array([_code(row[1]) for row in rows], pa.string()),
        }))  # fmt: skip
        found = engine.execute(
            "SELECT DISTINCT supplier_id, lad_code FROM said JOIN postcodes USING (postcode_key) ORDER BY ALL"
        ).fetchall()
    return pd.DataFrame(found, columns=["supplier_id", "lad_code"]).astype("str")


def give_witnesses(engine: Engine, plan: Plan) -> list[str]:
    """
    Make the stored witnesses tables of an engine.

    Returns:
        Slugs of the witnesses at hand.
    """
    run = plan.recall(WITNESSES)
    for name in (*WITNESSED, "sites_placed"):
        view(engine, plan.store, name, [table_key(WITNESSES, "all", run.keys["all"], name)])
    return list(run.summaries["all"]["at_hand"])


def neighbours_of(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The nearest bodies of each body, as far as public statistics about places are at hand."""
    run = plan.recall(WITNESSES)
    read = {
        name: plan.store.read_frame(table_key(WITNESSES, "all", run.keys["all"], name)).to_dict("records")
        for name in ("place_sizes", "place_deprivation", "place_rurality")
    }
    sizes = {row["place"]: row for row in read["place_sizes"]}
    poor = {row["register_code"]: row for row in read["place_deprivation"]}
    rural = {row["register_code"]: row for row in read["place_rurality"]}
    statistics = {}
    for body in plan.publishers.values():
        code = body.org_id.rsplit("-", 1)[-1]
        size = sizes.get(body.lad_code, {})
        people, area = _number(size.get("population")), _number(size.get("area"))
        said = {
            "population": people, "density": people / area if people and area else None,
            "deprivation": _number(poor.get(code, {}).get("deprivation")),
            "rurality": _sum(rural.get(code, {}).get("highly_rural"), rural.get(code, {}).get("rural")),
        }  # fmt: skip
        statistics[body.slug] = {name: value for name in STATISTICS if (value := said[name]) is not None}
    return nearest({body.slug: body.kind for body in plan.publishers.values()}, statistics)


def _number(text: Any) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def _sum(*texts: Any) -> float | None:
    numbers = [_number(text) for text in texts]
    return None if None in numbers else sum(number for number in numbers if number is not None)
