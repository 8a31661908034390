"""Each payment once: equal lines of one file are several payments, of two files of the same month one."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.ledger import LINE_COLUMNS, count_once, empty_lines
from dagster_project.ledger.revisions import Source, edition, speaker

DAY = "2023-04-{:02d}"


def lines_of(**files):
    """Lines of some files: each is a list of (day, payee, pence[, reference])."""
    frames = []
    for name, rows in files.items():
        for number, row in enumerate(rows):
            day, payee, pence, *reference = row
            line = dict.fromkeys(LINE_COLUMNS, "")
            line |= {
                "table": 1, "record": number + 2, "dataset_kind": "payments", "is_redacted": False, "pence": pence,
                "date": DAY.format(day), "month": "2023-04", "payee": payee, "reference": "".join(reference),
                "file_id": name,
            }  # fmt: skip
            frames.append(line)
    lines = pd.DataFrame(frames) if frames else empty_lines().assign(file_id="")
    names = pd.DataFrame({"file_id": list(files), "name": [f"{name}.csv" for name in files], "retrieved": ""})
    return lines, names


def counted(**files):
    return count_once("northbeck", *lines_of(**files))


A = [(1, "Acme", 100), (1, "Acme", 100), (2, "Beech", 500)]


def test_equal_lines_of_one_file_are_several_payments():
    payments = counted(april=A).payments
    assert len(payments) == 3
    assert payments["payment_id"].is_unique


def test_the_same_month_in_two_files_is_counted_once():
    """The fuller file speaks, and what only the other had is shown."""
    many = [*A, *((day, "Fir", day) for day in range(10, 18))]
    result = counted(april=[*many, (9, "Withdrawn", 7)], quarter=[*many, (3, "Cedar", 900), (4, "Dale", 50)])
    assert set(result.payments["file_id"]) == {"quarter"}
    month = result.coverage.iloc[0]
    found = (month["rows"], month["replaced"], month["replaced_rows"], month["replaced_amount_pence"])
    assert found == (13, "april.csv", 1, 7)
    assert month["basis"] == "fuller file"


def test_files_that_share_nothing_are_parts_of_the_month():
    result = counted(adults=A, roads=[(5, "Cedar", 900), (6, "Dale", 50), (7, "Elm", 1)])
    assert len(result.payments) == 6
    assert result.coverage.iloc[0]["basis"] == "several files"


def test_a_line_in_two_parts_of_a_month_is_one_payment():
    other = [(2, "Beech", 500), (5, "Cedar", 900), (6, "Dale", 50), (7, "Elm", 1)]
    assert len(counted(adults=A, roads=other).payments) == 6


def test_case_and_spaces_do_not_make_another_payment():
    assert len(counted(csv=A, xlsx=[(d, f" {p.upper()} ", n) for d, p, n in A]).payments) == 3


def test_a_republished_month_keeps_its_ids():
    before, after = counted(april=A), counted(april=A[:1], again=A)
    assert list(before.payments["payment_id"]) == list(after.payments["payment_id"])


def test_nothing_in_nothing_out():
    result = count_once("northbeck", *lines_of())
    assert len(result.payments) == len(result.coverage) == 0
    assert "payment_id" in result.payments


def test_grants_and_contracts_are_no_payments():
    lines, names = lines_of(a=A)
    assert len(count_once("northbeck", lines.assign(dataset_kind="contracts"), names).payments) == 0


LINE = st.tuples(st.integers(1, 5), st.sampled_from(["Acme", "Beech", "Cedar"]), st.integers(-300, 300))


@settings(max_examples=60, deadline=None)
@given(st.lists(LINE, max_size=12), st.lists(LINE, max_size=12))
def test_laws(first, second):
    """Never more payments than lines; twice the same file is once; order of files does not matter."""
    once = counted(a=first).payments
    assert len(once) == len(first)
    assert int(once["amount_pence"].sum()) == sum(pence for _, _, pence in first)
    assert list(counted(a=first, b=first).payments["payment_id"]) == list(once["payment_id"])
    two = counted(a=first, b=second)
    turned = count_once("northbeck", *[x.iloc[::-1].reset_index(drop=True) for x in lines_of(a=first, b=second)])
    assert list(two.payments["payment_id"]) == list(turned.payments["payment_id"])
    assert max(len(first), len(second)) <= len(two.payments) <= len(first) + len(second)
    assert len(two.payments) == int(two.coverage["rows"].sum())


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Payments June v2 amended.csv", 1),
        ("Payments_June_v3.xlsx", 2),
        ("June (revised).csv", 1),
        ("Payments June.csv", 0),
        ("Vendor v1.csv", 0),
    ],
)
def test_names_say_whether_they_are_a_new_edition(name, says):
    assert edition(name) == says


def test_an_amended_file_speaks_though_it_is_shorter_but_a_list_of_corrections_does_not():
    full, amended = Source(1, "June.csv", "", 100), Source(2, "June amended.csv", "", 98)
    assert speaker([full, amended]) == amended
    assert speaker([full, Source(2, "June amended.csv", "", 3)]) == full
    assert speaker([full, Source(3, "June.xlsx", "2024-01-02", 99)]).number == 3
