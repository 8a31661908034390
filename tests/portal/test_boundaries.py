"""The map with boundaries: a tab beside the hexagons, the same shades and words, and nothing of it where none are at hand."""

import re

import pytest

from dagster_project.portal import boundaries, hexmap, outlines, pages
from dagster_project.portal.stamp import Stamp
from tests.portal import invented


def strip(codes):
    """TopoJSON of squares in a row, each sharing an arc with the next."""
    many = len(codes)
    arcs = [[[x, 0], [0, 9]] for x in range(0, 9 * many + 1, 9)]
    arcs += [[[x, y], [9, 0]] for y in (0, 9) for x in range(0, 9 * many, 9)]
    rings = [[[many + 1 + at, at + 1, ~(2 * many + 1 + at), ~at]] for at in range(many)]
    geometries = [
        {"type": "Polygon", "arcs": ring, "properties": {"areacd": code}}
        for code, ring in zip(codes, rings, strict=True)
    ]
    transform = {"scale": [0.01, 0.01], "translate": [-30, 45]}
    return {"type": "Topology", "arcs": arcs, "transform": transform, "objects": {"ltla": {"geometries": geometries}}}


def ground(codes):
    topology = strip(codes)
    drawn = outlines.outlines_of(topology, outlines.districts_of(topology, "ltla", "areacd", "end"))
    return boundaries.Ground(drawn, "Somebody’s <boundaries>.")


@pytest.fixture(scope="module")
def world(printed):
    site, (_, shell) = invented.site(), printed
    frames = invented.site_frames()
    return Stamp(site, shell), frames, pages.body_rows(frames, site)


@pytest.fixture(scope="module")
def found(world):
    return hexmap.map_pages(*world, invented.CELLS, ground(sorted(invented.CELLS)))


def test_each_council_has_one_path_shaded_as_its_hexagon(found):
    hexes, page = found["map/index.html"].decode(), found["map/boundaries/index.html"].decode()
    drawn = {slug: step for step, slug in re.findall(r'<path class="lp-hex (\w+)" data-b="(\w+)"', page)}
    assert drawn == {
        slug: step for step, slug in re.findall(r'<use class="lp-hex (\w+)" href="#hx" x="[^>]*data-b="(\w+)"', hexes)
    }
    assert page.count('<path class="lp-hex ') == len(drawn) == 4
    assert page.count('fill="url(#lp-hatch-ground)" d=') == list(drawn.values()).count("hatch") == 2
    assert "1 council has no place on this map" in page


def test_words_and_table_are_those_of_the_hexagons(found):
    hexes, page = found["map/index.html"].decode(), found["map/boundaries/index.html"].decode()
    table = re.compile(r'<table class="lp-t".*?</table>', re.DOTALL)
    assert table.search(page)[0].replace("../../", "../") == table.search(hexes)[0]
    alt = re.search(r'role="img" aria-label="([^"]+)"', page)[1]
    assert alt.startswith("A map with the boundaries of 4 councils")
    assert "too uncertain to shade: 2" in alt
    assert "Boundaries: Somebody’s &lt;boundaries&gt;." in page
    assert 'href="../map.csv"' in page


def test_the_two_maps_link_each_other(found):
    tabs = re.compile(r'<nav aria-label="How councils are drawn">.*?</nav>')
    assert 'href="../map/boundaries/">Boundaries' in tabs.search(found["map/index.html"].decode())[0]
    assert 'href="../../map/" ' not in tabs.search(found["map/boundaries/index.html"].decode())[0]
    assert 'href="../../map/">Hexagons' in tabs.search(found["map/boundaries/index.html"].decode())[0]
    others = [name for name, data in found.items() if name.endswith(".html") and tabs.search(data.decode())]
    assert set(others) == {"map/index.html", "map/boundaries/index.html", f"map/{hexmap.facts.LOCAL}/index.html"}


def test_without_boundaries_there_is_no_page_and_no_tab(world):
    pages_without = hexmap.map_pages(*world, invented.CELLS)
    assert "map/boundaries/index.html" not in pages_without
    assert all(b"How councils are drawn" not in data for data in pages_without.values())


def test_boroughs_of_london_are_drawn_again_larger():
    codes = ["E06000001", *(f"E0900000{at}" for at in range(10)), "E06000002"]
    rows = [
        {"body": {"slug": f"b{at}", "lad_code": code}, "step": "hatch" if at % 2 else "h1"}
        for at, code in enumerate(codes)
    ]
    drawn = boundaries.drawing(ground(codes), rows, [("h1", "some"), ("hatch", "unsure")], hexmap.OUTLINE)
    before, inset = drawn.split("lp-inset__name")
    assert [before.count(f'data-b="b{at}"') for at in range(12)] == [1] * 12
    assert [inset.count(f'data-b="b{at}"') for at in range(12)] == [0, *[1] * 10, 0]
    assert inset.count("url(#lp-hatch-inset)") == 5
    few = boundaries.drawing(ground(codes[:9]), rows[:9], [("h1", "some")], hexmap.OUTLINE)
    assert "lp-inset" not in few
