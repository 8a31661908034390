"""Archived files, and the published lines in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dagster_project.archive import archive_key, manifest_row
from dagster_project.flow import Job, StageRun, Summary, run_stage, table_key
from dagster_project.harvest import found_files
from dagster_project.ledger import file_row, lines_frame, problem_rows
from dagster_project.model.ids import file_id, sha256
from dagster_project.package.headings import heading_rows, layout_of
from dagster_project.stages.harvesting import harvested
from dagster_project.stages.masking import concerning, declared_takedowns, mask_lines
from dagster_project.stages.plan import DECLARED, Plan, reading_words
from dagster_project.stages.promises import broken_promises
from dagster_project.store import Store, code_key, folder_key, key_of
from dagster_project.tidy import read_file
from dagster_project.tidy.leaks import mask

LINES = "published_lines"


def archive_files(plan: Plan) -> StageRun:
    """Keep the bytes of every file under their hash, and write the manifest of each publisher."""
    manifests = harvested(plan) if plan.source == "live" else _found(plan)
    run = _others(plan)
    for publisher, rows in sorted(manifests.items()):
        size = sum(row["bytes"] for row in rows)
        run.summaries[publisher] = {"source": _source(plan), "files": len(rows), "bytes": size, "manifest": rows}
        run.keys[publisher] = key_of(rows)
    run.summaries = dict(sorted(run.summaries.items()))
    run.worked = sorted(manifests)
    return plan.keep(run)


def _found(plan: Plan) -> dict[str, list[dict[str, Any]]]:
    """The files of a folder, archived."""
    manifests: dict[str, list[dict[str, Any]]] = {}
    for found in found_files(plan.folder, plan.publishers, plan.only):
        data = found.path.read_bytes()
        digest = sha256(data)
        plan.store.create(archive_key(digest), data)
        manifests.setdefault(found.publisher, []).append(manifest_row(found.publisher, found.name, digest, len(data)))
    return manifests


def _source(plan: Plan) -> str:
    """What tells one source of files from another without saying where it lies."""
    return key_of([plan.source if plan.source == "sample" else str(plan.folder.resolve())])


def _others(plan: Plan) -> StageRun:
    """Publishers that this build leaves as they are: with `only`, those that an earlier build had from the same source."""
    run = StageRun("archived_files")
    if plan.only:
        try:
            before = plan.recall("archived_files")
        except FileNotFoundError:
            return run
        run.summaries = {p: s for p, s in before.summaries.items() if s["source"] == _source(plan)}
        run.keys = {publisher: before.keys[publisher] for publisher in run.summaries}
    return run


def reading_jobs(plan: Plan) -> list[Job]:
    """One job a file that was archived."""
    archived = plan.recall("archived_files").summaries
    return jobs_of({publisher: summary["manifest"] for publisher, summary in archived.items()})


def jobs_of(manifests: Mapping[str, list[dict[str, Any]]]) -> list[Job]:
    """One job a file; a second name for the same bytes of the same publisher is no second file."""
    code = key_of(
        [
            code_key(
                "tidy",
                "ledger/published.py",
                "package/headings.py",
                "stages/reading.py",
                "stages/promises.py",
                "stages/takedowns.py",
            ),
            folder_key(DECLARED / "vocabulary"),
        ]
    )
    jobs, seen = [], set()
    for publisher, manifest in manifests.items():
        taken = [vars(one) for one in concerning(publisher, declared_takedowns())]
        for row in manifest:
            partition = f"{publisher}/{file_id(row['sha256'])}"
            if partition not in seen:
                seen.add(partition)
                jobs.append(Job(partition, key_of([row, code, taken]), row, row["bytes"]))
    return jobs


@dataclass(frozen=True)
class FileRead:
    """
    An archived file that was read.

    Attributes:
        row: Its row of `files`.
        lines: Its published lines.
    """

    row: dict[str, Any]
    problems: list[dict[str, Any]]
    headings: list[dict[str, Any]]
    lines: pd.DataFrame


def read_archived(store: Store, archived: Mapping[str, Any]) -> FileRead:
    """
    Read a file by its row of the manifest.

    Raises:
        FileNotFoundError: its bytes are gone from the archive.
    """
    words = reading_words()
    reading = read_file(archived["name"], store.read(archive_key(archived["sha256"])), words)
    row = file_row(reading, archived)
    reading.problems.extend(broken_promises(archived, row))
    masked = mask_lines(lines_frame(reading), reading.problems, archived["publisher"], declared_takedowns())
    reading.problems = masked.problems
    row["suppressed"] += masked.cells
    headings = heading_rows(reading, archived["publisher"], file_id(archived["sha256"]), mask)
    row["layout"] = layout_of(headings)
    return FileRead(row, problem_rows(reading, archived, words.problems), headings, masked.lines)


def read_one(store: Store, job: Job) -> Summary:
    """Read one archived file; its lines become a table, all else the summary."""
    read = read_archived(store, job.payload)
    store.write_frame(table_key(LINES, job.partition, job.key, "lines"), read.lines)
    return {
        "file": read.row, "problems": read.problems, "headings": read.headings,
        "rows": len(read.lines), "pence": int(read.lines["pence"].sum()),
    }  # fmt: skip


def read_files(plan: Plan) -> StageRun:
    """Read every archived file that is not read yet."""
    return plan.keep(run_stage(plan.store, LINES, reading_jobs(plan), read_one, plan.report, plan.workers))


def files_of(plan: Plan) -> dict[str, pd.DataFrame]:
    """Rows of `files` of each publisher, duplicates told apart; `rows_counted` is still nought."""
    read = plan.recall(LINES).summaries
    rows: dict[str, dict[str, Any]] = {}
    for partition, summary in read.items():
        publisher, file = partition.split("/")
        rows.setdefault(publisher, {})[file] = summary["file"]
    return {
        publisher: files_frame(summary["manifest"], rows[publisher])
        for publisher, summary in plan.recall("archived_files").summaries.items()
    }


def files_frame(manifest: Iterable[Mapping[str, Any]], read: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """
    Rows of `files` of one publisher.

    Args:
        manifest: Its archived files.
        read: `file_id` to the row of each file that was read.
    """
    rows: list[dict[str, Any]] = []
    first: dict[str, str] = {}
    for archived in manifest:
        file = dict(read[file_id(archived["sha256"])])
        if file["file_id"] in first:
            file |= _duplicate(archived, first[file["file_id"]], file)
        else:
            first[file["file_id"]] = archived["name"]
        rows.append(file | {"rows_counted": 0})
    return pd.DataFrame(rows)


def _duplicate(archived: Mapping[str, Any], first: str, file: dict[str, Any]) -> dict[str, Any]:
    counts = {name: 0 for name in file if name.startswith(("rows_", "pence_")) or name in ("tables", "suppressed")}
    return counts | {
        "name": archived["name"], "status": "duplicate",
        "reason": f"The same bytes as {first}, where they are counted.",
    }  # fmt: skip


def problems_of(plan: Plan, publisher: str) -> list[dict[str, Any]]:
    """Rows of `problems` of one publisher, by file."""
    return [row for summary in _by_name(plan, publisher) for row in summary["problems"]]


def headings_of(plan: Plan, publisher: str) -> list[dict[str, Any]]:
    """Headings of one publisher, a row per file, table and column."""
    return [row for summary in _by_name(plan, publisher) for row in summary["headings"]]


def _by_name(plan: Plan, publisher: str) -> list[Summary]:
    read = plan.recall(LINES).summaries
    mine = [summary for partition, summary in read.items() if partition.split("/")[0] == publisher]
    return sorted(mine, key=lambda summary: summary["file"]["name"])
