"""Payments counted once, and the registers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from dagster_project.flow import Job, StageRun, Summary, run_stage, table_key
from dagster_project.ledger import count_once, empty_lines
from dagster_project.match import (
    INDEX_TABLES,
    Entity,
    build_index,
    find_register_files,
    organisations,
    postcode_areas,
    register_rows,
)
from dagster_project.model.ids import file_id
from dagster_project.stages.engine import quoted
from dagster_project.stages.matching import VOCABULARY, index_engine, match_words
from dagster_project.stages.plan import DECLARED, Plan
from dagster_project.stages.reading import LINES
from dagster_project.store import Store, code_key, folder_key, key_of

PAYMENTS, REGISTERS = "payments", "organisations"


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
