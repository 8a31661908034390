"""How numbers are written: tables of examples, then what holds for all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.portal import formats

MONEY = [
    (0, "£0", "nought is known to be nought"),
    (50, "50p", "pence alone"),
    (94_000, "£940", "no pence in prose"),
    (120_450, "£1,200", "three figures"),
    (1_843_210, "£18,400", "thousands are written out"),
    (99_960_000, "£1m", "rounding reaches the next unit"),
    (123_456_789, "£1.23m", "millions"),
    (41_200_000_000, "£412m", "three figures, no point"),
    (6_140_000_000_000, "£61.4bn", "billions"),
    (-120_450, "\u2212£1,200", "a true minus"),
]
OUTWARD = [
    (123_456_789, "down", "£1.23m", "low ends go down"),
    (123_456_789, "up", "£1.24m", "high ends go up"),
    (-123_456_789, "down", "\u2212£1.24m", "down is towards less, also below nought"),
    (-123_456_789, "up", "\u2212£1.23m", "up is towards more"),
    (120_000_000, "up", "£1.2m", "an exact amount does not move"),
]
SHARES = [
    (0.41, 0.64, "41–64%", "whole per cents stay"),
    (0.4127, 0.6301, "41–64%", "the low end down, the high end up"),
    (0.29, 0.29, "29%", "a float that is a hair below its decimal"),
    (0.0, 1.0, "0–100%", "exact ends may be said"),
    (0.004, 0.5, "under 1% to 50%", "never a false nought"),
    (0.5, 0.996, "50% to over 99%", "never a false whole"),
    (0.0, 0.0, "0%", "known to be nought"),
    (0.004, 0.004, "under 1%", "small and certain"),
    (0.412, 0.418, "41–42%", "rounding never closes a gap"),
]
PENCE = [
    (0.41, 0.64, "between 41p and 64p", "a range"),
    (0.41, 0.41, "41p", "no doubt"),
    (0.0, 1.0, "between 0p and 100p", "nothing known"),
    (0.001, 0.999, "between under 1p and over 99p", "hardly anything known"),
]


def why(row):
    return row[-1] if isinstance(row, tuple) else None


@pytest.mark.parametrize("row", MONEY, ids=why)
def test_money_has_three_figures(row):
    assert formats.money(row[0]) == row[1]


@pytest.mark.parametrize("row", OUTWARD, ids=why)
def test_bounds_of_money_round_outward(row):
    assert formats.money(row[0], row[1]) == row[2]


@pytest.mark.parametrize("row", SHARES, ids=why)
def test_shares_round_outward(row):
    assert formats.share_range(row[0], row[1]) == row[2]


@pytest.mark.parametrize("row", PENCE, ids=why)
def test_pence_in_the_pound(row):
    assert formats.pence_between(row[0], row[1]) == row[2]


@pytest.mark.parametrize(
    ("given_", "written"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (22, "22nd"),
        (113, "113th"),
        (1001, "1,001st"),
    ],
)
def test_places(given_, written):
    assert formats.ordinal(given_) == written


def test_a_rank_is_a_range():
    assert formats.rank(7, 28) == "7th to 28th"
    assert formats.rank(3, 3) == "3rd"


def test_one_payment_is_exact():
    assert formats.exact(41_288_000) == "£412,880.00"
    assert formats.exact(-120_450) == "\u2212£1,204.50"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("2024-11-18", "18 November 2024"),
        ("", ""),
        (None, ""),
        ("NaT", ""),
        ("2024-11-18T00:00:00", "18 November 2024"),
        ("soon", "soon"),
    ],
)
def test_days(value, written):
    assert formats.day(value) == written


def test_years_and_months_for_people():
    assert formats.year("2023-24") == "2023–24"
    assert formats.year_words("2023-24") == "April 2023 to March 2024"
    assert formats.month("2023-11") == "November 2023"
    assert formats.month("undated") == "undated"


def test_published_text_keeps_its_letters_and_loses_what_turns_a_line_round():
    assert formats.published("Café \u202eevil\u200f\x00 Ltd") == "Café evil Ltd"
    assert formats.published("A" * 4000, 10) == "A" * 10 + "… (4,000 characters)"


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_the_sign_of_money_is_never_lost(pence):
    assert formats.money(pence).startswith("\u2212") == (pence < 0)


@given(st.floats(min_value=0, max_value=1), st.floats(min_value=0, max_value=1))
def test_the_parts_of_a_pound_are_a_pound(a, b):
    parts = formats.parts_of_pound(min(a, b), max(a, b))
    assert sum(parts) == 100
    assert min(parts) >= 0
