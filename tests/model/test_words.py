"""Money, months and ids: the words all rooms share."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.model.figures import Figure, both, either, may_say
from dagster_project.model.ids import figure_id, line_id, payment_id
from dagster_project.model.money import pounds_text, round_to_pence
from dagster_project.model.periods import financial_year, months_between, months_of, quarter


@pytest.mark.parametrize(
    ("pounds", "pence", "rounded"),
    [("12.00", 1200, False), ("12.005", 1201, True), ("-12.005", -1201, True), ("0.004", 0, True), ("0", 0, False)],
)
def test_half_a_penny_goes_away_from_nought(pounds, pence, rounded):
    assert round_to_pence(Decimal(pounds)) == (pence, rounded)


@given(st.integers(-(10**17), 10**17))
def test_pounds_say_the_same_pence_again(pence):
    assert Decimal(pounds_text(pence)) * 100 == pence
    assert pounds_text(pence)[-3] == "."


@pytest.mark.parametrize(
    ("month", "year", "in_quarter"),
    [
        ("2023-04", "2023-24", "2023-24-Q1"),
        ("2024-03", "2023-24", "2023-24-Q4"),
        ("2000-01", "1999-00", "1999-00-Q4"),
        ("", None, None),
    ],
)
def test_the_year_begins_in_april(month, year, in_quarter):
    assert financial_year(month) == year
    assert quarter(month) == in_quarter


def test_twelve_months_make_a_year():
    assert months_of("2023-24") == months_between("2023-04", "2024-03")
    assert {financial_year(month) for month in months_of("1999-00")} == {"1999-00"}
    with pytest.raises(ValueError, match="expected the form 2023-24"):
        months_of("2023-25")


def test_ids_of_today_are_ids_for_ever():
    """These values are printed on pages and cited; a change of them is a change of everything."""
    assert payment_id("northbeck", "payments", "2023-06-14", "Acme Care Ltd", 120450, "51", 1) == "85b93c3113df4907"
    assert figure_id("northbeck", "2023-24", "spend") == "f-6e5e4cea12f6"
    assert line_id("3f1a2b4c5d6e7f80", 1, 212) == "3f1a2b4c5d6e7f80:1:212"


@pytest.mark.parametrize(
    ("a", "b", "both_of", "either_of"),
    [
        (True, None, None, True),
        (False, None, False, None),
        (None, None, None, None),
        (True, False, False, True),
        (True, True, True, True),
    ],
)
def test_three_values(a, b, both_of, either_of):
    assert both(a, b) is both(b, a) is both_of
    assert either(a, b) is either(b, a) is either_of


def test_ranges_that_touch_cannot_be_told_apart():
    assert may_say((0.5, 0.6), (0.3, 0.49)) == "higher"
    assert may_say((0.5, 0.6), (0.6, 0.7)) == "cannot tell apart"
    assert may_say((0.1, 0.2), (0.3, 0.49)) == "lower"


def test_a_figure_with_one_bound_is_refused():
    with pytest.raises(ValueError, match="one bound without the other"):
        Figure("f", "p", "2023-24", "m", 0.1, None, None, None, None, 1, 0, None, "ok", "county")
