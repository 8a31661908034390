"""Pages of suppliers and a file of every payment to each, in parts; and what the list of them is printed from."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from dagster_project.flow import Job, Summary, table_key
from dagster_project.model.ids import sha256
from dagster_project.package import LARGEST_FILE, arrow_table, csv_of_texts, csv_texts
from dagster_project.portal import (
    Shell,
    Site,
    SupplierFrames,
    SupplierList,
    formats,
    supplier_pages,
    supplier_words,
    words,
)
from dagster_project.portal.suppliers import address
from dagster_project.stages.parts import with_line_ids
from dagster_project.stages.plan import Plan
from dagster_project.stages.suppliers import PART_TABLES, SUPPLIERS
from dagster_project.store import NotingStore, Store, code_key, key_of

PLACE, SUPPLIER_PAGES = "portal", "portal_suppliers"
NAMES = "data/suppliers/supplier_names.csv"


def supplier_jobs(plan: Plan, context: str, shell_key: str, carries_names: bool) -> list[Job]:
    """
    One job a part of the suppliers.

    Args:
        context: Store key of the site and the shell.
        carries_names: The portal carries the file of all names.
    """
    run = plan.recall(SUPPLIERS)
    key, parts = run.keys["all"], run.summaries["all"]["parts"]
    spine = plan.publishers.values()
    shared = {
        "context": context, "places": places(plan), "schema": plan.schemas["supplier_payments"], "carries_names": carries_names,
        "own_pages": {body.org_id: body.slug for body in spine if body.org_id},
    }  # fmt: skip
    code = key_of([shell_key, code_key("portal", "stages/printing_suppliers.py", "package/writing.py"), plan.schemas["supplier_payments"].model_dump()])  # fmt: skip
    said = key_of([code, shared["places"], shared["own_pages"], carries_names])
    jobs = []
    for part, about in parts.items():
        bodies = {slug: plan.publishers[slug].name for slug in about["publishers"]}
        tables = {name: table_key(SUPPLIERS, "all", key, f"{name}-{part}") for name in (*PART_TABLES, "paid", "files")}
        jobs.append(Job(
            part, key_of([said, about["hash"], bodies]), {**shared, "tables": tables, "bodies": bodies},
            about["suppliers"], f"tables/{SUPPLIER_PAGES}/{part}/current",
        ))  # fmt: skip
    return jobs


def places(plan: Plan) -> dict[str, str]:
    """District code to the name of its council, as people say it."""
    named = sorted(
        (b.lad_code, b.end == "", b.name) for b in plan.publishers.values() if b.kind in DISTRICTS and b.lad_code
    )
    return {code: words.short_name(name) for code, _, name in named}


#: Kinds of body whose area is one district.
DISTRICTS = ("district", "unitary", "metropolitan_district", "london_borough")
_context: dict[str, tuple[Site, Shell]] = {}


def print_suppliers(store: Store, job: Job) -> Summary:
    """Print the pages of a part, and the file of every payment to each; what stays as it is, is not written again."""
    payload = job.payload
    if payload["context"] not in _context:
        _context[payload["context"]] = pickle.loads(store.read(payload["context"]))  # noqa: S301 - written by us
    site, shell = _context[payload["context"]]
    frames = {name: store.read_frame(key) for name, key in payload["tables"].items()}
    paid = with_line_ids(frames["paid"])
    written: list[str] = []
    downloads: dict[str, list[dict[str, Any]]] = {}
    size = anew = 0
    for supplier, name, data, about in payment_files(paid, frames["files"], payload):
        downloads.setdefault(supplier, []).append(about)
        anew += put(store, name, data)
        written.append(name)
    told = SupplierFrames(
        frames["suppliers"], frames["supplier_names"], frames["supplier_years"], paid, payload["bodies"], payload["places"],
        payload["own_pages"], downloads, NAMES if payload["carries_names"] else "",
    )  # fmt: skip
    for name, data in supplier_pages(site, shell, told):
        anew += put(store, name, data)
        size += len(data)
        written.append(name)
    store.write(job.lands, job.key.encode())
    return {"files": sorted(written), "bytes": size, "pages": len(frames["suppliers"]), "printed": anew}


def put(store: Store, name: str, data: bytes) -> bool:
    """Write a file of the portal unless these bytes lie there already; whether it was written."""
    key, digest = f"{PLACE}/{name}", sha256(data)
    if store.exists(key) and store.sha256(key) == digest:
        if isinstance(store, NotingStore):
            store.written[key] = digest  # it is this job's result all the same
        return False
    store.write(key, data)
    return True


def payment_files(
    paid: pd.DataFrame, files: pd.DataFrame, payload: Mapping[str, Any]
) -> Iterator[tuple[str, str, bytes, dict[str, Any]]]:
    """Supplier, path, bytes and download link of each file of payments; where one is too large, one for each year."""
    table = paid.merge(files, on=["publisher", "file_id"], how="left").rename(columns={"name": "file_name"})
    table["body_name"] = table["publisher"].map(payload["bodies"]).astype("str")
    # One block of plain objects: slices of it are written several times as fast.
    cells = csv_texts(arrow_table(table, payload["schema"]), payload["schema"]).astype(object)
    periods = paid["period"].to_numpy()
    for supplier, rows in paid.groupby("supplier_id", sort=True, observed=True).indices.items():
        own = cells.iloc[rows[0] : rows[-1] + 1]  # payments come sorted by supplier
        data = csv_of_texts(own)
        path = f"{address(str(supplier))}payments"
        title = supplier_words.EVERY_PAYMENT
        if len(data) <= LARGEST_FILE:
            yield str(supplier), f"{path}.csv", data, link(title, f"{path}.csv", data, len(own))
            continue
        for period in sorted(set(periods[rows])):
            of_year = own[periods[rows] == period]
            data, year = csv_of_texts(of_year), period or "undated"
            title = supplier_words.EVERY_PAYMENT_OF.format(year=formats.year(year))
            yield str(supplier), f"{path}-{year}.csv", data, link(title, f"{path}-{year}.csv", data, len(of_year))


def link(title: str, path: str, data: bytes, rows: int) -> dict[str, Any]:
    """A download as pages show it."""
    return {"title": title, "href": path, "bytes": len(data), "rows": rows, "format": "csv"}


def supplier_list(plan: Plan, downloads: list[dict[str, Any]]) -> SupplierList:
    """All suppliers that have pages, and what is counted of the others."""
    run = plan.recall(SUPPLIERS)
    key, summary = run.keys["all"], run.summaries["all"]
    every = plan.store.read_frame(table_key(SUPPLIERS, "all", key, "suppliers"))
    names = plan.store.read_frame(table_key(SUPPLIERS, "all", key, "supplier_names"), ["supplier_id", "payee"])
    paged = every[every["has_page"]].reset_index(drop=True)
    registered = every[every["outcome"] == "accepted"]
    spelt = names[names["supplier_id"].isin(paged["supplier_id"])].drop_duplicates()
    return SupplierList(
        paged,
        {str(supplier): group.tolist() for supplier, group in spelt.groupby("supplier_id", sort=True, observed=True)["payee"]},
        {
            "organisations": len(every), "registered": len(registered), "pages": len(paged),
            "registered_pence": int(registered["amount_pence"].sum()), "named_pence": int(every["amount_pence"].sum()),
            "left_out": summary["left_out"], "left_out_pence": summary["left_out_pence"],
        },
        places(plan), downloads,
    )  # fmt: skip
