"""
What a weekly run costs, piece by piece, and whether it fits a standard GitHub runner when the country is published.

    .venv/bin/python benchmarks/weekly.py [SMALL BIG]
    .venv/bin/python benchmarks/weekly.py real FOLDER [OUT]
    .venv/bin/python benchmarks/weekly.py whole FOLDER [BODIES COMPANIES]

Invented bodies publish a file a month for a year, with as many rows a file as the real corpus has, to payees of an invented
register. The whole way is walked for SMALL and for BIG bodies (3 and 9), each stage in a process of its own: seconds of
processor, peak memory, bytes on disk. What a further body costs, the difference between both divided, is scaled to 400
bodies and some years. The second form walks the same way over the published files of a folder, laid out as the larger
build would be, with as many processes as there are cores, and says what each row of it took. The third scales nothing: a
year of 400 bodies and a register of 5.7 million companies are written into FOLDER and walked with as many processes as a
standard runner has cores, then walked again a week later, when a quarter of the bodies has put up another month.
Prints Markdown; benchmarks/weekly.md says what was run and what was scaled.
"""

# ruff: noqa: E402 - the local web lies with the tests

from __future__ import annotations

import io
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

HOUSE = Path(__file__).parents[1]
sys.path.insert(0, str(HOUSE / "tests" / "harvest"))

from local_web import FastClock, LocalWeb, Page

from dagster_project.declare.newest import Newest
from dagster_project.declare.registers import load_registers as load_register_files
from dagster_project.stages import checks
from dagster_project.stages.counting import PAYMENTS, count_payments, load_registers
from dagster_project.stages.measuring import compute_figures, make_league_tables
from dagster_project.stages.naming import name_all_payees
from dagster_project.stages.packaging import write_packages
from dagster_project.stages.packs import everything, read_index, save, unpack
from dagster_project.stages.plan import DECLARED, Plan
from dagster_project.stages.printing import print_portal
from dagster_project.stages.reading import archive_files, read_files
from dagster_project.stages.register_harvest import LIMITS, harvest_registers, put_at_hand
from dagster_project.stages.runs import open_run
from dagster_project.stages.suppliers import gather_suppliers
from dagster_project.stages.unpacked import SETTING
from dagster_project.store import Store

#: Rows of a file: 1,711,144 published lines in the 1,122 files of the real corpus.
ROWS, MONTHS, BODIES = 1_525, 12, 400
REGISTER, WHOLE_REGISTER = 200_000, 5_700_000
RUNNER_CORES = 4
SHARED, OWN, IN_REGISTER = 3_000, 250, 0.7
STAGES = {
    stage.__name__: stage
    for stage in (
        archive_files, read_files, checks.keel_breaks, count_payments, checks.double_counts, load_registers, name_all_payees,
        gather_suppliers, compute_figures, make_league_tables, write_packages, checks.invalid_packages, print_portal,
        checks.dead_links,
    )
}  # fmt: skip
#: Stages that work on several bodies at a time.
POOLED = ("read_files", "count_payments", "name_all_payees", "write_packages", "print_portal")
HEADINGS = "Supplier Name,Payment Date,Net Amount,Directorate,Description,Transaction Number\r\n"
COMPANIES = (
    "CompanyName, CompanyNumber,RegAddress.PostCode,CompanyCategory,CompanyStatus,DissolutionDate,IncorporationDate,"
    "Accounts.AccountCategory,Accounts.LastMadeUpDate,SICCode.SicText_1,"
    + ",".join(f"PreviousName_{n}.CONDATE, PreviousName_{n}.CompanyName" for n in range(1, 11))
)
PARTS = ("bram", "ots", "kel", "tarn", "wick", "dun", "mere", "hol", "gar", "fen", "cor", "sal", "ness", "quar")
TRADES = ("Care", "Paving", "Supplies", "Homes", "Transport", "Legal", "Energy", "Training", "Print", "Catering")
DEPARTMENTS = ("Adult Care", "Children", "Highways", "Housing", "Corporate", "Environment", "Public Health", "Schools")


