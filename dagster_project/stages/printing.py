"""The portal: written pages and a shell by MkDocs, data pages stamped into it, downloads beside them."""

from __future__ import annotations

import base64
import os
import pickle
import tempfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from dagster_project.declare.measures import load_published
from dagster_project.declare.schemas import load_schemas
from dagster_project.flow import Job, StageRun, Summary, run_stage, table_key
from dagster_project.package import LARGEST_FILE, MANIFEST
from dagster_project.portal import (
    NO_STATEMENT,
    BodyFrames,
    Shell,
    Site,
    SiteFrames,
    body_pages,
    check_links,
    formats,
    print_shell,
    site_pages,
    words,
)
from dagster_project.stages.carrying import carried_forms, form_of, place
from dagster_project.stages.counting import PAYMENTS
from dagster_project.stages.measuring import break_frame, breakdown_frame, cluster_frame, figures_frame
from dagster_project.stages.naming import PAYEES
from dagster_project.stages.packaging import (
    EVERYBODY,
    PACKAGES,
    counted_files,
    payments_frame,
    publisher_row,
    version_of,
)
from dagster_project.stages.plan import DECLARED, ROOT, Plan
from dagster_project.stages.printing_gone import print_gone
from dagster_project.stages.printing_search import has_pagefind, print_search
from dagster_project.stages.printing_suppliers import (
    NAMES,
    SUPPLIER_PAGES,
    context_of,
    print_suppliers,
    supplier_jobs,
    supplier_list,
)
from dagster_project.stages.printing_wider import (
    months_by_visit,
    pooled_of,
    registers_of,
    sectors_of,
    totals_frame,
    visits_of,
    wider_key,
    wider_pages,
)
from dagster_project.stages.reading import problems_of
from dagster_project.stages.reviewing import undecided
from dagster_project.stages.scoring import AUDITED, matching_scores
from dagster_project.stages.suppliers import SUPPLIERS, pages_by_body
from dagster_project.stages.unpacked import RELEASES, lies_there
from dagster_project.store import Store, code_key, folder_key, key_of

PORTAL, SHELL = "portal", "portal_shell"
PLACE = "portal"
#: Where the portal will stand, `https://example.org/pound/`: canonical addresses and the site map are made of it.
ADDRESS = "LOCAL_POUND_ADDRESS"


def site_of(plan: Plan) -> Site:
    """What is the same on every page."""
    retrieved = [row["retrieved"] for s in plan.recall("archived_files").summaries.values() for row in s["manifest"]]
    return Site(
        origin=plan.origin, is_complete=plan.is_complete, release=max(retrieved, default=""), address=address_of(os.environ),
        words={
            "kinds": vocabulary("publisher_kinds"), "classes": vocabulary("classes"), "problems": vocabulary("problems"),
            "denominators": vocabulary("denominators"),
            # Real bodies' figures do not stand beside invented ones.
            "published": [] if plan.origin == "sample" else list(load_published(DECLARED / "measures" / "published.csv")),
        },
        measures=tuple(measure.model_dump(mode="json") for measure in plan.measures),
        schemas=tuple(schema.model_dump(mode="json") for schema in plan.schemas.values()),
        version=version_of(plan),
    )  # fmt: skip


def address_of(settings: Mapping[str, str]) -> str:
    """Where the portal will stand, ending in a slash; `""` where nobody says so."""
    address = settings.get(ADDRESS, "").rstrip("/")
    return f"{address}/" if address.startswith(("https://", "http://")) else ""


def vocabulary(name: str) -> list[dict[str, str]]:
    """A vocabulary file as rows of text."""
    frame = pd.read_csv(DECLARED / "vocabulary" / f"{name}.csv", dtype="str", keep_default_na=False)
    return [{str(column): str(value) for column, value in row.items()} for row in frame.to_dict("records")]


def print_written(plan: Plan, site: Site) -> tuple[Shell, str, list[str]]:
    """Print written pages and the shell; its key and files, without work where nothing changed."""
    assets = ROOT / "build" / "assets" / "node_modules"
    made = [path for name in ("fonts", "duckdb", "vega") if (path := assets.parent / name).is_dir()]
    assets_key = folder_key(assets.parent / "package-lock.json", *made) if assets.is_dir() else "none"
    key = key_of([code_key("portal"), folder_key(ROOT / "site", ROOT / "mkdocs.yml"), vars(site), assets_key])

    def work(store: Store, job: Job) -> Summary:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out"
            packages = assets if assets.is_dir() else None
            shell = print_shell(ROOT / "site", Path(folder) / "pages", out, site, packages=packages)
            files = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
            for name in files:
                store.write(f"{PLACE}/{name}", (out / name).read_bytes())
        store.write(f"tables/{SHELL}/current", job.key.encode())
        return {"files": files, "shell": base64.b64encode(pickle.dumps(shell)).decode()}

    run = run_stage(plan.store, SHELL, [Job("all", key, lands=f"tables/{SHELL}/current")], work, None, workers=1)
    summary = run.summaries["all"]
    return pickle.loads(base64.b64decode(summary["shell"])), key, summary["files"]  # noqa: S301 - written by us


