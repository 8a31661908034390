"""Names to decide about first: what each holds of a share's range, what may be said of them, and lines to decide by."""

import csv
import io
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.declare.decisions import load_matches
from dagster_project.flow import table_key
from dagster_project.portal import compare, facts, pages, paid
from dagster_project.portal.stamp import Stamp
from dagster_project.stages.measuring import figures_frame
from dagster_project.stages.naming import PAYEES
from dagster_project.stages.plan import Plan
from dagster_project.stages.reviewing import undecided
from tests.portal import invented

YEAR = "2023-24"
CLASSES = ("supplier", "intermediary", "arms_length")


def payments(*rows):
    """Payments of one body; each row is payee, pence, and what differs from an ordinary one that has no place."""
    ordinary = {
        "payee_class": "supplier",
        "supplier_id": "",
        "payee_lad_code": "",
        "dataset_kind": "payments",
        "period": YEAR,
    }
    return pd.DataFrame(
        [{"payee": payee, "amount_pence": pence, **ordinary, **other} for payee, pence, other in rows],
        columns=[*paid.HELD],
    )  # fmt: skip


PLACED, CARDS, LAST_YEAR = {"payee_lad_code": "E08999001"}, {"dataset_kind": "cards"}, {"period": "2022-23"}
HELD = [
    ([("Acme", 700, {}), ("Acme", 300, {})], 1000, "its payments are added up"),
    ([("Acme", 700, {}), ("Acme", -200, {})], 500, "a refund is taken off"),
    ([("Acme", 700, {}), ("Acme", 300, CARDS)], 700, "cards are counted apart"),
    ([("Acme", 700, {}), ("Acme", 300, {"period": ""})], 700, "without a date it counts in no year"),
    ([("Acme", 700, {}), ("Acme", 300, PLACED)], None, "another line tells its place"),
    ([("Acme", 700, {}), ("ACME ", 300, PLACED)], None, "so does a line in other capitals: it is the same payee"),
    ([("Acme", 700, {}), ("Acme", 300, PLACED | LAST_YEAR)], 700, "a place of another year says nothing of this one"),
    ([("Acme", 700, {}), ("ACME", 300, {})], 700, "each spelling holds its own part"),
    ([("Acme", 700, {}), ("ACME", -200, {})], 500, "and no more than the payee as a whole"),
    ([("Acme", 700, {}), ("Acme", -900, {})], None, "refunds exceed payments: the figure leaves it out"),
    ([("Acme", 700, {"payee_class": "individual"})], None, "people do not count as suppliers"),
    ([("Acme", 700, {"supplier_id": "GB-COH-01"}), ("Bell", 300, {"supplier_id": "GB-COH-01"} | PLACED)], None,
     "names of one legal body are one payee, and one of them is placed"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "pence", "why"), HELD, ids=[why for *_, why in HELD])
def test_what_a_name_holds_of_a_year(rows, pence, why):
    assert paid.held(payments(*rows), {"Acme"}, CLASSES).get(("Acme", YEAR)) == pence, why


def test_nothing_paid_holds_nothing():
    assert paid.held(payments(), {"Acme"}, CLASSES) == {}


def share(low, high, *, base=100, unknown=None, has_value=True):
    """A local share of a base of 100 pence, so that a penny is a point."""
    return {"low": low, "high": high, "base_pence": base, "has_value": has_value, "period": YEAR,
            "unknown_pence": round((high - low) * base) if unknown is None else unknown}  # fmt: skip


