"""Places: regions, counties, areas of combined authorities and named sets, each with all its bodies pooled."""

from __future__ import annotations

from typing import Any

from dagster_project.portal import bars, facts, words
from dagster_project.portal.site import SiteFrames
from dagster_project.portal.stamp import Stamp


def place_pages(stamp: Stamp, frames: SiteFrames) -> dict[str, bytes]:
    """The index of clusters and a page for each; nothing where there is none."""
    if frames.clusters.empty:
        return {}
    measures = facts.declared(stamp.site)
    groups: dict[str, list[dict[str, Any]]] = {kind: [] for kind in words.CLUSTERS}
    pages = {}
    for slug, frame in frames.clusters.groupby("publisher", sort=True):
        rows = [row for row in facts.rows(frame) if row["measure"] in measures]
        name, kind = str(frame["name"].iloc[0]), str(frame["population"].iloc[0])
        years = sorted({row["period"] for row in rows}, reverse=True)
        sections: list[dict[str, Any]] = [
            {"measure": measures[measure], "rows": [_row(row, measures[measure]) for row in _of(rows, measure)]}
            for measure in measures if _of(rows, measure)
        ]  # fmt: skip
        path = f"places/{slug}/"
        local = next((s["rows"][0] for s in sections if s["measure"]["id"] == facts.LOCAL), None)
        groups[kind].append({"slug": slug, "name": name, "year": years[0], "local": local})
        pages[f"{path}index.html"] = stamp.page(
            "place.html", path, words.TABLES, words.PLACE_TITLE.format(name=name), words.PLACES_ABOUT, name=name,
            sections=sections, kind=words.CLUSTERS[kind],
        )  # fmt: skip
    index = [(title, groups[kind]) for kind, title in words.CLUSTERS.items() if groups[kind]]
    pages["places/index.html"] = stamp.page(
        "places.html", "places/", words.TABLES, words.PLACES_TITLE, words.PLACES_ABOUT, index=index
    )
    return pages


def _of(rows: list[dict[str, Any]], measure: str) -> list[dict[str, Any]]:
    return sorted((row for row in rows if row["measure"] == measure), key=lambda row: row["period"], reverse=True)


def _row(row: dict[str, Any], measure: dict[str, Any]) -> dict[str, Any]:
    figure = facts.figure(row, measure["unit"])
    is_share = measure["unit"] == "share"
    return figure | {
        "bar": bars.table_bar(figure["low"], figure["high"]) if is_share else "",
        "bodies": int(row["bodies"] or 0),
    }
