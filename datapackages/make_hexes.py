"""
Lay districts out as hexagons, one each: where on the map of `/map/` a council stands.

    python datapackages/make_hexes.py CENTROIDS.csv [MORE.csv ...] > datapackages/vocabulary/hexes.csv

Each file has a header. Either it is the Office for National Statistics' list of districts with a point each (columns
`LAD..CD`, `BNG_E`, `BNG_N`), or postcodes in the layout of Code-Point Open, whose mean is the point of their district.
Each file is laid out by itself: a map never holds districts of two of them. Points that lie too close are pushed apart
first (London, the Valleys), then each district gets the cell that makes the sum of squared distances smallest. Nothing in
it is random. Codes that were replaced without a change of place are brought up to date (RECODED).
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

#: Boundary changes of a few fields gave these districts new codes.
RECODED = {"E08000016": "E08000038", "E08000019": "E08000039"}
DISTRICTS = ("E06", "E07", "E08", "E09", "W06", "S12", "N09")
#: Distance of two neighbouring hexagons as a part of what it would be if districts were of one size and lay evenly.
CLOSE = 0.92
STEPS, PULL = 1500, 0.002


def read_points(path: Path) -> dict[str, tuple[float, float]]:
    """Code of each district to its point, metres east and north."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            code = next(
                (row[name] for name in row if re.fullmatch(r"LAD\d\dCD", name)), row.get("Admin_district_code", "")
            )
            east, north = (
                row.get(name) or row.get(other) for name, other in (("BNG_E", "Eastings"), ("BNG_N", "Northings"))
            )
            if code.startswith(DISTRICTS) and float(north or 0):
                total = sums[RECODED.get(code, code)]
                total[0] += float(east or 0)
                total[1] += float(north or 0)
                total[2] += 1
    return {code: (east / many, north / many) for code, (east, north, many) in sorted(sums.items())}


def spread(points: np.ndarray, apart: float) -> np.ndarray:
    """
    Points pushed apart until none has another much closer than `apart`, each held by a weak spring to its place.

    The distance grows slowly, so that crowds widen and do not mix with those around them.
    """
    moved, whole = points.copy(), apart
    for step in range(STEPS):
        apart = whole * min(1.0, (step + 1) / (0.8 * STEPS))
        gaps = moved[:, None, :] - moved[None, :, :]
        far = np.sqrt((gaps**2).sum(axis=2))
        np.fill_diagonal(far, np.inf)
        push = np.clip(apart - far, 0, None) / np.maximum(far, 1e-6) / 2
        moved += (gaps * push[:, :, None]).sum(axis=1) * 0.25 + (points - moved) * PULL
    return moved


def assign(cost: np.ndarray) -> np.ndarray:
    """Column of each row so that the sum of costs is smallest; rows are no more than columns (the Hungarian method)."""
    rows, columns = cost.shape
    of_row, of_column = np.zeros(rows + 1), np.zeros(columns + 1)
    held = np.zeros(columns + 1, dtype=int)  # the row that a column is given to; column 0 is no column
    for row in range(1, rows + 1):
        held[0], at = row, 0
        least, way = np.full(columns + 1, np.inf), np.zeros(columns + 1, dtype=int)
        seen = np.zeros(columns + 1, dtype=bool)
        while held[at]:
            seen[at] = True
            reduced = cost[held[at] - 1] - of_row[held[at]] - of_column[1:]
            better = ~seen[1:] & (reduced < least[1:])
            least[1:][better], way[1:][better] = reduced[better], at
            free = np.where(~seen[1:])[0] + 1
            following = free[np.argmin(least[free])]
            step = least[following]
            of_row[held[seen]] += step
            of_column[seen] -= step
            least[~seen] -= step
            at = following
        while at:
            held[at], at = held[way[at]], way[at]
    found = np.zeros(rows, dtype=int)
    for column in range(1, columns + 1):
        if held[column]:
            found[held[column] - 1] = column - 1
    return found


def lay_out(points: dict[str, tuple[float, float]]) -> list[tuple[str, int, int]]:
    """Code, column and row from the upper left; odd rows stand half a hexagon to the right."""
    places = np.array([points[code] for code in points])
    spans = np.ptp(places, axis=0)
    apart = CLOSE * float(np.sqrt(2 / np.sqrt(3) * spans.prod() * 0.45 / len(places)))
    moved = spread(places, apart)
    moved = (moved - moved.min(axis=0)) / apart
    wide, high = np.ceil(moved.max(axis=0)).astype(int)
    deep = int(np.ceil(high / (np.sqrt(3) / 2))) + 1
    cells = [(q, r) for r in range(-1, deep + 1) for q in range(-1, wide + 2)]
    spots = np.array([(q + (r % 2) / 2, high - r * np.sqrt(3) / 2) for q, r in cells])
    cost = ((moved[:, None, :] - spots[None, :, :]) ** 2).sum(axis=2)
    chosen = [cells[at] for at in assign(cost)]
    across, down = _closed({q for q, _ in chosen}, 1), _closed({r for _, r in chosen}, 2)
    return [(code, across[q], down[r]) for code, (q, r) in zip(points, chosen, strict=True)]


def _closed(used: set[int], keeps: int) -> dict[int, int]:
    """Old to new number of each row or column, from 0: empty ones are left out, `keeps` at a time (rows keep their shift)."""
    gone, found, last = min(used) - min(used) % keeps, {}, min(used)
    for number in sorted(used):
        gone += max(number - last - 1, 0) // keeps * keeps
        found[number], last = number - gone, number
    return found


def main() -> None:
    """Write the table."""
    write = csv.writer(sys.stdout, lineterminator="\n")
    write.writerow(["lad_code", "q", "r"])
    for path in sys.argv[1:]:
        write.writerows(sorted(lay_out(read_points(Path(path)))))


if __name__ == "__main__":
    main()
