"""From a payee's name as published to a body, or to an honest none. All names are invented."""

import csv
from itertools import product

import duckdb
import pytest

from dagster_project.declare.matching import load_kinds, load_weights
from dagster_project.match import Entity, Payee, build_index, name_all
from dagster_project.match.classes import kind_of_name
from dagster_project.match.comparing import FEATURES, NEAR_ENOUGH, _nearness
from dagster_project.match.names import name_key, stem_and_form
from dagster_project.match.persons import person_rule
from dagster_project.match.readings import readings_of
from dagster_project.match.scoring import Weights, confidences
from dagster_project.stages.matching import declared_class_words, declared_kinds, match_lists, match_words
from dagster_project.stages.plan import DECLARED
from tests.conftest import local_pound

VOCABULARY = DECLARED / "vocabulary"

REGISTER = [
    Entity("GB-COH-90000001", "BRAMBLEWICK CARE LIMITED", kind="Private Limited Company"),
    Entity("GB-COH-90000002", "BRAMBLEWICK CARE SERVICES LIMITED", kind="Private Limited Company"),
    Entity("GB-COH-90000003", "QUILLFEATHER PRINTING LTD", (("OTTERMOUTH PRESS LIMITED", "2015-02-01"),), "company"),
    Entity("GB-COH-90000004", "ZEPHYRINE LOGISTICS (NORTHBECK) LIMITED", kind="company"),
    Entity("GB-COH-90000005", "ZEPHYRINE LOGISTICS (SALTMERE) LIMITED", kind="company"),
    Entity("GB-CHC-9900001", "The Hollowmere Lantern Trust", kind="charity"),
    Entity("GB-COH-90000006", "HOLLOWMERE LANTERN TRUST", kind="company limited by guarantee"),
    Entity("GB-CHC-9900003", "The Oxwold Fairbridge Trust", kind="charity"),
    Entity("GB-COH-90000011", "OXWOLD FAIRBRIDGE TRUST LIMITED", kind="company"),
    Entity("GB-COH-90000007", "JOHN BRAMBLEWICK LIMITED", kind="company"),
    Entity("GB-CHC-9900002", "Oswin Fairweather", kind="charity"),
    Entity("GB-COH-90000008", "TARNBECK 1 LIMITED", kind="company"),
    Entity("GB-COH-90000009", "TARNBECK 2 LIMITED", kind="company"),
    Entity("GB-COH-90000010", "MARROWFORD INTEGRATED ENGINEERING SOLUTIONS LIMITED", kind="company"),
    Entity("GB-EDU-900001", "Hill Lane Primary School", kind="school"),
    Entity("GB-EDU-900002", "Hill Lane Primary School", kind="school"),
    *(Entity(f"GB-COH-8{n:07}", f"{a}{b}{c} {trade} LIMITED", kind="company")
      for n, (a, b, c, trade) in enumerate(product(
          ("WOLD", "FEN", "RAVEN", "STARK", "ELM", "COMB"), ("ERIDGE", "HOLT", "ACRE", "STONE", "LEY", "WICK"),
          ("TON", "BY", "FORD", "HAM", "SEY"), ("CARE", "PRINTING", "LOGISTICS", "ENGINEERING", "TRUST SERVICES",
                                                "SOLUTIONS", "CARE SERVICES", "LOGISTICS NORTHBECK", "SCHOOL"),
      ))),
]  # fmt: skip


@pytest.fixture(scope="module")
def named():
    engine = duckdb.connect()
    build_index(engine, iter(REGISTER), match_words().spellings)
    return lambda *names: name_all(engine, [Payee(name) for name in names], declared_class_words(), match_words())