def names(dice: random.Random, many: int) -> Iterator[str]:
    """Names of companies that nobody bears, each once."""
    for number in range(many):
        stem = "".join(dice.choice(PARTS) for _ in range(3)).title()
        yield f"{stem} {dice.choice(TRADES)} {number:X} Limited"


def strangers(dice: random.Random, many: int) -> Iterator[str]:
    """Names of companies that nobody here pays, of the same words as those that are paid."""
    for _ in range(many):
        stem = "".join(dice.choice(PARTS) for _ in range(dice.randint(2, 4))).title()
        yield f"{stem} {dice.choice(TRADES)}{dice.choice(('', ' Services', ' Group', ' (UK)', ' Holdings'))} Limited"


def invent(folder: Path, bodies: int, register: int = 0) -> None:
    """Write `files` with their spine, and `registers`, with so many companies at least."""
    dice = random.Random(16)
    companies = list(names(dice, int(SHARED * IN_REGISTER) + bodies * int(OWN * IN_REGISTER)))
    (folder / "registers").mkdir(parents=True)
    with (folder / "registers" / "BasicCompanyDataAsOneFile-2026-11-01.csv").open("w", newline="") as out:
        out.write(f"{COMPANIES}\r\n")
        others = strangers(dice, max(register - len(companies), 0))
        for number, name in enumerate(chain(companies, others)):
            out.write(
                f"{name.upper()},{9_000_000 + number:08d},NQ{number % 90 + 1} {number % 9 + 1}AB,Private Limited Company,"
                f"Active,,01/02/2003,SMALL,31/03/2025,87900 - Care{',' * 20}\r\n"
            )
    shared = companies[: int(SHARED * IN_REGISTER)]
    shared += [f"{name} Traders" for name in names(dice, SHARED - len(shared))]
    for body in range(bodies):
        slug = f"body-{body:03d}"
        own = companies[len(shared) :][body::bodies][:OWN] + [f"{name} of {body}" for name in names(dice, OWN // 3)]
        (folder / "files" / slug).mkdir(parents=True)
        for month in range(1, MONTHS + 1):
            (folder / "files" / slug / f"spend-2025-{month:02d}.csv").write_bytes(_file(dice, shared, own, month))
        if register and body % 4 == 0:
            (folder / "next" / slug).mkdir(parents=True)
            (folder / "next" / slug / "spend-2026-01.csv").write_bytes(_file(dice, shared, own, 1, 2026))
    spine = "".join(f"body-{n:03d},Body {n} Council,district,E079{n:05d},TLD\n" for n in range(bodies))
    (folder / "files" / "publishers.csv").write_text(f"slug,name,kind,lad_code,region\n{spine}")


def _file(dice: random.Random, shared: list[str], own: list[str], month: int, year: int = 2025) -> bytes:
    lines = [HEADINGS]
    for number in range(ROWS):
        # few payees take most lines: the place in the list falls off as in real ledgers
        payees = own if dice.random() < 0.6 else shared
        payee = payees[min(int(len(payees) * dice.random() ** 3), len(payees) - 1)]
        pence = int(dice.lognormvariate(11.5, 1.3)) + 25_000
        lines.append(
            f"{payee},{dice.randrange(1, 29):02d}/{month:02d}/{year},{pence / 100:.2f},{dice.choice(DEPARTMENTS)},"
            f"Payments for services {dice.randrange(60)},{5_000_000 + (year - 2025) * 120_000 + month * 10_000 + number}\r\n"
        )
    return "".join(lines).encode()


def one_stage(name: str, files: str, registers: str, out: str, workers: str) -> None:
    """Run a stage in this process, and print what it took."""
    plan = Plan(source=files, registers=registers, out=out, workers=int(workers) or None)
    used, began = time.process_time(), time.perf_counter()
    STAGES[name](plan)
    took = {"cpu": time.process_time() - used, "clock": time.perf_counter() - began}
    print(json.dumps(took | {"mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000}))


def walk(files: Path, registers: Path | str, out: Path, workers: int = 1) -> dict[str, dict[str, float]]:
    """The whole way, each stage in a process of its own, with so many others; 0 for one a core."""
    found = {}
    for name in STAGES:
        command = [sys.executable, __file__, "stage", name, str(files), str(registers), str(out), str(workers)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as stage:
            together, alone, disk = held(stage)
            said = stage.stdout.read() if stage.stdout else ""
        if stage.returncode:
            raise SystemExit(f"{name} failed")
        found[name] = json.loads(said.splitlines()[-1]) | {"together": together, "worker": alone, "disk": disk}
        print(f"<!-- {name}: {found[name]} -->", file=sys.stderr, flush=True)
    return found


def whole(folder: Path, bodies: int, companies: int) -> None:
    """A year of so many bodies from files to a checked portal, and the week after; nothing is scaled."""
    files, registers, out = folder / "files", folder / "registers", folder / "out"
    if not files.exists():
        invent(folder, bodies, companies)
    first, disk = walk(files, registers, out, RUNNER_CORES), sizes(out)
    for place in sorted((folder / "next").glob("*/*.csv")):
        place.rename(files / place.parent.name / place.name)
    again = walk(files, registers, out, RUNNER_CORES)
    rows = Plan(source=str(files), registers=str(registers), out=str(out)).recall(PAYMENTS).total("rows")
    print(
        f"\n{bodies} bodies, {companies:,} companies, {rows:,} payments after the second week; {os.cpu_count()} cores.\n"
    )
    print(
        "| stage | clock, s | main process, MB | largest other, MB | together, MB | more on disk, MB | a week later, s | together, MB |"
    )
    print("| --- |" + " ---: |" * 7)
    for name, took in first.items():
        cells = [
            took["clock"],
            took["mb"],
            took["worker"],
            took["together"],
            took["disk"],
            again[name]["clock"],
            again[name]["together"],
        ]
        print(f"| {name} | {' | '.join(f'{cell:,.0f}' for cell in cells)} |")
    total = [sum(took["clock"] for took in one.values()) / 60 for one in (first, again)]
    print(f"\nMinutes: {total[0]:.1f} and {total[1]:.1f}.\n\n| on disk | MB |\n| --- | ---: |")
    for name, size in disk.items():
        print(f"| {name} | {size:,.0f} |")


def held(stage: subprocess.Popen[str]) -> tuple[float, float, float]:
    """
    Megabytes of a stage and the processes that it started, at most.

    Returns:
        Memory of all at once, shared pages once; of the largest other process; and what was more on the disk of temporary
        files than when it began, other work there included.
    """
    together = alone = disk = 0.0
    before = shutil.disk_usage(tempfile.gettempdir()).used
    while stage.poll() is None:
        sizes = {pid: size for pid in _of_session(stage.pid) if (size := _proportional(pid))}
        together = max(together, sum(sizes.values()))
        alone = max([alone, *(size for pid, size in sizes.items() if pid != stage.pid)])
        disk = max(disk, (shutil.disk_usage(tempfile.gettempdir()).used - before) / 1e6)
        time.sleep(0.25)
    return together, alone, disk


def _of_session(leader: int) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getsid(int(entry.name)) == leader:
                    yield int(entry.name)
            except ProcessLookupError:
                continue


def _proportional(pid: int) -> float:
    """Megabytes of a process, shared pages in parts; 0 for one that is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("Pss:")), 0.0)


def megabytes(*places: Path) -> float:
    """Of all files below some places, each counted once however many names it has."""
    files = {path.stat().st_ino: path.stat().st_size for place in places for path in place.rglob("*") if path.is_file()}
    return sum(files.values()) / 1e6


def sizes(out: Path) -> dict[str, float]:
    """Megabytes of what lies on the disk after a run; what the portal shows of packages lies there once."""
    tables, packages = out / "tables", [out / "packages", out / "releases"]
    each = {path.name: megabytes(path) for path in sorted(tables.iterdir())}
    print(f"<!-- tables: { {name: round(size, 1) for name, size in each.items()} } -->", file=sys.stderr)
    readings = megabytes(tables / "published_lines")
    kept = megabytes(*packages)
    return {
        "published files": megabytes(out / "archive"), "readings": readings, "other tables": megabytes(tables) - readings,
        "packages": kept, "portal beside packages": megabytes(*packages, out / "portal") - kept,
        "portal as uploaded": sum(p.stat().st_size for p in (out / "portal").rglob("*") if p.is_file()) / 1e6,
        "portal without downloads": sum(
            p.stat().st_size for p in (out / "portal").rglob("*") if p.is_file() and p.suffix not in (".csv", ".parquet", ".zip")
        ) / 1e6,
        "ZIP files of packages": megabytes(out / "releases"),
    }  # fmt: skip


def packing(out: Path, scratch: Path) -> tuple[float, float]:
    """Megabytes a second of processor: packed, and unpacked again."""
    store, other = Store(str(out)), Store(str(scratch / "other"))
    began = time.process_time()
    save(store, scratch / "packs")
    packed = time.process_time() - began
    index = read_index(scratch / "packs")
    size = sum(pack["bytes"] for pack in index["packs"]) / 1e6
    began = time.process_time()
    unpack(other, scratch / "packs", everything(index))
    return size / packed, size / (time.process_time() - began)


def register_cost(rows: int) -> dict[str, float]:
    """A register of so many companies in a ZIP file, fetched from a web of our own, looked over and laid out."""
    dice, text = random.Random(rows), io.StringIO()
    text.write(f"{COMPANIES}\r\n")
    for number, name in enumerate(names(dice, rows)):
        filler = f"{dice.randrange(999)} {name[:9]} STREET,,{name[:12].upper()}TON,,UNITED KINGDOM" + "," * 16
        text.write(f"{name},{number:08d},NQ1 2AB,Private Limited Company,Active,,01/02/2003,SMALL,,87900,{filler}\r\n")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as pack:
        pack.writestr("BasicCompanyDataAsOneFile-2026-11-01.csv", text.getvalue())
    web = LocalWeb()
    web.site(
        "registers.test", {"/BasicCompanyDataAsOneFile-2026-11-01.zip": Page(packed.getvalue(), "application/zip")}
    )
    where = Newest(
        kind="listed", files=(web.url("registers.test", "/BasicCompanyDataAsOneFile-2026-11-01.zip"),),
        evidence="Invented.", verified="never",
    )  # fmt: skip
    declared = {one.slug: one for one in load_register_files(DECLARED / "registers")}
    register = declared["companies-house"].model_copy(update={"newest": where})
    with tempfile.TemporaryDirectory() as scratch:
        store, fetcher, began = (
            Store(scratch),
            web.fetcher(FastClock("2026-11-02"), largest=LIMITS.largest),
            time.process_time(),
        )
        (row,) = harvest_registers(store, open_run(store, fetcher.clock.utc().date()), [register], fetcher)
        put_at_hand(store, [register], Path(scratch) / "registers")
        used = time.process_time() - began
    web.close()
    assert (row["state"], row["rows"]) == ("new", rows)
    return {"rows": rows, "mb": len(packed.getvalue()) / 1e6, "cpu": used}


def measure(bodies: int) -> tuple[dict[str, dict[str, float]], dict[str, float], tuple[float, float]]:
    """Stages, sizes and packing for so many bodies."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, out = Path(scratch) / "made", Path(scratch) / "out"
        invent(folder, bodies)
        stages = walk(folder / "files", folder / "registers", out)
        return stages, sizes(out), packing(out, Path(scratch))


def real(files: Path, place: Path | None) -> None:
    """Walk the way over published files, with as many processes as there are cores; print what it took."""
    with tempfile.TemporaryDirectory() as scratch:
        out = place or Path(scratch)
        stages = walk(files, "", out, workers=0)
        rows = Plan(source=str(files), out=str(out)).recall(PAYMENTS).total("rows")
        print(f"\n{rows:,} payments.\n\n| stage | clock, s | main process, MB | largest other, MB | together, MB |")
        print("| --- |" + " ---: |" * 4)
        for name, took in stages.items():
            print(
                f"| {name} | {took['clock']:,.1f} | {took['mb']:,.0f} | {took['worker']:,.0f} | {took['together']:,.0f} |"
            )
        print("\n| on disk | MB | bytes a row |\n| --- | ---: | ---: |")
        for name, size in sizes(out).items():
            print(f"| {name} | {size:,.0f} | {size * 1e6 / rows:,.0f} |")


def scaled(small: float, big: float, bodies: tuple[int, int], years: float) -> float:
    """What so many years of all bodies cost, from what further bodies cost; never less than was measured."""
    each = max(big - small, 0.0) / (bodies[1] - bodies[0])
    return big + each * (BODIES * years - bodies[1])


def main() -> None:
    """Measure, scale and print."""
    if sys.argv[1:2] == ["stage"]:
        one_stage(*sys.argv[2:])
        return
    os.environ.setdefault(SETTING, "0")  # laid out as the whole country would be
    if sys.argv[1:2] == ["real"]:
        real(Path(sys.argv[2]), Path(sys.argv[3]) if sys.argv[3:] else None)
        return
    if sys.argv[1:2] == ["whole"]:
        many = [int(number) for number in sys.argv[3:5]] or [BODIES, WHOLE_REGISTER]
        whole(Path(sys.argv[2]), *many)
        return
    bodies = (int(sys.argv[1]), int(sys.argv[2])) if sys.argv[2:] else (3, 9)
    (first, little, _), (second, much, speed) = measure(bodies[0]), measure(bodies[1])
    years = (1, 2, 5, 10)
    print(f"\n{bodies[0]} and {bodies[1]} bodies x {MONTHS} files x {ROWS:,} rows measured; {BODIES} bodies scaled.\n")
    head = f"| stage | {bodies[0]}, s | {bodies[1]}, s | {bodies[1]}, MB |"
    print(head + "".join(f" {n} y, s |" for n in years))
    print("| --- |" + " ---: |" * (3 + len(years)))
    for name in STAGES:
        cpu = [f"{scaled(first[name]['cpu'], second[name]['cpu'], bodies, n):,.0f}" for n in years]
        own = f"{first[name]['cpu']:.1f} | {second[name]['cpu']:.1f} | {second[name]['mb']:,.0f}"
        print(f"| {name} | {own} | {' | '.join(cpu)} |")
    for says, pooled in (("alone", 1.0), ("on four cores, those with a pool on three of them", 3.0)):
        total = [
            sum(scaled(first[n]["cpu"], second[n]["cpu"], bodies, y) / (pooled if n in POOLED else 1) for n in STAGES)
            / 60
            for y in years
        ]
        print(f"\nMinutes, {says}: {', '.join(f'{y} y {n:,.0f}' for y, n in zip(years, total, strict=True))}.")
    print(f"\n| MB on disk | {bodies[0]} | {bodies[1]} |" + "".join(f" {n} y |" for n in years))
    print("| --- |" + " ---: |" * (2 + len(years)))
    for name in much:
        cells = [f"{scaled(little[name], much[name], bodies, n):,.0f}" for n in years]
        print(f"| {name} | {little[name]:.1f} | {much[name]:.1f} | {' | '.join(cells)} |")
    register = register_cost(REGISTER)
    each = register["cpu"] / register["rows"]
    print(
        f"\nA register of {REGISTER:,} rows, {register['mb']:.0f} MB packed: {register['cpu']:.1f} s of the processor to fetch, "
        f"look over and lay out; {each * 5_700_000:,.0f} s for 5.7 million."
    )
    print(f"\nPacks: {speed[0]:,.0f} MB a second written, {speed[1]:,.0f} MB a second restored, of the processor.")


if __name__ == "__main__":
    main()
