"""
One process beside two tranches on two cores: seconds, memory, and whether the bytes are the same.

    .venv/bin/python -m benchmarks.tranches FOLDER [--bodies 40] [--registers DIR]

FOLDER is laid out FOLDER/<publisher-slug>/<files>. Each way goes from the files to league tables into a folder of its own:
in one process; in one process with a pool of two; in two tranches, each a Dagster run in a process of its own, and a run
that joins them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dagster_project.model.ids import sha256
from dagster_project.stages.measuring import compute_figures, make_league_tables
from dagster_project.stages.plan import Plan
from dagster_project.stages.tranches import STAGES
from dagster_project.store import Store

TRANCHE = """
import sys
from dagster_project import definitions
sys.exit(not definitions.defs.resolve_job_def("tranches").execute_in_process(partition_key=sys.argv[1]).success)
"""
WHOLE = """
import json, resource, sys, time
from benchmarks.tranches import whole
whole(*sys.argv[1:])
print(sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024)
"""


def whole(folder: str, registers: str, out: str, workers: str) -> None:
    """All stages to league tables in this process."""
    plan = Plan(source=folder, registers=registers, out=out, workers=int(workers))
    for stage in (*STAGES, compute_figures, make_league_tables):
        stage(plan)


def run_whole(folder: str, registers: str, out: str, workers: int) -> tuple[float, str]:
    """Seconds and MB of a process that does all."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", WHOLE, folder, registers, out, str(workers)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return time.perf_counter() - began, done.stdout.strip().splitlines()[-1]


def run_tranches(folder: str, registers: str, out: str) -> float:
    """Seconds of two tranches at once."""
    settings = {"FROM": folder, "REGISTERS": registers, "OUT": out, "TRANCHES": "2", "WORKERS": "1"}
    env = os.environ | {f"LOCAL_POUND_{name}": value for name, value in settings.items()}
    began = time.perf_counter()
    runs = [
        subprocess.Popen([sys.executable, "-c", TRANCHE, name], env=env, stderr=subprocess.DEVNULL)
        for name in ("1-of-2", "2-of-2")
    ]
    if sum(run.wait() for run in runs):
        raise SystemExit("A tranche failed.")
    return time.perf_counter() - began


def bytes_of(out: str) -> dict[str, str]:
    """Hash of every table by key, without the notes of runs."""
    store = Store(out)
    return {key: sha256(store.read(key)) for key in store.list("tables") if not key.startswith("tables/runs/")}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bodies", type=int, default=40)
    parser.add_argument("--registers", default="")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "files"
        for body in sorted(path for path in asked.folder.iterdir() if path.is_dir())[: asked.bodies]:
            shutil.copytree(body, folder / body.name)
        one, pool, cut = (str(Path(scratch) / name) for name in ("one", "pool", "cut"))
        print("| way | seconds | peak memory, MB | load before |")
        print("| --- | ---: | ---: | ---: |")
        for name, out, workers in (("one process, one worker", one, 1), ("one process, a pool of two", pool, 2)):
            load = os.getloadavg()[0]
            seconds, memory = run_whole(str(folder), asked.registers, out, workers)
            print(f"| {name} | {seconds:.1f} | {memory} | {load:.1f} |", flush=True)
        load = os.getloadavg()[0]
        seconds = run_tranches(str(folder), asked.registers, cut)
        joined, memory = run_whole(str(folder), asked.registers, cut, 1)
        print(f"| two tranches at once | {seconds:.1f} | | {load:.1f} |")
        print(f"| the run that joins them | {joined:.1f} | {memory} | |")
        rows = Plan(source=str(folder), out=one).recall("published_lines").total("rows")
        same = bytes_of(one) == bytes_of(pool) == bytes_of(cut)
        print(
            f"\n{asked.bodies} bodies, {rows:,} lines, {len(bytes_of(one)):,} tables: {'the same' if same else 'OTHER'} bytes."
        )


if __name__ == "__main__":
    main()
