"""Pages of suppliers and a file of every payment to each, in parts; and what the list of them is printed from."""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import pandas as pd

from dagster_project.flow import Job, Summary, table_key
from dagster_project.model.ids import sha256
from dagster_project.package import CsvLines, arrow_table, write_zip
from dagster_project.portal import (
    Shell,
    Site,
    SupplierFrames,
    SupplierList,
    supplier_pages,
    words,
)
from dagster_project.portal.suppliers import address
from dagster_project.stages import room
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
    code = key_of([shell_key, code_key("portal", "stages/printing_suppliers.py", "stages/room.py", "package/writing.py"), plan.schemas["supplier_payments"].model_dump()])  # fmt: skip
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


def context_of(store: Store, key: str) -> tuple[Site, Shell]:
    """What a build stored for its workers: the site and the shell, read once in each process."""
    if key not in _context:
        _context[key] = pickle.loads(store.read(key))  # noqa: S301 - written by us
    return _context[key]


def print_suppliers(store: Store, job: Job) -> Summary:
    """Print the pages of a part, and the file of every payment to each; what stays as it is, is not written again."""
    payload = job.payload
    site, shell = context_of(store, payload["context"])
    frames = {name: store.read_frame(key) for name, key in payload["tables"].items()}
    written: list[str] = []
    downloads: dict[str, dict[str, Any]] = {}
    size = files = anew = 0
    for supplier, name, data, rows in payment_files(frames["paid"], frames["files"], payload):
        href = name.rpartition("/")[2]
        downloads[supplier] = {"href": href, "bytes": len(data), "rows": rows, "format": href.rpartition(".")[2]}
        anew += put(store, name, data)
        files += len(data)
        written.append(name)
    told = SupplierFrames(
        frames["suppliers"], frames["supplier_spellings"], frames["supplier_years"], frames["supplier_bodies"], frames["supplier_services"],
        frames["supplier_largest"], payload["bodies"], payload["places"], payload["own_pages"], downloads,
        NAMES if payload["carries_names"] else "",
    )  # fmt: skip
    for name, data in supplier_pages(site, shell, told):
        anew += put(store, name, data)
        size += len(data)
        written.append(name)
    store.write(job.lands, job.key.encode())
    pages = len(frames["suppliers"])
    return {"files": sorted(written), "bytes": size, "payment_bytes": files, "pages": pages, "printed": anew}


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
) -> Iterator[tuple[str, str, bytes, int]]:
    """
    Supplier, path, bytes and rows of each file of payments; what is large is packed.

    Args:
        paid: Payments to suppliers whose payments are carried, sorted by supplier.
    """
    if paid.empty:
        return
    table = (
        with_line_ids(paid).merge(files, on=["publisher", "file_id"], how="left").rename(columns={"name": "file_name"})
    )
    table["body_name"] = table["publisher"].map(payload["bodies"]).astype("str")
    lines = CsvLines(arrow_table(table, payload["schema"]), payload["schema"])
    start = 0
    for supplier, rows in groupby(paid["supplier_id"].tolist()):
        stop = start + sum(1 for _ in rows)
        data, path, form = lines.of(start, stop), f"{address(supplier)}payments", "csv"
        if len(data) > room.PLAIN:
            data, form = packed("payments.csv", data), "zip"
        yield supplier, f"{path}.{form}", data, stop - start
        start = stop


def packed(name: str, data: bytes) -> bytes:
    """A ZIP file with one file in it."""
    out = io.BytesIO()
    write_zip([(name, data)], out)
    return out.getvalue()


def supplier_list(plan: Plan, downloads: list[dict[str, Any]]) -> SupplierList:
    """All suppliers that have pages or would have one if there were room, and what is counted of the others."""
    run = plan.recall(SUPPLIERS)
    key, summary = run.keys["all"], run.summaries["all"]
    every = plan.store.read_frame(table_key(SUPPLIERS, "all", key, "suppliers"))
    names = plan.store.read_frame(table_key(SUPPLIERS, "all", key, "supplier_names"), ["supplier_id", "payee"])
    no_room = plan.store.read_frame(table_key(SUPPLIERS, "all", key, "no_room"))["supplier_id"]
    listed = every[every["has_page"] | every["supplier_id"].isin(no_room)].reset_index(drop=True)
    registered = every[every["outcome"] == "accepted"]
    spelt = names[names["supplier_id"].isin(listed["supplier_id"])].drop_duplicates()
    return SupplierList(
        listed,
        {str(supplier): group.tolist() for supplier, group in spelt.groupby("supplier_id", sort=True, observed=True)["payee"]},
        {
            "organisations": len(every), "registered": len(registered), "pages": summary["pages"], "no_room": len(no_room),
            "registered_pence": int(registered["amount_pence"].sum()), "named_pence": int(every["amount_pence"].sum()),
            "left_out": summary["left_out"], "left_out_pence": summary["left_out_pence"],
        },
        places(plan), downloads,
    )  # fmt: skip
