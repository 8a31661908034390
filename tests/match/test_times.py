"""What a publisher says beside a name: days of payment, and postcodes. All names are invented."""

import duckdb
import pytest

from dagster_project.match import Entity, Paid, Payee, build_index, name_all
from dagster_project.match.index import find_candidates
from dagster_project.stages.matching import declared_class_words, match_words

REGISTER = [
    # The name went from one company to another.
    Entity("GB-COH-90000001", "QUILLFEATHER GROUP LIMITED", (("OTTERMOUTH PRESS LIMITED", "2018-05-01"),), "company",
           start="2001-01-01"),
    Entity("GB-COH-90000002", "OTTERMOUTH PRESS LIMITED", (("BRAMBLEWICK NEWCO 12 LIMITED", "2019-03-01"),), "company",
           start="2018-11-01"),
    Entity("GB-COH-90000003", "MARROWFORD LANTERNS LIMITED", kind="company", start="2015-06-01", end="2017-06-01"),
    Entity("GB-COH-90000004", "TARNBECK FALCONRY LIMITED", (("ZEPHYRINE FALCONRY LIMITED", "2016-02-01"),), "company"),
    Entity("GB-COH-90000005", "HOLLOWMERE KITES LIMITED", (("WOLDACRE KITES LIMITED", "2015-01-01"),
                                                             ("HOLLOWMERE KITES LTD", "2010-01-01")), "company"),
]  # fmt: skip


@pytest.fixture(scope="module")
def engine():
    engine = duckdb.connect()
    fill = [Entity(f"GB-COH-8{n:07}", f"FEN{n}HOLT TRADING LIMITED", kind="company") for n in range(500)]
    build_index(engine, iter([*REGISTER, *fill]), match_words().spellings)
    return engine


@pytest.mark.parametrize(
    ("name", "first", "last", "body", "why"),
    [
        ("Ottermouth Press Ltd", "2016-01-01", "2017-01-01", "GB-COH-90000001", "the name was the first one's then"),
        ("Ottermouth Press Ltd", "2023-01-01", "2023-09-01", "GB-COH-90000002", "it is the second one's now"),
        ("Ottermouth Press Ltd", "2016-01-01", "2023-09-01", "", "each bore it for a part of the time: silence"),
        ("Marrowford Lanterns Ltd", "2016-01-01", "2016-09-01", "GB-COH-90000003", "alive when it was paid"),
        ("Marrowford Lanterns Ltd", "2018-01-01", "2018-09-01", "GB-COH-90000003", "a ledger pays late"),
        ("Marrowford Lanterns Ltd", "2021-01-01", "2021-09-01", "", "it had ended years before"),
        ("Marrowford Lanterns Ltd", "2014-01-01", "2014-09-01", "", "it had not begun"),
        ("Marrowford Lanterns Ltd", "2014-01-01", "2016-09-01", "GB-COH-90000003", "a trader became a company"),
        ("Zephyrine Falconry Ltd", "2017-05-01", "2017-09-01", "GB-COH-90000004", "ledgers keep a former name a while"),
        ("Zephyrine Falconry Ltd", "2022-05-01", "2022-09-01", "", "the name was given up long before"),
        ("Zephyrine Falconry Ltd", "", "", "GB-COH-90000004", "nobody knows when it was paid"),
        ("Hollowmere Kites Ltd", "2008-05-01", "2008-09-01", "GB-COH-90000005", "a name that came back"),
    ],
    ids=lambda value: value if " " in value and "Ltd" not in value else "",
)  # fmt: skip
def test_a_body_and_its_name_were_there_when_it_was_paid(engine, name, first, last, body, why):
    (found,) = name_all(engine, [Payee(name, paid=Paid(first, last))], declared_class_words(), match_words())
    assert (found.match.body.id if found.match.outcome == "accepted" else "") == body, found.match


def test_evidence_says_what_was_out_of_time(engine):
    (found,) = name_all(engine, [Payee("Marrowford Lanterns Ltd", paid=Paid("2014-01-01", "2014-02-01"))],
                        declared_class_words(), match_words())  # fmt: skip
    assert "but had not begun" in found.match.evidence


def test_an_index_knows_when_each_name_was_borne(engine):
    names = find_candidates(engine, ["ottermouth press", "bramblewick newco 12", "hollowmere kite"]).candidates
    borne = {(n.body, n.key): (n.since, n.until) for found in names.values() for n in found}
    assert borne[1, "ottermouth press ltd"] == ("2019-03-01", "")
    assert borne[1, "bramblewick newco 12 ltd"] == ("", "2019-03-01")
    assert borne[0, "ottermouth press ltd"] == ("", "2018-05-01")
    assert borne[4, "hollowmere kites ltd"] == ("", "")


def test_a_printed_postcode_tells_namesakes_apart_and_another_says_nothing():
    engine = duckdb.connect()
    fill = [Entity(f"GB-COH-8{n:07}", f"FEN{n}HOLT TRADING LIMITED", kind="company") for n in range(500)]
    schools = [Entity("GB-EDU-900001", "Hill Lane Primary School", kind="school", postcode="NQ12AB"),
               Entity("GB-EDU-900002", "Hill Lane Primary School", kind="school", postcode="QX99ZZ")]  # fmt: skip
    build_index(engine, iter([*schools, *fill]), match_words().spellings)
    printed = [Paid(postcodes=codes) for codes in (("QX99ZZ",), ("ZZ11AA",), ())]
    payees = [Payee("Hill Lane Primary School", paid=paid) for paid in printed]
    first, other, none = name_all(engine, payees, declared_class_words(), match_words())
    assert (first.match.outcome, first.match.body.id) == ("accepted", "GB-EDU-900002")
    assert "postcode agrees" in first.match.evidence
    assert other.match.outcome != "accepted"
    assert (other.match.confidence, other.match.outcome) == (none.match.confidence, none.match.outcome)
