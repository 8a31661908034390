"""Which period a name or a text speaks of: invented texts in the forms that published names have."""

import pytest

from dagster_project.harvest.calendar import contradict, due, months_in, period_of

SAID = {
    "Expenditure exceeding £500 April 2023": "2023-04",
    "Over £500 Credit Notes - May 2024.xlsx": "2024-05",
    "Download January 2026 P Card data (CSV)": "2026-01",
    "Expenditure Over £250 (2026 02)": "2026-02",
    "expenditure_april_2526": "",
    "Expenditure April 25/26": "2025-04",
    "Expenditure January 25/26": "2026-01",
    "aprilpaymentsdata2013v01": "2013-04",
    "payments-october-23": "2023-10",
    "spend__25k_May24": "2024-05",
    "Transparency__25k_JUL24": "2024-07",
    "201904": "2019-04",
    "09_2012_v11": "2012-09",
    "spending_2017_7": "2017-07",
    "Qtr 2 July 25 to September 25 spend over £500": "2025-26-Q2",
    "Quarter 3 October 2025 – December 2025": "2025-26-Q3",
    "Q1 2017-2018": "2017-18-Q1",
    "Supplier Spend 201920 Q1": "2019-20-Q1",
    "Card Transactions 2122 Quarter 4": "2021-22-Q4",
    "julysep2010": "2010-11-Q2",
    "April to June 2024": "2024-25-Q1",
    "January to March 2024": "2023-24-Q4",
    "April 2023 to March 2024": "2023-24",
    "1 April 2019 to 31 March 2020": "2019-20",
    "1st April 2022 - 30th June 2022": "2022-23-Q1",
    "01 April 2018 to 30 April 2018": "2018-04",
    "1 April 2019 to 31 March 2021": "",
    "Financial year 2024 to 2025": "2024-25",
    "Spend 2023/24": "2023-24",
    "Spend over £2,000": "",
    "Payments over 500": "",
    "Q1 2024": "",
    "July to November 2022": "",
    "January and April 2024": "",
    "This may not be complete": "",
    "662910653b0122a378a7e619": "",
    "Taliadau Gorffennaf 2023": "2023-07",
    "payments%20over%20%C2%A3500%20june%202021": "2021-06",
}


@pytest.mark.parametrize("text", SAID)
def test_periods_are_read_and_never_guessed(text):
    assert period_of(text) == SAID[text]


@pytest.mark.parametrize(
    ("text", "within", "period"),
    [("April", "2023-24", "2023-04"), ("January", "2023-24", "2024-01"), ("January spend", "2026", "2026-01"), ("Quarter 2", "2023-24", "2023-24-Q2"), ("Quarter 2", "2023", "")],
)  # fmt: skip
def test_a_heading_lends_its_year(text, within, period):
    assert period_of(text, within) == period


def test_periods_contradict_only_where_both_are_known_and_share_no_month():
    assert contradict("2024-04", "2024-05")
    assert not contradict("2024-04", "2024-25-Q1")
    assert not contradict("", "2024-05")
    assert months_in("2023-24-Q4") == ["2024-01", "2024-02", "2024-03"]
    assert str(due("2023-24-Q4", 31)) == "2024-05-01"
