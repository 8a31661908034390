"""
Measure the checker of packages against frictionless: the same file, the same schema, the same run, the same verdict.

    .venv/bin/python benchmarks/validating.py [ROWS]

Makes invented payments (a million unless said otherwise), a few of them wrong, and checks them both ways, each in a process
of its own. Prints Markdown. Seconds depend on the machine; read the ratio.
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
#: One row in so many has a wrong cell.
WRONG = 10_000


def write_payments(path: Path, schema: dict[str, Any], rows: int) -> None:
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
            if number % WRONG == 0:
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
    """Seconds, megabytes at most, and verdict of one checker, for the process that asked."""
    began = time.perf_counter()
    found = check(path, schema)
    seconds = time.perf_counter() - began
    answer.put((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, found))


def main(rows: int) -> None:
    """Both checkers over one file, and what they say."""
    schema = describe_schema(load_schemas(HOUSE / "datapackages" / "schemas")["payments"], [])
    context, table = multiprocessing.get_context("spawn"), {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "payments.csv"
        write_payments(path, schema, rows)
        size = path.stat().st_size / 1e6
        for name, check in (("ours", ours), ("frictionless", theirs)):
            answer = context.Queue()
            process = context.Process(target=measured, args=(check, path, schema, answer))
            process.start()
            table[name] = answer.get()
            process.join()
    print(f"{rows:,} rows of {len(schema['fields'])} columns, {size:,.0f} MB of CSV\n")
    print("| checker | seconds | rows a second | MB at most | errors found |\n| --- | ---: | ---: | ---: | ---: |")
    for name, (seconds, peak, found) in table.items():
        print(f"| {name} | {seconds:.1f} | {rows / seconds:,.0f} | {peak:,.0f} | {found.total()} |")
    same = table["ours"][2] == table["frictionless"][2]
    print(
        f"\n{table['frictionless'][0] / table['ours'][0]:.0f} times as fast; the same verdict: {'yes' if same else 'NO'}."
    )
    print(f"\nErrors: {json.dumps({' '.join(key).strip(): n for key, n in sorted(table['ours'][2].items())})}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
