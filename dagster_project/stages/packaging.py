"""A data package for each publisher and one for all, checked before anybody can take them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dagster_project.declare.publishers import Publisher
from dagster_project.flow import Job, StageRun, Summary, marker, run_stage, table_key
from dagster_project.model.money import pounds_text
from dagster_project.package import (
    LARGEST_FILE,
    Change,
    Written,
    added,
    arrow_table,
    checksums,
    describe_package,
    describe_sources,
    joined_csv,
    joined_parquet,
    release_manifest,
    split_by_year,
)
from dagster_project.stages.counting import PAYMENTS
from dagster_project.stages.landing import land, write_tables
from dagster_project.stages.measuring import (
    FIGURES,
    LEAGUES,
    break_frame,
    breakdown_frame,
    cluster_frame,
    figures_frame,
)
from dagster_project.stages.naming import PAYEES
from dagster_project.stages.parts import TABLES, Parts, published, with_counts, with_line_ids
from dagster_project.stages.plan import DECLARED, Plan
from dagster_project.stages.reading import files_of, headings_of, problems_of
from dagster_project.stages.supplier_package import supplier_package_job, write_supplier_package
from dagster_project.stages.suppliers import SUPPLIERS
from dagster_project.stages.suppliers import TABLES as SUPPLIER_TABLES
from dagster_project.stages.unpacked import (
    OF_MORE,
    OF_ONE,
    RELEASES,
    bytes_of,
    fitting,
    is_spare,
    writing_csv,
    zip_key,
)
from dagster_project.stages.versions import last_release, version_after
from dagster_project.stages.years import write_years
from dagster_project.store import Store, code_key, folder_key, key_of

PACKAGES = "data_packages"
EVERYBODY = "all"
#: Where it lies what packages hold and which version they have.
NOTE = "tables/runs/version.json"
#: Tables that only the package for all has.
OVER_ALL = ("publishers", "figures", "league_tables", "breakdowns", "cluster_figures", "breaks")


def counted_files(plan: Plan) -> dict[str, pd.DataFrame]:
    """Rows of `files` of each publisher, with how many of its lines each serves."""
    counted = plan.recall(PAYMENTS).summaries
    return {publisher: with_counts(frame, counted[publisher]["counted"]) for publisher, frame in files_of(plan).items()}


def made_of_each(plan: Plan) -> dict[str, str]:
    """Publisher to a key of all that its package is made of, but its version."""
    payees = plan.recall(PAYEES)
    code = key_of([packages_code(), plan.origin, plan.is_complete, LARGEST_FILE])
    found = {}
    for publisher, files in counted_files(plan).items():
        body, rows = plan.publishers[publisher], files.to_dict("records")
        about = [problems_of(plan, publisher), headings_of(plan, publisher), body.name, body.website]
        found[publisher] = key_of([code, payees.keys[publisher], rows, *about])
    return found


def made_of_all(plan: Plan) -> str:
    """The same of the package for all."""
    spine = [publisher_row(publisher) for publisher in plan.publishers.values()]
    return key_of([sorted(made_of_each(plan).items()), plan.recall(FIGURES).key, plan.recall(LEAGUES).key, spine])


def _said_of(plan: Plan) -> dict[str, Any]:
    """What packages will hold, and the version that they have for it."""
    contents: dict[str, Any] = {
        name: {"made_of": key, "payments": payments_said(plan, name)} for name, key in made_of_each(plan).items()
    }
    suppliers = plan.recall(SUPPLIERS).keys["all"]
    contents |= {
        "local-pound": {"made_of": made_of_all(plan)},
        SUPPLIERS: {"made_of": key_of([packages_code(), suppliers])},
    }
    names = {*TABLES, *OVER_ALL, *SUPPLIER_TABLES}
    tables = {name: {field.name: field.type for field in plan.schemas[name].fields} for name in sorted(names)}
    with tempfile.TemporaryDirectory() as scratch:
        figures = Path(scratch) / "figures.parquet"
        figures_frame(plan).to_parquet(figures)
        version = version_after(last_release(), tables, contents, figures)
    return {"version": version, "tables": tables, "contents": contents}


def payments_said(plan: Plan, publisher: str) -> dict[str, Any]:
    """Of the payments of a body: a hash that changes when any of them does, how many they are, and pounds."""
    payees, counted = plan.recall(PAYEES), plan.recall(PAYMENTS).summaries[publisher]
    key = payees.keys[publisher]
    written = plan.store.read_json(marker(PAYEES, Job(publisher, key)))["written"]
    return {
        "sha256": written[table_key(PAYEES, publisher, key, "payments")], "rows": counted["rows"],
        "pounds": pounds_text(counted["pence"]),
    }  # fmt: skip


def version_of(plan: Plan) -> str:
    """The version of this build's packages, as `write_packages` found it."""
    return str(plan.store.read_json(NOTE)["version"])


