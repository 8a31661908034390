"""The package of one publisher made anew from the archived bytes, without any table of the build but the registers."""

from __future__ import annotations

from concurrent.futures import Executor
from functools import partial

import pandas as pd

from dagster_project.ledger import count_once, empty_lines
from dagster_project.match import name_payees
from dagster_project.model.ids import file_id
from dagster_project.stages.counting import REGISTERS
from dagster_project.stages.engine import connect
from dagster_project.stages.naming import class_words, look_up, open_registers
from dagster_project.stages.parts import Parts, published, with_counts
from dagster_project.stages.plan import Plan
from dagster_project.stages.reading import files_frame, read_archived
from dagster_project.store import Store


def recomputed(plan: Plan, publisher: str, pool: Executor) -> Parts:
    """
    Everything that the package of a publisher holds, from its archived files.

    Args:
        pool: Where files are read.

    Raises:
        FileNotFoundError: there is no archive, or none of this body, or a file of it is gone.
    """
    archived = plan.recall("archived_files").summaries
    if publisher not in archived:
        raise FileNotFoundError(f"no file of {publisher} is archived in {plan.out}")
    manifest = archived[publisher]["manifest"]
    once = {file_id(archived["sha256"]): archived for archived in reversed(manifest)}
    once = {file: once[file] for file in dict.fromkeys(file_id(archived["sha256"]) for archived in manifest)}
    read = dict(zip(once, pool.map(partial(read_archived, Store(plan.out)), once.values()), strict=True))
    frames = [again.lines.assign(file_id=file) for file, again in read.items() if again.row["status"] == "read"]
    lines = pd.concat(frames, ignore_index=True) if frames else empty_lines().assign(file_id="")
    names = pd.DataFrame(
        [{"file_id": file, "name": once[file]["name"], "retrieved": once[file]["retrieved"]}
         for file, again in read.items() if again.row["status"] == "read"],
        columns=["file_id", "name", "retrieved"],
    )  # fmt: skip
    counted = count_once(publisher, lines.astype({"file_id": "str"}), names)
    with connect() as engine:
        open_registers(engine, plan.store, plan.recall(REGISTERS).keys["all"])
        registers = look_up(engine, counted.payments)
    _, enriched = name_payees(publisher, counted.payments, class_words(plan), registers)
    served = {str(file): int(number) for file, number in counted.payments.groupby("file_id").size().items()}
    by_name = sorted(read, key=lambda file: str(once[file]["name"]))
    rows = {file: again.row for file, again in read.items()}
    return Parts(
        publisher, published(enriched, plan.schemas["payments"]), with_counts(files_frame(manifest, rows), served),
        [row for file in by_name for row in read[file].problems], counted.coverage,
        [row for again in read.values() for row in again.headings],
    )  # fmt: skip
