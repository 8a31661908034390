"""A data package for each publisher and one for all, checked before anybody can take them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dagster_project.declare.publishers import Publisher
from dagster_project.flow import Job, StageRun, Summary, run_stage, table_key
from dagster_project.model.ids import sha256
from dagster_project.package import (
    Written,
    arrow_table,
    check_package,
    check_rows,
    csv_bytes,
    describe_package,
    joined_csv,
    joined_parquet,
    parquet_bytes,
    readme,
)
from dagster_project.stages.counting import PAYEES, PAYMENTS
from dagster_project.stages.engine import connect
from dagster_project.stages.measuring import FIGURES, LEAGUES, figures_frame
from dagster_project.stages.plan import DECLARED, Plan
from dagster_project.stages.reading import files_of, problems_of
from dagster_project.store import Store, code_key, folder_key, key_of

PACKAGES = "data_packages"
VERSION = "0.1.0"
EVERYBODY = "all"


class InvalidPackage(Exception):
    """A package broke its own schema: our fault, nothing of it is published."""


def counted_files(plan: Plan) -> dict[str, pd.DataFrame]:
    """Rows of `files` of each publisher, with how many of its lines each serves."""
    counted = plan.recall(PAYMENTS).summaries
    files = files_of(plan)
    for publisher, frame in files.items():
        served = counted[publisher]["counted"]
        own = frame["status"] != "duplicate"
        frame["rows_counted"] = [served.get(file, 0) if o else 0 for file, o in zip(frame["file_id"], own, strict=True)]
    return files


def package_jobs(plan: Plan) -> list[Job]:
    """One job a publisher."""
    payees, counted = plan.recall(PAYEES), plan.recall(PAYMENTS)
    code = key_of([code_key("package", "stages/packaging.py"), folder_key(DECLARED / "schemas"), VERSION, plan.origin,
                   plan.is_complete])  # fmt: skip
    jobs = []
    for publisher, files in counted_files(plan).items():
        problems = problems_of(plan, publisher)
        body = plan.publishers[publisher]
        key = key_of([code, payees.keys[publisher], files.to_dict("records"), problems, body.name, body.website])
        payload = {
            "payments": table_key(PAYEES, publisher, payees.keys[publisher], "payments"),
            "coverage": table_key(PAYMENTS, publisher, counted.keys[publisher], "coverage"),
            "files": files, "problems": problems, "name": body.name, "website": body.website,
            "schemas": plan.schemas, "origin": plan.origin, "is_complete": plan.is_complete,
        }  # fmt: skip
        jobs.append(Job(publisher, key, payload, counted.summaries[publisher]["rows"], f"packages/{publisher}/.key"))
    return jobs


def publisher_row(publisher: Publisher) -> dict[str, str]:
    """A public body as a row of the published spine."""
    return {name: "|".join(value) if isinstance(value, tuple) else value for name, value in asdict(publisher).items()}


def says(origin: str, is_complete: bool) -> str:
    """What a package says of itself: invented, a set of files, or a harvest."""
    if origin == "sample":
        return "INVENTED DATA: every body, supplier and payment in it is made up, to show how the pipeline works. "
    if not is_complete:
        return "Made from a set of files, not a complete harvest: what is missing here may well be published. "
    return ""


def payments_frame(store: Store, key: str) -> pd.DataFrame:
    """Payments with what is known of their payees, with the id of the published line."""
    return with_line_ids(store.read_frame(key))


def with_line_ids(frame: pd.DataFrame) -> pd.DataFrame:
    """Payments with the id of the published line that serves each."""
    lines = frame["file_id"] + ":" + frame["table"].astype("str") + ":" + frame["record"].astype("str")
    return frame.assign(line_id=lines)


def write_one(store: Store, job: Job) -> Summary:
    """Write, check and describe the package of one publisher."""
    payload = job.payload
    frames = {
        "payments": payments_frame(store, payload["payments"]),
        "files": payload["files"],
        "problems": pd.DataFrame(payload["problems"], columns=[f.name for f in payload["schemas"]["problems"].fields]),
        "coverage": store.read_frame(payload["coverage"]),
    }
    folder = f"packages/{job.partition}"
    store.remove(f"{folder}/.key")
    written = []
    for name, frame in frames.items():
        schema = payload["schemas"][name]
        table = arrow_table(frame, schema)
        check(table, schema)
        for format_, data in (("csv", csv_bytes(table, schema)), ("parquet", parquet_bytes(table))):
            store.write(f"{folder}/{name}.{format_}", data)
            written.append(Written(name, f"{name}.{format_}", format_, len(data), sha256(data), table.num_rows))
    retrieved = max(payload["files"]["retrieved"], default="")
    descriptor = describe_package(
        job.partition, f"Payments of {payload['name']}",
        says(payload["origin"], payload["is_complete"])
        + f"Payments that {payload['name']} published, each counted once, with the files they come from and what was "
        "wrong with them.",
        written, payload["schemas"], sources_of(payload), retrieved, VERSION,
    )  # fmt: skip
    land(store, folder, descriptor, job.key)
    return {"written": [vars(file) for file in written], "rows": len(frames["payments"])}


def sources_of(payload: dict[str, Any]) -> list[dict[str, str]]:
    """Where a package comes from: each published file with its hash."""
    return [
        {"title": f"{row['name']} (SHA-256 {row['sha256']})"}
        | ({"path": row["source_url"]} if row["source_url"] else {})
        for row in payload["files"].to_dict("records")
    ]


def check(table: pa.Table, schema: Any) -> None:
    """Check every row; an invalid table stops the run before anything of it is published."""
    with connect() as engine:
        engine.register("checked", table)
        if broken := check_rows(engine, "checked", schema):
            raise InvalidPackage("; ".join(broken))


def land(store: Store, folder: str, descriptor: dict[str, Any], key: str) -> None:
    """Write what describes a package, let frictionless judge it, and mark it as whole."""
    store.write_json(f"{folder}/datapackage.json", descriptor)
    store.write(f"{folder}/README.md", readme(descriptor).encode())
    if store.is_local:
        from pathlib import Path

        if broken := check_package(Path(store.path(f"{folder}/datapackage.json"))):
            raise InvalidPackage(f"{folder}: " + "; ".join(broken))
    store.write(f"{folder}/.key", key.encode())


def write_packages(plan: Plan) -> StageRun:
    """Packages of all publishers, then the one for all."""
    run = run_stage(plan.store, PACKAGES, package_jobs(plan), write_one, plan.report, plan.workers)
    job = everybody_job(plan, run)
    whole = run_stage(plan.store, PACKAGES, [job], lambda store, job: write_all(plan, store, job), plan.report, 1)
    run.summaries |= whole.summaries
    run.keys |= whole.keys
    run.worked += whole.worked
    for stale in {key.split("/")[1] for key in plan.store.list("packages")} - set(run.keys):
        plan.store.remove(f"packages/{stale}")
    return plan.keep(run)


def everybody_job(plan: Plan, run: StageRun) -> Job:
    """The package for all, over the packages of each."""
    others = [plan.recall(FIGURES).key, plan.recall(LEAGUES).key, code_key("package", "stages/packaging.py")]
    spine = [publisher_row(publisher) for publisher in plan.publishers.values()]
    key = key_of([run.key, *others, folder_key(DECLARED / "schemas"), spine])
    return Job(EVERYBODY, key, sorted(run.keys), 0, f"packages/{EVERYBODY}/.key")


def write_all(plan: Plan, store: Store, job: Job) -> Summary:
    """The package for all: the same files joined, with bodies, figures and league tables."""
    folder = f"packages/{EVERYBODY}"
    store.remove(f"{folder}/.key")
    written = []
    for name in ("payments", "files", "problems", "coverage"):
        written += _join(store, job.payload, name)
    league_key = table_key(LEAGUES, "all", plan.recall(LEAGUES).keys["all"], "league_tables")
    spine = pd.DataFrame([publisher_row(publisher) for publisher in plan.publishers.values()])
    frames = {"publishers": spine, "figures": figures_frame(plan), "league_tables": store.read_frame(league_key)}
    for name, frame in frames.items():
        schema = plan.schemas[name]
        table = arrow_table(frame, schema)
        check(table, schema)
        for format_, data in (("csv", csv_bytes(table, schema)), ("parquet", parquet_bytes(table))):
            store.write(f"{folder}/{name}.{format_}", data)
            written.append(Written(name, f"{name}.{format_}", format_, len(data), sha256(data), table.num_rows))
    retrieved = max((max(frame["retrieved"]) for frame in files_of(plan).values()), default="")
    bodies = [plan.publishers[slug] for slug in job.payload]
    descriptor = describe_package(
        "local-pound", "Payments of UK public bodies",
        says(plan.origin, plan.is_complete) + "Payments that UK public bodies published, each counted once, with the "
        "files they come from, what was wrong with them, and the figures made of them.",
        written, plan.schemas, [{"title": b.name} | ({"path": b.website} if b.website else {}) for b in bodies],
        retrieved, VERSION,
    )  # fmt: skip
    descriptor |= {"origin": plan.origin, "isComplete": plan.is_complete}
    land(store, folder, descriptor, job.key)
    return {"written": [vars(file) for file in written], "rows": written[0].rows}


def _join(store: Store, publishers: list[str], name: str) -> list[Written]:
    """One table of all publishers from those of each; written as a stream, since it may be larger than memory."""

    def parts(format_: str) -> Iterator[bytes]:
        return (store.read(f"packages/{publisher}/{name}.{format_}") for publisher in publishers)

    with store.writing(f"packages/{EVERYBODY}/{name}.parquet") as parquet:
        rows = joined_parquet((pq.read_table(pa.BufferReader(part)) for part in parts("parquet")), parquet)
    with store.writing(f"packages/{EVERYBODY}/{name}.csv") as csv:
        for part in joined_csv(parts("csv")):
            csv.write(part)
    return [
        Written(name, f"{name}.{format_}", format_, out.size, out.sha256, rows)
        for format_, out in (("csv", csv), ("parquet", parquet))
    ]
