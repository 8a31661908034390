"""Packages: exact, the same each time, and refused when they break their own schema."""

import csv
import io
import json
from decimal import Decimal
from itertools import pairwise

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from frictionless import Package
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.declare.schemas import Field, TableSchema
from dagster_project.model.ids import sha256
from dagster_project.package import (
    CsvLines,
    Written,
    arrow_table,
    check_package,
    check_rows,
    csv_bytes,
    describe_package,
    files_in,
    joined_csv,
    joined_parquet,
    months_in,
    parquet_bytes,
)


def schema_of(*fields, key="id"):
    return TableSchema(
        name="things", title="Things", description="Some.", grain="thing", primary_key=(key,),
        fields=tuple(Field(title=f["name"], description="x", **f) for f in fields),
    )  # fmt: skip


THINGS = schema_of(
    {"name": "id", "type": "string", "required": True, "pattern": "[a-z]+"},
    {"name": "payee", "type": "string"},
    {"name": "amount", "type": "number", "unit": "pounds", "required": True},
    {"name": "kind", "type": "string", "enum": ("a", "b")},
    {"name": "date", "type": "date"},
    {"name": "lines", "type": "integer", "minimum": "1"},
    {"name": "is_redacted", "type": "boolean", "required": True},
    {"name": "low", "type": "number", "unit": "share"},
)

TEXTS = schema_of({"name": "one", "type": "string"}, {"name": "two", "type": "string"}, key="one")


def frame_of(*rows):
    columns = ["id", "payee", "amount_pence", "kind", "date", "lines", "is_redacted", "low"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype(
        {"id": "str", "payee": "str", "amount_pence": "int64", "kind": "str", "date": "str", "low": "float64"}
    )


GOOD = frame_of(
    ("a", "Acme, Ltd", 120450, "a", "2023-06-14", 1, False, 0.1),
    ("b", "=HYPERLINK(1)", -5, "", "", 2, True, None),
    ("c", "'quoted", 10**17, "b", "2023-06-15", 3, False, 1.0),
)


def rows_of(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def test_money_is_exact_and_formulas_are_harmless():
    rows = rows_of(csv_bytes(arrow_table(GOOD, THINGS), THINGS))
    assert [row["amount"] for row in rows] == ["1204.50", "-0.05", "1000000000000000.00"]
    assert [row["payee"] for row in rows] == ["Acme, Ltd", "'=HYPERLINK(1)", "''quoted"]
    assert [row["low"] for row in rows] == ["0.1", "", "1.0"]
    assert rows[1]["date"] == rows[1]["kind"] == ""


def test_parquet_holds_exact_decimals_and_nulls():
    table = pq.read_table(pa.BufferReader(parquet_bytes(arrow_table(GOOD, THINGS))))
    assert table.schema.field("amount").type == pa.decimal128(18, 2)
    assert table.column("amount").to_pylist()[1] == Decimal("-0.05")
    assert table.column("payee").to_pylist()[1] == "=HYPERLINK(1)"
    assert table.column("kind").to_pylist()[1] is None


@given(st.text(max_size=30))
def test_taking_one_apostrophe_off_gives_the_text_as_published(text):
    text = text.replace("\x00", "").replace("\ud800", "")
    frame = frame_of(("a", text, 1, "a", "", 1, False, 0.0))
    (row,) = rows_of(csv_bytes(arrow_table(frame, THINGS), THINGS))
    said = row["payee"]
    assert (said.removeprefix("'")) == text


def test_the_same_rows_are_the_same_bytes():
    one, two = (arrow_table(GOOD, THINGS) for _ in range(2))
    assert parquet_bytes(one) == parquet_bytes(two)
    assert csv_bytes(one, THINGS) == csv_bytes(two, THINGS)


def test_joining_is_the_same_as_writing_at_once():
    whole, parts = arrow_table(GOOD, THINGS), [arrow_table(GOOD.iloc[i : i + 1], THINGS) for i in range(3)]
    assert b"".join(joined_csv(csv_bytes(part, THINGS) for part in parts)) == csv_bytes(whole, THINGS)
    out = io.BytesIO()
    assert joined_parquet(iter(parts), out) == 3
    assert pq.read_table(pa.BufferReader(out.getvalue())).equals(whole)


@pytest.mark.parametrize("cuts", [(), (1, 70_000), (99_999, 150_001), (130_000,)], ids=str)
def test_joined_bytes_do_not_tell_how_the_rows_came(cuts):
    rows = 210_000
    number = pd.Series(range(rows))
    whole = arrow_table(
        pd.DataFrame({
            "id": "a" + number.astype("str").str.zfill(60), "payee": "Payee " + (number % 977).astype("str"), "amount_pence": number * 7,
            "kind": "a", "date": "2023-06-14", "lines": number % 5, "is_redacted": number % 11 == 0, "low": number / rows,
        }), THINGS,
    )  # fmt: skip
    at = [0, *cuts, rows]
    parts = [whole.slice(a, b - a) for a, b in pairwise(at)]
    outs = []
    for pieces in ([whole], parts, [pa.concat_tables(parts)]):
        out = io.BytesIO()
        joined_parquet(iter(pieces), out)
        outs.append(sha256(out.getvalue()))
    assert len(set(outs)) == 1


def test_a_year_of_no_rows_has_its_columns_all_the_same():
    files = pd.DataFrame(columns=["publisher", "file_id", "first_month", "last_month", "name"])
    assert [*files_in(files, "2023-24", []).columns] == [*files.columns]
    assert [*months_in(pd.DataFrame(columns=["month", "rows"]), "2023-24").columns] == ["month", "rows"]


def broken(frame):
    with duckdb.connect() as engine:
        engine.register("things", arrow_table(frame, THINGS))
        return check_rows(engine, "things", THINGS)


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("id", "A1", "pattern"),
        ("id", "", "required"),
        ("id", "b", "unique"),
        ("kind", "c", "enum"),
        ("lines", 0, "minimum"),
    ],
)
def test_each_broken_constraint_is_named(column, value, says):
    frame = GOOD.copy()
    frame.loc[0, column] = value
    assert says in "; ".join(broken(frame))
    assert broken(GOOD) == []


