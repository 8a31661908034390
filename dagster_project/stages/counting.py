"""Payments counted once, the registers, and who was paid."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from dagster_project.flow import Job, StageRun, Summary, run_stage, table_key
from dagster_project.ledger import count_once, empty_lines
from dagster_project.match import (
    INDEX_TABLES,
    ClassWords,
    Entity,
    Match,
    Paid,
    Payee,
    Registers,
    bodies_by_id,
    build_index,
    decided_match,
    decision_on_body,
    find_register_files,
    hidden_frame,
    hide,
    is_looked_up,
    known_as,
    match_names,
    match_numbers,
    name_payees,
    organisations,
    postcode_areas,
    register_rows,
)
from dagster_project.match.names import postcode_key
from dagster_project.model.ids import file_id
from dagster_project.model.periods import financial_year
from dagster_project.stages.engine import connect, quoted, view
from dagster_project.stages.matching import VOCABULARY, decided_names, declared_class_words, index_engine, match_words
from dagster_project.stages.plan import DECLARED, Plan
from dagster_project.stages.reading import LINES
from dagster_project.store import Store, code_key, folder_key, key_of

PAYMENTS, REGISTERS, PAYEES = "payments", "organisations", "payees"
#: Of each publisher, the payees whose printed number was hidden from the matcher.
HIDDEN = "hidden_numbers"


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
    key = key_of([code_key("match", "stages/counting.py"), folder_key(VOCABULARY / "name_words.csv"), [(r.slug, p.name, folder_key(p)) for r, p in found],
                  folder_key(DECLARED / "registers")])  # fmt: skip
    job = Job("all", key, [(register, str(path)) for register, path in found])
    return plan.keep(run_stage(plan.store, REGISTERS, [job], load_register_files, plan.report, workers=1))


def load_register_files(store: Store, job: Job) -> Summary:
    """An index of the bodies of all registers, and the district of every postcode."""
    areas: dict[str, str] = {}
    counts: dict[str, int] = {}

    def bodies() -> Iterator[Entity]:
        for register, path in job.payload:
            if register.gives == "organisations":
                for entity in organisations(register, register_rows(register, Path(path))):
                    counts[register.slug] = counts.get(register.slug, 0) + 1
                    yield entity

    for register, path in job.payload:
        if register.gives == "postcodes":
            before = len(areas)
            areas |= postcode_areas(register_rows(register, Path(path)))
            counts[register.slug] = counts.get(register.slug, 0) + len(areas) - before
    with index_engine() as (engine, folder):
        number = build_index(engine, bodies(), match_words().spellings)
        for table in INDEX_TABLES:
            copied = Path(folder) / f"{table}.parquet"
            engine.execute(
                f"COPY (SELECT * FROM {table} ORDER BY ALL) TO {quoted(str(copied))} "
                "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)"
            )
            with store.writing(table_key(REGISTERS, "all", job.key, table)) as out, copied.open("rb") as data:
                shutil.copyfileobj(data, out)
    places = pd.DataFrame({"postcode_key": list(areas), "lad_code": list(areas.values())}, dtype="str")
    store.write_frame(table_key(REGISTERS, "all", job.key, "postcodes"), places.sort_values("postcode_key"))
    rows = [(r.slug, r.name, Path(path).name, counts.get(r.slug, 0)) for r, path in job.payload]
    said = pd.DataFrame(rows, columns=["register", "name", "file", "rows"]).astype({"file": "str"})
    store.write_frame(table_key(REGISTERS, "all", job.key, "registers"), said)
    return {"registers": counts, "organisations": number, "postcodes": len(places)}


def class_words(plan: Plan) -> ClassWords:
    """What classing payees needs to know."""
    return declared_class_words(plan.publishers.values())


def payee_jobs(plan: Plan) -> list[Job]:
    """One job a publisher, over its payments and the registers."""
    counted, registers = plan.recall(PAYMENTS), plan.recall(REGISTERS).keys["all"]
    bodies = sorted((name, sorted(slugs)) for name, slugs in class_words(plan).bodies.items())
    code = code_key("match", "stages/counting.py", "stages/matching.py")
    base = key_of([code, registers, folder_key(VOCABULARY), folder_key(DECLARED / "decisions"), bodies])
    bodies_key = f"tables/{PAYEES}/bodies-{base}.json"
    plan.store.write_json(bodies_key, dict(bodies))
    return [
        Job(publisher, key_of([key, base]), (key, registers, bodies_key), counted.summaries[publisher]["rows"])
        for publisher, key in counted.keys.items()
    ]


@lru_cache(maxsize=2)
def stored_class_words(store: Store, key: str) -> ClassWords:
    """The words that classing goes by, with the bodies that a build stored for its workers."""
    bodies: dict[str, list[str]] = store.read_json(key)
    return replace(declared_class_words(), bodies={name: frozenset(slugs) for name, slugs in bodies.items()})


def look_up(store: Store, key: str, payments: pd.DataFrame) -> Registers:
    """What registers say of the names, numbers and postcodes that one publisher's payments hold."""
    payees = payments[~payments["is_redacted"].astype(bool)][["payee", "company_number", "charity_number"]]
    asked = [tuple(row) for row in payees.drop_duplicates().sort_values([*payees.columns]).itertuples(index=False)]
    classes, words = declared_class_words(), match_words()
    publisher = str(payments["publisher"].iloc[0]) if len(payments) else ""
    asked = [one for one in asked if is_looked_up(Payee(one[0], publisher=publisher), classes)]
    paid = days_paid(payments)
    codes = {postcode_key(code) for code in payments["payee_postcode"].unique()} - {""}
    with connect() as engine:
        engine.execute("SET enable_progress_bar = false")
        for table in INDEX_TABLES:
            view(engine, store, table, [table_key(REGISTERS, "all", key, table)])
        matches: dict[Any, Match] = match_numbers(engine, asked, words, paid)
        names = sorted({one[0] for one in asked})
        said = [known_as(name, publisher, decided_names()) for name in names]
        of_name = dict(zip(names, match_names(engine, said, words, [paid[name] for name in names]), strict=True))
        hidden = [hide(one, matches[one], of_name[one[0]]) for one in asked if one in matches]
        matches |= {one: of_name[one[0]] for one in asked if one not in matches}
        decisions = {one: found for one in asked if (found := decision_on_body(one[0], publisher, decided_names()))}
        if decisions:
            known = bodies_by_id(engine, {decision.says for decision in decisions.values()}, words)
            matches |= {one: decided_match(decision, known, matches.get(one)) for one, decision in decisions.items()}
        wanted = sorted(codes | {match.body.postcode for match in matches.values() if match.body} - {""})
        engine.register("wanted", pa.table({"postcode_key": pa.array(wanted, pa.string())}))
        view(engine, store, "postcodes", [table_key(REGISTERS, "all", key, "postcodes")])
        areas = engine.execute(
            "SELECT postcode_key, lad_code FROM postcodes JOIN wanted USING (postcode_key)"
        ).fetchall()
    return Registers(dict(areas), matches, hidden)