def package_jobs(plan: Plan) -> list[Job]:
    """One job a publisher."""
    payees, counted = plan.recall(PAYEES), plan.recall(PAYMENTS)
    spare, version = is_spare(plan), version_of(plan)
    made_of = {name: one["made_of"] for name, one in plan.store.read_json(NOTE)["contents"].items()}
    jobs = []
    for publisher, files in counted_files(plan).items():
        problems, headings = problems_of(plan, publisher), headings_of(plan, publisher)
        body = plan.publishers[publisher]
        key = key_of([made_of[publisher], version, spare])
        payload = {
            "payments": table_key(PAYEES, publisher, payees.keys[publisher], "payments"),
            "coverage": table_key(PAYMENTS, publisher, counted.keys[publisher], "coverage"),
            "files": files, "problems": problems, "headings": headings, "name": body.name, "website": body.website,
            "schemas": plan.schemas, "origin": plan.origin, "is_complete": plan.is_complete, "largest": LARGEST_FILE,
            "version": version, "zip_only": OF_ONE if spare else (), "zip_only_of_years": OF_MORE if spare else (),
        }  # fmt: skip
        jobs.append(Job(publisher, key, payload, counted.summaries[publisher]["rows"], f"packages/{publisher}/.key"))
    return jobs


def packages_code() -> str:
    """A key of all that writes packages, and of the schemas they are written by."""
    return key_of(
        [
            code_key(
                "package",
                *(
                    f"stages/{name}.py"
                    for name in ("packaging", "parts", "landing", "unpacked", "years", "supplier_package")
                ),
            ),
            folder_key(DECLARED / "schemas"),
        ]
    )


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


def write_one(store: Store, job: Job) -> Summary:
    """Write, check and describe the package of one publisher, and those of its years where it is large."""
    with store.staged(f"packages/{job.partition}") as folder:
        return _write_one(store, job, folder)


def _write_one(store: Store, job: Job, folder: str) -> Summary:
    payload, schemas = job.payload, job.payload["schemas"]
    payments = published(store.read_frame(payload["payments"]), schemas["payments"])
    coverage = store.read_frame(payload["coverage"])
    parts = Parts(job.partition, payments, payload["files"], payload["problems"], coverage, payload["headings"])
    zip_only, of_years = payload["zip_only"], payload["zip_only_of_years"]
    written, changed = write_tables(store, folder, parts.tables(schemas), schemas, zip_only)
    years: dict[str, Summary] = {}
    if max(file.bytes for file in written) > payload["largest"]:
        for year, rows in split_by_year(payments).items():
            own = parts.of_year(year, rows)
            done, odd = write_tables(store, f"{folder}/{year}", own.tables(schemas), schemas, of_years)
            about = describe_one(job.partition, payload, done, own.files, year)
            entry = land(store, f"{folder}/{year}", about, odd, zip_only=of_years)
            years[year] = {"written": [vars(file) for file in done], "package": entry, "zip_only": of_years}
    descriptor = describe_one(job.partition, payload, written, payload["files"])
    entry = land(store, folder, descriptor, changed, tuple(years), job.key, judged=None, zip_only=zip_only)
    return {"written": [vars(file) for file in written], "rows": payments.num_rows, "package": entry, "years": years,
            "zip_only": zip_only, "changes": [vars(change) for change in changed]}  # fmt: skip


def describe_one(
    publisher: str, payload: dict[str, Any], written: Sequence[Written], files: pd.DataFrame, year: str = ""
) -> dict[str, Any]:
    """The descriptor of one publisher's package, or of one year of it."""
    name = payload["name"]
    return describe_package(
        f"{publisher}-{year}" if year else publisher,
        f"Payments of {name}, {year}" if year else f"Payments of {name}",
        says(payload["origin"], payload["is_complete"])
        + f"Payments that {name} published, each counted once, with the files they come from, what was wrong with them, "
        "and what their columns are called."
        + (f" Those of the financial year {year} alone." if year else ""),
        written, payload["schemas"], describe_sources(files.to_dict("records")), max(files["retrieved"], default=""),
        payload["version"], [{"title": name} | ({"path": payload["website"]} if payload["website"] else {})],
    )  # fmt: skip


def write_packages(plan: Plan) -> StageRun:
    """Packages of all publishers, then the one for all and that of suppliers, then the manifest of them."""
    plan.store.write_json(NOTE, _said_of(plan))
    jobs = package_jobs(plan)
    run = run_stage(plan.store, PACKAGES, jobs, write_one, plan.report, plan.workers)
    job = everybody_job(plan, run)
    whole = run_stage(plan.store, PACKAGES, [job], lambda store, job: write_all(plan, store, job, run), plan.report, 1)
    files = pd.concat(list(counted_files(plan).values()), ignore_index=True)
    paid = supplier_package_job(plan, packages_code(), says(plan.origin, plan.is_complete), version_of(plan), files)
    others = run_stage(plan.store, PACKAGES, [paid], write_supplier_package, plan.report, 1)
    for other in (whole, others):
        run.summaries |= other.summaries
        run.keys |= other.keys
        run.worked += other.worked
    for stale in {key.split("/")[1] for key in plan.store.list("packages")} - set(run.keys):
        plan.store.remove(f"packages/{stale}")
    write_manifest(plan.store, run)
    return plan.keep(run)


