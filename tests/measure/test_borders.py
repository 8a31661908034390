"""The local area of the 2026 Order: own county, and those that share a border with it."""

from dagster_project.measure.borders import borders_of, near_districts


def shape(code, arcs, **said):
    return {"type": "Polygon", "arcs": arcs, "properties": {"areacd": code, **said}}


#: A and B share arc 0, B and C arc 1; D lies apart, and X is gone.
TOPOLOGY = {"objects": {"ltla": {"geometries": [
    shape("A", [[0, 5]]), shape("B", [[~0, 1]]), shape("C", [[[~1, 6]]]), shape("D", [[7]]), shape("X", [[7, 6]], end="2020"),
]}}}  # fmt: skip


def test_districts_that_share_an_arc_border_on_each_other():
    assert borders_of(TOPOLOGY) == {"A": {"B"}, "B": {"A", "C"}, "C": {"B"}, "D": set()}


def test_the_whole_of_a_bordering_county_is_near():
    near = near_districts({"a": ["A"], "d": ["D"], "none": []}, [("B", "D")], borders_of(TOPOLOGY))
    assert near == {"a": {"A", "B", "D"}, "d": {"B", "D", "A", "C"}, "none": set()}


def test_without_counties_of_several_only_neighbours_are_near():
    assert near_districts({"a": ["A"]}, [], borders_of(TOPOLOGY)) == {"a": {"A", "B"}}
