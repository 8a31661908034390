"""The data package of suppliers: who was paid, over all public bodies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dagster_project.flow import Job, Summary, table_key
from dagster_project.model.money import pounds_text
from dagster_project.package import (
    Change,
    ParquetJoiner,
    Written,
    added,
    arrow_table,
    changes,
    csv_bytes,
    describe_package,
    describe_sources,
)
from dagster_project.stages.landing import land
from dagster_project.stages.plan import Plan
from dagster_project.stages.suppliers import SUPPLIERS, TABLES
from dagster_project.stages.unpacked import OF_ONE, is_spare, writing_csv
from dagster_project.store import Store, key_of

#: Rows of a table that are in memory at a time.
AT_ONCE = 100_000


def supplier_package_job(plan: Plan, said: str, about: str, version: str, files: pd.DataFrame) -> Job:
    """
    The job of the package.

    Args:
        said: Key of the code that writes packages and of the schemas.
        about: What every package says of where it comes from.
        files: Rows of `files` of all bodies: its sources.
    """
    run = plan.recall(SUPPLIERS)
    summary, key = run.summaries["all"], run.keys["all"]
    payload = {
        "tables": {name: table_key(SUPPLIERS, "all", key, name) for name in TABLES},
        "about": about, "version": version, "left_out": (summary["left_out"], summary["left_out_pence"]),
        "sources": describe_sources(files.to_dict("records")), "created": max(files["retrieved"], default=""),
        "schemas": plan.schemas, "zip_only": OF_ONE if is_spare(plan) else (),
    }  # fmt: skip
    said_of = key_of([said, key, about, version, payload["sources"], payload["zip_only"]])
    return Job(SUPPLIERS, said_of, payload, 0, f"packages/{SUPPLIERS}/.key")


def write_supplier_package(store: Store, job: Job) -> Summary:
    """Write, check and describe the package."""
    payload, schemas = job.payload, job.payload["schemas"]
    written: list[Written] = []
    changed: list[Change] = []
    with store.staged(f"packages/{job.partition}") as folder:
        for name, key in payload["tables"].items():
            files, odd = write_table(store, folder, schemas[name], parts_of(store, key), payload["zip_only"])
            written += files
            changed += odd
        rows, pence = payload["left_out"]
        descriptor = describe_package(
            job.partition, "Suppliers of UK public bodies",
            f"{payload['about']}Every organisation that UK public bodies paid, each a legal body where a register has it, "
            "with its names as published and what each body paid it by year and service. "
            f"Left out: {rows:,} payments, £{pounds_text(pence)}, to people, or without a name that was published.",
            written, schemas, payload["sources"], payload["created"], payload["version"],
        )  # fmt: skip
        entry = land(store, folder, descriptor, changed, (), job.key, zip_only=payload["zip_only"])
    return {
        "written": [vars(file) for file in written],
        "rows": written[0].rows,
        "package": entry,
        "years": {},
        "zip_only": payload["zip_only"],
        "changes": [],
    }


def parts_of(store: Store, key: str) -> Iterator[pd.DataFrame]:
    """A stored table in pieces; one without rows where it has none."""
    file = pq.ParquetFile(pa.BufferReader(store.read(key)))
    if not file.metadata.num_rows:
        yield file.schema_arrow.empty_table().to_pandas()
    for batch in file.iter_batches(AT_ONCE):
        yield pa.Table.from_batches([batch]).to_pandas()


def write_table(
    store: Store, folder: str, schema: Any, parts: Iterator[pd.DataFrame], zip_only: Sequence[str] = ()
) -> tuple[list[Written], list[Change]]:
    """Write a table piece by piece in both forms; its files, and what a spreadsheet would change."""
    rows = 0
    changed: list[Change] = []
    with (
        writing_csv(store, folder, schema.name, zip_only) as csv,
        store.writing(f"{folder}/{schema.name}.parquet") as parquet,
    ):
        joiner = ParquetJoiner(parquet)
        for frame in parts:
            table = arrow_table(frame, schema)
            data = csv_bytes(table, schema)
            csv.write(data if not rows else data[data.index(b"\r\n") + 2 :])
            joiner.add(table)
            rows += table.num_rows
            changed = added([*changed, *changes(table, schema)])
        joiner.close()
    return [
        Written(schema.name, f"{schema.name}.{format_}", format_, out.size, out.sha256, rows)
        for format_, out in (("csv", csv), ("parquet", parquet))
    ], changed
