"""Pages over all bodies that read more than the tables of the portal: comparisons, maps, questions, changes."""

from __future__ import annotations

import csv
from typing import Any

import pandas as pd

from dagster_project.flow import table_key
from dagster_project.harvest.calendar import months_in
from dagster_project.portal import Shell, Site, SiteFrames, paid
from dagster_project.portal.changes import Before, change_page
from dagster_project.portal.compare import compare_pages
from dagster_project.portal.hexmap import ON_MAP, map_pages
from dagster_project.portal.pages import body_rows
from dagster_project.portal.query import query_page
from dagster_project.portal.stamp import Stamp
from dagster_project.stages.boundaries import find_boundaries, ground_of
from dagster_project.stages.clustering import declared_clusters
from dagster_project.stages.comparing import FIGURES
from dagster_project.stages.counting import PAYMENTS, REGISTERS
from dagster_project.stages.harvesting import states_of
from dagster_project.stages.measuring import breakdown_frame, cluster_frame
from dagster_project.stages.naming import PAYEES
from dagster_project.stages.packaging import payments_said
from dagster_project.stages.plan import DECLARED, Plan
from dagster_project.stages.register_harvest import table_of
from dagster_project.stages.reviewing import IN_SCOPE, undecided
from dagster_project.stages.versions import MANIFEST, contents_of, last_release, manifest_of
from dagster_project.stages.witnessing import WITNESSES, neighbours_of
from dagster_project.store import code_key, folder_key, key_of

HEXES = DECLARED / "vocabulary" / "hexes.csv"


def wider_key(plan: Plan) -> str:
    """A hash of what these pages read beside the tables of the portal."""
    return key_of(
        [
            plan.recall(WITNESSES).keys,
            plan.recall(REGISTERS).keys,
            visits_of(plan),
            registers_of(plan),
            folder_key(
                HEXES, *(path for _, path in find_boundaries(plan.register_declarations, plan.registers_folder))
            ),
            _before_key(),
            code_key("stages/printing_wider.py", "stages/boundaries.py", "stages/reviewing.py"),
        ]
    )


def _before_key() -> str:
    release = last_release()
    return folder_key(release / FIGURES, release / MANIFEST) if release else ""


def wider_pages(plan: Plan, site: Site, shell: Shell, frames: SiteFrames) -> dict[str, bytes]:
    """Path from the portal's root to bytes."""
    stamp, bodies = Stamp(site, shell), body_rows(frames, site)
    codes = {body.lad_code for body in plan.publishers.values() if body.kind in ON_MAP and not body.end}
    return {
        **compare_pages(stamp, frames, bodies, neighbours_of(plan), breakdown_frame(plan), open_names(plan)),
        **map_pages(stamp, frames, bodies, cells(), ground_of(plan, codes)),
        **query_page(stamp, frames, bodies),
        **change_page(stamp, frames, bodies, before_of(plan)),
    }


#: Columns of payees from which names are chosen.
_CHOSEN_BY = ("payee", "payee_class", "payee_lad_code", "amount_pence", "registered_name", "candidate_id", "confidence", "evidence")  # fmt: skip


def open_names(plan: Plan) -> dict[str, paid.OpenNames]:
    """By body, names that nobody could place, and what those that are shown hold in each year."""
    found = {}
    for slug, key in plan.recall(PAYEES).keys.items():
        frame = undecided(plan.store.read_frame(table_key(PAYEES, slug, key, "payees"), _CHOSEN_BY))
        names = set(frame["payee"].head(paid.CONFIRMED_SHOWN))
        held = {}
        if names:
            payments = plan.store.read_frame(table_key(PAYEES, slug, key, "payments"), paid.HELD)
            held = paid.held(payments, names, IN_SCOPE)
        found[slug] = paid.OpenNames(frame, held)
    return found


def visits_of(plan: Plan) -> list[dict[str, Any]]:
    """How the last visit to each body's website went; nothing for a build that visited none."""
    return states_of(plan.store) if plan.origin == "live" else []


def months_by_visit(plan: Plan) -> dict[str, dict[str, list[str]]]:
    """By body, months that were due and not found at the last visit (`late`), and of files that are listed no more (`gone`)."""
    return {
        state["publisher"]: {
            "late": [month for period in state["missing"].split() for month in months_in(period)],
            "gone": [month for period in state.get("gone", "").split() for month in months_in(period)],
        }
        for state in visits_of(plan)
    }


