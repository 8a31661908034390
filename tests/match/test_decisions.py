"""Decisions by people override rules, and conflict loudly."""

from dataclasses import replace

import duckdb
import pytest

from dagster_project.declare.decisions import load_aliases, load_class_decisions, load_matches
from dagster_project.declare.vocabulary import VocabularyError
from dagster_project.match import (
    Body,
    DecisionsDisagree,
    Entity,
    Match,
    Payee,
    build_index,
    decided,
    decided_match,
    decision_on,
    decision_on_body,
    known_as,
    name_all,
)
from dagster_project.match.classes import payee_class
from dagster_project.stages.matching import declared_class_words, match_words

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


def aliases(tmp_path, *lines):
    path = tmp_path / "aliases.csv"
    path.write_text("payee,publisher,known_as,who,when,why,evidence\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return load_aliases(path)


def test_an_alias_is_looked_up_under_the_name_by_which_it_is_known(tmp_path):
    names = decided(aliases(
        tmp_path, "QF,,Quillfeather Printing Ltd,A,2026-01-02,its short name,an invoice",
        "QF,saltmere,Queen's Ferry,A,2026-01-02,another body there,an invoice",
    ))  # fmt: skip
    engine = duckdb.connect()
    fill = [Entity(f"GB-COH-8{n:07}", f"FEN{n}HOLT TRADING LIMITED", kind="company") for n in range(300)]
    build_index(engine, iter([Entity("GB-COH-09000001", "QUILLFEATHER PRINTING LTD"), *fill]), match_words().spellings)
    words = replace(declared_class_words(), names=names)
    payees = [Payee("QF", publisher="northbeck"), Payee("QF", publisher="saltmere"), Payee("QX", publisher="northbeck")]
    here, there, other = name_all(engine, payees, words, match_words())
    assert (here.match.outcome, here.match.body.id) == ("accepted", "GB-COH-09000001")
    assert (there.match.outcome, other.match.outcome) == ("none", "none")


def test_an_alias_gives_the_class_of_the_name_by_which_it_is_known(tmp_path):
    names = decided(aliases(tmp_path, "The Taxman,,HMRC,A,2026-01-02,so called,an invoice"))
    words = replace(declared_class_words(), names=names)
    (found,) = name_all(None, [Payee("The Taxman")], words, match_words())
    assert found.payee_class == "tax"


def test_a_match_of_the_name_that_an_alias_gives_holds_for_the_alias_too(tmp_path):
    both = decided([
        *matches(tmp_path, "Quillfeather,,GB-COH-09000001,A,2026-01-02,x,y"),
        *aliases(tmp_path, "QF,,Quillfeather,B,2026-01-03,x,y"),
    ])  # fmt: skip
    assert known_as("QF", "northbeck", both) == "Quillfeather"
    assert decision_on_body("QF", "northbeck", both).says == "GB-COH-09000001"
    assert decision_on_body("Nobody", "northbeck", both) is None


def test_an_alias_that_disagrees_with_a_match_is_named(tmp_path):
    match = matches(tmp_path, "QF,,GB-COH-09000001,A,2026-01-02,x,y")
    with pytest.raises(DecisionsDisagree, match=r"aliases\.csv, line 2.*Quillfeather.*GB-COH-09000001.*matches\.csv"):
        decided([*match, *aliases(tmp_path, "Q.F.,,Quillfeather,B,2026-01-03,x,y")])


def test_an_alias_of_an_alias_is_refused(tmp_path):
    with pytest.raises(DecisionsDisagree, match="say the last name in both"):
        decided(aliases(tmp_path, "QF,,Quillfeather,A,2026-01-02,x,y", "Quillfeather,,Quill Ltd,A,2026-01-02,x,y"))


def test_a_decision_against_a_printed_number_holds_and_says_so(tmp_path):
    (decision,) = matches(tmp_path, "Acme Care,,GB-COH-00000001,A. Reader,2026-01-02,its website,https://acme.example")
    printed = Match("accepted", Body("GB-COH-00000002", "Acme", "", "", "", "", "", ()), 0.99, method="printed number")
    found = decided_match(decision, {}, printed)
    assert (found.outcome, found.body.id) == ("accepted", "GB-COH-00000001")
    assert "but the publisher printed the number of GB-COH-00000002" in found.evidence
    assert "but" not in decided_match(decision, {}, Match("none")).evidence