HEADINGS = [
    ([10, 4], share(0.41, 0.64), "2 names hold at least 14 of the 23 points of doubt", "ordinary"),
    ([14, 0], share(0.41, 0.64), "1 name holds at least 14 of the 23 points of doubt", "one was paid in other years"),
    ([20, 3], share(0.41, 0.64), "2 names hold all of the doubt, 23 points", "nothing else is unknown"),
    ([1], share(0.41, 0.42), "1 name holds all of the doubt, 1 point", "just one"),
    ([1999], share(0.4, 0.6, base=10_000), "1 name holds at least 19 of the 20 points of doubt", "rounded down"),
    ([99], share(0.4, 0.6, base=10_000), "1 name that would tell most", "not a whole point"),
    ([24], share(0.41, 0.64), "1 name that would tell most", "more than is unknown cannot be"),
    ([10], share(0.41, 0.64, unknown=30), "1 name that would tell most", "unknown pounds are not the range"),
    ([10], share(0, 1, unknown=100, has_value=False), "1 name that would tell most", "no figure of the year"),
    ([0, 0], share(0.41, 0.64), "2 names that would tell most", "none was paid this year"),
    ([10, 4], None, "2 names that would tell most", "no local share"),
    ([], share(0.41, 0.64), "Every supplier is placed", "no names"),
]  # fmt: skip


@pytest.mark.parametrize(("pence", "figure", "heading", "why"), HEADINGS, ids=[why for *_, why in HEADINGS])
def test_a_heading_says_only_what_the_numbers_allow(pence, figure, heading, why):
    assert paid.doubt_held(pence, figure) == heading, why


@given(st.integers(1, 10**7), st.integers(0, 10**7), st.lists(st.integers(0, 10**6), min_size=1, max_size=10))
def test_no_heading_names_more_points_than_there_are(yes, away, pence):
    unknown = sum(pence) + 7
    base = yes + away + unknown
    heading = paid.doubt_held(pence, share(yes / base, (yes + unknown) / base, base=base, unknown=unknown))
    if found := re.search(r"at least (\d+) of the (\d+) point", heading):
        assert int(found[1]) <= sum(pence) / base * 100 + 1e-6
        assert int(found[1]) <= int(found[2])
    else:
        assert sum(pence) / base < 0.01 + 1e-9


@pytest.mark.parametrize(
    ("pence", "said"), [(0, "none"), (1, "under 0.1 points"), (50, "0.5 points"), (325, "3.3 points"), (1000, "10.0 points")]
)  # fmt: skip
def test_points_are_written_to_the_tenth(pence, said):
    assert paid.points_held(pence, 10_000) == said


def open_names(*rows):
    """Names without a place, as `reviewing.undecided` lists them, from payees: name, pence, candidate, class."""
    payees = pd.DataFrame(
        [{"payee": name, "amount_pence": pence, "payee_class": kind, "payee_lad_code": "", "candidate_id": candidate,
          "registered_name": candidate and f"{name} of the register", "confidence": 0.5, "evidence": "same name; but crowd"}
         for name, pence, candidate, kind in rows],
        columns=["payee", "amount_pence", "payee_class", "payee_lad_code", "candidate_id", "registered_name", "confidence", "evidence"],
    )  # fmt: skip
    return undecided(payees)


#: Twelve names, hostile ones first; the largest of all is a person.
NAMES = [
    ("Jo Example", 9_900_000, "", "individual"),
    *((name, 900_000 - at, "GB-COH-01234567" if at % 2 else "", "supplier") for at, name in enumerate(invented.HOSTILE)),
    *((f"Plain {at}", 1_000 - at, "", "supplier") for at in range(6)),
]  # fmt: skip
BODY = "bodies/alder/compare/"


def printed_pages(printed, names):
    site, (_, shell) = invented.site(), printed
    frames = invented.site_frames()
    return compare.compare_pages(
        Stamp(site, shell), frames, pages.body_rows(frames, site), {}, pd.DataFrame(), {"alder": names}
    )


