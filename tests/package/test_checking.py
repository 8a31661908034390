"""The vectorised checker gives frictionless' verdict: row for row, column for column, error type for error type."""

import csv
import io
import re
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from frictionless import Package, Resource, system
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagster_project.declare.schemas import load_schemas
from dagster_project.package.checking import check_files, csv_errors, csv_relation, foreign_key_errors
from dagster_project.package.describing import RESOURCE_PROFILE, describe_schema
from dagster_project.package.judging import HOLDS, Column
from dagster_project.package.rows import RowError, Table
from tests.conftest import HOUSE

SCHEMAS = load_schemas(HOUSE / "datapackages" / "schemas")
DESCRIBED = {name: describe_schema(schema, list(SCHEMAS)) for name, schema in SCHEMAS.items()}
COMMA = {"csv": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "skipInitialSpace": False}}

#: Cells that engines read differently, by type; each constraint that a schema uses has cells here that break it.
ODD = {
    "string": ["", " ", "a", "A1", "a\n", "a\nb", "a\r\nb", "\n\n", 'say "x"', "'=1", "é", "2023-04", "2023-13", "undatedx",
               "2023-04x", "x-undated", "0" * 16, "E08000003", "e08000003", "f-0123456789ab", "NULL", "None", "nan", "1,5"],
    "integer": ["", "0", "-0", "1", "-1", "007", "+1", " 7 ", "1.0", "1_0", "1e3", "٣", "x", "9" * 19, "-" + "9" * 30, "NaN"],
    "number": ["", "0", "0.00", "-0.5", ".5", "5.", "1e3", "1E-7", "inf", "-inf", "NaN", " 2 ", "1,5", "1_0.5", "£5", "٣.٥",
               "0.1234567890123456789", "1" * 30, "-1", "1", "7.0"],
    "boolean": ["", "true", "false", "True", "FALSE", "1", "0", "yes", " true", "t"],
    "date": ["", "2023-06-14", "2023-6-1", "2023-02-30", "0000-01-01", "0001-01-01", "01/02/2023", "2023-06-14 ", "20230614",
             "٢٠٢٣-01-01", "2023-06-14T00:00:00"],
}  # fmt: skip
BREAKS = {
    ("string", "required"): "", ("integer", "required"): "", ("number", "required"): "", ("boolean", "required"): "",
    ("date", "required"): "", ("string", "pattern"): "!", ("string", "enum"): "!", ("integer", "minimum"): "-1",
    ("number", "minimum"): "-1",
}  # fmt: skip
USED = sorted({(f["type"], name) for d in DESCRIBED.values() for f in d["fields"] for name in f.get("constraints", {})})


def marks_of(field, described):
    said = field.get("missingValues", described["missingValues"])
    return [mark["value"] if isinstance(mark, dict) else mark for mark in said]


def cells_of(field, described):
    """Right and wrong cells of a column, mostly right."""
    limits = field.get("constraints", {})
    good = {
        "string": st.sampled_from(["Acme Ltd", "x", "2023-24"]), "integer": st.integers(1, 99).map(str),
        "number": st.integers(100, 9999).map(lambda n: f"{n / 100:.2f}"), "boolean": st.sampled_from(["true", "false"]),
        "date": st.dates().map(str),
    }[field["type"]]  # fmt: skip
    if "pattern" in limits:
        good = st.from_regex(limits["pattern"], fullmatch=True)
    if "enum" in limits:
        good = st.sampled_from(limits["enum"])
    odd = st.sampled_from(ODD[field["type"]] + marks_of(field, described)) | st.text(max_size=4)
    return st.one_of(good, good, good, odd.map(lambda cell: cell.replace("\x00", "").encode(errors="ignore").decode()))


@st.composite
def tables(draw, described):
    """Headings and records; some repeated, now and then one that is too short, too long, or empty."""
    cells = [cells_of(field, described) for field in described["fields"]]
    records = draw(st.lists(st.tuples(*cells).map(list), max_size=5))
    records += [list(record) for record in draw(st.lists(st.sampled_from(records), max_size=2))] if records else []
    names = [field["name"] for field in described["fields"]]
    shape = draw(st.sampled_from(["right"] * 6 + ["short", "long", "empty", "blank", "renamed", "head short"]))
    if records and shape in ("short", "long", "empty", "blank"):
        record = records[draw(st.integers(0, len(records) - 1))]
        record[:] = {"short": record[:-1], "long": [*record, "x"], "empty": [], "blank": [""] * len(record)}[shape]
    if shape == "renamed":
        names[draw(st.integers(0, len(names) - 1))] = "renamed"
    return (names[:-1] if shape == "head short" else names), records


def written(path, names, records):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([names, *records])
    path.write_bytes(out.getvalue().encode())


def theirs(task):
    """Errors of frictionless in our words."""
    found = []
    for error in task.errors:
        named = re.match(r'constraint "(\w+)"', error.note)
        row = getattr(error, "row_number", 1)
        field = "" if error.type == "extra-label" else getattr(error, "field_name", "")
        found.append(RowError(row, field, error.type, named[1] if named else ""))
    return sorted(found)