def accepted(found):
    return found.match.body.id if found.match.outcome == "accepted" else ""


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Bramblewick Care Ltd", "GB-COH-90000001"),
        ("BRAMBLEWICK CARE", "GB-COH-90000001"),
        ("Bramblewick Care Services Ltd.", "GB-COH-90000002"),
        ("BRAMBLEWICK CARE LTD T/A THE OLD RECTORY", "GB-COH-90000001"),
        ("Quillfeather Printing Limited (INVOICES)", "GB-COH-90000003"),
        ("Marrowford Intergrated Engineering Solutions Ltd", "GB-COH-90000010"),
        ("Ottermouth Press Ltd", "GB-COH-90000003"),
        ("Quillfeather Printing Ltd~104958123", "GB-COH-90000003"),
        ("Marrowford Integrated Engineering S", "GB-COH-90000010"),
        ("MARROWFORD INTEGRATED ENGINEERING SOLUTIONS LIM", "GB-COH-90000010"),
        ("Tarnbeck 2 Ltd", "GB-COH-90000009"),
    ],
)
def test_a_name_finds_its_body(named, name, body):
    (found,) = named(name)
    assert accepted(found) == body, found


@pytest.mark.parametrize(
    "name",
    [
        "Zephyrine Logistics Ltd",
        "Tarnbeck Ltd",
        "Tarnbeck 3 Ltd",
        "Hill Lane Primary School",
        "Care Services Ltd",
        "CARE",
    ],
)
def test_where_several_fit_and_nothing_decides_there_is_silence(named, name):
    (found,) = named(name)
    assert not accepted(found), found


@pytest.mark.parametrize(
    "name",
    ["John Bramblewick", "Mr J Bramblewick", "Mrs Quillfeather", "A Smith", "SMITH, John", "LUND E J", "Lund, Hester"],
)
def test_a_person_is_never_matched(named, name):
    (found,) = named(name)
    assert (found.payee_class, found.match.outcome, found.match.body) == ("individual", "none", None)


def test_a_body_called_after_a_person_is_one_only_where_a_register_has_just_that_name(named):
    charity, nobody = named("Oswin Fairweather", "Oswin Fairbrook")
    assert accepted(charity) == "GB-CHC-9900002"
    assert not accepted(nobody)


def test_a_charity_and_a_company_of_just_one_name_are_one_body_and_of_nearly_one_name_two(named):
    (found,) = named("Hollowmere Lantern Trust")
    assert accepted(found) in {"GB-CHC-9900001", "GB-COH-90000006"}
    assert not accepted(named("Oxwold Fairbridge Trust")[0])


def test_confidence_is_shared_among_those_that_fit_alike():
    assert confidences([5.0, 5.0])[0] == pytest.approx(0.5, abs=0.01)
    assert confidences([5.0])[0] == pytest.approx(0.993, abs=0.001)
    assert confidences([]) == []


def test_two_letters_apart_is_a_slip_only_where_the_first_letter_agrees():
    assert _nearness("willowmere", "wilowmeer") > NEAR_ENOUGH
    assert _nearness("fallowmere", "willowmere") < NEAR_ENOUGH


def test_every_feature_is_weighed_and_explained():
    assert set(FEATURES) | {"anybody", "accept from", "review from"} == set(
        load_weights(VOCABULARY / "match_weights.csv")
    )
    with (VOCABULARY / "match_weights.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert all(row["explains"].endswith(".") for row in rows)
    for row in rows:
        low, high = float(row["at_least"] or "-inf"), float(row["at_most"] or "inf")
        assert low <= float(row["weight"]) <= high, row["feature"]
    Weights.from_names(load_weights(VOCABULARY / "match_weights.csv"))


@pytest.mark.parametrize("kind", load_kinds(VOCABULARY / "entity_kinds.csv", {"supplier": 0, "public_body": 0}),
                         ids=lambda kind: kind.kind)  # fmt: skip
def test_each_kind_of_body_knows_its_example(kind):
    assert kind_of_name(kind.example, declared_kinds()).kind == kind.kind


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("Mr A Lund", "title"),
        ("Dr N Grey & Partners Northbeck", "title"),
        ("N Patel", "initials and family name"),
        ("Susan Wood", "given and family name"),
        ("Peter Hall", "given and family name"),
        ("Susan Quillfeather", "given name"),
        ("Susan Quillfeather Ltd", ""),
        ("Gray & Kelly", ""),
        ("J Smith & Sons", ""),
        ("Acme Care", ""),
        ("Hill House", ""),
        ("Rotorwick UK", ""),
    ],
)
def test_people_are_told_from_bodies(name, rule):
    assert person_rule(name, declared_class_words().persons) == rule


