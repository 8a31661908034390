"""From the id of a figure to the page that has it for good: one small file for each beginning of ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dagster_project.portal import citing, facts, formats, suppliers
from dagster_project.portal.assets import for_scripts
from dagster_project.portal.site import SiteFrames
from dagster_project.portal.stamp import Stamp


def figure_files(stamp: Stamp, frames: SiteFrames, bodies: Iterable[Mapping[str, Any]]) -> dict[str, bytes]:
    """
    `figures/2b.json` for the ids that go on with `2b` after their first letter.

    Each maps ids to `page`, the address from the portal's root with the anchor; `title`, whose figure of what and when;
    and `says`, its value in words. Figures of bodies also have `low` and `high`, or `null` where there is no value.
    """
    names = {body["slug"]: body["short"] for body in bodies}
    measures = facts.declared(stamp.site)
    found: dict[str, dict[str, Any]] = {}
    for row in facts.rows(frames.figures):
        if row["measure"] not in measures or row["publisher"] not in names:
            continue
        measure = measures[row["measure"]]
        figure = facts.figure(row, measure["unit"])
        found[figure["figure_id"]] = {
            "page": f"{citing.address_of(figure)}#{figure['figure_id']}",
            "title": f"{names[row['publisher']]}, {formats.year(row['period'])}: {measure['name']}",
            "says": figure["says"] if figure["is_known"] else figure["rank_says"],
            "low": figure["low"], "high": figure["high"],
        }  # fmt: skip
    for row in facts.rows(frames.suppliers.suppliers):
        if row["has_page"]:
            found[row["figure_id"]] = {
                "page": f"{suppliers.address(row['supplier_id'])}#{row['figure_id']}",
                "title": formats.published(row["name"], suppliers.LETTERS),
                "says": formats.money(row["amount_pence"] if row["payments"] else row["card_amount_pence"]),
            }
    files: dict[str, dict[str, Any]] = {}
    for figure_id in sorted(found):
        files.setdefault(figure_id[2:4], {})[figure_id] = found[figure_id]
    return {f"figures/{part}.json": for_scripts(own) for part, own in files.items()}