def judged_by_both(folder, described, names, records):
    schema = {key: value for key, value in described.items() if key != "foreignKeys"}
    written(folder / "table.csv", names, records)
    with system.use_context(trusted=True):
        resource = {"$schema": RESOURCE_PROFILE, "name": "t", "path": str(folder / "table.csv"), "format": "csv", "encoding": "utf-8", "dialect": COMMA,
                    "schema": schema}  # fmt: skip
        (task,) = Resource.from_descriptor(resource).validate(limit_errors=10_000).tasks
    with duckdb.connect() as engine:
        return csv_errors(engine, folder / "table.csv", schema), theirs(task)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tables")


@pytest.mark.parametrize("name", sorted(DESCRIBED))
def test_the_same_verdict_as_frictionless(name, folder):
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(tables(DESCRIBED[name]))
    def check(table):
        ours, others = judged_by_both(folder, DESCRIBED[name], *table)
        assert ours == others

    check()


@pytest.mark.parametrize(("kind", "constraint"), USED)
def test_every_constraint_that_a_schema_uses_is_broken_here(kind, constraint, folder):
    """A new constraint in a schema fails until a cell that breaks it stands in `BREAKS`."""
    described = next(d for d in DESCRIBED.values() for f in d["fields"]
                     if f["type"] == kind and constraint in f.get("constraints", {}))  # fmt: skip
    assert (kind, constraint) in BREAKS, f"'{constraint}' of a {kind} column is used by a schema and not tested"
    places = [
        i for i, f in enumerate(described["fields"]) if f["type"] == kind and constraint in f.get("constraints", {})
    ]
    record = [f.get("example", "") for f in described["fields"]]
    for place in places:
        broken = [*record[:place], BREAKS[kind, constraint], *record[place + 1 :]]
        ours, others = judged_by_both(folder, described, [f["name"] for f in described["fields"]], [broken])
        assert ours == others
        assert RowError(2, described["fields"][place]["name"], "constraint-error", constraint) in ours


@pytest.mark.parametrize("kind", sorted(ODD))
@pytest.mark.parametrize("limits", [{}, {"minimum": 1}, {"maximum": 7}, {"required": True}], ids=str)
def test_odd_cells_one_by_one(kind, limits, folder):
    if kind in ("string", "boolean") and ("minimum" in limits or "maximum" in limits):
        pytest.skip("no bounds on texts")
    limits = {k: "2023-01-01" if kind == "date" and k != "required" else v for k, v in limits.items()}
    described = {"fields": [{"name": "id", "type": "string"}, {"name": "cell", "type": kind, "constraints": limits}],
                 "missingValues": ["", "NULL"]}  # fmt: skip
    ours, others = judged_by_both(folder, described, ["id", "cell"], [[str(i), c] for i, c in enumerate(ODD[kind])])
    assert ours == others


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(["1", "01", "+1", "2", "", "x"]), st.sampled_from(["true", "True", "0", ""])),
        max_size=6,
    )
)
def test_keys_are_equal_when_their_values_are(rows, folder):
    described = {"fields": [{"name": "n", "type": "integer"}, {"name": "b", "type": "boolean"}, {"name": "x", "type": "string"}],
                 "missingValues": [""], "primaryKey": ["n", "b"]}  # fmt: skip
    ours, others = judged_by_both(folder, described, ["n", "b", "x"], [[*row, "x"] for row in rows])
    assert ours == others


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from(["a", "b", "", "NULL"]), st.sampled_from(["a", "", "NULL"])), max_size=6)
)
def test_keys_of_text_may_miss_a_part(rows, folder):
    described = {
        "fields": [{"name": n, "type": "string"} for n in "abx"],
        "missingValues": ["", "NULL"],
        "primaryKey": ["a", "b"],
    }
    ours, others = judged_by_both(folder, described, ["a", "b", "x"], [[*row, "x"] for row in rows])
    assert ours == others


@settings(max_examples=25, deadline=None)
@given(
    left=st.lists(st.tuples(st.sampled_from(["a", "b", ""]), st.sampled_from(["1", "2", ""])), min_size=1, max_size=5),
    right=st.lists(
        st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["1", "2", ""])), min_size=1, max_size=3, unique=True
    ),
)
@pytest.mark.parametrize("columns", [["p", "f"], ["p"]], ids=["two columns", "one"])
def test_foreign_keys(columns, left, right, folder):
    key = {"fields": columns, "reference": {"resource": "right", "fields": columns}}
    fields = [{"name": name, "type": "string"} for name in ("id", "p", "f")]
    schema = {"fields": fields, "missingValues": [""], "primaryKey": ["id"]}
    resources = []
    for name, rows in (("left", left), ("right", right)):
        written(folder / f"{name}.csv", ["id", "p", "f"], [[str(i), *row] for i, row in enumerate(rows)])
        keys = {"foreignKeys": [key]} if name == "left" else {}
        resources.append(
            {"name": name, "path": f"{name}.csv", "format": "csv", "dialect": COMMA, "schema": schema | keys}
        )
    with system.use_context(trusted=True):
        report = Package.from_descriptor({"name": "p", "resources": resources}, basepath=str(folder)).validate()
    from dagster_project.package.checking import csv_relation

    with duckdb.connect() as engine:
        relations = [csv_relation(folder / f"{name}.csv", ["id", "p", "f"]) for name in ("left", "right")]
        ours = foreign_key_errors(engine, relations[0], columns, relations[1], columns)
    assert ours == theirs(report.tasks[0])


