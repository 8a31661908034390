"""
The portal at its true size: pages a second, minutes, memory, megabytes, and what a build prints again when little changed.

    .venv/bin/python benchmarks/portal_scale.py FOLDER [--bodies 400] [--suppliers 20000] [--payments 10000000] [--years 2]

Invented payments are put where a build has them once they were read, counted and named; from there on everything is the
build's own: suppliers, figures, pages. Packages are not written: the portal only links to them. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from dagster_project.flow import StageRun, table_key
from dagster_project.match import hidden_frame
from dagster_project.model.ids import sha256
from dagster_project.package import MANIFEST
from dagster_project.stages import printing_suppliers
from dagster_project.stages.counting import PAYMENTS, REGISTERS
from dagster_project.stages.landing import RELEASES
from dagster_project.stages.measuring import compute_figures, make_league_tables
from dagster_project.stages.naming import PAYEES
from dagster_project.stages.packaging import EVERYBODY, NOTE, PACKAGES
from dagster_project.stages.plan import Plan
from dagster_project.stages.printing import PORTAL, print_portal, print_written, site_of
from dagster_project.stages.printing_suppliers import print_suppliers, supplier_jobs
from dagster_project.stages.reading import LINES
from dagster_project.stages.suppliers import SUPPLIERS, gather_suppliers
from dagster_project.store import Store

HIDDEN = "hidden_numbers"
KINDS = (("district", "E07"), ("unitary", "E06"), ("metropolitan_district", "E08"), ("london_borough", "E09"))
#: A body pays some thousand suppliers, few of them often; a third of the names is in no register.
DRAWN = """
CREATE OR REPLACE TEMP TABLE drawn AS
SELECT i, ({first} + i) AS id, hash({first} + i) AS h,
  (pow((hash({first} + i) % 1000003) / 1000003.0, 2.5) * {suppliers})::BIGINT AS spot,
  ((hash(({first} + i) * 7) % 100) < 70) AS is_shared
