"""Which part of a version moves, and what a changelog says, from two packages alone."""

import json
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dagster_project.stages.comparing import NothingToCompare, changelog, compare

PAYMENTS = [
    ("a1", "northbeck", "Acme", "10.00"),
    ("a2", "northbeck", "Beck", "20.00"),
    ("b1", "eastmoor", "Cole", "5.00"),
]
FIELDS = {"payment_id": "string", "publisher": "string", "payee": "string", "amount": "number"}


def package(folder, rows=PAYMENTS, fields=FIELDS, version="1.0.0", more=()):
    folder.mkdir()
    tables = [("payments", fields), *more]
    resources = [
        {"name": name, "format": "csv", "schema": {"fields": [{"name": n, "type": t} for n, t in those.items()]}}
        for name, those in tables
    ]
    (folder / "datapackage.json").write_text(json.dumps({"version": version, "resources": resources}))
    ids, bodies, payees, amounts = zip(*rows, strict=True)
    money = pa.array([Decimal(amount) for amount in amounts], pa.decimal128(18, 2))
    pq.write_table(
        pa.table({"payment_id": ids, "publisher": bodies, "payee": payees, "amount": money}),
        folder / "payments.parquet",
    )
    return folder


def compared(tmp_path, **new):
    return compare(package(tmp_path / "old"), package(tmp_path / "new", **new))


def test_the_same_is_nothing(tmp_path):
    found = compared(tmp_path)
    assert (found.part, found.moved, found.is_told) == ("none", (), True)
    assert "No payment was added" in changelog(found)


@pytest.mark.parametrize(
    ("new", "part"),
    [
        ({"rows": [*PAYMENTS, ("c1", "eastmoor", "Dale", "7.50")]}, "minor"),
        ({"rows": PAYMENTS[1:]}, "patch"),
        ({"rows": [("a1", "northbeck", "ACME", "10.00"), *PAYMENTS[1:]]}, "patch"),
        ({"fields": FIELDS | {"date": "date"}}, "minor"),
        ({"more": [("files", {"name": "string"})]}, "minor"),
        ({"fields": FIELDS | {"amount": "string"}}, "major"),
        ({"fields": {name: kind for name, kind in FIELDS.items() if name != "payee"}}, "major"),
    ],
)
def test_the_part_of_the_version_that_must_move(tmp_path, new, part):
    found = compared(tmp_path, **new)
    assert found.part == part
    assert not found.is_told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("1.2.3", "2.0.0", True),
        ("1.2.3", "1.3.0", False),
        ("0.2.0", "0.3.0", True),
        ("0.2.0", "0.2.1", False),
        ("1.9.0", "1.10.0", False),
    ],
)
def test_a_breaking_change_must_be_told_by_the_version(tmp_path, old, new, told):
    before = package(tmp_path / "old", version=old)
    after = package(
        tmp_path / "new", version=new, fields={name: kind for name, kind in FIELDS.items() if name != "payee"}
    )
    assert compare(before, after).is_told is told


def test_the_changelog_counts_rows_and_pounds_of_each_body(tmp_path):
    said = changelog(
        compared(
            tmp_path, rows=[("a1", "northbeck", "ACME", "10.00"), *PAYMENTS[2:], ("c1", "eastmoor", "Dale", "7.50")]
        )
    )
    assert "| eastmoor | 1 | 7.50 | 0 | 0.00 | 0 |" in said
    assert "| northbeck | 0 | 0.00 | 1 | 20.00 | 1 |" in said


def test_a_folder_without_a_package_is_named(tmp_path):
    with pytest.raises(NothingToCompare, match=r"holds no data package"):
        compare(tmp_path, tmp_path)
