"""
Figures over synthetic payments on DuckDB and on Spark on the same machine: seconds, memory, and whether they are equal.

    .venv/bin/python -m benchmarks.spark --millions 1 10

Each engine works in a process of its own over the same Parquet files, from start to figures; Spark's start-up is told
apart. Spark works twice, since its first pass also compiles. It needs the extra `spark` and Java; see benchmarks/spark.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from benchmarks.measures import AT_HAND, EACH, REGISTERS, Body, write
from dagster_project.measure import all_figures
from dagster_project.stages.engine import quoted
from dagster_project.stages.plan import Plan

WITNESSES = (
    "companies", "pay_gaps", "payment_practices", "slavery_statements", "deprivation", "emission_factors", "links",
)  # fmt: skip


def write_registers(folder: Path, bodies: int) -> None:
    """Write what registers say of the payees beside the payments."""
    (folder / "registers").mkdir()
    with duckdb.connect() as engine:
        engine.execute(f"CREATE VIEW payments AS FROM read_parquet('{folder}/*.parquet')")
        factors = ", ".join(f"'0.{year % 7}' AS y{year}" for year in range(2015, 2024))
        engine.execute(REGISTERS.format(payees=max(bodies * EACH // 32, 1000), factors=factors))
        for name in WITNESSES:
            engine.execute(f"COPY {name} TO '{folder}/registers/{name}.parquet'")


def engine_of(name: str, folder: Path, memory: str, cores: int) -> Any:
    """An engine held to so much memory and so many cores."""
    if name == "duckdb":
        config = {"memory_limit": f"{memory}B", "threads": str(cores), "temp_directory": str(folder / "spill")}
        return duckdb.connect(config=config)
    from dagster_project.stages.spark import session

    return session({
        "spark.driver.memory": memory.lower(), "spark.master": f"local[{cores}]", "spark.local.dir": str(folder / "spill"),
    })  # fmt: skip


def give(engine: Any, folder: Path, plan: Plan, bodies: dict[str, Body]) -> None:
    """Give an engine payments, registers and what is declared."""
    payments = sorted(map(str, folder.glob("*.parquet")))
    for name, paths in {"payments": payments, **{w: [f"{folder}/registers/{w}.parquet"] for w in WITNESSES}}.items():
        if isinstance(engine, duckdb.DuckDBPyConnection):
            engine.execute(f"CREATE VIEW {name} AS FROM read_parquet([{', '.join(map(quoted, paths))}])")
        else:
            engine.read(name, paths)
    classes = pd.DataFrame(
        [(name, c.in_scope) for name, c in plan.classes.items()], columns=["payee_class", "in_scope"]
    )
    engine.register("classes", classes.astype({"payee_class": "str", "in_scope": "boolean"}))
    areas = pd.DataFrame([(slug, body.lad_code) for slug, body in bodies.items()], columns=["publisher", "lad_code"])
    engine.register("areas", areas.astype("str"))


def memory_of(pid: int) -> int:
    """Peak memory of a process and its children in MB, as Linux counts it."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    own = sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    children = [
        child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]
    return own // 1024 + sum(memory_of(int(child)) for child in children)


def one(name: str, folder: Path, bodies: int, memory: str, cores: int) -> None:
    """Measure one engine in this process, and print it as JSON."""
    plan, known = Plan(), {f"body-{at}": Body(at) for at in range(bodies)}
    seconds = []
    began = time.perf_counter()
    engine = engine_of(name, folder, memory, cores)
    started = time.perf_counter() - began
    for _ in range(2 if name == "spark" else 1):
        began = time.perf_counter()
        with engine:
            give(engine, folder, plan, known)
            figures = all_figures(engine, plan.measures, plan.denominators, known, True, AT_HAND)
        seconds.append(round(time.perf_counter() - began, 1))
    digest = hashlib.sha256(figures.to_csv(index=False).encode()).hexdigest()[:16]
    said = {"started": round(started, 1), "seconds": seconds, "figures": len(figures), "memory": memory_of(os.getpid())}
    print(json.dumps(said | {"hash": digest}))


def main() -> None:
    """Print a line for each size and engine."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millions", type=float, nargs="+", default=[1, 10])
    parser.add_argument("--engines", nargs="+", default=["duckdb", "spark"])
    parser.add_argument("--memory", default="6G")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--folder", help="where the payments are written to, some 25 MB a million")
    parser.add_argument("--one", nargs=3, metavar=("ENGINE", "FOLDER", "BODIES"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        one(asked.one[0], Path(asked.one[1]), int(asked.one[2]), asked.memory, asked.cores)
        return
    print(
        "| million payments | engine | start, s | first pass, s | second pass, s | peak memory, MB | figures | hash | load |"
    )
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | --- | ---: |")
    for millions in asked.millions:
        with tempfile.TemporaryDirectory(dir=asked.folder) as place:
            bodies = len(write(millions, Path(place)))
            write_registers(Path(place), bodies)
            for engine in asked.engines:
                command = [sys.executable, "-m", "benchmarks.spark", "--one", engine, place, str(bodies)]
                limits = ["--memory", asked.memory, "--cores", str(asked.cores)]
                done = subprocess.run([*command, *limits], check=True, stdout=subprocess.PIPE, text=True)
                said = json.loads(done.stdout.splitlines()[-1])
                first, *second = said["seconds"]
                print(
                    f"| {millions:g} | {engine} | {said['started']} | {first} | {second[0] if second else ''} | "
                    f"{said['memory']:,} | {said['figures']:,} | `{said['hash']}` | {os.getloadavg()[0]:.1f} |", flush=True,
                )  # fmt: skip


if __name__ == "__main__":
    main()