def days_paid(payments: pd.DataFrame) -> dict[str, Paid]:
    """When each payee of one publisher was paid, by its name, and at what postcodes; blank where no line says."""
    dated = payments[payments["date"] != ""].groupby("payee")["date"].agg(["min", "max"])
    days = {str(name): (str(first), str(last)) for name, first, last in dated.itertuples()}
    codes: dict[str, set[str]] = {str(name): set() for name in payments["payee"].unique()}
    for name, code in payments[["payee", "payee_postcode"]].drop_duplicates().itertuples(index=False):
        codes[name].add(postcode_key(code))
    return {name: Paid(*days.get(name, ("", "")), tuple(sorted(own - {""}))) for name, own in codes.items()}


def name_one(store: Store, job: Job) -> Summary:
    """Name the payees of one publisher; its payments get what is known of them."""
    counted, registers, bodies = job.payload
    payments = store.read_frame(table_key(PAYMENTS, job.partition, counted, "payments"))
    said = look_up(store, registers, payments)
    payees, enriched = name_payees(job.partition, payments, stored_class_words(store, bodies), said)
    pence = payments.groupby(["payee", "company_number", "charity_number"])["amount_pence"].sum()
    paid: dict[Any, int] = pence.to_dict()
    store.write_frame(table_key(PAYEES, job.partition, job.key, HIDDEN), hidden_frame(said.hidden, paid))
    years = {month: financial_year(month) or "" for month in enriched["month"].unique()}
    enriched = enriched.assign(period=enriched["month"].map(years).astype("str"))
    store.write_frame(table_key(PAYEES, job.partition, job.key, "payees"), payees)
    store.write_frame(table_key(PAYEES, job.partition, job.key, "payments"), enriched)
    known = enriched["payee_lad_code"] != ""
    worth = payees.groupby("match")["amount_pence"].sum()
    return {
        "payees": len(payees),
        "rows": len(enriched),
        "pence": int(enriched["amount_pence"].sum()),
        "placed_pence": int(enriched.loc[known, "amount_pence"].sum()),
        "matched": {str(outcome): int(pence) for outcome, pence in worth.items()},
    }


def name_all_payees(plan: Plan) -> StageRun:
    """Payees of every publisher."""
    return plan.keep(run_stage(plan.store, PAYEES, payee_jobs(plan), name_one, plan.report, plan.workers))
