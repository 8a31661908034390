"""Recompute what was published, and name what differs: a package from the archive, a figure from a package."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pandas as pd

from dagster_project.archive import archive_key
from dagster_project.declare.publishers import load_publishers
from dagster_project.ledger import count_once, empty_lines, lines_frame
from dagster_project.match import name_payees
from dagster_project.measure import all_figures
from dagster_project.model.ids import file_id, sha256
from dagster_project.package import arrow_table, check_package, csv_bytes
from dagster_project.stages.counting import REGISTERS, class_words, look_up
from dagster_project.stages.engine import connect, quoted
from dagster_project.stages.measuring import give_context
from dagster_project.stages.packaging import EVERYBODY, with_line_ids
from dagster_project.stages.plan import Plan
from dagster_project.tidy import read_file

#: How a published payment becomes what the queries of the figures read: whole pence, and the financial year.
AS_ENRICHED = """
SELECT * REPLACE (coalesce(supplier_id, '') AS supplier_id, coalesce(payee, '') AS payee, coalesce(month, '') AS month,
                  coalesce(payee_lad_code, '') AS payee_lad_code),
  CAST(amount * 100 AS BIGINT) AS amount_pence,
  CASE WHEN month IS NULL THEN '' ELSE
    printf('%d-%02d', year - (month_of < 4)::INT, (year - (month_of < 4)::INT + 1) % 100) END AS period