def write_manifest(store: Store, run: StageRun) -> None:
    """
    One manifest of all packages and the hashes of their ZIP files; whatever else lies beside them goes.

    With it what the version of the next release is found by: see `versions`.
    """
    said = store.read_json(NOTE)
    entries = [summary["package"] | said["contents"][summary["package"]["name"]] for summary in run.summaries.values()]
    entries += [year["package"] for summary in run.summaries.values() for year in summary["years"].values()]
    manifest = release_manifest(entries) | {"version": said["version"], "tables": said["tables"]}
    store.write_json(f"{RELEASES}/manifest.json", manifest)
    store.write(f"{RELEASES}/SHA256SUMS", checksums(entries).encode())
    wanted = {f"{RELEASES}/manifest.json", f"{RELEASES}/SHA256SUMS"} | {zip_key(entry["name"]) for entry in entries}
    for stale in set(store.list(RELEASES)) - wanted:
        store.remove(stale)


def everybody_job(plan: Plan, run: StageRun) -> Job:
    """The package for all, over the packages of each."""
    key = key_of([run.key, made_of_all(plan), version_of(plan), is_spare(plan)])
    return Job(EVERYBODY, key, sorted(run.keys), 0, f"packages/{EVERYBODY}/.key")


def write_all(plan: Plan, store: Store, job: Job, run: StageRun) -> Summary:
    """The package for all: the same files joined, with bodies, figures and league tables; and its years where large."""
    with store.staged(f"packages/{EVERYBODY}") as folder:
        return _write_all(plan, store, job, run, folder)


def _write_all(plan: Plan, store: Store, job: Job, run: StageRun, folder: str) -> Summary:
    schemas, spare = plan.schemas, is_spare(plan)
    zip_only = OF_MORE if spare else ()
    written = [file for name in TABLES for file in _join(store, job.payload, folder, name, zip_only)]
    rows = written[0].rows
    league_key = table_key(LEAGUES, "all", plan.recall(LEAGUES).keys["all"], "league_tables")
    spine = pd.DataFrame([publisher_row(publisher) for publisher in plan.publishers.values()])
    made = {
        "publishers": spine, "figures": figures_frame(plan), "league_tables": store.read_frame(league_key),
        "breakdowns": breakdown_frame(plan), "cluster_figures": cluster_frame(plan).rename(columns={"publisher": "cluster"}),
        "breaks": break_frame(plan),
    }  # fmt: skip
    frames = {name: made[name] for name in OVER_ALL}
    more, changed = write_tables(
        store, folder, {name: arrow_table(frame, schemas[name]) for name, frame in frames.items()}, schemas, zip_only
    )
    parts = (Change(**said) for publisher in job.payload for said in run.summaries[publisher]["changes"])
    changed = [*added(parts), *changed]
    files = pd.concat(list(counted_files(plan).values()), ignore_index=True)
    written = fitting(store, folder, [*written, *more])
    describe = partial(describe_all, plan)
    years: dict[str, Summary] = {}
    if max(file.bytes for file in written) > LARGEST_FILE:
        headings = {publisher: headings_of(plan, publisher) for publisher in job.payload}
        years = write_years(store, folder, job.payload, files, headings, frames, schemas, describe, zip_only)
    entry = land(store, folder, describe(written, files), changed, tuple(years), job.key, zip_only=zip_only)
    return {
        "written": [vars(file) for file in written],
        "rows": rows,
        "package": entry,
        "years": years,
        "zip_only": zip_only,
    }


def describe_all(plan: Plan, written: Sequence[Written], files: pd.DataFrame, year: str = "") -> dict[str, Any]:
    """The descriptor of the package for all, or of one year of it."""
    descriptor = describe_package(
        f"local-pound-{year}" if year else "local-pound",
        "Payments of UK public bodies" + (f", {year}" if year else ""),
        says(plan.origin, plan.is_complete) + "Payments that UK public bodies published, each counted once, with the "
        "files they come from, what was wrong with them, what their columns are called, and the figures made of them."
        + (f" Those of the financial year {year} alone." if year else ""),
        written, plan.schemas, describe_sources(files.to_dict("records")), max(files["retrieved"], default=""), version_of(plan),
    )  # fmt: skip
    return descriptor | {"origin": plan.origin, "isComplete": plan.is_complete}


def _join(store: Store, publishers: list[str], folder: str, name: str, zip_only: Sequence[str]) -> list[Written]:
    """One table of all publishers from those of each; written as a stream, since it may be larger than memory."""

    def parts(format_: str) -> Iterator[bytes]:
        return (bytes_of(store, publisher, f"{name}.{format_}") for publisher in publishers)

    with store.writing(f"{folder}/{name}.parquet") as parquet:
        rows = joined_parquet((pq.read_table(pa.BufferReader(part)) for part in parts("parquet")), parquet)
    with writing_csv(store, folder, name, zip_only) as csv:
        for part in joined_csv(parts("csv")):
            csv.write(part)
    return [
        Written(name, f"{name}.{format_}", format_, out.size, out.sha256, rows)
        for format_, out in (("csv", csv), ("parquet", parquet))
    ]