def forms_of(plan: Plan) -> frozenset[str]:
    """Forms of packages that the portal carries."""
    return carried_forms(plan.recall(PACKAGES).summaries, LARGEST_FILE)


def downloads_of(plan: Plan, package: str, forms: frozenset[str] | None = None) -> list[dict[str, Any]]:
    """
    Download links of a package and of its years; what is too large for the portal is named without a link.

    Args:
        forms: `forms_of`, where it is known already.
    """
    summary = plan.recall(PACKAGES).summaries.get(package)
    if summary is None:
        return []
    links = _all_links(plan, package, summary)
    forms = forms_of(plan) if forms is None else forms
    return [link | {"is_carried": link["is_carried"] and link["format"] in forms} for link in links]


def _all_links(plan: Plan, package: str, summary: dict[str, Any]) -> list[dict[str, Any]]:
    title = {name: schema.title for name, schema in plan.schemas.items()}
    found = _links(f"data/{package}", summary, title, words.WHOLE_PACKAGE)
    for year in sorted(summary["years"], reverse=True):
        own = summary["years"][year]
        payments = {"payments": words.YEAR_OF_PAYMENTS.format(year=formats.year(year))}
        of_year = {
            "written": [file for file in own["written"] if file["table"] == "payments"],
            "package": own["package"],
            "zip_only": own["zip_only"],
        }
        found += _links(f"data/{package}/{year}", of_year, payments, payments["payments"])
    return found


def manifest_link(store: Store) -> dict[str, Any]:
    """The download of the manifest of all packages."""
    size = len(store.read(f"{RELEASES}/manifest.json"))
    return {"title": words.MANIFEST, "href": "data/manifest.json", "bytes": size, "rows": 0, "format": "json"}


def _links(place: str, summary: dict[str, Any], title: dict[str, str], whole: str) -> list[dict[str, Any]]:
    links = [
        {
            "title": title[file["table"]], "href": f"{place}/{file['path']}", "bytes": file["bytes"], "rows": file["rows"],
            "format": file["format"], "sha256": file["sha256"],
            "is_carried": file["bytes"] <= LARGEST_FILE and lies_there(file["path"], summary["zip_only"]),
        }
        for file in summary["written"]
    ]  # fmt: skip
    if zipped := summary["package"].get("zip"):
        links.append({
            "title": whole, "href": f"{place}/{zipped['path']}", "bytes": zipped["bytes"], "rows": 0, "format": "zip",
            "sha256": zipped["sha256"], "is_carried": zipped["bytes"] <= LARGEST_FILE,
        })  # fmt: skip
    return links


def body_jobs(plan: Plan, site: Site, shell: Shell, shell_key: str) -> list[Job]:
    """One job a body of the spine, with files or without."""
    figures, files = figures_frame(plan), counted_files(plan)
    payees, counted = plan.recall(PAYEES), plan.recall(PAYMENTS)
    own, paged = dict(list(figures.groupby("publisher"))), pages_by_body(plan)
    parts, forms = breakdown_frame(plan), forms_of(plan)
    parted = dict(list(parts.groupby("publisher")))
    broken, pooled = dict(list(break_frame(plan).groupby("publisher"))), pooled_of(plan)
    visited, lines = months_by_visit(plan), plan.recall(SUPPLIERS).summaries["all"]["lines_shown"]
    plan.store.write(f"tables/{PORTAL}/context-{shell_key}", pickle.dumps((site, shell)))
    code = key_of([shell_key, lines, code_key("portal", "stages/printing.py", "stages/reviewing.py")])
    jobs = []
    for slug, body in plan.publishers.items():
        mine = own.get(slug, figures.iloc[:0]).reset_index(drop=True)
        of_parts = parted.get(slug, parts.iloc[:0]).reset_index(drop=True)
        payload = {
            "context": f"tables/{PORTAL}/context-{shell_key}", "body": publisher_row(body), "figures": mine,
            "files": files.get(slug), "problems": problems_of(plan, slug) if slug in files else [],
            "downloads": downloads_of(plan, slug, forms), "supplier_pages": paged.get(slug, ()),
            "breakdowns": of_parts, "statement": statement_of(plan, slug), "pooled": pooled.get(slug, {}),
            "lines_shown": lines,
            **visited.get(slug, {"late": [], "gone": []}),
            "breaks": broken[slug].to_dict("records") if slug in broken else [],
        }  # fmt: skip
        if slug in files:
            payload["payments"] = table_key(PAYEES, slug, payees.keys[slug], "payments")
            payload["payees"] = table_key(PAYEES, slug, payees.keys[slug], "payees")
            payload["coverage"] = table_key(PAYMENTS, slug, counted.keys[slug], "coverage")
        said = [code, publisher_row(body), mine.to_csv() if len(mine) else "", of_parts.to_csv(), payload["statement"], payload["downloads"], payees.keys.get(slug, ""), payload["breaks"], payload["pooled"], payload["late"], payload["gone"],
                files[slug].to_csv() if slug in files else "", payload["supplier_pages"]]  # fmt: skip
        weight = counted.summaries[slug]["rows"] if slug in files else 0
        jobs.append(Job(slug, key_of(said), payload, weight, f"tables/{PORTAL}/{slug}/current"))
    return jobs


