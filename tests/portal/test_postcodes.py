"""A sector of a postcode leads to the bodies that serve the districts it lies in."""

import json

import pandas as pd

from dagster_project.portal.postcodes import by_area, sector_file

BODIES = [
    {"slug": "alder", "name": "Alder City Council", "kind": "district", "lad_code": "E07000001", "areas_served": "", "end": ""},
    {"slug": "birchshire", "name": "Birchshire County Council", "kind": "county", "lad_code": "E10000001", "areas_served": "E07000001|E07000002", "end": ""},
    {"slug": "cedar", "name": "Cedar Borough Council", "kind": "district", "lad_code": "E07000002", "areas_served": "", "end": ""},
    {"slug": "old", "name": "Old Council", "kind": "district", "lad_code": "E07000001", "areas_served": "", "end": "2009-03-31"},
    {"slug": "nowhere", "name": "Department", "kind": "department", "lad_code": "", "areas_served": "", "end": ""},
]  # fmt: skip


def told(*rows):
    frame = pd.DataFrame(rows, columns=["outward", "sector", "lad_code", "postcodes"])
    (data,) = sector_file(frame, BODIES).values()
    return json.loads(data)


def test_a_sector_leads_to_every_body_that_serves_its_district_and_still_exists():
    said = told(("NM4", "2", "E07000001", 20))
    assert said == {"areas": [{"name": "Alder", "bodies": ["alder", "birchshire"]}], "sectors": {"NM4": {"2": [0]}}}


def test_the_district_with_most_postcodes_of_a_sector_stands_first():
    said = told(("NM4", "2", "E07000001", 3), ("NM4", "2", "E07000002", 20), ("NM4", "3", "E07000001", 1))
    assert [said["areas"][at]["name"] for at in said["sectors"]["NM4"]["2"]] == ["Cedar", "Alder"]
    assert said["sectors"]["NM4"]["3"] == [0]


def test_a_district_that_no_body_here_serves_is_left_out():
    assert told(("ZZ1", "1", "E07000009", 4)) == {"areas": [], "sectors": {}}


def test_without_a_register_of_postcodes_there_is_no_file():
    assert sector_file(pd.DataFrame(), BODIES) == {}


def test_without_scripts_the_letters_of_postcodes_lead_to_the_councils_of_their_districts():
    rows = [
        ("NM4", "2", "E07000001", 3),
        ("NM11", "1", "E07000002", 2),
        ("B1", "1", "E07000002", 9),
        ("ZZ1", "1", "X", 1),
    ]
    frame = pd.DataFrame(rows, columns=["outward", "sector", "lad_code", "postcodes"])
    named = [body | {"short": body["name"].split()[0]} for body in BODIES]
    assert [(area, [body["slug"] for body in councils]) for area, councils in by_area(frame, named)] == [
        ("B", ["cedar"]),
        ("NM", ["alder", "cedar"]),
    ]
    assert by_area(pd.DataFrame(), named) == []
