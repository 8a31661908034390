"""Breaks on pages: told with their reason, drawn, and no heading compares across one."""

import re

import pandas as pd
import pytest

from dagster_project.portal import bars, breaks, charts
from tests.portal.test_pages import text


def figures(**marks):
    return [{"period": period.replace("y", "20").replace("_", "-"), "breaks": said} for period, said in marks.items()]


def test_marks_are_said_in_words():
    assert breaks.said("vat 2011-04|layout 2011-06") == "break: vat, April 2011 and headings of the files, June 2011"
    assert breaks.said("") == breaks.said(None) == breaks.said(float("nan")) == ""


@pytest.mark.parametrize(
    ("marks", "years"),
    [
        ({}, {"2021-22", "2022-23", "2023-24"}),
        ({"y22_23": "threshold 2022-04"}, {"2022-23", "2023-24"}),
        ({"y22_23": "threshold 2022-09"}, {"2023-24"}),
        ({"y22_23": "layout 2022-09"}, {"2021-22", "2022-23", "2023-24"}),
    ],
    ids=["no break", "from April on", "within a year, which is of both kinds", "headings change no sum"],
)
def test_years_that_may_be_set_beside_the_newest(marks, years):
    assert breaks.comparable(figures(**{"y21_22": "", "y22_23": "", "y23_24": "", **marks})) == years


def test_a_line_is_cut_before_a_year_with_a_break_and_after_one_within_it():
    assert breaks.cuts(figures(y22_23="vat 2022-04")) == {"2022-23"}
    assert breaks.cuts(figures(y22_23="vat 2022-09")) == {"2022-23", "2023-24"}


def test_a_chart_says_where_it_is_cut():
    years = (("2021-22", 0.1, 0.2), ("2022-23", 0.2, 0.3), ("2023-24", 0.3, 0.4))
    assert "cut before" not in charts.bounds_over_time("Northbeck", years)
    assert "The line is cut before 2022–23, for the series breaks." in charts.bounds_over_time(
        "Northbeck", years, frozenset({"2022-23"})
    )


def test_months_are_parted_by_a_dashed_line():
    months = [bars.Column("", 100.0), bars.Column("", 200.0, breaks=True), bars.Column("", 300.0)]
    assert bars.columns(months, "").count("stroke-dasharray") == 1
    assert "stroke-dasharray" not in bars.columns(months[:1], "")


def test_what_files_say_of_vat_is_counted():
    rows = [("read", "payments", basis) for basis in ("net", "net", "")] + [
        ("read", "cards", "gross"),
        ("refused", "payments", "gross"),
    ]
    files = pd.DataFrame(rows, columns=["status", "dataset_kinds", "amount_basis"])
    assert breaks.vat_said(files) == ("3 files: 2 with amounts that they call net of VAT and 1 without a word on VAT.")
    assert breaks.vat_said(files.iloc[:0]) == ""


def test_a_body_without_a_break_says_what_was_looked_for(portal_dir):
    said = text((portal_dir / "bodies" / "kelderby" / "index.html").read_text(encoding="utf-8"))
    assert "No break in the series was found Looked for are four: whether amounts hold VAT" in said


def test_a_body_tells_each_break_with_its_reason_and_links_to_its_pooled_series(portal_dir):
    page = (portal_dir / "bodies" / "ashwold" / "index.html").read_text(encoding="utf-8")
    said = text(page)
    assert (
        "April 2023: Reorganisation. Ashwold Council began in April 2023, in place of Fenholt District Council." in said
    )
    assert re.search(r'href="[./]*places/before-and-after-ashwold/"', page)
    pooled = text((portal_dir / "places" / "before-and-after-ashwold" / "index.html").read_text(encoding="utf-8"))
    assert "break: other bodies, April 2023" in pooled
    fenholt = (portal_dir / "bodies" / "fenholt" / "index.html").read_text(encoding="utf-8")
    assert "places/before-and-after-ashwold/" in fenholt
