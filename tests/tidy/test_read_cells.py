"""Single cells and columns, by example: one row per habit, its `why` is the name of the test."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dagster_project.model.words import Words
from dagster_project.tidy.amounts import Stated, read_amount
from dagster_project.tidy.dates import months_told, read_dates
from dagster_project.tidy.headings import Headings
from dagster_project.tidy.leaks import mask
from dagster_project.tidy.redactions import Totals, Withheld
from dagster_project.tidy.tally import count_pence

HERE = Path(__file__).parent


def examples(name: str) -> list[object]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=row["why"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize("row", examples("amounts.csv"))
def test_reads_an_amount(row):
    want = {"": None, "unreadable": Stated.UNREADABLE}.get(row["pence"], row["pence"])
    got = read_amount(row["cell"])
    assert got == (int(want) if isinstance(want, str) else want)
    assert count_pence(row["cell"]) == (got if isinstance(got, int) else 0), "the independent count differs"


@pytest.mark.parametrize("row", examples("dates.csv"))
def test_reads_a_column_of_dates(row):
    cells = row["column"].split(";")
    dates = read_dates(cells)
    assert ";".join(dates.days[cell][0] or dates.days[cell][1] for cell in cells) == row["days"]


@pytest.mark.parametrize("row", examples("redactions.csv"))
def test_tells_a_withheld_name(row, words: Words):
    assert Withheld(words)[row["payee"]] is (row["withheld"] == "yes")


@pytest.mark.parametrize("row", examples("totals.csv"))
def test_tells_a_total(row, words: Words):
    assert Totals(words)[row["text"]] is (row["total"] == "yes")


@pytest.mark.parametrize("row", examples("leaks.csv"))
def test_masks_what_should_not_be_said(row):
    assert mask(row["text"]) == row["masked"]


@pytest.mark.parametrize("row", examples("headings.csv"))
def test_understands_a_heading(row, words: Words):
    senses = Headings(words).senses(row["heading"])
    assert [sense.field for sense in senses[:1]] == [row["field"]]


def test_a_payee_may_be_a_person_but_a_purpose_may_not_name_one():
    assert mask("Mrs J Bloggs", is_payee=True) == "Mrs J Bloggs"
    assert mask("Mrs J Bloggs, jo@example.org", is_payee=True) == "Mrs J Bloggs, [masked]"


@pytest.mark.parametrize(
    ("title", "month", "why"),
    [
        ("Q1 2022-23.csv", "2022-04", "years named after their end"),
        ("Q1 2023-24.csv", "2023-04", "years named after their beginning"),
        ("Q4 2022-23.csv", "2023-01", "calendar months"),
        ("spend.csv", "2023-01", "nothing says otherwise"),
    ],
    ids=lambda value: value if " " in value else None,
)
def test_the_file_decides_what_a_period_means(title, month, why):
    dates = read_dates(["202301"], wanted=months_told(title))
    assert dates.days["202301"] == ("", month), why


def test_a_quarter_with_its_year_is_three_months():
    assert months_told("Spend Q2 2022-23", "April 2022") == {(2022, 7), (2022, 8), (2022, 9)}
