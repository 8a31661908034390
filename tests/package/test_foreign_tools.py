"""Tools that know nothing of us read both forms alike: types, what is missing, totals to the penny."""

import csv
import datetime as dt
import json
import re
import shutil
import subprocess
from decimal import Decimal

import duckdb
import frictionless
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dagster_project.declare.schemas import load_schemas
from dagster_project.stages.plan import DECLARED

SCHEMAS = load_schemas(DECLARED / "schemas")
BODIES = ["northbeck", "dunmere"]
TABLES = ["payments", "files", "problems", "coverage", "headings"]
#: What README tells readers of CSV files to give as missing.
MARKS = ["", "[name redacted]", "[masked]"]
KINDS = {"string": str, "integer": int, "number": (Decimal, float), "boolean": bool, "date": dt.date}


def cells(folder, table):
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def as_published(text):
    """A text of a CSV file without the apostrophe that keeps spreadsheets from running it."""
    return text.removeprefix("'") if isinstance(text, str) else text


@pytest.fixture(params=BODIES)
def folder(request, sample_build):
    return sample_build / "packages" / request.param


@pytest.mark.parametrize("table", TABLES)
def test_frictionless_reads_both_forms_alike(folder, table):
    package = frictionless.Package(str(folder / "datapackage.json"))
    from_csv, from_parquet = (package.get_resource(name).read_rows() for name in (table, f"{table}-parquet"))
    assert [{k: as_published(v) for k, v in row.items()} for row in from_csv] == [dict(row) for row in from_parquet]
    for field in SCHEMAS[table].fields:
        values = [row[field.name] for row in from_csv if row[field.name] is not None]
        assert all(isinstance(value, KINDS[field.type]) for value in values), field.name


@pytest.mark.parametrize("table", TABLES)
def test_duckdb_reads_both_forms_alike(folder, table):
    """Rows that stand in one form and not in the other: none, in either direction."""
    types = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}
    told = {f.name: "DECIMAL(18,2)" if f.is_money else types[f.type] for f in SCHEMAS[table].fields}
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in told.items())
    texts = [f.name for f in SCHEMAS[table].fields if f.type == "string"]
    plain = ", ".join(f"regexp_replace(\"{name}\", '^''', '') AS \"{name}\"" for name in texts)
    marks = ", ".join(f"'{mark}'" for mark in MARKS)
    from_csv = (
        f"SELECT * REPLACE ({plain}) FROM read_csv('{folder}/{table}.csv', header=true, nullstr=[{marks}], "
        f"columns={{{columns}}}, auto_detect=false, delim=',', quote='\"', escape='\"', new_line='\\r\\n')"
    )
    from_parquet = f"SELECT * FROM read_parquet('{folder}/{table}.parquet')"
    with duckdb.connect() as engine:
        for one, other in ((from_csv, from_parquet), (from_parquet, from_csv)):
            assert engine.execute(f"SELECT count(*) FROM ({one} EXCEPT ALL {other})").fetchone() == (0,)
        kinds = dict(engine.execute(f"SELECT column_name, column_type FROM (DESCRIBE {from_parquet})").fetchall())
        assert kinds == told


@pytest.mark.parametrize("table", TABLES)
def test_pandas_reads_both_forms_alike(folder, table):
    """As README says; what is missing in one is missing in the other."""
    from_csv = pd.read_csv(folder / f"{table}.csv", dtype="str", keep_default_na=False, na_values=MARKS)
    from_parquet = pd.read_parquet(folder / f"{table}.parquet")
    assert from_csv.isna().equals(from_parquet.isna())
    for field in SCHEMAS[table].fields:
        if field.is_money:
            assert from_csv[field.name].map(Decimal).tolist() == from_parquet[field.name].tolist()
        elif field.type == "string":
            texts = from_csv[field.name].fillna("").map(as_published)
            assert texts.tolist() == from_parquet[field.name].fillna("").tolist()


