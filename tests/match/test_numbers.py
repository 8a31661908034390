"""Numbers that a body printed: looked up first, and held against the name."""

import duckdb
import pytest

from dagster_project.match import Entity, Paid, build_index, match_numbers
from dagster_project.match.numbers import printed_ids
from dagster_project.stages.matching import match_words


@pytest.mark.parametrize(
    ("company", "charity", "ids"),
    [
        ("9506232", "", ["GB-COH-09506232"]),
        ("SC12345", "", ["GB-COH-SC012345"]),
        ("OC 301234", "", ["GB-COH-OC301234"]),
        ("IP1234R", "", ["GB-COH-IP01234R"]),
        ("N/A", "", []),
        ("0", "", []),
        ("", "SC042386", ["GB-SC-SC042386"]),
        ("", "9900012", ["GB-CHC-9900012"]),
        ("", "NIC100019", ["GB-NIC-100019"]),
        ("12345678901", "", []),
    ],
)
def test_a_printed_number_says_which_register_it_is_of(company, charity, ids):
    assert printed_ids(company, charity) == ids


def test_a_number_whose_body_is_called_otherwise_is_for_people_to_look_at():
    engine = duckdb.connect()
    build_index(engine, [Entity("GB-COH-09000001", "BRAMBLEWICK CARE LIMITED")], match_words().spellings)
    asked = [("Bramblewick Homecare", "9000001", ""), ("Quillfeather Printing", "9000001", ""), ("Nobody", "7", "")]
    found = match_numbers(engine, asked, match_words())
    assert [(found[one].outcome, found[one].body.id) for one in asked[:2]] == [
        ("accepted", "GB-COH-09000001"), ("review", "GB-COH-09000001"),
    ]  # fmt: skip
    assert asked[2] not in found


def test_a_number_of_a_body_that_was_not_there_yet_is_for_people_to_look_at():
    engine = duckdb.connect()
    build_index(
        engine, [Entity("GB-COH-09000001", "BRAMBLEWICK CARE LIMITED", start="2020-01-01")], match_words().spellings
    )
    asked = ("Bramblewick Care Ltd", "9000001", "")
    early = match_numbers(engine, [asked], match_words(), {asked[0]: Paid("2015-01-01", "2016-01-01")})
    later = match_numbers(engine, [asked], match_words(), {asked[0]: Paid("2021-01-01", "2022-01-01")})
    assert (early[asked].outcome, later[asked].outcome) == ("review", "accepted")
    assert "was not there when it was paid" in early[asked].evidence


def test_two_numbers_of_two_bodies_are_no_silent_choice():
    engine = duckdb.connect()
    build_index(
        engine,
        [Entity("GB-COH-09000001", "BRAMBLEWICK CARE LIMITED"), Entity("GB-CHC-9900001", "Hollowmere Kite Club"),
         Entity("GB-CHC-9900002", "Bramblewick Care")],
        match_words().spellings,
    )  # fmt: skip
    other, same = ("Bramblewick Care", "9000001", "9900001"), ("Bramblewick Care", "9000001", "9900002")
    found = match_numbers(engine, [other, same], match_words())
    assert (found[other].outcome, found[same].outcome) == ("review", "accepted")
    assert "but of two bodies" in found[other].evidence
