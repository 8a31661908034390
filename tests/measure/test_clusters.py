"""Clusters: who is in them, and that a pooled share is one of sums and no average of shares."""

from types import SimpleNamespace

import pytest
from ledgers import BY_ID, figures_of, payments_of, texts

from dagster_project.declare.publishers import load_publishers
from dagster_project.measure.areas import areas_of, wider
from dagster_project.measure.clusters import Cluster, clusters_of
from tests.conftest import HOUSE

SPINE_OF_ALL = {one.slug: one for one in load_publishers(HOUSE / "datapackages" / "publishers.csv")}


def body(name, kind, lad="", areas=(), region="TLX", end="", successor=()):
    return SimpleNamespace(
        name=name, kind=kind, lad_code=lad, areas_served=areas, region=region, end=end, successor=successor
    )


SPINE = {
    "alder": body("Alder", "district", "E07000001"),
    "birch": body("Birch", "district", "E07000002"),
    "cedar": body("Cedar", "unitary", "E06000003"),
    "shire": body("Shire", "county", "E10000001", ("E07000001", "E07000002")),
    "fire": body("Shire Fire", "fire", "E31000001", ("E07000001", "E07000002")),
    "police": body("Police of all", "police", "E23000001", ("E07000001", "E07000002", "E06000003")),
    "ministry": body("Ministry", "department", region=""),
}


def test_a_county_holds_every_body_that_serves_it_and_nothing_else():
    found = {
        c.slug: c
        for c in clusters_of(SPINE, {"TLX": "X"}, [{"slug": "two", "name": "Two", "bodies": "alder|cedar|gone"}])
    }
    assert found["area-of-shire"].members == ("alder", "birch", "shire", "fire")
    assert found["region-tlx"].members == ("alder", "birch", "cedar", "shire", "fire", "police")
    assert found["two"].members == ("alder", "cedar")
    assert found["two"].areas_served == ("E06000003", "E07000001")


#: A county and two of its districts became one council, and a second one took part of the county; a third goes on.
NEW = {
    "alder": body("Alder", "district", "E06000001", end="2023-03-31", successor=("east",)),
    "birch": body("Birch", "district", "E06000001", end="2023-03-31", successor=("east",)),
    "shire": body(
        "Shire", "county", "E10000001", ("E06000001", "E06000002"), end="2023-03-31", successor=("east", "west")
    ),
    "east": body("East Shire Council", "unitary", "E06000001"),
    "west": body("West Shire Council", "unitary", "E06000002"),
    "cedar": body("Cedar", "unitary", "E06000003"),
}


def test_bodies_that_went_are_pooled_with_those_that_took_over():
    (found,) = (c for c in clusters_of(NEW, {}, []) if c.kind == "succession")
    assert (found.slug, found.name) == ("before-and-after-east", "East Shire Council and West Shire Council")
    assert found.members == ("alder", "birch", "shire", "east", "west")
    assert found.areas_served == ("E06000001", "E06000002")


def test_two_bodies_are_pooled_though_we_have_nothing_of_who_took_over():
    here = {slug: NEW[slug] for slug in ("alder", "birch", "cedar")}
    (found,) = (c for c in clusters_of(here, {}, [], NEW) if c.kind == "succession")
    assert (found.slug, found.members) == ("before-and-after-east", ("alder", "birch"))


def test_the_code_of_the_new_council_says_too_little_of_a_district_that_went_into_it():
    assert wider(NEW) == {("alder", "E06000001"), ("birch", "E06000001")}
    assert ("shire", "E06000001") in areas_of(NEW)
    assert ("east", "E06000001") in areas_of(NEW)


def test_an_address_there_may_have_been_in_the_district_and_one_elsewhere_was_not():
    rows = [
        {"publisher": "alder", "payee": "a", "amount_pence": 600, "payee_lad_code": "E06000001"},
        {"publisher": "alder", "payee": "b", "amount_pence": 400, "payee_lad_code": "E06000003"},
    ]
    tables = {
        "areas": texts(areas_of(NEW), ["publisher", "lad_code"]),
        "wider": texts(sorted(wider(NEW)), ["publisher", "lad_code"]),
    }
    row = figures_of(payments_of(rows), [BY_ID["e1-stays-in-the-area"]], tables=tables, bodies=NEW).iloc[0]
    assert (row["low"], row["high"]) == (0, pytest.approx(0.6))


def test_every_body_with_a_successor_is_in_one_succession_of_the_spine():
    spine = SPINE_OF_ALL
    found = [c for c in clusters_of(spine, {}, [], spine) if c.kind == "succession"]
    members = [slug for c in found for slug in c.members]
    assert len(members) == len(set(members))
    assert {slug for slug, one in spine.items() if one.successor} <= set(members)
    of = {slug: c for c in found for slug in c.members}
    assert {"craven", "hambleton", "north-yorkshire-county", "north-yorkshire"} <= set(of["north-yorkshire"].members)
    assert of["taunton-deane"] is of["somerset"]  # by way of Somerset West and Taunton
    assert of["cumbria"] is of["cumberland"] is of["westmorland-and-furness"]


def test_a_pooled_share_is_of_sums():
    """Nine pounds of ten in a small body and one of ninety in a large one are ten of a hundred, not half."""
    rows = [
        {"publisher": "pool", "payee": "a", "amount_pence": 900, "payee_lad_code": "E07000001"},
        {"publisher": "pool", "payee": "b", "amount_pence": 100, "payee_lad_code": "E06000009"},
        {"publisher": "pool", "payee": "c", "amount_pence": 100, "payee_lad_code": "E07000002"},
        {"publisher": "pool", "payee": "d", "amount_pence": 8900, "payee_lad_code": "E06000009"},
    ]  # fmt: skip
    cluster = Cluster("pool", "Pool", "set", ("alder", "birch"), ("E07000001", "E07000002"))
    areas = texts([("pool", code) for code in cluster.areas_served], ["publisher", "lad_code"])
    row = figures_of(
        payments_of(rows), [BY_ID["e1-stays-in-the-area"]], tables={"areas": areas}, bodies={"pool": cluster}
    ).iloc[0]
    assert (row["low"], row["high"]) == (pytest.approx(0.1), pytest.approx(0.1))
