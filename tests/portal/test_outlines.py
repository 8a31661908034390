"""Laws of boundaries: decoding, simplifying arc by arc, and what a path is."""

import math
import re
from itertools import pairwise

import pytest

from dagster_project.portal.outlines import (
    LONG,
    NotBoundaries,
    decoded,
    districts_of,
    outlines_of,
    simplified,
)


def crooked(start, end, pieces=60, wide=400):
    """A line between two points with many small bends, as steps."""
    points = [
        (round(start[0] + (end[0] - start[0]) * at / pieces + (wide * math.sin(at * 1.7) if 0 < at < pieces else 0)),
         round(start[1] + (end[1] - start[1]) * at / pieces + (wide * math.cos(at * 2.3) if 0 < at < pieces else 0)))
        for at in range(pieces + 1)
    ]  # fmt: skip
    return [list(points[0]), *([x - u, y - v] for (u, v), (x, y) in pairwise(points))]


def shape(code, arcs, kind="Polygon", **said):
    return {"type": kind, "arcs": arcs, "properties": {"areacd": code, **said}}


#: West and east of one crooked border; an island of the west; a speck that belongs to nobody else; one that is gone.
ARCS = [
    crooked((30_000, 0), (30_000, 60_000)),
    [[30_000, 60_000], [-30_000, 0], [0, -60_000], [30_000, 0]],
    [[30_000, 60_000], [30_000, 0], [0, -60_000], [-30_000, 0]],
    [[-9_000, 0], [6_000, 0], [0, 6_000], [-6_000, 0], [0, -6_000]],
    [[70_000, 1_000], [70, 0], [0, 70], [-70, 0], [0, -70]],
]
TOPOLOGY = {
    "type": "Topology", "transform": {"scale": [0.0001, 0.0001], "translate": [-4.0, 50.0]}, "arcs": ARCS,
    "objects": {"ltla": {"type": "GeometryCollection", "geometries": [
        shape("W", [[[0, 1]], [[3]]], "MultiPolygon"), shape("E", [[~0, ~2]]), shape("S", [[4]]), shape("G", [[4]], end=2020),
    ]}},
}  # fmt: skip


def read(topology=TOPOLOGY, **more):
    return districts_of(topology, "ltla", "areacd", "end", **more)


def points_of(path):
    """Every ring of a path as points."""
    rings = []
    for start, steps in re.findall(r"M(\d+ \d+)l([-\d ]*)z", path):
        x, y = map(int, start.split())
        ring, numbers = [(x, y)], [int(number) for number in re.findall(r"-?\d+", steps)]
        for across, down in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + across, y + down
            ring.append((x, y))
        rings.append(ring)
    return rings


def edges_of(path):
    return {
        frozenset(edge) for ring in points_of(path) for edge in pairwise([*ring, ring[0]]) if len(frozenset(edge)) == 2
    }


def area(ring):
    return abs(sum(x * v - u * y for (x, y), (u, v) in pairwise([*ring, ring[0]]))) / 2


def test_steps_are_summed_scaled_and_moved():
    topology = {
        "arcs": [[[10, 20], [1, -2], [3, 4]]],
        "transform": {"scale": [0.5, 0.25], "translate": [-8.0, 49.0]},
    }
    assert decoded(topology, 0) == [(-3.0, 54.0), (-2.5, 53.5), (-1.0, 54.5)]


def test_without_a_transform_places_are_said_outright():
    assert decoded({"arcs": [[[1.5, 50.0], [2.5, 51.0]]]}, 0) == [(1.5, 50.0), (2.5, 51.0)]


