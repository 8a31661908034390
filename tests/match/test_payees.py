"""Who was paid, or an honest none."""

from dataclasses import replace

import pandas as pd
import pytest

from dagster_project.declare.classes import load_class_rules, load_classes
from dagster_project.match import Body, Match, Registers, name_payees
from dagster_project.match.classes import payee_class
from dagster_project.match.names import name_key, postcode_key
from dagster_project.stages.matching import declared_class_words
from dagster_project.stages.plan import DECLARED

CLASSES = load_classes(DECLARED / "vocabulary" / "classes.csv")
RULES = load_class_rules(DECLARED / "vocabulary" / "class_rules.csv", CLASSES)
WORDS = replace(
    declared_class_words(),
    bodies={"northbeck council": frozenset({"northbeck"}), "saltmere city council": frozenset({"saltmere"})},
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ACME CARE LIMITED", "Acme Care Ltd.", True),
        ("Marks &amp; Sons", "Marks and Sons", True),
        ("The Beech Trust", "BEECH TRUST", True),
        ("A.B.C. Ltd", "ABC Ltd", True),
        ("Acme Ltd", "Acme plc", False),
        ("Acme Group Ltd", "Acme Ltd", False),
        ("Care 1 Ltd", "Care 2 Ltd", False),
    ],
)
def test_spellings_of_one_name_meet_and_others_do_not(one, other, same):
    assert (name_key(one) == name_key(other)) is same


@pytest.mark.parametrize(("text", "key"), [("nq1 2ab", "NQ12AB"), ("EC1A1BB", "EC1A1BB"), ("Leeds", ""), ("", "")])
def test_postcodes(text, key):
    assert postcode_key(text) == key


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule)
def test_each_rule_takes_its_example_and_leaves_its_counter_example(rule):
    assert payee_class(rule.example, False, "northbeck", WORDS) == (rule.payee_class, rule.rule)
    assert payee_class(rule.counter_example, False, "northbeck", WORDS)[0] != rule.payee_class


@pytest.mark.parametrize(
    ("payee", "redacted", "expected"),
    [
        ("Northbeck Council", False, "own_transfer"),
        ("Saltmere City Council", False, "public_body"),
        ("Redacted", True, "redacted"),
        ("--", False, "unreadable"),
        ("Acme Care Ltd", False, "supplier"),
    ],
)
def test_classes(payee, redacted, expected):
    assert payee_class(payee, redacted, "northbeck", WORDS)[0] == expected


def payments(*rows):
    frame = pd.DataFrame(rows, columns=["payee", "payee_postcode", "amount_pence"])
    return frame.assign(is_redacted=False, company_number="", charity_number="")


def test_the_published_postcode_comes_before_the_register_and_unknown_stays_unknown():
    acme = Match(
        "accepted", Body("GB-COH-ZZ000001", "ACME CARE LTD", "company", "", "", "", "QX99ZZ", ()), 0.98, "same name"
    )
    registers = Registers({"NQ12AB": "E08999001", "QX99ZZ": "E08999009"}, {("Acme Care Limited", "", ""): acme})
    rows = payments(("Acme Care Limited", "NQ1 2AB", 5), ("Acme Care Limited", "", 7), ("Nobody Knows", "", 9))
    payees, enriched = name_payees("northbeck", rows, WORDS, registers)
    assert list(enriched["payee_lad_code"]) == ["E08999001", "E08999009", ""]
    assert list(enriched["payee_lad_source"]) == ["published postcode", "register", ""]
    assert list(enriched["supplier_id"]) == ["GB-COH-ZZ000001", "GB-COH-ZZ000001", ""]
    assert list(enriched["amount_pence"]) == [5, 7, 9]
    assert int(payees["amount_pence"].sum()) == 21


def test_what_is_for_review_names_nobody_and_places_nothing():
    body = Body("GB-COH-ZZ000001", "ACME CARE LTD", "company", "", "", "", "QX99ZZ", ())
    registers = Registers({"QX99ZZ": "E08999009"}, {("Acme", "", ""): Match("review", body, 0.4, "bare word")})
    payees, enriched = name_payees("northbeck", payments(("Acme", "", 5)), WORDS, registers)
    (row,) = payees.to_dict("records")
    assert (row["supplier_id"], row["candidate_id"], row["match"], row["confidence"]) == (
        "",
        "GB-COH-ZZ000001",
        "review",
        0.4,
    )
    assert (list(enriched["supplier_id"]), list(enriched["payee_lad_code"])) == ([""], [""])


@pytest.mark.parametrize(
    ("payee", "expected", "rule"),
    [
        ("Northbeck Parish Council", "public_body", "name of a council"),
        ("Hill Lane Primary School", "public_body", "name of a school"),
        ("Ms S Lund", "individual", "title"),
        ("Sundry Payees", "redacted", "placeholder"),
        ("University of Northbeck", "supplier", "no other rule"),
    ],
)
def test_classes_by_what_a_name_says(payee, expected, rule):
    assert payee_class(payee, False, "northbeck", WORDS) == (expected, rule)