@pytest.mark.parametrize(
    ("name", "way", "key"),
    [
        ("Acme Ltd T/A The Mill", "left of t/a", "acme ltd"),
        ("Acme Ltd T/A The Mill", "right of t/a", "mill"),
        ("Acme Ltd (Saltmere)", "without brackets", "acme ltd"),
        ("Acme (Saltmere) Ltd", "brackets inside", "acme ltd"),
        ("Acme Ltd - Highways", "to the form", "acme ltd"),
        ("NB000036L01 : Acme Ltd", "without code", "acme ltd"),
        ("Acme Homes (2010) Ltd", "whole", "acme homes 2010 ltd"),
    ],
)
def test_readings(name, way, key):
    assert (way, key) in {(reading.way, reading.key) for reading in readings_of(name, match_words().spellings)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A B Lund & Co Ltd", "AB Lund and Company Limited"),
        ("Saltmere Assoc. of Carers", "SALTMERE ASSOCIATION OF CARERS"),
        ("Acme Home Ltd", "Acme Homes Limited"),
        ("The Mill Trust", "MILL TRUST (THE)"),
    ],
)
def test_stems_meet_where_only_spelling_differs(one, other):
    spellings = match_words().spellings
    assert stem_and_form(name_key(one), spellings) == stem_and_form(name_key(other), spellings)


def test_any_list_of_names_is_matched_against_any_list_of_bodies(tmp_path):
    names, bodies, out = tmp_path / "names.csv", tmp_path / "bodies.csv", tmp_path / "out.csv"
    names.write_text(
        "name,publisher\nBramblewick Care Ltd,northbeck\nHMRC,northbeck\nSusan Wood,northbeck\n", encoding="utf-8"
    )
    with bodies.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(["entity_id", "name"])
        writer.writerows([one.id, one.name] for one in REGISTER)
    assert "1 accepted, 0 review, 2 none" in local_pound("match", names, bodies, out).stdout
    with out.open(encoding="utf-8", newline="") as text:
        first, tax, person = csv.DictReader(text)
    assert (first["outcome"], first["entity_id"], first["class"]) == ("accepted", "GB-COH-90000001", "supplier")
    assert float(first["confidence"]) > 0.7
    assert "same name" in first["evidence"]
    assert (tax["class"], person["class"]) == ("out_of_scope", "individual")
    assert not tax["entity_id"] + person["entity_id"]


def test_a_list_may_say_when_and_at_what_postcode_a_name_was_paid(tmp_path):
    names, bodies, out = tmp_path / "names.csv", tmp_path / "bodies.csv", tmp_path / "out.csv"
    names.write_text(
        "name,first_paid,last_paid,postcode\nTarnbeck Mill,,,qx9 9zz\nTarnbeck Mill,,,\n"
        "Oxwold Mill,2010-01-01,2011-01-01,\nOxwold Mill,2020-01-01,2021-01-01,\n",
        encoding="utf-8",
    )
    with bodies.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(["entity_id", "name", "postcode", "incorporated"])
        writer.writerow(["A-1", "Tarnbeck Mill", "NQ1 2AB", ""])
        writer.writerow(["A-2", "Tarnbeck Mill", "QX9 9ZZ", ""])
        writer.writerow(["A-3", "Oxwold Mill", "", "2015-01-01"])
        writer.writerows([one.id, one.name, "", ""] for one in REGISTER)
    match_lists(names, bodies, out)
    with out.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert [row["outcome"] == "accepted" and row["entity_id"] for row in rows] == ["A-2", False, False, "A-3"]


def test_a_list_without_names_is_refused(tmp_path):
    (tmp_path / "names.csv").write_text("payee\nAcme\n", encoding="utf-8")
    done = local_pound("match", tmp_path / "names.csv", tmp_path / "names.csv", tmp_path / "out.csv", check=False)
    assert done.returncode == 2
    assert "has no column name; it has: payee" in done.stderr
