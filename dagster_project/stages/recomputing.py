"""The package of one publisher made anew from the archived bytes, without any table of the build but the registers."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dagster_project.archive import archive_key
from dagster_project.ledger import count_once, empty_lines, file_row, lines_frame, problem_rows
from dagster_project.match import name_payees
from dagster_project.model.ids import file_id
from dagster_project.package import heading_rows
from dagster_project.stages.counting import REGISTERS, class_words, look_up
from dagster_project.stages.parts import Parts, published, with_counts
from dagster_project.stages.plan import Plan
from dagster_project.stages.reading import files_frame
from dagster_project.tidy import read_file
from dagster_project.tidy.leaks import mask


def recomputed(plan: Plan, publisher: str) -> Parts:
    """
    Everything that the package of a publisher holds, from its archived files.

    Raises:
        FileNotFoundError: there is no archive, or a file of it is gone.
    """
    manifest = plan.recall("archived_files").summaries[publisher]["manifest"]
    frames: list[pd.DataFrame] = []
    speaking: list[dict[str, str]] = []
    rows: dict[str, dict[str, Any]] = {}
    troubles: list[tuple[str, list[dict[str, Any]]]] = []
    headings: list[dict[str, Any]] = []
    for archived in manifest:
        file = file_id(archived["sha256"])
        if file in rows:
            continue
        reading = read_file(archived["name"], plan.store.read(archive_key(archived["sha256"])), plan.words)
        rows[file] = file_row(reading, archived)
        troubles.append((archived["name"], problem_rows(reading, archived, plan.words.problems)))
        headings += heading_rows(reading, publisher, file, mask)
        if reading.status == "read":
            frames.append(lines_frame(reading).assign(file_id=file))
            speaking.append({"file_id": file, "name": archived["name"], "retrieved": archived["retrieved"]})
    lines = pd.concat(frames, ignore_index=True) if frames else empty_lines().assign(file_id="")
    names = pd.DataFrame(speaking, columns=["file_id", "name", "retrieved"])
    counted = count_once(publisher, lines.astype({"file_id": "str"}), names)
    registers = look_up(plan.store, plan.recall(REGISTERS).keys["all"], counted.payments)
    _, enriched = name_payees(publisher, counted.payments, class_words(plan), registers)
    served = {str(file): int(number) for file, number in counted.payments.groupby("file_id").size().items()}
    problems = [row for _, found in sorted(troubles, key=lambda pair: pair[0]) for row in found]
    return Parts(
        publisher, published(enriched, plan.schemas["payments"]), with_counts(files_frame(manifest, rows), served),
        problems, counted.coverage, headings,
    )  # fmt: skip
