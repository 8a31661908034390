"""The calendar of a body: which months are served, replaced, withdrawn, late and missing, in signs and in words."""

import pandas as pd
import pytest

from dagster_project.portal import calendars
from dagster_project.portal.calendars import SIGNS

COVERAGE = pd.DataFrame(
    [("2024-04", 10, ""), ("2024-05", 1, "Payments May.csv"), ("2024-07", 5, ""), ("undated", 2, "")],
    columns=["month", "rows", "replaced"],
)


def cells(**more):
    found = calendars.calendar(COVERAGE, is_known_complete=False, **more)
    months = [f"2024-{month:02d}" for month in range(4, 13)] + [f"2025-{month:02d}" for month in range(1, 4)]
    return found, dict(zip(months, found["years"][0][1], strict=True))


@pytest.mark.parametrize(
    ("month", "state", "said"),
    [
        ("2024-04", "served gone", "April 2024: 10 payments; its file is no longer listed"),
        ("2024-05", "served again", "May 2024: 1 payment; published again"),
        ("2024-06", "gap", "June 2024: no file"),
        ("2024-07", "served", "July 2024: 5 payments"),
        ("2024-08", "gap", "August 2024: no file"),
        ("2024-09", "late", "September 2024: due, and not found"),
        ("2024-10", "outside", "October 2024: outside these files"),
    ],
)
def test_every_month_is_said_in_words(month, state, said):
    _, by_month = cells(late=["2024-09", "2024-07"], gone=["2024-04"])
    assert by_month[month] == (state, said)


def test_only_signs_that_are_there_are_explained():
    found, _ = cells(late=["2024-09"], gone=["2024-04"])
    assert found["signs"] == [SIGNS["again"], SIGNS["gone"], SIGNS["late"]]
    assert (found["gaps"], found["late"]) == (["June 2024", "August 2024"], ["September 2024"])
    plain, by_month = cells()
    assert plain["signs"] == [SIGNS["again"]]
    assert by_month["2024-09"][0] == "outside"