@pytest.mark.parametrize("least", [0.0, 2.0, 50.0, 5_000.0])
def test_a_shared_border_stays_shared_however_much_is_left_out(least):
    drawn = outlines_of(TOPOLOGY, read(), least)
    shared = edges_of(drawn.paths["W"]) & edges_of(drawn.paths["E"])
    # Both draw the whole border, from one end to the other and without a gap: it is one line.
    ends = [point for edge in shared for point in edge if sum(point in other for other in shared) == 1]
    assert len(ends) == 2
    assert abs(ends[0][1] - ends[1][1]) == drawn.boxes["E"][3] - drawn.boxes["E"][1]
    assert len(shared) == len(crooked_edges(drawn))
    # Together they fill their rectangle: nothing is lost between them and nothing is drawn twice.
    west, east = points_of(drawn.paths["W"])[0], points_of(drawn.paths["E"])[0]
    across = max(x for x, _ in east) - min(x for x, _ in west)
    assert area(west) + area(east) == across * abs(ends[0][1] - ends[1][1])


def crooked_edges(drawn):
    """Edges of the eastern district that are not its three straight sides."""
    right, upper, lower = drawn.boxes["E"][2], drawn.boxes["E"][1], drawn.boxes["E"][3]
    return [
        edge for edge in edges_of(drawn.paths["E"])
        if not any({x for x, _ in edge} == {right} or {y for _, y in edge} == {side} for side in (upper, lower))
    ]  # fmt: skip


def test_more_is_left_out_where_more_may_be():
    points = [len("".join(outlines_of(TOPOLOGY, read(), least).paths.values())) for least in (0.0, 2.0, 50.0, 5_000.0)]
    assert points == sorted(points, reverse=True)
    assert points[0] > 2 * points[-1]


def test_ends_stay_and_a_ring_stays_a_triangle():
    line = [(0, 0), (5, 1), (10, 0), (15, 40), (20, 0)]
    assert simplified(line, 20.0) == [(0, 0), (10, 0), (15, 40), (20, 0)]
    assert simplified(line, 1e9) == [(0, 0), (20, 0)]
    ring = [(0, 0), (1, 0), (2, 0), (2, 2), (0, 2), (0, 0)]
    assert len(set(simplified(ring, 1e9))) == 3
    assert simplified(line[::-1], 20.0) == simplified(line, 20.0)[::-1]


def test_every_district_that_stands_has_a_path_with_an_area():
    for least in (2.0, 1e6):
        drawn = outlines_of(TOPOLOGY, read(), least)
        assert set(drawn.paths) == {"W", "E", "S"}
        for code, path in drawn.paths.items():
            assert max(map(area, points_of(path))) > 0, code
    assert len(points_of(drawn.paths["W"])) == 2, "an island that is large enough is drawn too"


def test_north_is_up_and_the_middle_latitude_is_true():
    drawn = outlines_of(TOPOLOGY, {"W": read()["W"], "E": read()["E"]})
    assert max(drawn.width, drawn.height) in (LONG, LONG + 1)
    assert drawn.boxes["W"][2] < drawn.boxes["E"][2], "west is left of east"
    assert drawn.width / drawn.height == pytest.approx(6.9 * math.cos(math.radians(53)) / 6, rel=0.03)


def test_an_old_code_is_brought_up_to_date_and_gives_way_to_a_shape_of_the_new_one():
    assert set(read(recoded={"S": "S-new"})) == {"W", "E", "S-new"}
    assert read(recoded={"S": "W"})["W"] == read()["W"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"arcs": None}, "it lacks `arcs`"),
        ({"transform": {"scale": [1, 1]}}, "`translate` of its `transform`"),
        ({"objects": {"lad": {}}}, "no collection 'ltla'"),
        ({"arcs": ARCS[:3]}, "has no arc 3, which W asks for"),
        ({"objects": {"ltla": {"geometries": [{"type": "Polygon", "arcs": [[0]], "properties": {"AREACD": "W"}}]}}},
         "no property 'areacd' on shape 1"),
        ({"objects": {"ltla": {"geometries": [shape("W", [0], "LineString")]}}}, "draws W as a LineString"),
        ({"objects": {"ltla": {"geometries": [shape("W", [0, 1])]}}}, "nests the arcs of W otherwise than a Polygon"),
    ],
)  # fmt: skip
def test_what_a_file_lacks_is_named(change, says):
    with pytest.raises(NotBoundaries, match=re.escape(says)):
        read({**TOPOLOGY, **change})
