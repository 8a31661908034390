"""
Measure the checker of packages against frictionless: the same file, the same schema, the same run, the same verdict.

    .venv/bin/python benchmarks/validating.py [ROWS]

Makes invented payments (a million unless said otherwise) and checks them both ways, each in a process of its own; then a file
of a hundredth of the rows, some of them wrong, to compare the verdicts. Prints Markdown. Seconds depend on the machine and on
what else it does, seconds of processor hardly on the latter; read the ratios.
"""

from __future__ import annotations

import csv
import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.declare.schemas import load_schemas
from dagster_project.package.checking import ENGINE, csv_errors
from dagster_project.package.describing import RESOURCE_PROFILE, describe_schema

HOUSE = Path(__file__).parents[1]
#: One row in so many has a wrong cell, in the file that is compared for its errors.
WRONG = 100


def write_payments(path: Path, schema: dict[str, Any], rows: int, wrong_in: int = 0) -> None:
    """Invented payments: every cell of its column's type, ids that are unique, now and then something wrong."""
    dice = random.Random(12)
    payees = [
        f"Invented {word} {number} Ltd" for word in ("Care", "Roads", "Homes", "Print") for number in range(2_000)
    ]
    fields = schema["fields"]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\r\n")
        out.writerow([field["name"] for field in fields])
        for number in range(rows):
            cells = {field["name"]: field.get("example", "") for field in fields}
            day = f"{2010 + number % 14}-{1 + number % 12:02d}-{1 + number % 28:02d}"
            cells |= {
                "payment_id": f"{number:016x}", "date": day, "month": day[:7], "payee": dice.choice(payees),
                "amount": f"{dice.randrange(50_000, 9_000_000) / 100:.2f}", "line_id": f"{number % 997:016x}:1:{number}",
            }  # fmt: skip
            if wrong_in and number % wrong_in == 0:
                wrong = {
                    "date": "14/06/2023",
                    "dataset_kind": "loans",
                    "payment_id": "X",
                    "amount": "1,204.50",
                    "publisher": "",
                }
                column = dice.choice(sorted(wrong))
                cells[column] = wrong[column]
            out.writerow([cells[field["name"]] for field in fields])


def ours(path: Path, schema: dict[str, Any]) -> Counter[tuple[str, str]]:
    """Errors of the checker by column and type."""
    with duckdb.connect(config=ENGINE) as engine:
        engine.execute("SET enable_progress_bar = false")
        return Counter((error.field, error.kind) for error in csv_errors(engine, path, schema))


def theirs(path: Path, schema: dict[str, Any]) -> Counter[tuple[str, str]]:
    """Errors of frictionless by column and type."""
    import frictionless

    said = {"$schema": RESOURCE_PROFILE, "name": "payments", "path": str(path), "format": "csv", "encoding": "utf-8",
            "dialect": {"csv": {"delimiter": ",", "skipInitialSpace": False}}, "schema": schema}  # fmt: skip
    with frictionless.system.use_context(trusted=True):
        (task,) = frictionless.Resource.from_descriptor(said).validate(limit_errors=1_000_000).tasks
    return Counter((getattr(error, "field_name", ""), error.type) for error in task.errors)


def measured(check: Any, path: Path, schema: dict[str, Any], answer: Any) -> None:
    """Seconds, seconds of processor, megabytes at most, and verdict of one checker, for the process that asked."""
    import frictionless  # noqa: F401 -- loading it is not checking

    began, busy = time.perf_counter(), time.process_time()
    found = check(path, schema)
    seconds = (time.perf_counter() - began, time.process_time() - busy)
    answer.put((*seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, found))


def both(path: Path, schema: dict[str, Any]) -> dict[str, Any]:
    """What each checker takes for a file and says of it."""
    context, said = multiprocessing.get_context("spawn"), {}
    for name, check in (("ours", ours), ("frictionless", theirs)):
        answer = context.Queue()
        process = context.Process(target=measured, args=(check, path, schema, answer))
        process.start()
        said[name] = answer.get()
        process.join()
    return said


def main(rows: int) -> None:
    """Both checkers over one file, and what they say of another."""
    schema = describe_schema(load_schemas(HOUSE / "datapackages" / "schemas")["payments"], [])
    with tempfile.TemporaryDirectory() as folder:
        right, wrong = Path(folder) / "right.csv", Path(folder) / "wrong.csv"
        write_payments(right, schema, rows)
        write_payments(wrong, schema, rows // 100, WRONG)
        table, verdicts, size = both(right, schema), both(wrong, schema), right.stat().st_size / 1e6
    print(f"{rows:,} rows of {len(schema['fields'])} columns, {size:,.0f} MB of CSV\n")
    print("| checker | seconds | of processor | rows a second of processor | MB at most | errors |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, (seconds, busy, peak, found) in table.items():
        print(f"| {name} | {seconds:.1f} | {busy:.1f} | {rows / busy:,.0f} | {peak:,.0f} | {found.total()} |")
    wall, busy = (table["frictionless"][at] / table["ours"][at] for at in (0, 1))
    print(f"\n{wall:.0f} times as fast by the clock, {busy:.0f} times by the processor.")
    same = verdicts["ours"][3] == verdicts["frictionless"][3]
    print(f"\nOf {rows // 100:,} rows with errors the same verdict: {'yes' if same else 'NO'}.")
    print(json.dumps({" ".join(key).strip(): n for key, n in sorted(verdicts["ours"][3].items())}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
