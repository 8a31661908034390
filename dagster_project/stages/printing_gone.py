"""
Addresses of suppliers that were printed once: remembered from build to build, and never left empty.

Each build that has new ones adds a list of them to the archive, which packs carry from one machine to the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dagster_project.flow import Job, StageRun, Summary, run_stage, table_key
from dagster_project.model.ids import sha256
from dagster_project.portal.supplier_gone import gone_pages
from dagster_project.stages.packs import ADDRESSES
from dagster_project.stages.plan import Plan
from dagster_project.stages.printing_suppliers import context_of, put
from dagster_project.stages.suppliers import SUPPLIERS
from dagster_project.store import Store, code_key, key_of

GONE_PAGES = "portal_gone"


def known_addresses(store: Store) -> set[str]:
    """Suppliers that ever had a page."""
    return {line for key in store.list(ADDRESSES) for line in store.read(key).decode().splitlines()}


def remember(store: Store, suppliers: Iterable[str]) -> None:
    """Note which suppliers have a page now, if any of them had none before."""
    if new := sorted(set(suppliers) - known_addresses(store)):
        data = ("\n".join(new) + "\n").encode()
        store.create(f"{ADDRESSES}/{sha256(data)}", data)


def print_gone(plan: Plan, context: str, shell_key: str) -> StageRun:
    """
    A short page at each address that has none of its own any more; and remember those that have one.

    Only what was harvested counts as published: builds of folders try things out.
    """
    run = plan.recall(SUPPLIERS)
    key = run.keys["all"]
    every = plan.store.read_frame(table_key(SUPPLIERS, "all", key, "suppliers"))
    paged = set(every.loc[every["has_page"], "supplier_id"])
    jobs = []
    if plan.origin == "live":
        remember(plan.store, paged)
        no_room = set(plan.store.read_frame(table_key(SUPPLIERS, "all", key, "no_room"))["supplier_id"])
        columns = ["supplier_id", "name", "bodies", "payments", "amount_pence", "card_amount_pence"]
        paid = {row["supplier_id"]: row for row in every[columns].to_dict("records")}
        gone = [reason(supplier, paid, no_room) for supplier in sorted(known_addresses(plan.store) - paged)]
        code = key_of([shell_key, code_key("portal", "stages/printing_gone.py")])
        jobs = [Job("gone", key_of([code, gone]), (context, gone), lands=f"tables/{GONE_PAGES}/gone/current")]
    return run_stage(plan.store, GONE_PAGES, jobs, print_those, plan.report, workers=1)


def reason(supplier: str, paid: dict[str, dict[Any, Any]], no_room: set[str]) -> dict[str, Any]:
    """A supplier without a page: what it is paid now, and why it has none."""
    row = {str(key): value for key, value in paid.get(supplier, {}).items()}
    why = "room" if supplier in no_room else "limit" if row else "nothing"
    return {"supplier_id": supplier, "why": why} | row


def print_those(store: Store, job: Job) -> Summary:
    """Print the pages of those that went."""
    context, gone = job.payload
    site, shell = context_of(store, context)
    pages = dict(gone_pages(site, shell, gone))
    for name, data in pages.items():
        put(store, name, data)
    store.write(job.lands, job.key.encode())
    return {"files": sorted(pages), "bytes": sum(map(len, pages.values()))}
