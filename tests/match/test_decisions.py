"""Decisions by people override rules, and conflict loudly."""

from dataclasses import replace

import pytest

from dagster_project.declare.decisions import load_class_decisions, load_matches
from dagster_project.declare.vocabulary import VocabularyError
from dagster_project.match import DecisionsDisagree, decided, decided_match, decision_on
from dagster_project.match.classes import payee_class
from dagster_project.stages.matching import declared_class_words

MATCHES = "payee,publisher,supplier_id,who,when,why,evidence\n"


def matches(tmp_path, *lines):
    path = tmp_path / "matches.csv"
    path.write_text(MATCHES + "\n".join(lines) + "\n", encoding="utf-8")
    return load_matches(path)


def test_a_decision_holds_everywhere_and_yields_to_one_for_the_publisher(tmp_path):
    found = decided(matches(
        tmp_path,
        "Acme Care,,GB-COH-00000001,A. Reader,2026-01-02,its website says so,https://acme.example",
        "ACME CARE LTD,saltmere,none,A. Reader,2026-01-02,another firm,an invoice",
        "ACME CARE,saltmere,none,A. Reader,2026-01-02,another firm,an invoice",
    ))  # fmt: skip
    assert decision_on("acme care.", "northbeck", found).says == "GB-COH-00000001"
    assert decision_on("Acme Care", "saltmere", found).says == "none"
    assert decided_match(decision_on("Acme Care", "saltmere", found), {}).outcome == "none"
    accepted = decided_match(decision_on("Acme Care", "northbeck", found), {})
    assert (accepted.outcome, accepted.body.id, accepted.confidence) == ("accepted", "GB-COH-00000001", 1.0)
    assert "A. Reader" in accepted.evidence


def test_two_decisions_that_disagree_are_named(tmp_path):
    both = matches(
        tmp_path, "Acme Care,,GB-COH-00000001,A,2026-01-02,x,y", "ACME CARE.,,GB-COH-00000002,B,2026-01-03,x,y"
    )
    with pytest.raises(DecisionsDisagree, match=r"line 3.*GB-COH-00000002.*GB-COH-00000001.*line 2"):
        decided(both)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Acme,,01234567,A,2026-01-02,x,y", "expected an org-id"),
        ("Acme,,GB-COH-01234567,,2026-01-02,x,y", "who is empty"),
        ("Acme,,GB-COH-01234567,A,yesterday,x,y", "expected a day"),
    ],
)
def test_a_decision_without_its_reasons_is_refused(tmp_path, line, says):
    with pytest.raises(VocabularyError, match=says):
        matches(tmp_path, line)


def test_a_class_that_people_gave_comes_before_all_rules(tmp_path):
    path = tmp_path / "classes.csv"
    path.write_text(
        "payee,publisher,payee_class,who,when,why,evidence\nSusan Wood,,supplier,A,2026-01-02,a firm,VAT\n",
        encoding="utf-8",
    )
    words = replace(declared_class_words(), decided=decided(load_class_decisions(path, ["supplier"])))
    assert payee_class("Susan Wood", False, "northbeck", words) == ("supplier", "decided by people")
