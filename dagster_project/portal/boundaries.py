"""The map with real boundaries: districts where they lie, shaded as the hexagons are, and the crowded ones larger beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from dagster_project.portal import page_words as said
from dagster_project.portal.outlines import LONG, Outlines

#: Codes of London boroughs, and how many must be drawn for an inset: they are too small to be told apart on a whole country.
CROWDED, CROWD = "E09", 10
#: Width of the inset as a part of the drawing's, and the room around it in units.
INSET, ROOM = 0.34, 14
#: Height of its name in units.
NAME = 40
#: Pixels of the longer side, where there is room.
PIXELS = 1000


@dataclass(frozen=True)
class Ground:
    """
    Boundaries that are at hand.

    Attributes:
        outlines: Of districts that have a council.
        source: Whose they are, under what licence.
    """

    outlines: Outlines
    source: str


def drawing(
    ground: Ground, rows: Sequence[Mapping[str, Any]], steps: Sequence[tuple[str, str]], outline: str
) -> Markup:
    """
    Councils as districts; its words are the counts of each step.

    Args:
        rows: Of `hexmap`, of councils that have a boundary.
        outline: Path data of the hexagon in the legend.
    """
    counts = Counter(row["step"] for row in rows)
    parts = "; ".join(f"{name}: {counts[css]}" for css, name in steps if counts[css])
    alt = said.MAP_ALT_BOUNDARIES.format(of=len(rows), parts=parts)
    lines, scale = ground.outlines, LONG / PIXELS
    hatch = 1.5 * scale
    districts = "".join(_district(row, lines) for row in rows)
    return Markup(  # noqa: S704 - what is not ours is escaped above and below
        f'<svg class="lp-map lp-ground" viewBox="-4 -4 {lines.width + 8} {lines.height + 8}" width="{lines.width / scale:.0f}" '
        f'height="{lines.height / scale:.0f}" role="img" aria-label="{escape(alt)}" fill-rule="evenodd"><defs>'
        f'<path id="hx" d="{outline}"/><pattern id="lp-hatch-map" width="4" height="4" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="lp-hatch__line" width="1.4" height="4"/></pattern>'
        f'<pattern id="lp-hatch-ground" href="#lp-hatch-map" patternTransform="rotate(45) scale({hatch:g})"/></defs>'
        f"{districts}{_inset(rows, lines, hatch)}</svg>"
    )


def _district(row: Mapping[str, Any], lines: Outlines, hatch: str = "lp-hatch-ground") -> str:
    fill = f' fill="url(#{hatch})"' if row["step"] == "hatch" else ""
    slug, path = escape(row["body"]["slug"]), lines.paths[row["body"]["lad_code"]]
    return f'<path class="lp-hex {row["step"]}" data-b="{slug}"{fill} d="{path}"/>'


def _inset(rows: Sequence[Mapping[str, Any]], lines: Outlines, scale: float) -> str:
    """The boroughs of London again, larger, at the upper left, where there is sea."""
    crowd = [row for row in rows if row["body"]["lad_code"].startswith(CROWDED)]
    if len(crowd) < CROWD:
        return ""
    left, top, right, bottom = (
        edge(lines.boxes[row["body"]["lad_code"]][at] for row in crowd) for at, edge in enumerate((min, min, max, max))
    )
    larger = lines.width * INSET / (right - left)
    wide, high = ((end - start) * larger for start, end in ((left, right), (top, bottom)))
    boroughs = "".join(_district(row, lines, "lp-hatch-inset") for row in crowd)
    return (
        f'<pattern id="lp-hatch-inset" href="#lp-hatch-map" patternTransform="rotate(45) scale({scale / larger:.2f})"/>'
        f'<rect class="lp-inset" width="{wide + 2 * ROOM:.0f}" height="{high + 3 * ROOM + NAME:.0f}"/>'
        f'<text class="lp-inset__name" x="{ROOM}" y="{NAME}">{said.MAP_INSET}</text>'
        f'<svg x="{ROOM}" y="{NAME + 2 * ROOM}" width="{wide:.0f}" height="{high:.0f}" viewBox="{left} {top} {right - left} '
        f'{bottom - top}" overflow="visible">{boroughs}</svg>'
    )
