"""
What the orchestration costs: 400 publishers through the graph, beside the same stages called one after the other.

    .venv/bin/python benchmarks/orchestration.py [--publishers 400]

Everything is built once first, so that both only find that nothing changed: what is left is looking and orchestrating.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from pipeline import run

from dagster_project.definitions import run_everything
from dagster_project.stages.plan import Plan

HEAD = "Payment Date,Supplier Name,Net Amount\n"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--publishers", type=int, default=400)
    count = parser.parse_args().publishers
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "files"
        for slug in list(Plan(source="folder").publishers)[:count]:
            (folder / slug).mkdir(parents=True)
            lines = [f"{day:02d}/06/2023,Invented {slug} {day} Ltd,{day}00.50\n" for day in range(1, 6)]
            (folder / slug / "june.csv").write_text(HEAD + "".join(lines), encoding="utf-8")
        plan = Plan(source=str(folder), out=str(Path(scratch) / "out"))
        first = sum(run(plan).values())
        stages = sum(run(plan).values())
        began = time.perf_counter()
        well, broken = run_everything(plan)
        graph = time.perf_counter() - began
        if not well:
            raise SystemExit("\n".join(broken))
        print(f"{count} publishers, a file each: first build {first:.1f} s")
        print(
            f"nothing changed: stages alone {stages:.2f} s, through the graph {graph:.2f} s, of which it adds {graph - stages:.2f} s"
        )


if __name__ == "__main__":
    main()
