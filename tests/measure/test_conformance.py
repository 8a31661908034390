"""Tiny cases of every named query, answered by DuckDB and by Spark to the last digit; see `worlds.py`."""

import shutil
import subprocess

import duckdb
import pyarrow as pa
import pytest

from tests.measure.worlds import answers, cases, differences

CASES = cases()
#: Few rows: what counts is the time until the first is there.
SMALL = {
    "spark.master": "local[1]",
    "spark.driver.memory": "1g",
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
#: One Spark for all; it warns of pandas 3, of which it is given nothing.
pytestmark = [pytest.mark.xdist_group("spark"), pytest.mark.filterwarnings("ignore:PySpark does not yet fully support")]


@pytest.fixture(scope="module")
def by_duckdb():
    with duckdb.connect() as engine:
        return answers(engine)


@pytest.fixture(scope="module")
def spark():
    if not shutil.which("java") or subprocess.run(["java", "-version"], capture_output=True, check=False).returncode:
        pytest.skip("there is no Java here, which Spark runs on: install a Java of version 17 or newer")
    pytest.importorskip(
        "pyspark", reason="Spark is not installed here: make .venv/.ready-spark, or pip install '.[spark]'"
    )
    from dagster_project.stages.spark import session

    with session(SMALL) as engine:
        yield engine
    engine.stop()


@pytest.fixture(scope="module")
def by_spark(spark):
    return answers(spark)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_duckdb_answers_as_a_case_says(case, by_duckdb):
    assert not list(differences(case, by_duckdb))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_spark_answers_as_a_case_says(case, by_spark):
    assert not list(differences(case, by_spark))


def test_both_answer_alike_in_every_column_of_every_table(by_duckdb, by_spark):
    assert by_spark.keys() == by_duckdb.keys()
    for table, rows in by_duckdb.items():
        assert by_spark[table] == rows, table


def test_tables_are_made_named_described_and_dropped_alike(spark):
    said = []
    for engine in (spark, duckdb.connect()):
        engine.register("given", pa.table({"name": ["a", "b"], "pence": [1, 2]}))
        engine.execute(
            "CREATE OR REPLACE TABLE made AS SELECT name, pence FROM given; CREATE OR REPLACE VIEW seen AS SELECT * FROM made"
        )
        engine.execute("CREATE OR REPLACE TABLE made AS SELECT name, pence + 1 AS pence FROM made")
        engine.unregister("given")
        engine.execute("DROP TABLE IF EXISTS given")
        names = {name for (name,) in engine.execute("SHOW TABLES").fetchall()} & {"given", "made", "seen"}
        columns = [column for column, *_ in engine.execute("DESCRIBE seen").fetchall()]
        said.append((names, columns, engine.execute("SELECT name, pence FROM seen ORDER BY name").fetchall()))
    assert said[0] == said[1] == ({"made", "seen"}, ["name", "pence"], [("a", 2), ("b", 3)])


def test_letters_and_spaces_are_folded_alike(spark):
    signs = [
        chr(code) for code in range(1, 0x3000) if code != 0x1C89
    ]  # a Cyrillic letter of 2024, that few tables know
    sql = "SELECT sign, lower(trim(sign)) AS folded, lower('Α' || sign) AS after FROM signs ORDER BY sign"
    found = []
    for engine in (spark, duckdb.connect()):
        engine.register("signs", pa.table({"sign": signs}))
        found.append(engine.execute(sql).fetchall())
    assert found[0] == found[1]


def test_every_answer_has_five_cases_or_more():
    asked = ["facts", "gaps practices deprived factors price_years", "years file_years month_years layout_years paid",
             "visit_files", "visit_months", "visit_changes", "payee_years", "concentration", "shares", "weighted_n1 weighted_n2 weighted_s4 weighted_s1",
             "words_of_payments services parts payments_of_parts", "suppliers supplier_names supplier_payments_by_body"]  # fmt: skip
    for tables in asked:
        of_these = [case for case in CASES if {table for table, _ in case.then} & set(tables.split())]
        assert len(of_these) >= 5, tables


def test_a_wrong_row_is_named(by_duckdb):
    (case,) = [case for case in CASES if "turns without" in case.name]
    broken = {**by_duckdb, "year_ends": []}
    assert [said for said in differences(case, broken) if "1999-00" in said]
