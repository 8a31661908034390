"""Breaks: each kind by an example that can be read, and what is none."""

from types import SimpleNamespace

import pandas as pd
import pytest

from dagster_project.measure.breaks import (
    FLOORS,
    Break,
    layout_breaks,
    marks,
    reorganisations,
    threshold_breaks,
    vat_breaks,
    without_twins,
)
from dagster_project.model.periods import months_between
from dagster_project.stages.breaking import member_marks, with_payments


def months(first, last, under_500, payments=200):
    """Months with so many payments in a hundred under £500, and none under £250."""
    parts = {100: 0, 250: 0, 500: under_500, 1_000: 60}
    under = [payments * parts.get(floor, 80) // 100 for floor in FLOORS]
    return [(month, payments, *under) for month in months_between(first, last)]


def file(month, basis="", layout="amount|date|supplier", until=""):
    return {"first_month": month, "last_month": until or month, "amount_basis": basis, "layout": layout}


LOWERED = [*months("2022-04", "2023-03", 0), *months("2023-04", "2024-03", 31)]


def test_from_april_2023_payments_under_500_pounds_are_listed_too():
    (found,) = threshold_breaks("northbeck", LOWERED)
    assert found == Break(
        "northbeck", "2023-04", "threshold", "detected",
        "Until March 2023 hardly a payment is under £500; from April 2023, 31% are. More small payments are listed, so sums "
        "and shares are of more than before.",
    )  # fmt: skip


def test_from_april_2023_they_no_longer_are():
    turned = [*months("2022-04", "2023-03", 31), *months("2023-04", "2024-03", 0)]
    (found,) = threshold_breaks("northbeck", turned)
    assert found.month == "2023-04"
    assert found.says.startswith("Until March 2023, 31% of the payments are under £500; from April 2023 hardly one is.")


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(months("2022-04", "2024-03", 31), id="small payments all the time"),
        pytest.param(months("2022-04", "2024-03", 0), id="none all the time"),
        pytest.param(
            [*months("2022-04", "2023-03", 0), *months("2023-04", "2023-05", 31), *months("2023-06", "2024-03", 0)],
            id="two months are a slip and no new rule",
        ),
        pytest.param([(m, 12, *under) for m, _, *under in LOWERED], id="twelve payments a month say nothing of a floor"),
        pytest.param([*months("2022-04", "2023-03", 1), *months("2023-04", "2024-03", 4)], id="1% and 4% are too near"),
    ],
)  # fmt: skip
def test_no_threshold_broke(rows):
    assert list(threshold_breaks("northbeck", rows)) == []


def test_a_body_without_payments_in_between_broke_where_it_began_again():
    rows = [*months("2018-04", "2019-03", 0), *months("2023-04", "2024-03", 40)]
    (found,) = threshold_breaks("northbeck", rows)
    assert found.says.startswith("Until March 2019 hardly a payment is under £500; from April 2023, 40% are.")


def test_files_that_say_with_vat_after_files_that_say_without():
    files = [file("2011-01", "net"), file("2011-02"), file("2011-03", "net"), file("2011-04", "gross"), file("2011-05")]
    assert list(vat_breaks("northbeck", files)) == [
        Break(
            "northbeck", "2011-04", "vat", "declared",
            "The files up to March 2011 say that amounts are without VAT; those from April 2011 say with VAT.",
        )
    ]  # fmt: skip


def test_files_that_no_longer_say_are_no_break_for_nobody_knows():
    assert list(vat_breaks("northbeck", [file("2011-01", "net"), file("2011-02"), file("2011-03")])) == []


def test_files_without_payments_say_nothing_of_a_series():
    rows = [
        {"name": "b.csv", "status": "read", "dataset_kinds": "cards|payments", "first_month": "2014-02"},
        {"name": "a.csv", "status": "read", "dataset_kinds": "payments", "first_month": "2014-03"},
        {"name": "c.csv", "status": "read", "dataset_kinds": "cards", "first_month": "2014-01"},
        {"name": "d.pdf", "status": "not_a_table", "dataset_kinds": "", "first_month": ""},
    ]
    assert [row["name"] for row in with_payments(pd.DataFrame(rows))] == ["b.csv", "a.csv"]
    assert with_payments(pd.DataFrame(rows[2:])) == with_payments(pd.DataFrame()) == []


