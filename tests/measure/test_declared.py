"""What measures, witnesses and published figures declare hangs together."""

import csv
import gzip

import pytest
from ledgers import BY_ID, PLAN

from dagster_project.declare.measures import WITNESSED, counted, load_published, load_witnesses
from dagster_project.measure.clusters import clusters_of
from dagster_project.portal import words
from dagster_project.stages.plan import DECLARED
from dagster_project.stages.witness_files import WrongLayout, find_witnesses, witness_rows
from dagster_project.stages.witnessing import supplier_id

WITNESSES = load_witnesses(DECLARED / "measures" / "witnesses")


def test_every_need_is_a_witness_or_said_in_words():
    slugs = {witness.slug for witness in WITNESSES}
    for measure in PLAN.measures:
        for need in measure.needs:
            assert need in words.NEEDS, need
            others = ("complete", "county-borders", "harvest", "staff-in-accounts")
            assert need in slugs or measure.form == "missing" or need in others


def test_every_family_has_words_and_every_nesting_a_measure():
    assert {measure.family for measure in PLAN.measures} <= set(words.FAMILIES)
    assert {inner for measure in PLAN.measures for inner in measure.inside} <= set(BY_ID)


def test_what_others_published_is_about_measures_and_bodies_that_there_are():
    real = {row["slug"] for row in csv.DictReader((DECLARED / "publishers.csv").open(encoding="utf-8"))}
    for row in load_published(DECLARED / "measures" / "published.csv"):
        assert row["measure"] in BY_ID
        assert row["publisher"] in real | {""}
        assert row["source"]


def test_sets_by_name_are_of_bodies_that_there_are():
    real = {row["slug"] for row in csv.DictReader((DECLARED / "publishers.csv").open(encoding="utf-8"))}
    for row in csv.DictReader((DECLARED / "measures" / "clusters.csv").open(encoding="utf-8")):
        assert set(row["bodies"].split("|")) <= real
    assert clusters_of({}, {}, []) == ()


def test_names_with_numbers_stand_as_people_count():
    assert sorted(["e10-x", "e2-x", "e1-x", "e1b-x"], key=counted) == ["e1-x", "e1b-x", "e2-x", "e10-x"]


@pytest.mark.parametrize("witness", WITNESSES, ids=lambda witness: witness.slug)
def test_a_witness_is_known_by_its_headings_and_read(witness, tmp_path):
    """One row in the declared layout, each cell named after its column, plain and packed."""
    headings = [*witness.recognised_by]
    for ours, theirs in witness.columns.items():
        heading = {"rank": "imd20ind", "country": "ctry25cd"}.get(ours, theirs) if theirs.startswith("/") else theirs
        headings += [] if heading in headings else [heading]
    text = "\n".join(
        ({"comma": ",", "tab": "\t"}[witness.delimiter]).join(f'"{cell}"' for cell in row)
        for row in (headings, [f"of {heading}" for heading in headings])
    )
    (tmp_path / "plain.csv").write_text(text + "\n", encoding="utf-8")
    with gzip.open(tmp_path / "packed.csv.gz", "wt", encoding="utf-8") as file:
        file.write(text + "\n")
    found = [path for known, path in find_witnesses([witness], tmp_path)]
    assert [path.name for path in found] == ["packed.csv.gz", "plain.csv"]
    for path in found:
        (row,) = witness_rows(witness, path)
        assert set(row) == set(witness.columns) <= set(WITNESSED[witness.table])
        assert all(cell.startswith("of ") for cell in row.values())


def test_a_register_that_changed_its_layout_says_which_column_is_gone(tmp_path):
    witness = next(w for w in WITNESSES if w.slug == "deprivation")
    (tmp_path / "a.csv").write_text("pcds,dointr,doterm\nA,1,2\n", encoding="utf-8")
    with pytest.raises(WrongLayout, match="has no column"):
        list(witness_rows(witness, tmp_path / "a.csv"))


def test_numbers_of_companies_get_their_noughts_back():
    assert supplier_id("GB-COH", "9506232") == "GB-COH-09506232"
    assert supplier_id("GB-COH", "sc123456") == "GB-COH-SC123456"
    assert supplier_id("GB-CHC", "1090095") == "GB-CHC-1090095"
    assert supplier_id("GB-COH", "") == ""