TYPED = {
    "fields": [
        {"name": "id", "type": "string", "constraints": {"required": True, "pattern": "[a-z]+"}},
        {"name": "kind", "type": "string", "constraints": {"enum": ["a", "b"]}},
        {"name": "lines", "type": "integer", "constraints": {"minimum": 1}},
        {"name": "share", "type": "number"},
        {"name": "is_redacted", "type": "boolean", "constraints": {"required": True}},
        {"name": "date", "type": "date", "constraints": {"required": True}},
    ],
    "missingValues": ["", "redacted"],
    "primaryKey": ["id"],
}  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.tuples(
    st.sampled_from(["a", "b", "c", "A1", "", None, "redacted"]), st.sampled_from(["a", "c", "", None]), st.integers(-1, 2),
    st.sampled_from([0.0, 0.5, 1e-9]), st.sampled_from([True, False, None]), st.sampled_from([*pd.date_range("2023", periods=2).date, None]),
), min_size=1, max_size=5))  # fmt: skip
def test_parquet_too(rows, folder):
    """Whole numbers that are missing are left out: frictionless calls these type errors in Parquet (D-007)."""
    frame = pd.DataFrame(rows, columns=[f["name"] for f in TYPED["fields"]])
    frame = frame.astype({"id": "str", "kind": "str", "lines": "int64", "is_redacted": "boolean"})
    path = folder / "table.parquet"
    import pyarrow as pa
    import pyarrow.parquet as pq

    fields = [("id", pa.string()), ("kind", pa.string()), ("lines", pa.int64()), ("share", pa.float64()),
              ("is_redacted", pa.bool_()), ("date", pa.date32())]  # fmt: skip
    pq.write_table(pa.Table.from_pandas(frame, pa.schema(fields), preserve_index=False), path)
    with system.use_context(trusted=True):
        (task,) = Resource.from_descriptor({"name": "t", "path": str(path), "schema": TYPED}).validate().tasks
    with duckdb.connect() as engine:
        assert Table(TYPED).errors(engine, f"read_parquet('{path}')") == theirs(task)


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ({"name": "x", "type": "geopoint"}, "type 'geopoint'"),
        ({"name": "x", "type": "number", "decimalChar": ","}, "decimalChar"),
        ({"name": "x", "type": "string", "constraints": {"unique": True}}, "'unique' is not checked"),
        ({"name": "x", "type": "string", "constraints": {"pattern": "a|b"}}, "put alternatives in brackets"),
        ({"name": "x", "type": "string", "constraints": {"pattern": "\\d+"}}, "say [0-9]"),
        ({"name": "x", "type": "string", "missingValues": ["-"]}, "an empty cell that is a value"),
    ],
)
def test_what_is_not_checked_is_refused(field, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        Column(field, [""])


def test_every_constraint_that_is_checked_is_one_of_the_standard():
    assert set(HOLDS) | {"required"} <= {"required", "unique", "pattern", "enum", "minimum", "maximum", "minLength", "maxLength",
                                         "exclusiveMinimum", "exclusiveMaximum"}  # fmt: skip


def test_a_file_with_rows_missing_is_found(sample_build, tmp_path):
    import shutil

    shutil.copytree(Path(sample_build) / "packages" / "kelderby", tmp_path / "kelderby")
    assert check_files(tmp_path / "kelderby" / "datapackage.json") == []
    path = tmp_path / "kelderby" / "coverage.csv"
    path.write_bytes(b"\r\n".join(path.read_bytes().split(b"\r\n")[:-2]) + b"\r\n")
    assert any("coverage.csv" in said and "row-count" in said for said in check_files(path.parent / "datapackage.json"))


def test_a_file_is_read_in_pieces_that_a_small_engine_may_hold(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(
        "id,text\r\n" + "".join(f"{at},{'x' * 990}\r\n" for at in range(20_000)), encoding="utf-8", newline=""
    )
    with duckdb.connect(
        config={"threads": 2, "memory_limit": "140MB", "temp_directory": str(tmp_path / "t")}
    ) as engine:
        query = f"SELECT count(*), count(DISTINCT id) FROM {csv_relation(path, ['id', 'text'])}"
        assert engine.execute(query).fetchall() == [(20_000, 20_000)]