OLD, NEW = "amount|date|department|supplier", "beneficiary|net amount|paid on|service|supplier"


def test_most_headings_are_others_and_stay_so():
    files = [
        file("2014-01", layout=OLD),
        file("2014-02", layout=OLD),
        file("2014-03", layout=NEW),
        file("2014-04", layout=NEW),
    ]
    (found,) = layout_breaks("northbeck", files)
    assert found == Break(
        "northbeck", "2014-03", "layout", "detected",
        "From March 2014 the files have other headings: 1 of 4 stay. Gone: “amount”, “date”, “department”. New: "
        "“beneficiary”, “net amount”, “paid on”, “service”.",
    )  # fmt: skip


@pytest.mark.parametrize(
    "layouts",
    [
        pytest.param([OLD, OLD, f"{OLD}|invoice", f"{OLD}|invoice"], id="a heading more"),
        pytest.param([OLD, OLD, NEW, OLD, OLD], id="one odd file"),
        pytest.param([OLD, NEW, OLD, NEW], id="two layouts by turns"),
        pytest.param([OLD, "", OLD], id="a file without a layout is passed over"),
    ],
)
def test_no_layout_broke(layouts):
    files = [file(f"2014-{at:02d}", layout=layout) for at, layout in enumerate(layouts, 1)]
    assert list(layout_breaks("northbeck", files)) == []


def body(name, start="", end="", successor=()):
    return SimpleNamespace(name=name, start=start, end=end, successor=successor)


SPINE = {
    "shire": body("Shire County Council", end="2023-03-31", successor=("new-shire",)),
    "alder": body("Alder District Council", end="2023-03-31", successor=("new-shire",)),
    "new-shire": body("New Shire Council", start="2023-04-01"),
    "ministry": body("Ministry of Roads"),
    "office": body("Office of Signs", end="2015-07-01", successor=("ministry",)),
}


def test_a_council_in_place_of_others_begins_with_a_break():
    assert list(reorganisations(SPINE, {"new-shire": ("2023-04", "2024-03")})) == [
        Break(
            "new-shire", "2023-04", "reorganisation", "declared",
            "New Shire Council began in April 2023, in place of Shire County Council and Alder District Council.",
        )
    ]  # fmt: skip


def test_a_body_that_takes_over_another_while_it_goes_on():
    (found,) = reorganisations(SPINE, {"ministry": ("2014-04", "2017-03")})
    assert (found.month, found.says) == (
        "2015-07",
        "From July 2015, Ministry of Roads has the tasks of Office of Signs too.",
    )


def test_what_a_body_pays_after_its_end_is_what_was_left():
    (found,) = reorganisations(SPINE, {"shire": ("2022-04", "2023-05")})
    assert found.month == "2023-04"
    assert found.says.startswith("Shire County Council ended on 2023-03-31 and New Shire Council took over.")


def test_outside_of_a_series_nothing_breaks():
    assert list(reorganisations(SPINE, {"new-shire": ("2023-05", "2024-03"), "alder": ("2020-04", "2023-03")})) == []


def test_what_is_declared_is_not_detected_again():
    declared = Break("northbeck", "2012-05", "threshold", "declared", "Says so.")
    twin, other = (Break("northbeck", m, "threshold", "detected", "Seems so.") for m in ("2012-06", "2015-01"))
    assert without_twins([twin, declared, other]) == [declared, other]
    before = Break("northbeck", "2012-04", "threshold", "detected", "Seems so.")
    assert without_twins([before, declared]) == [declared]


def test_marks_are_in_order_of_time():
    found = [
        Break("northbeck", month, kind, "detected", "") for kind, month in [("layout", "2014-03"), ("vat", "2011-04")]
    ]
    assert marks(found) == {"northbeck": ["vat 2011-04", "layout 2014-03"]}


def test_a_cluster_of_other_bodies_than_the_year_before():
    said = [
        ("place", "2021-22", "alder"),
        ("place", "2022-23", "alder"),
        ("place", "2023-24", "alder"),
        ("place", "2023-24", "birch"),
    ]
    assert member_marks(said) == {"place": ["members 2023-04"]}
