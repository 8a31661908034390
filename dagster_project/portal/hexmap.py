"""Maps: one hexagon a council, shaded by the least that is sure, hatched where nobody can tell; the same as a table."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

from dagster_project.portal import bars, boundaries, facts, formats, words
from dagster_project.portal import page_words as said
from dagster_project.portal.site import SiteFrames
from dagster_project.portal.stamp import Stamp

#: Kinds of body that stand on the map: every place of the country has one of them, and one only.
ON_MAP = ("metropolitan_district", "london_borough", "unitary", "district")
#: A range wider than this says too little to be shaded.
WIDEST = 0.20
#: Edges of the five steps, by measure; they never change from year to year.
EDGES = (0.2, 0.4, 0.6, 0.8)
SMALL_EDGES = (0.02, 0.05, 0.1, 0.2)
SMALL = ("e9-voluntary-and-social", "e9n-voluntary-and-social-narrow", "e10-member-owned", "e11-concentration")
#: Half the width and the size of a hexagon with a point above, in units of the drawing.
SIZE = 10.0
#: Pixels of a unit of the drawing, where there is room.
SCALE = 1.5
HALF = SIZE * math.sqrt(3) / 2
OUTLINE = "M0-10 8.66-5V5L0 10-8.66 5V-5z"


def map_pages(
    stamp: Stamp, frames: SiteFrames, bodies: Sequence[dict[str, Any]], cells: Mapping[str, tuple[int, int]],
    ground: boundaries.Ground | None = None,
) -> dict[str, bytes]:  # fmt: skip
    """
    A page and a CSV for each measure that is a share and says something of a council, and `map/` for the local share.

    Args:
        bodies: Of `pages.body_rows`.
        cells: Code of a district to its column and row; odd rows stand half a hexagon to the right.
        ground: Boundaries for `map/boundaries/`; without them there is no such page.
    """
    councils = [body for body in bodies if body["kind"] in ON_MAP and not body["end"]]
    measures = {m: measure for m, measure in facts.declared(stamp.site).items() if measure["unit"] == "share"}
    figures: dict[str, dict[str, dict[str, Any]]] = {}
    slugs = {body["slug"] for body in councils}
    for row in facts.rows(frames.figures):
        if row["measure"] in measures and row["publisher"] in slugs:
            figure = facts.figure(row, "share")
            figures.setdefault(row["measure"], {}).setdefault(row["period"], {})[row["publisher"]] = figure
    shown = [m for m in measures if any(f["is_known"] for year in figures.get(m, {}).values() for f in year.values())]
    chips = [(m, measures[m]["name"]) for m in shown]
    pages: dict[str, bytes] = {}
    # `map/` is the local share, which every page links to, also where nothing is known of it
    for measure in [*shown, *({facts.LOCAL} & measures.keys() - set(shown))]:
        pages |= _page(stamp, measures[measure], figures.get(measure, {}), councils, cells, chips, ground)
    return pages


def step_of(measure: str, figure: Mapping[str, Any] | None) -> str:
    """How a council is shown: `h0` to `h4`, `hatch` where the range is too wide, `none` where nothing is known."""
    if not figure or not figure["is_known"]:
        return "none"
    if figure["high"] - figure["low"] > WIDEST:
        return "hatch"
    return f"h{sum(figure['low'] >= edge for edge in edges_of(measure))}"


def edges_of(measure: str) -> tuple[float, ...]:
    """The edges between the steps of a measure."""
    return SMALL_EDGES if measure in SMALL else EDGES


def steps_of(measure: str) -> list[tuple[str, str]]:
    """Each way to be shown and what it means, for a legend."""
    edges = [formats.share(edge) for edge in edges_of(measure)]
    between = [f"{low[:-1]}{formats.DASH}{high}" for low, high in pairwise(edges)]
    names = [f"under {edges[0]}", *between, f"{edges[-1]} or more"]
    return [*((f"h{at}", name) for at, name in enumerate(names)), *said.SHOWN.items()]


def _page(
    stamp: Stamp, measure: dict[str, Any], by_year: Mapping[str, Mapping[str, dict[str, Any]]],
    councils: Sequence[dict[str, Any]], cells: Mapping[str, tuple[int, int]], chips: Sequence[tuple[str, str]],
    ground: boundaries.Ground | None,
) -> dict[str, bytes]:  # fmt: skip
    year = max(by_year, key=lambda y: (sum(f["is_known"] for f in by_year[y].values()), y), default="")
    figures = by_year.get(year, {})
    rows = [_row(measure, body, figures.get(body["slug"]), cells) for body in councils]
    told = [row for row in rows if row["figure"]]
    told.sort(key=lambda row: (row["step"] == "none", -(row["figure"]["low"] or 0), row["body"]["name"]))
    steps, is_local = steps_of(measure["id"]), measure["id"] == facts.LOCAL
    path, title = f"map/{measure['id']}/", said.MAP_TITLE.format(measure=measure["name"])
    facts_of_page: dict[str, Any] = {
        "measure": measure, "year": year, "chips": chips, "told": told,
        "untold": [row["body"] for row in rows if not row["figure"]], "heading": heading(measure, rows),
        "tabs": [said.MAP_HEXAGONS[:2], said.MAP_BOUNDARIES[:2]] if ground and is_local else [],
    }  # fmt: skip

    def page(address: str, ground: boundaries.Ground | None = None) -> bytes:
        tab = said.MAP_BOUNDARIES if ground else said.MAP_HEXAGONS
        placed = [row for row in rows if (row["body"]["lad_code"] in ground.outlines.paths if ground else row["cell"])]
        about = said.MAP_ABOUT_BOUNDARIES if ground else said.MAP_ABOUT
        draw = partial(boundaries.drawing, ground, outline=OUTLINE) if ground else drawing
        return stamp.page(
            "map.html", address, words.MAP, title, about.format(question=measure["question"]), no_map=said.MAP_NONE,
            tab=tab[1], each=tab[2], source=ground.source if ground else "", unplaced=len(rows) - len(placed),
            steps=[(css, name, sum(row["step"] == css for row in placed)) for css, name in steps],
            drawing=draw(rows=placed, steps=steps) if placed else "", on_map={row["body"]["slug"] for row in placed},
            **facts_of_page,
        )  # fmt: skip

    pages = {f"{path}index.html": page(path), f"{path}map.csv": _csv(measure["id"], year, rows)}
    if is_local:
        pages |= {"map/index.html": page("map/"), "map/map.csv": pages[f"{path}map.csv"]}
    if is_local and ground:
        pages[f"{said.MAP_BOUNDARIES[1]}index.html"] = page(said.MAP_BOUNDARIES[1], ground)
    return pages


def _row(
    measure: Mapping[str, Any],
    body: dict[str, Any],
    figure: dict[str, Any] | None,
    cells: Mapping[str, tuple[int, int]],
) -> dict[str, Any]:
    is_known = bool(figure and figure["is_known"])
    step = step_of(measure["id"], figure)
    return {
        "body": body, "figure": figure, "step": step, "cell": cells.get(body["lad_code"]), "is_known": is_known,
        "bar": bars.table_bar(figure["low"] if figure and is_known else None, figure["high"] if figure and is_known else None),
        "shown": said.SHOWN.get(step, ""),
    }  # fmt: skip


def heading(measure: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    """What the map shows, counted: who surely keeps half and where nobody can tell, else how many can be shaded."""
    counts = Counter(row["step"] for row in rows)
    half = sum(row["step"] not in ("none", "hatch") and row["figure"]["low"] >= 0.5 for row in rows)
    if measure["id"] == facts.LOCAL and half:
        return said.MAP_HALF.format(many=formats.count(half), of=formats.count(len(rows)),
                                    keep="keep" if half > 1 else "keeps", unsure=formats.count(counts["hatch"]))  # fmt: skip
    shaded = len(rows) - counts["none"] - counts["hatch"]
    return said.MAP_PLAIN.format(measure=measure["name"], many=formats.count(shaded), of=formats.count(len(rows)))


def drawing(rows: Sequence[Mapping[str, Any]], steps: Sequence[tuple[str, str]]) -> Markup:
    """The hexagons of councils that have a place, one outline used for all; its words are the counts of each step."""
    counts = Counter(row["step"] for row in rows)
    parts = "; ".join(f"{name}: {counts[css]}" for css, name in steps if counts[css])
    places = {row["body"]["slug"]: _centre(*row["cell"]) for row in rows}
    left, top = (min(place[at] for place in places.values()) - room for at, room in ((0, HALF + 1), (1, SIZE + 1)))
    wide = max(x for x, _ in places.values()) + HALF + 1 - left
    high = max(y for _, y in places.values()) + SIZE + 1 - top
    uses = "".join(_use(row, *places[row["body"]["slug"]]) for row in rows)
    alt = said.MAP_ALT.format(of=len(rows), parts=parts)
    return Markup(  # noqa: S704 - what is not ours is escaped above and below
        f'<svg class="lp-map" viewBox="{left:.1f} {top:.1f} {wide:.1f} {high:.1f}" width="{wide * SCALE:.0f}" height="{high * SCALE:.0f}" role="img" '
        f'aria-label="{escape(alt)}"><defs><path id="hx" d="{OUTLINE}"/><pattern id="lp-hatch-map" width="4" height="4" '
        'patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="lp-hatch__line" width="1.4" height="4"/>'
        f"</pattern></defs>{uses}</svg>"
    )


def _use(row: Mapping[str, Any], x: float, y: float) -> str:
    """One hexagon; the hatch is a fill by address, so that no style is needed."""
    fill = ' fill="url(#lp-hatch-map)"' if row["step"] == "hatch" else ""
    slug = escape(row["body"]["slug"])
    return f'<use class="lp-hex {row["step"]}" href="#hx" x="{x:.1f}" y="{y:.1f}" data-b="{slug}"{fill}/>'


def _centre(q: int, r: int) -> tuple[float, float]:
    """Middle of a cell in units of the drawing."""
    return HALF + 1 + (q + (r % 2) / 2) * 2 * HALF, SIZE + 1 + r * 1.5 * SIZE


def _csv(measure: str, year: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Every council, on the map or not, exact."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(
        ["lad_code", "publisher", "name", "column", "row", "measure", "period", "low", "high", "shown_as", "figure_id"]
    )
    for row in rows:
        figure, cell = row["figure"], row["cell"] or ("", "")
        ends = [repr(figure[end]) if row["is_known"] else "" for end in ("low", "high")] if figure else ["", ""]
        write.writerow([row["body"]["lad_code"], row["body"]["slug"], row["body"]["name"], *cell, measure, year, *ends,
                        row["step"], figure["figure_id"] if figure else ""])  # fmt: skip
    return out.getvalue().encode()
