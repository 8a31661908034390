"""Maps: how a council is shaded, what is hatched, and that every council of the spine has one hexagon of its own."""

import csv
import re

import pytest

from dagster_project.portal import facts, hexmap, pages
from dagster_project.portal.stamp import Stamp
from tests.portal import invented

LOCAL = facts.LOCAL


def figure(low, high, is_known=True):
    return {"low": low, "high": high, "is_known": is_known}


@pytest.mark.parametrize(
    ("given", "step", "why"),
    [
        (figure(0.0, 0.1), "h0", "the lowest step begins at nought"),
        (figure(0.199, 0.3), "h0", "just below an edge"),
        (figure(0.2, 0.4), "h1", "an edge belongs to the step above; twenty points are not too wide"),
        (figure(0.2, 0.41), "hatch", "wider than twenty points"),
        (figure(0.8, 1.0), "h4", "the highest step"),
        (figure(1.0, 1.0), "h4", "all of it"),
        (figure(0.0, 1.0, is_known=False), "none", "nothing known"),
        (None, "none", "no figure"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_how_a_council_is_shown(given, step, why):
    assert hexmap.step_of(LOCAL, given) == step


def test_the_legend_names_every_step_of_a_measure():
    assert [name for _, name in hexmap.steps_of(LOCAL)][:5] == [
        "under 20%",
        "20–40%",
        "40–60%",
        "60–80%",
        "80% or more",
    ]


def cells():
    path = invented.HOUSE / "datapackages/vocabulary/hexes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["lad_code"]: (int(row["q"]), int(row["r"])) for row in csv.DictReader(file)}


def test_every_council_that_stands_has_one_hexagon_and_no_two_share_one():
    with (invented.HOUSE / "datapackages/publishers.csv").open(encoding="utf-8", newline="") as file:
        codes = [row["lad_code"] for row in csv.DictReader(file) if row["kind"] in hexmap.ON_MAP and not row["end"]]
    placed = cells()
    assert [code for code in codes if code not in placed] == []
    assert len({placed[code] for code in codes}) == len(codes)


def test_neighbours_on_the_ground_are_near_on_the_map():
    """Cornwall lies south-west, Shetland north, Kent's Thanet south-east, Derry west of Newcastle."""
    at = cells()
    assert at["E06000052"][1] > at["E08000021"][1] > at["S12000027"][1]
    assert at["E06000052"][0] < at["E07000114"][0]
    assert at["N09000005"][0] < at["E08000021"][0]
    london = [place for code, place in at.items() if code.startswith("E09000")]
    assert max(q for q, _ in london) - min(q for q, _ in london) <= 9
    assert max(r for _, r in london) - min(r for _, r in london) <= 9


@pytest.fixture(scope="module")
def found(printed):
    """The maps of the invented world."""
    site, (_, shell) = invented.site(), printed
    frames = invented.site_frames()
    return hexmap.map_pages(Stamp(site, shell), frames, pages.body_rows(frames, site), invented.CELLS)


def test_each_council_is_drawn_once_and_in_the_table_once(found):
    page = found["map/index.html"].decode()
    drawn = re.findall(r'<use class="lp-hex (\w+)" href="#hx" x="[\d.]+" y="[\d.]+" data-b="(\w+)"', page)
    assert {slug: step for step, slug in drawn} == {
        "alder": "hatch",
        "birch": "h3",
        "cedar": "hatch",
        "dogwood": "none",
    }
    for slug in ("alder", "birch", "cedar", "dogwood", "furze"):
        assert page.count(f'id="b-{slug}"') == 1
    assert "1 council has no place on this map" in page
    assert "1 of 5 councils surely keeps at least half, and for 2 nobody can tell" in page


def test_the_words_of_a_map_count_its_steps(found):
    alt = re.search(r'role="img" aria-label="([^"]+)"', found["map/index.html"].decode())
    assert alt
    assert "60–80%: 1" in alt[1]
    assert "too uncertain to shade: 2" in alt[1]


def test_the_table_is_there_as_csv(found):
    rows = list(csv.DictReader(found["map/map.csv"].decode().splitlines()))
    assert {row["publisher"]: row["shown_as"] for row in rows}["birch"] == "h3"
    assert all(row["low"] == "" for row in rows if row["shown_as"] == "none")


def test_without_places_the_table_stands_alone(printed):
    site, (_, shell) = invented.site(), printed
    frames = invented.site_frames()
    page = hexmap.map_pages(Stamp(site, shell), frames, pages.body_rows(frames, site), {})["map/index.html"].decode()
    assert "here is the table alone" in page
    assert "<use" not in page
    assert 'id="b-birch"' in page
