"""
Measure the whole way: rows a second of each stage, peak memory, a second run, a run with one file changed, pages.

    .venv/bin/python benchmarks/pipeline.py FOLDER [--registers DIR] [--out DIR]

FOLDER is laid out FOLDER/<publisher-slug>/<files>; it is copied, so that one file can be changed. Prints Markdown. Seconds
depend on the machine; read the ratios between lines of one run.
"""

from __future__ import annotations

import argparse
import gzip
import resource
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from dagster_project.stages.checks import dead_links, double_counts, invalid_packages, keel_breaks
from dagster_project.stages.counting import count_payments, load_registers
from dagster_project.stages.measuring import compute_figures, make_league_tables
from dagster_project.stages.naming import name_all_payees
from dagster_project.stages.packaging import write_packages
from dagster_project.stages.plan import Plan
from dagster_project.stages.printing import print_portal
from dagster_project.stages.reading import archive_files, read_files

STAGES = (archive_files, read_files, keel_breaks, count_payments, double_counts, load_registers, name_all_payees,
          compute_figures, make_league_tables, write_packages, invalid_packages, print_portal, dead_links)  # fmt: skip
EXTRA = "Payment Date,Supplier Name,Net Amount\n01/06/2021,Invented Extra Ltd,1234.56\n"


def run(plan: Plan) -> dict[str, float]:
    """Seconds of each stage."""
    seconds = {}
    for stage in STAGES:
        began = time.perf_counter()
        stage(plan)
        seconds[stage.__name__] = time.perf_counter() - began
    return seconds


def peak_mb() -> float:
    """Peak memory of this process in MB; workers are not among its children, so theirs is not in it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def pages(out: Path) -> str:
    """Number and weight of printed pages."""
    found = list((out / "portal").rglob("*.html"))
    raw = [path.stat().st_size for path in found]
    packed = [len(gzip.compress(path.read_bytes(), 6)) for path in found]
    return (
        f"{len(found):,} pages, {sum(raw) / 1e6:,.0f} MB; one page: median {statistics.median(raw) / 1e3:.0f} kB "
        f"({statistics.median(packed) / 1e3:.0f} kB gzipped), largest {max(raw) / 1e3:,.0f} kB ({max(packed) / 1e3:,.0f} kB)"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--registers", default="")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "files"
        shutil.copytree(asked.folder, folder)
        out = asked.out or Path(scratch) / "out"
        plan = Plan(source=str(folder), registers=asked.registers, out=str(out))
        first = run(plan)
        rows = plan.recall("published_lines").total("rows")
        done = plan.recall("payments").total("rows")
        printed = sum(len(s["files"]) for s in plan.recall("portal").summaries.values())
        again = run(Plan(source=str(folder), registers=asked.registers, out=str(out)))
        body = min(plan.recall("archived_files").summaries)
        place = folder / "spend" / body if (folder / "spend").is_dir() else folder / body
        (place / "extra-file-of-the-benchmark.csv").write_text(EXTRA, encoding="utf-8")
        changed = run(Plan(source=str(folder), registers=asked.registers, out=str(out)))
        print(f"{rows:,} published lines, {done:,} payments, {len(plan.recall('archived_files').keys):,} bodies\n")
        print("| stage | first, s | lines a second | nothing changed, s | one file changed, s |")
        print("| --- | ---: | ---: | ---: | ---: |")
        for name, seconds in first.items():
            print(f"| {name} | {seconds:.1f} | {rows / seconds:,.0f} | {again[name]:.1f} | {changed[name]:.1f} |")
        sums = [sum(part.values()) for part in (first, again, changed)]
        print(f"| all | {sums[0]:.1f} | {rows / sums[0]:,.0f} | {sums[1]:.1f} | {sums[2]:.1f} |\n")
        print(f"Peak memory of the main process: {peak_mb():,.0f} MB.")
        print(f"Portal: {pages(out)}; {printed / first['print_portal']:,.0f} files a second while printing.")


if __name__ == "__main__":
    main()