FROM (SELECT *, CAST(left(month, 4) AS INT) AS year, CAST(right(month, 2) AS INT) AS month_of FROM {payments})
"""


class NothingToVerify(LookupError):
    """No such figure or package; the message says what was looked for and where."""


def as_released(plan: Plan) -> Plan:
    """The plan with the public bodies, and the claim of completeness, that the package for all was made with."""
    folder = Path(plan.store.path(f"packages/{EVERYBODY}"))
    if not (folder / "datapackage.json").is_file():
        raise NothingToVerify(f"There is no package in {folder}. Make one: local-pound build --out {plan.out}")
    released = replace(plan)
    spine = {publisher.slug: publisher for publisher in load_publishers(folder / "publishers.csv")}
    complete = plan.store.read_json(f"packages/{EVERYBODY}/datapackage.json")["isComplete"]
    released.__dict__.update(publishers=spine, is_complete=complete)
    return released


def verify_figure(plan: Plan, wanted: str) -> tuple[bool, str]:
    """
    Recompute a figure from the published payments of the package for all.

    Returns:
        Whether it comes out the same, and what to print.

    Raises:
        NothingToVerify: there is no figure of that id in this build.
    """
    plan = as_released(plan)
    folder = Path(plan.store.path(f"packages/{EVERYBODY}"))
    figures = pd.read_parquet(folder / "figures.parquet")
    found = figures[figures["figure_id"] == wanted]
    if not len(found):
        raise NothingToVerify(
            f"No figure {wanted} in {folder}. Its id stands under it on the portal, such as f-2b7e90aa10cc."
        )
    said = found.iloc[0]
    with connect() as engine:
        source = (
            f"read_parquet({quoted(str(folder / 'payments.parquet'))}) WHERE publisher = {quoted(said['publisher'])}"
        )
        engine.execute(f"CREATE VIEW payments AS {AS_ENRICHED.format(payments=source)}")
        give_context(engine, plan)
        measures = [measure for measure in plan.measures if measure.id == said["measure"]]
        again = all_figures(engine, measures, plan.denominators, plan.publishers, plan.is_complete)
    now = again[again["figure_id"] == wanted]
    same = len(now) == 1 and all(_equal(said[name], now.iloc[0][name]) for name in ("low", "high", "status", "months"))
    same = same and int(said["base"] * 100) == now.iloc[0]["base_pence"]
    version = plan.store.read_json(f"packages/{EVERYBODY}/datapackage.json")["version"]
    lines = [
        f"Figure    {wanted}",
        f"Measure   {measures[0].name}: {measures[0].question}" if measures else f"Measure   {said['measure']}",
        f"Body      {said['publisher']}",
        f"Period    {said['period']} ({said['months']} months)",
        f"At least  {said['low']}",
        f"At most   {said['high']}",
        f"Base      £{said['base']:,}, of which not known £{said['unknown']:,}",
        f"State     {said['status']}",
        f"Package   local-pound {version}, payments.parquet {_digest(folder / 'payments.parquet')}",
        f"Query     dagster_project/measure, form '{measures[0].form}', base '{measures[0].base}'" if measures else "",
        "",
        "The same again." if same else f"DIFFERENT: recomputed {now.iloc[0].to_dict() if len(now) else 'nothing'}",
    ]
    return same, "\n".join(lines)


def _equal(a: Any, b: Any) -> bool:
    return bool(a == b) or bool(pd.isna(a) and pd.isna(b))


def _digest(path: Path) -> str:
    return f"sha256:{sha256(path.read_bytes())}"


def verify_package(plan: Plan, name: str) -> tuple[bool, str]:
    """
    Check a publisher's package against its descriptor, and its payments against the archive.

    Returns:
        Whether all holds, and what to print: the file, and the first row, that differs.

    Raises:
        NothingToVerify: there is no package of that name in this build.
    """
    plan = as_released(plan)
    folder = Path(plan.store.path(f"packages/{name}"))
    if not (folder / "datapackage.json").is_file():
        raise NothingToVerify(f"No package '{name}' in {folder.parent}. Packages are named after their body's slug.")
    descriptor = plan.store.read_json(f"packages/{name}/datapackage.json")
    broken = [
        f"{resource['path']}: its bytes are not those that were described"
        for resource in descriptor["resources"]
        if "sha256:" + plan.store.sha256(f"packages/{name}/{resource['path']}") != resource["hash"]
    ]
    broken += check_package(folder / "datapackage.json", rows=None)
    if name != EVERYBODY:
        broken += _against_archive(plan, name, (folder / "payments.csv").read_bytes())
    said = [f"Package   {name} {descriptor['version']}", f"Files     {len(descriptor['resources'])}", *broken]
    said.append(
        "DIFFERENT" if broken else "All bytes, all rows, and every payment recomputed from the archive: the same."
    )
    return not broken, "\n".join(said)


def recomputed(plan: Plan, publisher: str) -> bytes:
    """The publisher's `payments.csv`, made anew from the archived bytes without any table of the build."""
    frames, files, seen = [], [], set()
    for row in plan.recall("archived_files").summaries[publisher]["manifest"]:
        file = file_id(row["sha256"])
        if file not in seen:
            seen.add(file)
            reading = read_file(row["name"], plan.store.read(archive_key(row["sha256"])), plan.words)
            if reading.status == "read":
                frames.append(lines_frame(reading).assign(file_id=file))
                files.append({"file_id": file, "name": row["name"], "retrieved": row["retrieved"]})
    lines = pd.concat(frames, ignore_index=True) if frames else empty_lines().assign(file_id="")
    names = pd.DataFrame(files, columns=["file_id", "name", "retrieved"])
    counted = count_once(publisher, lines.astype({"file_id": "str"}), names)
    registers = look_up(plan.store, plan.recall(REGISTERS).keys["all"], counted.payments)
    _, enriched = name_payees(publisher, counted.payments, class_words(plan), registers)
    schema = plan.schemas["payments"]
    return csv_bytes(arrow_table(with_line_ids(enriched), schema), schema)


def _against_archive(plan: Plan, publisher: str, published: bytes) -> list[str]:
    again = recomputed(plan, publisher)
    if again == published:
        return []
    rows = [list(csv.reader(io.StringIO(data.decode(), newline=""))) for data in (published, again)]
    for number, (was, now) in enumerate(zip_longest(*rows)):
        if was != now:
            return [f"payments.csv: row {number} says {was}; recomputed from the archive: {now}"]
    return ["payments.csv: the same rows in other bytes"]
