"""Boundaries from TopoJSON to paths of a drawing: decoded, laid flat, and simplified arc by arc, so that borders stay shared."""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

#: The longer side of a drawing in units; whole units are drawn, so it is also how exact a drawing is.
LONG = 2000
#: A point goes that makes a triangle with its neighbours smaller than this, in square units.
LEAST = 2.0
#: An island goes that is smaller than this, in square units, unless it is the largest part of its district.
SMALLEST = 4.0

Point = tuple[int, int]
#: Polygons of a district, each of rings, each of numbers of arcs; `~n` is arc `n` from its end.
Polygons = Sequence[Sequence[Sequence[int]]]


class NotBoundaries(ValueError):
    """A text is no TopoJSON of districts; the message says what it lacks."""


@dataclass(frozen=True)
class Outlines:
    """
    A drawing of districts.

    Attributes:
        width, height: In units.
        paths: Code of a district to the data of its path, in whole units.
        boxes: Code of a district to its left, top, right and lower edge.
    """

    width: int = 0
    height: int = 0
    paths: Mapping[str, str] = field(default_factory=dict)
    boxes: Mapping[str, tuple[int, int, int, int]] = field(default_factory=dict)


def outlines_of(topology: Mapping[str, Any], polygons: Mapping[str, Polygons], least: float = LEAST) -> Outlines:
    """
    Districts as paths. North is up; a degree of longitude is as long as at the middle latitude (equirectangular).

    Args:
        topology: TopoJSON in degrees.
        polygons: Of `districts_of`, those to be drawn.
        least: See `LEAST`.
    """
    used = {_plain(arc) for shape in polygons.values() for arc in _arcs_in(shape)}
    if not used:
        return Outlines()
    full, width, height = _flat({number: decoded(topology, number) for number in used})
    drawn = {number: simplified(points, least) for number, points in full.items()}
    for shape in polygons.values():
        if not _parts(shape, drawn):
            # Too small for its borders to be simplified; they are drawn whole on both sides.
            drawn |= {_plain(arc): full[_plain(arc)] for arc in _arcs_in(shape)}
    parts = {code: found for code, shape in polygons.items() if (found := _parts(shape, drawn))}
    return Outlines(
        width, height,
        {code: "".join(map(_path, rings)) for code, rings in parts.items()},
        {code: _box(point for ring in rings for point in ring) for code, rings in parts.items()},
    )  # fmt: skip


def districts_of(
    topology: Mapping[str, Any], collection: str, code: str, end: str, recoded: Mapping[str, str] | None = None
) -> dict[str, Polygons]:
    """
    Code of each district that stands to its polygons.

    Args:
        topology: TopoJSON as parsed.
        collection: Name of the object that holds districts.
        code, end: Properties: the code of a district, and since when it is gone, where it is.
        recoded: Old code to new one; a shape under the new code comes first.

    Raises:
        NotBoundaries: something of that is not there.
    """
    transform = topology.get("transform", {"scale": (1, 1), "translate": (0, 0)})
    if not isinstance(topology.get("arcs"), list) or not {"scale", "translate"} <= set(transform):
        raise NotBoundaries("holds no TopoJSON: it lacks `arcs`, or `scale` and `translate` of its `transform`")
    shapes = topology.get("objects", {}).get(collection, {}).get("geometries")
    if not isinstance(shapes, list):
        raise NotBoundaries(f"has no collection '{collection}' of geometries")
    found: dict[str, Polygons] = {}
    old: dict[str, Polygons] = {}
    for at, shape in enumerate(shapes, 1):
        said = shape.get("properties", {})
        if not said.get(code):
            raise NotBoundaries(f"has no property '{code}' on shape {at} of '{collection}'")
        if not said.get(end) and shape.get("type"):
            renamed = (recoded or {}).get(said[code])
            (old if renamed else found)[renamed or said[code]] = _polygons(shape, said[code], len(topology["arcs"]))
    return old | found


def _polygons(shape: Mapping[str, Any], code: str, count: int) -> Polygons:
    """Polygons of one geometry, whose arcs are all there."""
    if shape["type"] not in ("Polygon", "MultiPolygon") or not shape.get("arcs"):
        raise NotBoundaries(f"draws {code} as a {shape['type']}, not as a Polygon or MultiPolygon of arcs")
    polygons: Polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    try:
        lacks = [arc for arc in _arcs_in(polygons) if _plain(arc) >= count]
    except TypeError:
        raise NotBoundaries(f"nests the arcs of {code} otherwise than a {shape['type']} does") from None
    if lacks:
        raise NotBoundaries(f"has no arc {_plain(lacks[0])}, which {code} asks for")
    return polygons


