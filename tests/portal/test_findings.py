"""Headings say what the bounds allow, and no more."""

import pytest

from dagster_project.portal import facts, findings
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


def local(low, high, unknown_share, base_pence=100_000_00, status="ok"):
    return {"low": low, "high": high, "unknown_share": unknown_share, "base_pence": base_pence, "status": status, "has_value": True, "is_known": status == "ok"}  # fmt: skip


@pytest.mark.parametrize(
    ("figure", "hardly", "why"),
    [
        (local(0.004, 0.996, 0.992), True, "between under 1p and over 99p"),
        (local(0.41, 0.64, 0.23), False, "the ordinary case"),
        (local(0.05, 0.94, 0.89), False, "a tenth is known"),
        (local(0, 1, 1.0, status="nothing-known"), True, "nothing is known"),
        (None, False, "no figure"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_share_that_says_next_to_nothing_does_not_lead(figure, hardly, why):
    assert facts.is_hardly_known(figure) is hardly, why


def test_why_little_is_known_is_said_by_what_lacks():
    figure = local(0.004, 0.996, 0.992)
    untied = findings.hardly_known(figure, {"share": 0.03})
    assert "for 97% of the money that went to a name, the payee is not tied to a register" in untied
    tied_without_place = findings.hardly_known(figure, {"share": 0.8})
    assert "for 99% of the money, neither its lines nor a register tell where" in tied_without_place
    assert findings.hardly_known(figure, None) == tied_without_place


def test_what_is_surely_known_of_little_stands_in_pounds():
    assert findings.surely_known(local(0.004, 0.99, 0.986)) == (
        "Of £100,000 spent with suppliers, £400 surely stayed and £1,000 surely went elsewhere. The rest is hatched."
    )
    assert "nothing can be placed yet" in findings.surely_known(local(0, 1, 1.0, status="nothing-known"))


@pytest.mark.parametrize(
    ("many", "of", "said"),
    [
        (0, 2, "apart from the one other"),
        (1, 2, "cannot be told from the one other"),
        (0, 3, "apart from both others"),
        (1, 3, "cannot be told from 1 of 2 others"),
        (2, 3, "cannot be told from either of the two others"),
        (40, 330, "cannot be told from 40 of 329 others"),
        (0, 330, "apart from all 329 others"),
        (0, 1, ""),
    ],
)
def test_others_are_counted_as_people_say_it(many, of, said):
    row = {"low": 0.1, "high": 0.2, "is_ranked": True, "rank_best": 1, "rank_worst": 1, "ranked_of": of, "not_separated": many,
           "unknown_pence": 1, "base_pence": 10, "status": "ok", "not_ranked_because": ""}  # fmt: skip
    assert facts.figure(row, "share")["apart_says"].removesuffix(", wrong links allowed for") == said