def statement_of(plan: Plan, slug: str) -> dict[str, Any]:
    """What a body says, or that it was asked, as its page prints it."""
    found = plan.statements.get(slug)
    return found.model_dump() | {"paragraphs": found.paragraphs} if found else dict(NO_STATEMENT)


def print_body(store: Store, job: Job) -> Summary:
    """Print the pages of one body."""
    payload = job.payload
    site, shell = context_of(store, payload["context"])
    stored = {name: store.read_frame(payload[name]) for name in ("payees", "coverage") if name in payload}
    if "payments" in payload:
        stored["payments"] = payments_frame(store, payload["payments"])
    if payload["files"] is not None:
        stored["files"] = payload["files"]
    if payload["problems"]:
        stored["problems"] = pd.DataFrame(payload["problems"])
    frames = BodyFrames(
        **(empty_frames() | stored), figures=payload["figures"], downloads=payload["downloads"],
        supplier_pages=frozenset(payload["supplier_pages"]), breakdowns=payload["breakdowns"],
        statement=payload["statement"], breaks=payload["breaks"], pooled=payload["pooled"],
        late=payload["late"], gone=payload["gone"], lines_shown=payload["lines_shown"],
        undecided=undecided(stored["payees"]) if "payees" in stored else pd.DataFrame(),
    )  # fmt: skip
    pages = body_pages(site, shell, payload["body"], frames)
    for name, data in pages.items():
        store.write(f"{PLACE}/{name}", data)
    store.write(job.lands, job.key.encode())
    return {"files": sorted(pages), "bytes": sum(map(len, pages.values()))}


@lru_cache
def empty_frames() -> dict[str, pd.DataFrame]:
    """No rows of each table that a body's page reads, in the columns it has between rooms."""
    types = {"integer": "int64", "number": "float64", "boolean": "bool"}
    schemas = load_schemas(DECLARED / "schemas")
    return {
        name: pd.DataFrame({
            field.inside_name: pd.Series([], dtype="int64" if field.is_money else types.get(field.type, "str"))
            for field in schemas[name].fields
        })
        for name in ("payments", "files", "problems", "coverage", "payees")
    }  # fmt: skip


def print_portal(plan: Plan) -> StageRun:
    """The whole portal; only pages whose data changed are printed again, pages that went are removed."""
    site = site_of(plan)
    shell, shell_key, files = print_written(plan, site)
    run = run_stage(plan.store, PORTAL, body_jobs(plan, site, shell, shell_key), print_body, plan.report, plan.workers)
    own_pages = [name for summary in run.summaries.values() for name in summary["files"]]
    context = f"tables/{PORTAL}/context-{shell_key}"
    jobs = supplier_jobs(plan, context, shell_key, carries_names(plan))
    paid = run_stage(plan.store, SUPPLIER_PAGES, jobs, print_suppliers, plan.report, plan.workers)
    for own in (paid, print_gone(plan, context, shell_key)):
        take_in(run, own, f"{SUPPLIERS}/")
    whole = print_site(plan, site, shell, shell_key, run, own_pages)
    take_in(run, whole)
    take_in(run, print_search(plan, site, [*files, *whole.summaries["site"]["files"]]))
    if plan.store.is_local and not whole.worked:
        carry_packages(plan)  # a package that was mended has new files, though its key is the old one
    wanted = set(files) | {name for summary in run.summaries.values() for name in summary["files"]}
    for key in plan.store.list(PLACE):
        if key.removeprefix(f"{PLACE}/") not in wanted:
            plan.store.remove(key)
    return plan.keep(run)