def decoded(topology: Mapping[str, Any], number: int) -> list[tuple[float, float]]:
    """Longitude and latitude of the points of an arc: steps from point to point are summed, then scaled and moved."""
    transform = topology.get("transform")
    if not transform:
        return [(x, y) for x, y, *_ in topology["arcs"][number]]
    (wide, high), (left, low) = transform["scale"], transform["translate"]
    points, x, y = [], 0, 0
    for step in topology["arcs"][number]:
        x, y = x + step[0], y + step[1]
        points.append((x * wide + left, y * high + low))
    return points


def simplified(points: Sequence[Point], least: float) -> list[Point]:
    """
    A line without the points that matter least (Visvalingam and Whyatt, 1993); its ends stay, a ring stays a triangle.

    Args:
        least: Area of the smallest triangle of neighbours that is kept.
    """
    keeps = 4 if points[0] == points[-1] else 2
    before, after = list(range(-1, len(points) - 1)), list(range(1, len(points) + 1))
    area = {at: _triangle(points[at - 1], points[at], points[at + 1]) for at in range(1, len(points) - 1)}
    heap = [(size, at) for at, size in area.items()]
    heapq.heapify(heap)
    left = len(points)
    while heap and left > keeps:
        size, at = heapq.heappop(heap)
        if area.get(at) != size:
            continue  # its neighbours have changed since
        if size >= least:
            break
        del area[at]
        left -= 1
        after[before[at]], before[after[at]] = after[at], before[at]
        for near in (before[at], after[at]):
            if near in area:
                # Never smaller than what went before it, so that the order of going is that of mattering.
                area[near] = max(size, _triangle(points[before[near]], points[near], points[after[near]]))
                heapq.heappush(heap, (area[near], near))
    return [point for at, point in enumerate(points) if at in area or at in (0, len(points) - 1)]


def _flat(arcs: Mapping[int, Sequence[tuple[float, float]]]) -> tuple[dict[int, list[Point]], int, int]:
    """Arcs in whole units from the upper left, no point twice in a row; width and height of all."""
    west, south, east, north = _box(point for points in arcs.values() for point in points)
    narrow = math.cos(math.radians((south + north) / 2))
    unit = LONG / max((east - west) * narrow, north - south, 1e-9)
    flat = {}
    for number, points in arcs.items():
        units = [(round((x - west) * narrow * unit), round((north - y) * unit)) for x, y in points]
        flat[number] = [units[0], *(point for last, point in pairwise(units) if point != last)]
    return flat, math.ceil((east - west) * narrow * unit), math.ceil((north - south) * unit)


def _parts(shape: Polygons, drawn: Mapping[int, Sequence[Point]]) -> list[list[Point]]:
    """Rings of a district that have an area, small islands left out; none where its largest part has none."""
    polygons = [[_ring(ring, drawn) for ring in polygon] for polygon in shape]
    largest = max((_area(polygon[0]) for polygon in polygons), default=0.0)
    kept = [polygon for polygon in polygons if _area(polygon[0]) >= min(SMALLEST, largest) > 0]
    return [ring for polygon in kept for ring in polygon if _area(ring)]


def _ring(arcs: Iterable[int], drawn: Mapping[int, Sequence[Point]]) -> list[Point]:
    """Arcs joined end to end, the first point not said again at the end."""
    points: list[Point] = []
    for arc in arcs:
        own = drawn[arc] if arc >= 0 else drawn[~arc][::-1]
        points += own[1:] if points and points[-1] == own[0] else own
    return points[:-1] if len(points) > 1 and points[0] == points[-1] else points


def _path(ring: Sequence[Point]) -> str:
    """A ring as path data: where it begins, then steps; a sign is enough between numbers."""
    steps = [number for (x, y), (u, v) in pairwise(ring) for number in (u - x, v - y)]
    written = "".join(f"{step}" if step < 0 or not at else f" {step}" for at, step in enumerate(steps))
    return f"M{ring[0][0]} {ring[0][1]}l{written}z"


def _box(points: Iterable[tuple[Any, Any]]) -> tuple[Any, Any, Any, Any]:
    across, up = zip(*points, strict=True)
    return min(across), min(up), max(across), max(up)


def _area(ring: Sequence[Point]) -> float:
    return abs(sum(x * v - u * y for (x, y), (u, v) in pairwise([*ring, ring[0]]))) / 2


def _triangle(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def _plain(arc: int) -> int:
    return arc if arc >= 0 else ~arc


def _arcs_in(polygons: Polygons) -> Iterator[int]:
    return (arc for polygon in polygons for ring in polygon for arc in ring)


def chosen(polygons: Mapping[str, Polygons], codes: Collection[str]) -> dict[str, Polygons]:
    """Those of some districts, in order of code."""
    return {code: polygons[code] for code in sorted(codes) if code in polygons}
