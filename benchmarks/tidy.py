"""
How long reading takes beside the bare readers over the same bytes, in one run: ratios, for seconds depend on the machine.

    python benchmarks/tidy.py [--lines 100000] [FOLDER]

Makes up a file of payments; with FOLDER, reads every file in it as well. Memory is the peak of the process.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import python_calamine

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE))

from dagster_project.declare.vocabulary import load_words  # noqa: E402
from dagster_project.tidy import read_file, report_json  # noqa: E402

WORDS = load_words(HERE / "datapackages" / "vocabulary")
HEADINGS = ["Body Name", "Directorate", "Supplier Name", "Supplier ID", "Payment Date", "Transaction No", "Net Amount",
            "Irrecoverable VAT", "Expense Type", "Description"]  # fmt: skip


def make_rows(lines: int) -> list[list[object]]:
    """Payments of an invented council, as varied as real ones."""
    chance = random.Random(1)
    payees = [
        f"{a} {b} {c}"
        for a in ("Ash", "Elm", "Northbeck", "Weir")
        for b in map(str, range(700))
        for c in ("Ltd", "plc", "Trust")
    ]
    rows: list[list[object]] = []
    for i in range(lines):
        day = date(2024, 4, 1) + timedelta(chance.randrange(90))
        pence = int(chance.lognormvariate(11, 2))
        payee = "REDACTED PERSONAL DATA" if chance.random() < 0.08 else chance.choice(payees)
        what = f"{chance.choice(('Fencing', 'Agency staff', 'Care', 'Licences'))} order {chance.randrange(lines)}"
        rows.append(["Northbeck Council", f"Directorate {i % 9}", payee, 400000 + i % 5000, day, 7000000 + i, pence / 100,
                     0, f"Type {i % 80}", what])  # fmt: skip
    return rows


def as_csv(rows: list[list[object]]) -> bytes:
    """The rows as most bodies write them: day first, pounds with commas."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for row in rows:
        day, pounds = row[4], row[6]
        writer.writerow([*row[:4], f"{day:%d/%m/%Y}", row[5], f"{pounds:,.2f}", *row[7:]])
    return out.getvalue().encode()


def as_xlsx(rows: list[list[object]]) -> bytes:
    """The rows as a workbook."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Q1")
    sheet.append(HEADINGS)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bare_csv(data: bytes) -> int:
    """Decode and cut, nothing else."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return len(list(csv.reader(io.StringIO(text, newline=""))))


def bare_book(data: bytes) -> int:
    """Read every sheet, nothing else."""
    book = python_calamine.load_workbook(io.BytesIO(data))
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def best(work: Callable[[], object], times: int = 3, clock: Callable[[], float] = time.process_time) -> float:
    """Seconds of the quickest of some runs, of this process alone unless another clock is given."""
    took = []
    for _ in range(times):
        start = clock()
        work()
        took.append(clock() - start)
    return min(took)


def compare(label: str, name: str, data: bytes, bare: Callable[[bytes], int]) -> None:
    """Print one line: bare reader, our reader, ratio."""
    short, ours = best(lambda: bare(data)), best(lambda: read_file(name, data, WORDS))
    rows = sum(table.published.rows for table in read_file(name, data, WORDS).tables)
    print(
        f"{label:28} {len(data) / 1e6:7.1f} MB {rows:9,} payments  bare {short:6.2f} s  read {ours:6.2f} s  ratio {ours / short:5.2f}"
    )


def start_up() -> None:
    """Print how long a check of a small file takes from a cold start of Python, and an empty start beside it."""
    code = (
        "from pathlib import Path; from dagster_project.declare.vocabulary import load_words;"
        "from dagster_project.tidy import read_file, report_text; w = load_words(Path('datapackages/vocabulary'));"
        "report_text(read_file('a.csv', b'Supplier,Date,Amount\\nAsh Ltd,14/06/2024,1.00\\n', w), w)"
    )
    ours = best(lambda: subprocess.run([sys.executable, "-c", code], cwd=HERE, check=True), clock=time.perf_counter)
    empty = best(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True), clock=time.perf_counter)
    print(f"{'small file, start included':28} {ours:.2f} s (an empty start of Python: {empty:.2f} s)")


def folder(path: Path) -> None:
    """Read every file of a folder; print the ratio over all text files and over all workbooks."""
    sums: dict[str, list[float]] = {"text": [0, 0, 0], "workbooks": [0, 0, 0]}
    for file in sorted(p for p in path.rglob("*") if p.is_file()):
        data = file.read_bytes()
        reading = read_file(file.name, data, WORDS)
        kind = {"csv": "text", "xlsx": "workbooks", "xls": "workbooks", "ods": "workbooks"}.get(reading.container)
        if not kind or reading.status == "not_a_table":
            continue
        bare = bare_csv if kind == "text" else bare_book
        sums[kind][0] += best(lambda data=data, bare=bare: bare(data), 1)
        sums[kind][1] += best(lambda data=data, file=file: report_json(file.name, read_file(file.name, data, WORDS)), 1)
        sums[kind][2] += len(data)
    for kind, (short, ours, size) in sums.items():
        if short:
            print(
                f"{'all ' + kind:28} {size / 1e6:7.1f} MB  bare {short:6.2f} s  read {ours:6.2f} s  ratio {ours / short:5.2f}"
            )


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("folder", nargs="?", type=Path)
    asked = parser.parse_args()
    start_up()
    rows = make_rows(asked.lines)
    text, book = as_csv(rows), as_xlsx(rows)
    del rows  # else Python's collector walks through them while the bare readers run, and not while ours does
    compare("made up, CSV", "a.csv", text, bare_csv)
    compare("made up, XLSX", "a.xlsx", book, bare_book)
    if asked.folder:
        folder(asked.folder)
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
