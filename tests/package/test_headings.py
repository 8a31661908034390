"""The map from published headings to our fields."""

import pandas as pd

from dagster_project.model.lines import FileReading, TableReading
from dagster_project.package import heading_rows, headings_frame


def table(headings, columns, months, unmapped=(), kind="payments"):
    return TableReading(
        1, headings=headings, columns=columns, unmapped=list(unmapped), dataset_kind=kind, month=months,
        row_class=["payment"] * (len(months) - 1) + ["total"],
    )  # fmt: skip


def rows(file, *tables, status="read"):
    reading = FileReading("a.csv", status, tables=list(tables))
    return heading_rows(reading, "northbeck", file, lambda text: text.replace("secret", "[masked]"))


def test_each_column_is_listed_whether_it_is_read_or_not():
    april = rows(
        "f1",
        table(
            ["Supplier  Name", "Net\nAmount", "Colour secret"], {"payee": 0, "amount": 1}, ["2023-04", "2023-05", ""]
        ),
    )
    july = rows("f2", table(["Supplier Name", "Net Amount", ""], {"payee": 0, "amount": 1, "date": 2}, ["2023-07", ""]))
    found = headings_frame([*april, *july]).drop(columns=["publisher", "dataset_kind"]).to_dict("split")["data"]
    assert found == [
        [1, "Net Amount", "amount", 2, 3, "2023-04", "2023-07"],
        [2, "", "date", 1, 1, "2023-07", "2023-07"],
        [3, "Supplier Name", "payee", 2, 3, "2023-04", "2023-07"],
        [4, "Colour [masked]", "", 1, 2, "2023-04", "2023-05"],
    ]


def test_a_column_without_heading_that_nobody_knew_is_listed_too():
    found = headings_frame(rows("f1", table(["Payee"], {"payee": 0}, ["", ""], unmapped=[1])))
    assert found[["heading", "field", "first_month"]].to_numpy().tolist() == [["Payee", "payee", ""], ["", "", ""]]


def test_files_that_were_not_read_have_no_headings():
    assert rows("f1", table(["Payee"], {"payee": 0}, [""]), status="refused") == []
    assert len(headings_frame([])) == 0


def test_every_package_has_the_map(sample_build):
    found = pd.read_csv(sample_build / "packages" / "all" / "headings.csv", dtype="str", keep_default_na=False)
    read = pd.read_csv(sample_build / "packages" / "all" / "files.csv", dtype="str", keep_default_na=False)
    assert set(found["publisher"]) == set(read.loc[read["status"] == "read", "publisher"])
    assert {"payee", "amount", "date"} <= set(found["field"])
    assert (found["field"] == "").any(), "headings that nobody knew are listed with an empty field"
    assert len(found) == len(found[["publisher", "ordinal"]].drop_duplicates())
