"""Invariants of a build: what must hold whatever the published files are like."""

from __future__ import annotations

from dagster_project.flow import table_key
from dagster_project.stages.counting import PAYMENTS
from dagster_project.stages.packaging import PACKAGES
from dagster_project.stages.plan import Plan
from dagster_project.stages.printing import dead_links
from dagster_project.stages.reading import LINES
from dagster_project.stages.unpacked import hashes_of


def keel_breaks(plan: Plan) -> list[str]:
    """
    Files whose rows or pence are not all accounted for, or whose lines are not those that were counted.

    A file that the reader refused is no break: nothing of it is published, and its body's page says so.
    """
    found = []
    for summary in plan.recall(LINES).summaries.values():
        file = summary["file"]
        if file["status"] != "read":
            continue
        place = f"{file['publisher']}/{file['name']}"
        for what in ("rows", "pence"):
            parts = sum(file[f"{what}_{name}"] for name in ("published", "rejected", "left_out"))
            if file[f"{what}_in"] != parts:
                found.append(f"{place}: {what} found {file[f'{what}_in']:,}, accounted for {parts:,}")
            if file[f"{what}_published"] != summary[what]:
                found.append(f"{place}: {what} published {file[f'{what}_published']:,}, kept {summary[what]:,}")
    return found


def double_counts(plan: Plan) -> list[str]:
    """Publishers whose payments are not each counted once, or are more than the lines they come from."""
    found = []
    run = plan.recall(PAYMENTS)
    for publisher, summary in run.summaries.items():
        if summary["distinct"] != summary["rows"]:
            found.append(f"{publisher}: {summary['rows'] - summary['distinct']} payment ids are given twice")
        coverage = plan.store.read_frame(table_key(PAYMENTS, publisher, run.keys[publisher], "coverage"))
        served = (int(coverage["rows"].sum()), int(coverage["amount_pence"].sum()))
        if served != (summary["rows"], summary["pence"]):
            found.append(f"{publisher}: months add up to {served}, payments to {summary['rows'], summary['pence']}")
        if summary["rows"] > summary["published"]:
            found.append(f"{publisher}: {summary['rows']} payments from {summary['published']} published lines")
    return found


def invalid_packages(plan: Plan) -> list[str]:
    """Files of packages whose bytes are not what their descriptor says."""
    found = []
    for package, summary in plan.recall(PACKAGES).summaries.items():
        for folder in (package, *(f"{package}/{year}" for year in summary["years"])):
            descriptor = plan.store.read_json(f"packages/{folder}/datapackage.json")
            for path, digest in hashes_of(plan.store, folder, descriptor):
                said = next(one["hash"] for one in descriptor["resources"] if one["path"] == path)
                if f"sha256:{digest}" != said:
                    found.append(f"packages/{folder}/{path}: its bytes are not those that were described")
    return found


__all__ = ["dead_links", "double_counts", "invalid_packages", "keel_breaks"]
