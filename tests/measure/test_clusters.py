"""Clusters: who is in them, and that a pooled share is one of sums and no average of shares."""

from types import SimpleNamespace

import pytest
from ledgers import BY_ID, figures_of, payments_of, texts

from dagster_project.measure.clusters import Cluster, clusters_of


def body(name, kind, lad="", areas=(), region="TLX"):
    return SimpleNamespace(name=name, kind=kind, lad_code=lad, areas_served=areas, region=region)


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