@pytest.fixture(scope="module")
def found(printed):
    """Pages where Alder has twelve open names, each of which holds two points of its range but the first, which holds three."""
    frame = open_names(*NAMES)
    figures = invented.site_frames().figures
    alder = figures[(figures["publisher"] == "alder") & (figures["measure"] == facts.LOCAL)]
    base = int(alder.loc[alder["period"] == YEAR, "base_pence"].iloc[0])
    held = {(name, YEAR): base * (2 if at else 3) // 100 for at, name in enumerate(frame["payee"])}
    return printed_pages(printed, paid.OpenNames(frame, held))


def section(found):
    return found[f"{BODY}index.html"].decode().partition('<h2 id="matches">')[2].partition("</section>")[0]


def test_ten_names_stand_on_the_page_with_what_they_hold(found):
    text = section(found)
    assert text.startswith("10 names hold at least 20 of the 23 points of doubt</h2>")
    assert text.count('scope="row"') == 10
    assert text.count(">2.0 points<") == 9
    assert text.count(">3.0 points<") == 1
    assert "12 names of suppliers have no place yet" in text
    assert "the same name, but other registered names begin like it" in text, "why, in words"


def test_hostile_names_are_text_and_people_are_not_there(found):
    text = section(found)
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "\u202e" not in text
    assert "A" * 200 not in text, "what is endless is cut"
    assert "Jo Example" not in "".join(page.decode() for path, page in found.items() if path.startswith(BODY))


def test_lines_of_decisions_can_be_completed_and_are_then_decisions(found, tmp_path):
    lines = found[f"{BODY}decisions.csv"].decode()
    rows = list(csv.DictReader(io.StringIO(lines, newline="")))
    there = (invented.HOUSE / "datapackages/decisions/matches.csv").read_text(encoding="utf-8").splitlines()[0]
    assert lines.splitlines()[0] == there, "the columns of the file that they are for"
    assert [row["payee"] for row in rows] == [name for name, *_ in NAMES[1:11]], "exactly as published"
    assert {row["publisher"] for row in rows} == {"alder"}
    assert [row["supplier_id"] for row in rows][:2] == ["", "GB-COH-01234567"]
    path, plain = tmp_path / "matches.csv", [row for row in rows if row["payee"].startswith("Plain")]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, paid.DECISION)
        writer.writeheader()
        for row in plain:
            done = {
                "supplier_id": "none",
                "who": "An officer",
                "when": "2026-11-01",
                "why": "A market stall.",
                "evidence": "Our ledger.",
            }
            writer.writerow(row | done)
    assert [(one.payee, one.publisher, one.says) for one in load_matches(path)] == [
        (row["payee"], "alder", "none") for row in plain
    ]


def test_where_all_are_placed_one_sentence_says_so(printed):
    found = printed_pages(printed, paid.OpenNames(open_names()))
    assert "Every supplier is placed</h2>\n<p>No name is left" in section(found)
    assert f"{BODY}decisions.csv" not in found


def test_where_points_cannot_be_said_pounds_are(printed):
    found = printed_pages(printed, paid.OpenNames(open_names(*NAMES), {(NAMES[1][0], YEAR): 10**15}))
    text = section(found)
    assert text.startswith("10 names that would tell most</h2>")
    assert " points" not in text
    assert "£9,000" in text


def test_bodies_whose_payees_nobody_looked_up_have_no_such_section(found):
    assert "matches" not in found["bodies/birch/compare/index.html"].decode()


def test_named_and_withheld_are_together_all_that_the_share_does_not_know(sample_build):
    """Of every body and year of the sample, to the penny: what open names hold, and who is withheld, is what is not known."""
    plan = Plan(out=str(sample_build))
    figures = figures_frame(plan)
    local = figures[figures["measure"] == facts.LOCAL]
    unknown = {(row["publisher"], row["period"]): row["unknown_pence"] for row in local.to_dict("records")}
    told = 0
    for slug, key in plan.recall(PAYEES).keys.items():
        payees, ours = (plan.store.read_frame(table_key(PAYEES, slug, key, name)) for name in ("payees", "payments"))
        named = paid.held(ours, set(undecided(payees)["payee"]), CLASSES)
        nobody = paid.held(ours, set(ours["payee"]), ("redacted", "unreadable"))
        for year in {period for body, period in unknown if body == slug}:
            held = sum(pence for (_, period), pence in [*named.items(), *nobody.items()] if period == year)
            assert held == unknown[slug, year], (slug, year)
            told += 1
    assert told == len(unknown) > 0
