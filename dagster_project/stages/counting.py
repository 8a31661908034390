"""Payments counted once, the registers, and who was paid."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from dagster_project.flow import Job, StageRun, Summary, run_stage, table_key
from dagster_project.ledger import count_once, empty_lines
from dagster_project.match import (
    ClassWords,
    Registers,
    bodies_by_name,
    find_register_files,
    name_payees,
    organisations,
    postcode_areas,
    register_rows,
)
from dagster_project.match.names import name_key, postcode_key
from dagster_project.model.ids import file_id
from dagster_project.model.periods import financial_year
from dagster_project.stages.engine import connect, view
from dagster_project.stages.plan import DECLARED, Plan
from dagster_project.stages.reading import LINES
from dagster_project.store import Store, code_key, folder_key, key_of

PAYMENTS, REGISTERS, PAYEES = "payments", "organisations", "payees"


def counting_jobs(plan: Plan) -> list[Job]:
    """One job a publisher, over the lines of its files."""
    read, code = plan.recall(LINES), code_key("ledger", "stages/counting.py")
    jobs = []
    for publisher, summary in plan.recall("archived_files").summaries.items():
        files, seen = [], set()
        for row in summary["manifest"]:
            partition = f"{publisher}/{file_id(row['sha256'])}"
            if partition not in seen and read.summaries[partition]["file"]["status"] == "read":
                seen.add(partition)
                files.append((row["name"], row["retrieved"], partition, read.keys[partition]))
        lines = sum(read.summaries[partition]["file"]["rows_published"] for _, _, partition, _ in files)
        jobs.append(Job(publisher, key_of([files, code]), files, lines))
    return jobs


def count_one(store: Store, job: Job) -> Summary:
    """Count the payments of one publisher."""
    frames, files = [], []
    for name, retrieved, partition, key in job.payload:
        file = partition.split("/")[1]
        files.append({"file_id": file, "name": name, "retrieved": retrieved})
        frames.append(store.read_frame(table_key(LINES, partition, key, "lines")).assign(file_id=file))
    if not frames:
        frames = [empty_lines().assign(file_id="")]
    lines = pd.concat(frames, ignore_index=True).astype({"file_id": "str"})
    counted = count_once(job.partition, lines, pd.DataFrame(files, columns=["file_id", "name", "retrieved"]))
    payments = counted.payments
    store.write_frame(table_key(PAYMENTS, job.partition, job.key, "payments"), payments)
    store.write_frame(table_key(PAYMENTS, job.partition, job.key, "coverage"), counted.coverage)
    return {
        "rows": len(payments),
        "pence": int(payments["amount_pence"].sum()),
        "published": len(lines),
        "counted": {str(file): int(n) for file, n in payments.groupby("file_id").size().items()},
        "distinct": int(payments["payment_id"].nunique()),
        "months": int(payments.loc[payments["month"] != "", "month"].nunique()),
    }


def count_payments(plan: Plan) -> StageRun:
    """Each payment of every publisher, once."""
    return plan.keep(run_stage(plan.store, PAYMENTS, counting_jobs(plan), count_one, plan.report, plan.workers))


def load_registers(plan: Plan) -> StageRun:
    """Registers that are there, cut down to what is looked up; none there, nothing known."""
    found = find_register_files(plan.register_declarations, plan.registers_folder) if plan.registers_folder else []
    key = key_of([code_key("match", "stages/counting.py"), [(r.slug, p.name, folder_key(p)) for r, p in found],
                  folder_key(DECLARED / "registers")])  # fmt: skip
    job = Job("all", key, [(register, str(path)) for register, path in found])
    return plan.keep(run_stage(plan.store, REGISTERS, [job], load_register_files, plan.report, workers=1))


def load_register_files(store: Store, job: Job) -> Summary:
    """Postcodes, and bodies whose name is borne by exactly one entry of all registers."""
    areas: dict[str, str] = {}
    rows: list[tuple[str, str, str, str]] = []
    counts: dict[str, int] = {}
    for register, path in job.payload:
        before = len(areas) + len(rows)
        if register.gives == "postcodes":
            areas |= postcode_areas(register_rows(register, Path(path)))
        else:
            rows += organisations(register, register_rows(register, Path(path)))
        counts[register.slug] = counts.get(register.slug, 0) + len(areas) + len(rows) - before
    bodies = pd.DataFrame(rows, columns=["supplier_id", "name", "name_key", "postcode_key"], dtype="str")
    bodies = bodies.drop_duplicates("supplier_id").drop_duplicates("name_key", keep=False)
    bodies = bodies[bodies["name_key"] != ""].sort_values("name_key", ignore_index=True)
    places = pd.DataFrame({"postcode_key": list(areas), "lad_code": list(areas.values())}, dtype="str")
    store.write_frame(table_key(REGISTERS, "all", job.key, "organisations"), bodies)
    store.write_frame(table_key(REGISTERS, "all", job.key, "postcodes"), places.sort_values("postcode_key"))
    return {"registers": counts, "organisations": len(bodies), "postcodes": len(places)}


def class_words(plan: Plan) -> ClassWords:
    """What classing payees needs to know."""
    rules = tuple((rule.rule, rule.payee_class, rule.pattern) for rule in plan.class_rules)
    return ClassWords(rules, bodies_by_name(plan.publishers.values()))


def payee_jobs(plan: Plan) -> list[Job]:
    """One job a publisher, over its payments and the registers."""
    counted, registers = plan.recall(PAYMENTS), plan.recall(REGISTERS).keys["all"]
    words = class_words(plan)
    said = [[(r, c, p.pattern) for r, c, p in words.rules], sorted((k, sorted(v)) for k, v in words.bodies.items())]
    base = key_of([code_key("match", "stages/counting.py"), registers, said])
    words_key = f"tables/{PAYEES}/words-{base}.json"
    plan.store.write_json(words_key, {
        "rules": [(rule.rule, rule.payee_class, rule.pattern.pattern) for rule in plan.class_rules],
        "bodies": {key: sorted(slugs) for key, slugs in words.bodies.items()},
    })  # fmt: skip
    return [
        Job(publisher, key_of([key, base]), (key, registers, words_key), counted.summaries[publisher]["rows"])
        for publisher, key in counted.keys.items()
    ]


@lru_cache(maxsize=2)
def stored_class_words(store: Store, key: str) -> ClassWords:
    """The words that a build stored for its workers."""
    said: dict[str, Any] = store.read_json(key)
    rules = tuple((rule, name, re.compile(pattern)) for rule, name, pattern in said["rules"])
    return ClassWords(rules, {name: frozenset(slugs) for name, slugs in said["bodies"].items()})


def look_up(store: Store, key: str, payments: pd.DataFrame) -> Registers:
    """What registers say of the names and postcodes that one publisher's payments hold."""
    names = sorted({name_key(payee) for payee in payments["payee"].unique()} - {""})
    codes = {postcode_key(code) for code in payments["payee_postcode"].unique()} - {""}
    with connect() as engine:
        engine.register("names", pa.table({"name_key": pa.array(names, pa.string())}))
        view(engine, store, "organisations", [table_key(REGISTERS, "all", key, "organisations")])
        found = engine.execute(
            "SELECT name_key, supplier_id, postcode_key FROM organisations JOIN names USING (name_key)"
        ).fetchall()
        wanted = sorted(codes | {postcode for _, _, postcode in found})
        engine.register("wanted", pa.table({"postcode_key": pa.array(wanted, pa.string())}))
        view(engine, store, "postcodes", [table_key(REGISTERS, "all", key, "postcodes")])
        areas = engine.execute(
            "SELECT postcode_key, lad_code FROM postcodes JOIN wanted USING (postcode_key)"
        ).fetchall()
    return Registers(dict(areas), {name: (supplier, postcode) for name, supplier, postcode in found})


def name_one(store: Store, job: Job) -> Summary:
    """Name the payees of one publisher; its payments get what is known of them."""
    counted, registers, words = job.payload
    payments = store.read_frame(table_key(PAYMENTS, job.partition, counted, "payments"))
    payees, enriched = name_payees(
        job.partition, payments, stored_class_words(store, words), look_up(store, registers, payments)
    )
    years = {month: financial_year(month) or "" for month in enriched["month"].unique()}
    enriched = enriched.assign(period=enriched["month"].map(years).astype("str"))
    store.write_frame(table_key(PAYEES, job.partition, job.key, "payees"), payees)
    store.write_frame(table_key(PAYEES, job.partition, job.key, "payments"), enriched)
    known = enriched["payee_lad_code"] != ""
    return {
        "payees": len(payees),
        "rows": len(enriched),
        "pence": int(enriched["amount_pence"].sum()),
        "placed_pence": int(enriched.loc[known, "amount_pence"].sum()),
    }


def name_all_payees(plan: Plan) -> StageRun:
    """Payees of every publisher."""
    return plan.keep(run_stage(plan.store, PAYEES, payee_jobs(plan), name_one, plan.report, plan.workers))
