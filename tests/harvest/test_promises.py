"""A link's promise is held against the file; what the file holds counts, the difference is a problem row."""

import pytest

from dagster_project.stages.promises import broken_promises

READ = {"status": "read", "first_month": "2024-05", "last_month": "2024-05", "dataset_kinds": "payments"}


@pytest.mark.parametrize(
    ("archived", "codes"),
    [
        ({}, []),
        ({"period": "", "dataset": "", "unsure": []}, []),
        ({"period": "2024-05", "dataset": "payments"}, []),
        ({"period": "2024-25-Q1"}, []),
        ({"period": "2024-25"}, []),
        ({"period": "2024-04"}, ["period-differs"]),
        ({"period": "2023-24-Q4"}, ["period-differs"]),
        ({"dataset": "cards"}, ["kind-differs"]),
        ({"unsure": ["The link says 2024-05, the file name says 2024-06."]}, ["link-disagrees"]),
    ],
)
def test_promises(archived, codes):
    assert [problem.code for problem in broken_promises(archived, READ)] == codes


def test_a_file_that_was_not_read_breaks_no_promise():
    assert broken_promises({"period": "2024-04"}, {"status": "not_a_table"}) == []