def take_in(run: StageRun, own: StageRun, before: str = "") -> None:
    """Add to a run what another did, its parts named with something before them."""
    run.summaries |= {f"{before}{part}": summary for part, summary in own.summaries.items()}
    run.keys |= {f"{before}{part}": key for part, key in own.keys.items()}
    run.worked += [f"{before}{part}" for part in own.worked]


def carries_names(plan: Plan) -> bool:
    """Whether the portal carries the file of all names of suppliers."""
    return any(link["href"] == NAMES and link["is_carried"] for link in downloads_of(plan, SUPPLIERS))


def print_site(
    plan: Plan, site: Site, shell: Shell, shell_key: str, bodies: StageRun, own_pages: Sequence[str]
) -> StageRun:
    """Pages over all bodies, and the packages' files beside them; `own_pages` are those of single bodies."""
    packages = plan.recall(PACKAGES)
    replied = frozenset(slug for slug, one in plan.statements.items() if one.said)
    key = key_of(
        [
            sorted(replied),
            shell_key,
            has_pagefind(),
            bodies.key,
            packages.key,
            folder_key(AUDITED, DECLARED / "registers"),
            wider_key(plan),
            code_key("portal", "stages/printing.py", "stages/carrying.py"),
        ]
    )

    def work(store: Store, job: Job) -> Summary:
        files = counted_files(plan)
        payees, counted = plan.recall(PAYEES), plan.recall(PAYMENTS)
        top = [
            store.read_frame(table_key(PAYEES, slug, key, "payees")).nlargest(20, "amount_pence")
            for slug, key in payees.keys.items()
        ]
        coverage = [store.read_frame(table_key(PAYMENTS, slug, key, "coverage")) for slug, key in counted.keys.items()]
        frames = SiteFrames(
            publishers=pd.DataFrame([publisher_row(body) for body in plan.publishers.values()]),
            files=pd.concat(list(files.values()), ignore_index=True),
            coverage=pd.concat(coverage, ignore_index=True),
            figures=figures_frame(plan),
            clusters=cluster_frame(plan),
            visits=visits_of(plan),
            registers=registers_of(plan),
            payees_top=pd.concat(top, ignore_index=True),
            totals=totals_frame(plan, files),
            downloads=[*downloads_of(plan, EVERYBODY), *downloads_of(plan, SUPPLIERS), manifest_link(store)],
            suppliers=supplier_list(plan, downloads_of(plan, SUPPLIERS)),
            matching=matching_scores(plan),
            replied=replied,
            sectors=sectors_of(plan),
            has_search=has_pagefind(),
        )
        pages = site_pages(site, shell, frames, wider_pages(plan, site, shell, frames), own_pages)
        for name, data in pages.items():
            store.write(f"{PLACE}/{name}", data)
        carried = carry_packages(plan)
        store.write(job.lands, job.key.encode())
        return {"files": sorted([*pages, *carried]), "bytes": sum(map(len, pages.values()))}

    return run_stage(
        plan.store, PORTAL, [Job("site", key, lands=f"tables/{PORTAL}/site/current")], work, plan.report, 1
    )


def carry_packages(plan: Plan) -> list[str]:
    """Put packages beside the pages, as links to the same bytes where the disk can; files beyond the limit stay out."""
    carried = {"data/manifest.json": f"{RELEASES}/manifest.json"}
    forms = forms_of(plan)
    for package, summary in plan.recall(PACKAGES).summaries.items():
        parts = {package: summary} | {f"{package}/{year}": own for year, own in summary["years"].items()}
        for part, own in parts.items():
            files = [file for file in own["package"]["files"] if form_of(file["path"]) in forms]
            there = [file["path"] for file in files if file["bytes"] <= LARGEST_FILE]
            names = [name for name in there if lies_there(name, own["zip_only"])]
            carried |= {f"data/{part}/{name}": f"packages/{part}/{name}" for name in (*names, MANIFEST)}
            zipped = own["package"].get("zip")
            if zipped and "zip" in forms and zipped["bytes"] <= LARGEST_FILE:
                carried[f"data/{part}/{zipped['path']}"] = f"{RELEASES}/{zipped['path']}"
    for target, source in carried.items():
        place(plan.store, source, f"{PLACE}/{target}")
    return sorted(carried)


def dead_links(plan: Plan) -> list[str]:
    """Every link of the printed portal that leads nowhere, and every page that should be there and is not."""
    run = plan.recall(PORTAL)
    there = set(plan.store.list(PLACE))
    pages = (f"{PLACE}/{name}" for summary in run.summaries.values() for name in summary["files"])
    missing = [f"{page}: was printed and is not there" for page in pages if page not in there]
    return missing + check_links(Path(plan.store.path(PLACE)))