FROM range({rows}) AS r(i);
CREATE OR REPLACE TEMP TABLE told AS
SELECT *, CASE WHEN is_shared THEN spot ELSE ({body} * 7919 + spot * 31) % {suppliers} END AS n FROM drawn;
CREATE OR REPLACE TEMP TABLE named AS
SELECT *, n % 3 < 2 AS is_known, printf('%s %s Services %05d', ['Alder', 'Birch', 'Cedar', 'Dogwood', 'Elm', 'Furze'][1 + (n % 6)::INT],
       ['Care', 'Paving', 'Homes', 'Legal', 'Energy', 'Print'][1 + ((n // 6) % 6)::INT], n)
       || CASE WHEN h % 2 = 0 THEN ' Ltd' ELSE ' LIMITED' END AS payee
FROM told;
CREATE OR REPLACE TEMP TABLE payments AS
SELECT printf('%016x', hash(id * 13)) AS payment_id, '{slug}' AS publisher, 1::INT AS "table", i + 2 AS record, 'payments' AS dataset_kind,
  printf('%d-%02d-%02d', 2024 + m // 12, 1 + m % 12, 1 + h % 28) AS date, printf('%d-%02d', 2024 + m // 12, 1 + m % 12) AS month,
  (50000 * exp(((h // 7) % 1000) / 160.0))::BIGINT AS amount_pence, false AS is_redacted, payee, (5100000 + i)::VARCHAR AS reference,
  ['Adult Social Care', 'Children and Families', 'Highways and Transport', 'Housing', 'Corporate Services', 'Environment'][1 + ((n + h % 2) % 6)::INT] AS department,
  'Payments for services of kind ' || (h % 60) AS purpose, ['Third party payments', 'Supplies', 'Premises'][1 + (h % 3)::INT] AS category,
  '' AS body, '' AS payee_reference, '' AS payee_postcode, '' AS company_number, '' AS charity_number, '' AS vat_number, '' AS payee_type,
  '' AS contract_reference, '' AS card_flag, '' AS vcse_flag, '{file}' AS file_id, printf('%016x', hash(payee)) AS payee_key,
  CASE WHEN is_known THEN printf('GB-COH-%08d', 9000000 + n) ELSE '' END AS supplier_id, 'supplier' AS payee_class,
  CASE WHEN is_known AND n % 2 = 0 THEN printf('E079%05d', n % {bodies}) ELSE '' END AS payee_lad_code,
  CASE WHEN is_known AND n % 2 = 0 THEN 'register' ELSE '' END AS payee_lad_source,
  printf('%d-%02d', 2024 + (m - 3) // 12, 25 + (m - 3) // 12) AS period
FROM (SELECT *, 3 + (i * 12 * {years} // {rows})::INT AS m FROM named)
ORDER BY date, payment_id
"""
PAYEE = """
SELECT publisher, payee_key, payee, payee_class, 'no other rule' AS class_rule, CASE WHEN supplier_id <> '' THEN 'company' ELSE '' END AS kind,
  supplier_id, CASE WHEN supplier_id <> '' THEN upper(payee) ELSE '' END AS registered_name,
  CASE WHEN supplier_id <> '' THEN 'accepted' ELSE 'none' END AS match, supplier_id AS candidate_id,
  CASE WHEN supplier_id <> '' THEN 0.99 ELSE 0 END::DOUBLE AS confidence, CASE WHEN supplier_id <> '' THEN 'same name; rarity' ELSE '' END AS evidence,
  CASE WHEN supplier_id <> '' THEN 'same name' ELSE '' END AS method, payee_lad_code, payee_lad_source, count(*) AS payments, sum(amount_pence)::BIGINT AS amount_pence
FROM payments GROUP BY ALL ORDER BY payee_key
"""
COVERAGE = """
SELECT publisher, dataset_kind, month, count(*) AS rows, sum(amount_pence)::BIGINT AS amount_pence, 1::BIGINT AS files, 'Payments.csv' AS speaks,
  '' AS replaced, 0::BIGINT AS replaced_rows, 0::BIGINT AS replaced_amount_pence, 'one file' AS basis
FROM payments GROUP BY ALL ORDER BY month
"""


def spine(folder: Path, bodies: int) -> list[str]:
    """Write the spine of invented bodies; their slugs."""
    lines = ["slug,name,kind,lad_code,region"]
    for at in range(bodies):
        kind, mark = KINDS[at % len(KINDS)]
        lines.append(f"invented-{at:03d},Invented {at} Council,{kind},{mark}9{at:05d},TLD")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "publishers.csv").write_text("\n".join(lines) + "\n")
    (folder / "complete").touch()
    return [f"invented-{at:03d}" for at in range(bodies)]


def invent_body(
    engine: duckdb.DuckDBPyConnection, plan: Plan, at: int, slug: str, size: argparse.Namespace, key: str
) -> dict[str, Any]:
    """The tables of one body, as counting and naming leave them; the row of its file."""
    digest = sha256(slug.encode())
    rows = size.payments // size.bodies
    filled = {"first": at * rows, "rows": rows, "suppliers": int(size.suppliers * 1.5), "body": at, "slug": slug, "file": digest[:16],
              "bodies": size.bodies, "years": size.years}  # fmt: skip
    for statement in DRAWN.format(**filled).split(";"):
        engine.execute(statement)
    if key != "k":
        engine.execute("UPDATE payments SET amount_pence = amount_pence + 100 WHERE record = 2")
    for stage, name, query in (
        (PAYEES, "payments", "FROM payments"),
        (PAYEES, "payees", PAYEE),
        (PAYMENTS, "coverage", COVERAGE),
    ):
        place = Path(plan.store.path(table_key(stage, slug, key, name)))
        place.parent.mkdir(parents=True, exist_ok=True)
        engine.execute(f"COPY ({query}) TO '{place}' (FORMAT parquet, COMPRESSION zstd)")
    plan.store.write_frame(table_key(PAYEES, slug, key, HIDDEN), hidden_frame([], {}))
    ((pence, payees),) = engine.execute(
        "SELECT sum(amount_pence)::BIGINT, count(DISTINCT payee_key) FROM payments"
    ).fetchall()
    counts = dict.fromkeys(("pence_left_out", "pence_rejected", "rows_left_out", "rows_rejected", "suppressed"), 0)
    file = counts | {
        "amount_basis": "net", "bytes": rows * 110, "container": "csv", "dataset_kinds": "payments", "file_id": digest[:16], "first_month": "2024-04",
        "last_month": f"{2024 + size.years}-03", "name": "Payments.csv", "pence_in": pence, "pence_published": pence, "publisher": slug, "reason": "",
        "retrieved": "2026-11-28", "rows_in": rows, "rows_published": rows, "sha256": digest, "source_url": f"https://{slug}.invalid/open-data/spending/payments.csv",
        "status": "read", "tables": 1, "layout": "amount|date|payee",
    }  # fmt: skip
    return {"file": file, "rows": rows, "pence": pence, "payees": payees}


def invent(plan: Plan, slugs: list[str], size: argparse.Namespace, changed: str = "") -> None:
    """Everything up to the named payees; of `changed`, one payment is another than before."""
    runs = {name: StageRun(name) for name in ("archived_files", LINES, PAYMENTS, PAYEES, PACKAGES)}
    with duckdb.connect(config={"threads": 2}) as engine:
        for at, slug in enumerate(slugs):
            key = "other" if slug == changed else "k"
            told_key = f"tables/invented/{slug}-{key}.json"
            if not plan.store.exists(told_key):
                plan.store.write_json(told_key, invent_body(engine, plan, at, slug, size, key))
            told = plan.store.read_json(told_key)
            file = told["file"]
            manifest = [
                {name: file[name] for name in ("publisher", "name", "sha256", "bytes", "retrieved", "source_url")}
            ]
            partition = f"{slug}/{file['file_id']}"
            for run, part, summary in (
                (
                    "archived_files",
                    slug,
                    {"source": "invented", "files": 1, "bytes": file["bytes"], "manifest": manifest},
                ),
                (
                    LINES,
                    partition,
                    {"file": file, "problems": [], "headings": [], "rows": told["rows"], "pence": told["pence"]},
                ),
                (
                    PAYMENTS,
                    slug,
                    {"rows": told["rows"], "pence": told["pence"], "counted": {file["file_id"]: told["rows"]}},
                ),
                (PAYEES, slug, {"rows": told["rows"], "pence": told["pence"], "payees": told["payees"]}),
            ):
                runs[run].summaries[part], runs[run].keys[part] = summary, key
    for package in (*slugs, EVERYBODY, SUPPLIERS):
        plan.store.write(f"packages/{package}/{MANIFEST}", b"{}")
        runs[PACKAGES].summaries[package] = {"written": [], "years": {}, "package": {"files": []}}
        runs[PACKAGES].keys[package] = "k"
    plan.store.write(f"{RELEASES}/manifest.json", b"{}")
    plan.store.write_json(NOTE, {"version": "1.0.0"})
    for run in runs.values():
        plan.keep(run)
    registers(plan, int(size.suppliers * 1.5))


def registers(plan: Plan, suppliers: int) -> None:
    """A register that has two of three payees."""
    known = [n for n in range(suppliers) if n % 3 < 2]
    blank = [""] * len(known)
    bodies = pd.DataFrame({
        "body": known, "id": [f"GB-COH-{9_000_000 + n:08d}" for n in known], "name": [f"INVENTED SUPPLIER {n} LIMITED" for n in known],
        "kind": ["company"] * len(known), "status": ["Active"] * len(known), "start": ["2003-02-01"] * len(known), "end_": blank, "postcode": blank,
        "sic": blank, "same_as": blank,
    })  # fmt: skip
    tables = {
        "bodies": bodies,
        "aliases": pd.DataFrame({"other": [], "id": []}, dtype="str"),
        "postcodes": pd.DataFrame({"postcode_key": [], "lad_code": []}, dtype="str"),
    }
    for name, frame in tables.items():
        plan.store.write_frame(table_key(REGISTERS, "all", "k", name), frame)
    plan.keep(
        StageRun(REGISTERS, {"all": {"registers": {}, "organisations": len(known), "postcodes": 0}}, {"all": "k"})
    )


def printed(folder: str, out: str) -> None:
    """Print the portal in this process and its workers, and say what it took."""
    plan = Plan(source=f"{folder}/files", out=out)
    began = time.perf_counter()
    run = print_portal(plan)
    seconds = time.perf_counter() - began
    peak, worker = (resource.getrusage(of).ru_maxrss / 1000 for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    anew = sum(int(run.summaries[part].get("printed", 0)) for part in run.worked if part.startswith(SUPPLIERS))
    took = {
        "seconds": seconds,
        "cpu": time.process_time(),
        "peak_mb": peak,
        "worker_mb": worker,
        "jobs": len(run.worked),
    }
    print(json.dumps(took | {"supplier_files_written": anew}))


def one_core(folder: str, out: str) -> None:
    """Print two parts of the suppliers in this process, and say how many pages a second of the processor gives."""
    plan = Plan(source=f"{folder}/files", out=out)
    site = site_of(plan)
    _, key, _ = print_written(plan, site)
    context = f"tables/{PORTAL}/context-{key}"
    jobs = supplier_jobs(plan, context, key, carries_names=True)
    scratch = Store(f"{out}/scratch")
    Path(scratch.path("")).mkdir(exist_ok=True)
    if not Path(scratch.path("tables")).exists():
        Path(scratch.path("tables")).symlink_to(Path(plan.store.path("tables")).absolute())
    print_suppliers(scratch, jobs[0])  # templates are compiled once in a process
    scratch.remove("portal")
    began, used = time.perf_counter(), time.process_time()
    done = [print_suppliers(scratch, job) for job in jobs[1:3]]
    took = {"cpu": time.process_time() - used, "seconds": time.perf_counter() - began}
    scratch.remove("portal")
    used, printing_suppliers.payment_files = time.process_time(), lambda *_: iter(())
    for job in jobs[1:3]:
        print_suppliers(scratch, job)
    took["cpu_of_pages"] = time.process_time() - used
    print(json.dumps(took | {name: sum(one[name] for one in done) for name in ("pages", "bytes", "payment_bytes")}))
    scratch.remove("portal")


def in_own_process(what: str, *arguments: str) -> dict[str, Any]:
    """What a step says of itself in its last line."""
    command = [sys.executable, __file__, what, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"<!-- {what}: {found} -->", file=sys.stderr)
    return found


def stage(name: str, folder: str, out: str) -> None:
    """Run a stage before the portal, and say what it took."""
    plan, began = Plan(source=f"{folder}/files", out=out), time.perf_counter()
    {"suppliers": gather_suppliers, "figures": lambda p: (compute_figures(p), make_league_tables(p))}[name](plan)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"seconds": time.perf_counter() - began, "peak_mb": peak}))


def weighed(portal: Path) -> dict[str, tuple[int, float]]:
    """Files and megabytes of the portal by kind."""
    count, size = Counter[str](), Counter[str]()
    for path in portal.rglob("*"):
        if path.is_file():
            place = path.relative_to(portal)
            kind = f"{place.parts[0] if len(place.parts) > 1 else 'top'}, {place.suffix}"
            if place.parts[0] == "suppliers":
                kind = "suppliers, " + (
                    "payment files"
                    if place.stem == "payments"
                    else "pages"
                    if place.parts[1].startswith("gb-")
                    else "lists and names"
                )
            if place.parts[0] == "bodies":
                kind = "bodies, " + (
                    "payments of a year"
                    if "payments" in place.parts
                    else "services"
                    if "services" in place.parts
                    else "compare"
                    if "compare" in place.parts
                    else "pages"
                )
            count[kind] += 1
            size[kind] += path.stat().st_size
    return {kind: (count[kind], size[kind] / 1e6) for kind in sorted(count)}


def main() -> None:
    """Invent, measure and print."""
    if sys.argv[1:2] == ["printed"]:
        printed(*sys.argv[2:])
        return
    if sys.argv[1:2] == ["one_core"]:
        one_core(*sys.argv[2:])
        return
    if sys.argv[1:2] == ["stage"]:
        stage(*sys.argv[2:])
        return
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    for name, many in (("bodies", 400), ("suppliers", 20_000), ("payments", 10_000_000), ("years", 2)):
        parser.add_argument(f"--{name}", type=int, default=many)
    size = parser.parse_args()
    folder, out = str(size.folder), str(size.folder / "out")
    slugs = spine(size.folder / "files", size.bodies)
    began = time.perf_counter()
    invent(Plan(source=f"{folder}/files", out=out), slugs, size)
    print(f"<!-- invented in {time.perf_counter() - began:.0f} s -->", file=sys.stderr)
    before = {name: in_own_process("stage", name, folder, out) for name in ("suppliers", "figures")}
    first = in_own_process("printed", folder, out)
    portal, alone = weighed(size.folder / "out" / "portal"), in_own_process("one_core", folder, out)
    again = in_own_process("printed", folder, out)
    invent(Plan(source=f"{folder}/files", out=out), slugs, size, changed=slugs[0])
    for name in ("suppliers", "figures"):
        in_own_process("stage", name, folder, out)
    little = in_own_process("printed", folder, out)
    report(size, before, (first, again, little), portal)
    print(
        f"\nA second of the processor prints {alone['pages'] / alone['cpu_of_pages']:,.0f} pages of suppliers, of {alone['bytes'] / alone['pages'] / 1000:.1f} KB "
        f"each, and {alone['pages'] / alone['cpu']:,.0f} together with their files of payments ({alone['payment_bytes'] / 1e6:.1f} MB for {alone['pages']:,})."
    )


def report(
    size: argparse.Namespace,
    before: dict[str, Any],
    runs: tuple[dict[str, Any], ...],
    portal: dict[str, tuple[int, float]],
) -> None:
    """What was measured, as Markdown."""
    print(
        f"\n{size.bodies} bodies, {size.suppliers:,} suppliers of a register, {size.payments:,} payments, {size.years} years; {os.cpu_count()} cores.\n"
    )
    print(
        "| step | seconds | memory of the main process, MB | jobs | files of suppliers written |\n| --- | ---: | ---: | ---: | ---: |"
    )
    for name, took in before.items():
        print(f"| {name}, before the portal | {took['seconds']:.0f} | {took['peak_mb']:,.0f} | | |")
    for name, took in zip(
        ("print all", "print again, nothing changed", "print again, one payment of one body changed"), runs, strict=True
    ):
        print(
            f"| {name} | {took['seconds']:.0f} | {took['peak_mb']:,.0f} | {took['jobs']:,} | {took['supplier_files_written']:,} |"
        )
    print("\n| what lies there | files | MB |\n| --- | ---: | ---: |")
    for kind, (files, megabytes) in portal.items():
        print(f"| {kind} | {files:,} | {megabytes:,.1f} |")
    print(f"| all | {sum(n for n, _ in portal.values()):,} | {sum(mb for _, mb in portal.values()):,.0f} |")


if __name__ == "__main__":
    main()
