"""Boundaries at hand: found by what they hold, refused with a clear word, and the real ones drawn whole within their budget."""

import gzip
import json
import shutil
from pathlib import Path

import pytest

from dagster_project.match import WrongLayout
from dagster_project.portal.hexmap import ON_MAP
from dagster_project.stages.boundaries import find_boundaries, ground_of, read_boundaries
from dagster_project.stages.plan import SAMPLE, Plan
from tests.conftest import local_pound

REGISTERS = Plan().register_declarations
REAL = Path(__file__).parents[3] / "shared" / "reference" / "boundaries" / "ons_uk_topo_2026.topojson"
SHAPES = json.loads((SAMPLE / "registers" / "districts.topojson").read_text(encoding="utf-8"))


def codes_of(plan):
    return {body.lad_code for body in plan.publishers.values() if body.kind in ON_MAP and not body.end}


def test_the_sample_has_invented_boundaries_of_every_council_that_stands():
    plan = Plan()
    ground = ground_of(plan, codes_of(plan))
    assert set(ground.outlines.paths) == codes_of(plan)
    assert "invented" in ground.source


def test_of_several_the_last_by_name_is_taken_and_other_shapes_are_passed_over(tmp_path):
    for name in ("districts_2024.topojson", "districts_2025.topojson"):
        (tmp_path / name).write_text(json.dumps(SHAPES), encoding="utf-8")
    (tmp_path / "regions.topojson").write_text('{"objects": {"rgn": {}}, "arcs": []}', encoding="utf-8")
    ((register, path),) = find_boundaries(REGISTERS, tmp_path)
    assert (register.slug, path.name) == ("district-boundaries", "districts_2025.topojson")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (json.dumps(SHAPES).replace("areacd", "AREACD"), "has no property 'areacd' on shape 1 of 'ltla'"),
        (json.dumps({**SHAPES, "arcs": SHAPES["arcs"][:9]}), "has no arc"),
        (json.dumps(SHAPES)[:3000], "is no JSON"),
        ('["ltla"]', "is no TopoJSON"),
    ],
)
def test_another_layout_is_named_with_register_edition_and_what_to_do(text, says, tmp_path):
    path = tmp_path / "ons_uk_topo_2027.topojson"
    path.write_text(text, encoding="utf-8")
    ((register, found),) = find_boundaries(REGISTERS, tmp_path)
    with pytest.raises(WrongLayout) as caught:
        read_boundaries(register, found)
    said = str(caught.value)
    assert said.startswith("Boundaries of local authority districts, vintage 2027: ons_uk_topo_2027.topojson ")
    assert says in said
    assert "mend datapackages/registers/district-boundaries.yaml" in said


def test_a_file_called_as_the_register_without_its_districts_is_no_silent_miss(tmp_path):
    (tmp_path / "ons_uk_topo_2027.topojson").write_text('{"objects": {"lad": {}}}', encoding="utf-8")
    with pytest.raises(WrongLayout, match=r"vintage 2027: .* has no collection 'ltla'"):
        find_boundaries(REGISTERS, tmp_path)


def test_a_build_stops_at_once_where_boundaries_have_another_layout(tmp_path):
    text = json.dumps(SHAPES).replace("areacd", "AREACD")
    (tmp_path / "districts.topojson").write_text(text, encoding="utf-8")
    done = local_pound("build", "--registers", tmp_path, "--out", tmp_path / "out", check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "no property 'areacd'" in " ".join(done.stderr.split())
    assert not (tmp_path / "out" / "tables").exists()


@pytest.mark.skipif(not REAL.exists(), reason="the boundaries of the Office for National Statistics are not at hand")
def test_every_council_of_the_country_is_drawn_within_the_budget(tmp_path):
    shutil.copy(REAL, tmp_path)
    plan = Plan(source=str(tmp_path), registers=str(tmp_path))
    ground = ground_of(plan, codes_of(plan))
    assert set(ground.outlines.paths) == codes_of(plan)
    assert len(ground.outlines.paths) > 350
    assert len(gzip.compress("".join(ground.outlines.paths.values()).encode())) <= 45_000
    assert ground.source.endswith("© Crown copyright and database right 2026.")