def sectors_of(plan: Plan) -> pd.DataFrame:
    """Sectors of postcodes by the district that they lie in, of the registers at hand; no rows where there is none."""
    frame = plan.store.read_frame(table_key(REGISTERS, "all", plan.recall(REGISTERS).keys["all"], "postcodes"))
    keys = frame["postcode_key"].astype("str")
    parts = pd.DataFrame(
        {"outward": keys.str[:-3], "sector": keys.str[-3:-2], "lad_code": frame["lad_code"].astype("str")}
    )
    counted = parts[(parts["lad_code"] != "") & parts["sector"].str.isdigit()].groupby(list(parts.columns)).size()
    return counted.rename("postcodes").reset_index()


def registers_of(plan: Plan) -> list[dict[str, Any]]:
    """Which edition of each register is in use, and what became of the newest; nothing for a build that asked for none."""
    return table_of(plan.store) if plan.origin == "live" else []


def before_of(plan: Plan) -> Before | None:
    """The last release, and how many payments of each body it had where they are others now; `None` where none is named."""
    release = last_release()
    if release is None:
        return None
    manifest = manifest_of(release)
    had = {name: one["payments"] for name, one in contents_of(manifest).items() if "payments" in one}
    here = plan.recall(PAYMENTS).summaries
    has = {name: payments_said(plan, name) for name in here}
    none = {"sha256": "", "rows": 0, "pounds": "0.00"}
    pairs = [(name, had.get(name, none), has.get(name, none)) for name in sorted({*had, *has})]
    payments = [
        {"publisher": name, "was": was["rows"], "is": now["rows"], "was_pence": _pence(was), "is_pence": _pence(now)}
        for name, was, now in pairs if was["sha256"] != now["sha256"]
    ]  # fmt: skip
    return Before(pd.read_parquet(release / FIGURES), manifest["version"], payments)


def _pence(payments: dict[str, Any]) -> int:
    return int(payments["pounds"].replace(".", ""))


def cells() -> dict[str, tuple[int, int]]:
    """Code of a district to its column and row on the map; see `datapackages/make_hexes.py`."""
    with HEXES.open(encoding="utf-8", newline="") as file:
        return {row["lad_code"]: (int(row["q"]), int(row["r"])) for row in csv.DictReader(file)}


def pooled_of(plan: Plan) -> dict[str, dict[str, str]]:
    """By body, the cluster that pools it with those before or after it, where there are figures of it."""
    there = set(cluster_frame(plan)["publisher"])
    return {
        member: {"slug": cluster.slug, "name": cluster.name}
        for cluster in declared_clusters(plan) if cluster.kind == "succession" and cluster.slug in there
        for member in cluster.members
    }  # fmt: skip


def totals_frame(plan: Plan, files: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a publisher: files, rows, payments, pounds, months, state."""
    counted, named = plan.recall(PAYMENTS), plan.recall(PAYEES)
    rows = []
    for publisher in plan.publishers:
        frame = files.get(publisher)
        row: dict[str, Any] = {"publisher": publisher, "files": 0, "files_read": 0, "rows_in": 0, "pence_in": 0, "rows_published": 0,
                               "rows_rejected": 0, "rows_left_out": 0, "payments": 0, "amount_pence": 0, "payees": 0,
                               "first_month": "", "last_month": "", "status": "no files"}  # fmt: skip
        if frame is not None:
            months = [month for month in (*frame["first_month"], *frame["last_month"]) if month]
            read = int((frame["status"] == "read").sum())
            whole = read == int((~frame["status"].isin(["duplicate", "not_spend"])).sum())
            row |= {
                "files": len(frame), "files_read": read,
                **{n: int(frame[n].sum()) for n in ("rows_in", "pence_in", "rows_published", "rows_rejected", "rows_left_out")},
                "payments": counted.summaries[publisher]["rows"], "amount_pence": counted.summaries[publisher]["pence"],
                "payees": named.summaries[publisher]["payees"],
                "first_month": min(months, default=""), "last_month": max(months, default=""),
                "status": "published" if read and whole else "partly read" if read else "not read",
            }  # fmt: skip
        rows.append(row)
    return pd.DataFrame(rows)