CELL = {
    "id": st.sampled_from(["a", "b", "c", "A1", ""]),
    "kind": st.sampled_from(["a", "b", "c", ""]),
    "lines": st.integers(-1, 2),
    "amount_pence": st.integers(-10, 10),
}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.fixed_dictionaries(CELL), min_size=1, max_size=4))
def test_our_checker_and_frictionless_give_the_same_verdict(tmp_path_factory, cells):
    rows = [(c["id"], "x", c["amount_pence"], c["kind"], "", c["lines"], False, 0.5) for c in cells]
    folder = tmp_path_factory.mktemp("package")
    assert bool(broken(frame_of(*rows))) == bool(check_package(written(folder, frame_of(*rows)), rows=None))


def written(folder, frame):
    table = arrow_table(frame, THINGS)
    files = []
    for form, data in (("csv", csv_bytes(table, THINGS)), ("parquet", parquet_bytes(table))):
        (folder / f"things.{form}").write_bytes(data)
        files.append(Written("things", f"things.{form}", form, len(data), sha256(data), table.num_rows))
    descriptor = describe_package("things", "Things", "Some.", files, {"things": THINGS}, [{"title": "x"}], "", "0.1.0")
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    return folder / "datapackage.json"


def test_frictionless_reads_both_forms_alike(tmp_path):
    path = written(tmp_path, GOOD)
    assert check_package(path, rows=None) == []
    package = Package(str(path))
    both = [[row["amount"] for row in package.get_resource(name).read_rows()] for name in ("things", "things-parquet")]
    assert both[0] == both[1] == [Decimal("1204.50"), Decimal("-0.05"), Decimal("1000000000000000.00")]


def test_a_file_that_was_changed_afterwards_is_found(tmp_path):
    path = written(tmp_path, GOOD)
    data = (tmp_path / "things.csv").read_bytes()
    (tmp_path / "things.csv").write_bytes(data.replace(b"1204.50", b"1204.51"))
    assert any("hash" in said for said in check_package(path, rows=None))


def test_a_clock_never_reaches_a_descriptor(tmp_path):
    assert "created" not in json.loads(written(tmp_path, GOOD).read_text())


@given(
    st.lists(
        st.tuples(st.text(alphabet="a,\"'\r\n=+-@\té"), st.one_of(st.none(), st.text(alphabet='a,"\n', max_size=3))),
        min_size=1, max_size=8,
    ),
    st.data(),
)  # fmt: skip
def test_any_run_of_rows_is_the_file_that_these_rows_make(cells, data):
    """What Python's own writer makes of the same cells, formula-like ones made harmless."""
    table = pa.table(
        {"one": pa.array([a for a, _ in cells], pa.string()), "two": pa.array([b for _, b in cells], pa.string())}
    )
    start = data.draw(st.integers(0, len(cells)))
    stop = data.draw(st.integers(start, len(cells)))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["one", "two"])
    for row in cells[start:stop]:
        writer.writerow([f"'{cell}" if cell and cell[0] in "=+-@\t\r'" else cell or "" for cell in row])
    assert CsvLines(table, TEXTS).of(start, stop).decode() == out.getvalue()
