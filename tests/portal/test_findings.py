"""Headings say what the bounds allow, and no more."""

import pytest

from dagster_project.portal import findings
from dagster_project.portal.findings import Yearly


def years(*spans, is_whole=True):
    return [Yearly(f"{2020 + n}-{21 + n}", low, high, is_whole) for n, (low, high) in enumerate(spans)]


def test_bounds_that_just_touch_cannot_be_told_apart():
    assert "surely" not in findings.share_over_time("Alder", years((0.4, 0.5), (0.5, 0.6)))


def test_bounds_a_hair_apart_can():
    assert findings.share_over_time("Alder", years((0.4, 0.5), (0.5000001, 0.6))).startswith(
        "More surely stayed in 2021–22"
    )
    assert findings.share_over_time("Alder", years((0.5, 0.6), (0.4, 0.4999999))).startswith("Less surely stayed")


def test_the_unknown_part_may_be_compared_where_the_share_may_not():
    said = findings.share_over_time("Alder", years((0.3, 0.68), (0.41, 0.64)))
    assert said == "We know more than we did: the unknown part fell from 38% to 23%"


def test_a_small_change_of_doubt_is_no_finding():
    assert findings.share_over_time("Alder", years((0.4, 0.64), (0.41, 0.64))).startswith(
        "Share of spending that stayed"
    )


def test_one_year_is_no_change():
    assert findings.share_over_time("Alder", years((0.4, 0.6))) == "Share of spending that stayed in the area of Alder"


def test_spending_is_compared_between_whole_years_alone():
    whole, part = years((100, 100), (200, 200)), years((100, 100), (200, 200), is_whole=False)
    assert (
        findings.spending_over_time("Alder", whole)
        == "Alder published more spending in 2021–22 than the year before: £200 after £100"
    )
    assert findings.spending_over_time("Alder", part) == "What Alder published, month by month"


def test_equal_spending_is_no_finding():
    assert findings.spending_over_time("Alder", years((100, 100), (100, 100))) == "What Alder published, month by month"


@pytest.mark.parametrize(
    ("ranks", "heading"),
    [
        ([(1, 1), (2, 2), (3, 3)], "The order is certain"),
        ([(1, 2), (1, 2), (3, 4), (3, 4)], "The upper half can be told from the lower"),
        ([(1, 2), (1, 5), (1, 5), (2, 5), (4, 5)], "Top and bottom can be told apart; the middle cannot"),
        ([(1, 3), (1, 3), (1, 3)], "They cannot be told apart"),
        ([(1, 1)], "There is nothing to compare yet"),
        ([], "There is nothing to compare yet"),
    ],
)
def test_a_league_says_who_can_be_told_apart(ranks, heading):
    assert findings.league(ranks, "bodies")[0] == heading


def test_missing_months_are_a_finding_where_completeness_is_known():
    assert findings.months_published(["2023-11"], is_known_complete=True) == "One month is missing"
    assert findings.months_published(["2023-11"], is_known_complete=False) == "The months that we have"