def test_totals_agree_to_the_penny_in_every_tool(folder):
    head, *rows = cells(folder, "payments")
    by_hand = sum(Decimal(row[head.index("amount")]) for row in rows)
    package = frictionless.Package(str(folder / "datapackage.json"))
    marks = ", ".join(f"'{mark}'" for mark in MARKS)
    with duckdb.connect() as engine:
        (from_parquet,) = engine.execute(f"SELECT sum(amount) FROM '{folder}/payments.parquet'").fetchone()
        (from_csv,) = engine.execute(
            f"SELECT sum(amount::DECIMAL(18,2)) FROM read_csv('{folder}/payments.csv', all_varchar=true, nullstr=[{marks}])"
        ).fetchone()
    said = {
        "duckdb, parquet": from_parquet, "duckdb, csv": from_csv,
        "frictionless, csv": sum(row["amount"] for row in package.get_resource("payments").read_rows()),
        "frictionless, parquet": sum(row["amount"] for row in package.get_resource("payments-parquet").read_rows()),
        "pandas, parquet": pd.read_parquet(folder / "payments.parquet")["amount"].sum(),
        "pandas, csv": pd.read_csv(folder / "payments.csv", dtype="str", keep_default_na=False)["amount"].map(Decimal).sum(),
        "months": sum(Decimal(row[4]) for row in cells(folder, "coverage")[1:]),
    }  # fmt: skip
    assert said == dict.fromkeys(said, by_hand)


def test_parquet_is_exact_packed_and_sized_for_range_reads(folder):
    file = pq.ParquetFile(folder / "payments.parquet")
    assert file.schema_arrow.field("amount").type == pa.decimal128(18, 2)
    assert file.schema_arrow.field("date").type == pa.date32()
    groups = [file.metadata.row_group(at) for at in range(file.metadata.num_row_groups)]
    assert {group.column(at).compression for group in groups for at in range(group.num_columns)} == {"ZSTD"}
    assert max(group.num_rows for group in groups) <= 100_000
    order = pq.read_table(folder / "payments.parquet", columns=["dataset_kind", "month", "date"]).to_pylist()
    keys = [(row["dataset_kind"], row["month"] or "undated", str(row["date"] or "")) for row in order]
    assert keys == sorted(keys)


def test_csv_is_what_the_standard_says(folder):
    data = (folder / "payments.csv").read_bytes()
    data.decode("utf-8", "strict")
    assert not data.startswith(b"\xef\xbb\xbf")
    rows = cells(folder, "payments")
    assert len({len(row) for row in rows}) == 1
    assert data.endswith(b"\r\n")
    assert b"\n" not in re.sub(rb'"(?:[^"]|"")*"', b"", data).replace(b"\r\n", b"")


# --- LibreOffice ---


@pytest.fixture(scope="session")
def office(tmp_path_factory):
    """Opens a CSV file in LibreOffice and saves what it then holds."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if not program:
        pytest.skip("no LibreOffice here: install Debian's package libreoffice-calc-nogui to run this")
    home = tmp_path_factory.mktemp("office")
    save = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"

    def opened(path, columns_as_text):
        out = tmp_path_factory.mktemp("opened")
        width = len(next(csv.reader(path.open(encoding="utf-8", newline=""))))
        columns = "/".join(f"{at}/2" for at in range(1, width + 1))
        told = [f"--infilter=CSV:44,34,76,1,{columns}"] if columns_as_text else []
        subprocess.run([program, f"-env:UserInstallation=file://{home}", "--headless", *told, "--convert-to", save,
                        "--outdir", str(out), str(path)], check=True, capture_output=True, timeout=300)  # fmt: skip
        return cells(out, path.stem)

    return opened


@pytest.mark.parametrize("table", TABLES)
def test_libreoffice_told_that_all_is_text_changes_no_cell(folder, office, table):
    assert office(folder / f"{table}.csv", columns_as_text=True) == cells(folder, table)


@pytest.mark.parametrize("table", TABLES)
def test_what_libreoffice_changes_by_default_stands_in_the_readme(folder, office, table):
    before, after = cells(folder, table), office(folder / f"{table}.csv", columns_as_text=False)
    changed = {
        name
        for was, now in zip(before[1:], after[1:], strict=True)
        for name, a, b in zip(before[0], was, now, strict=True)
        if a != b
    }
    readme = (folder / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(rf"^\| `{table}\.csv` \| `(\w+)` \|", readme, re.MULTILINE))
    assert changed <= listed
    assert changed or table not in ("payments", "coverage"), "pounds lose their last nought, so something must change"


# --- what lies in a package for people ---


def test_readme_and_dictionary_name_every_file_column_and_reason(folder):
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    readme = (folder / "README.md").read_text(encoding="utf-8")
    words = (folder / "DICTIONARY.md").read_text(encoding="utf-8")
    for resource in descriptor["resources"]:
        assert f"`{resource['path']}`" in readme
        for field in resource["schema"]["fields"]:
            assert f"| `{field['name']}` | **{field['title']}.**" in words
    for mark in MARKS[1:]:
        assert f"`{mark}`" in readme
    assert "apostrophe" in readme
    assert "Open Government Licence v3.0" in readme
