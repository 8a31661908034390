"""Which engine works out figures is one setting."""

import subprocess
import sys

import duckdb
import pytest

from dagster_project.stages.engine import SETTING, NoSpark, connect_wide
from tests.conftest import HOUSE, QUIET


def test_duckdb_unless_it_is_said(monkeypatch):
    monkeypatch.delenv(SETTING, raising=False)
    with connect_wide() as engine:
        assert isinstance(engine, duckdb.DuckDBPyConnection)


def test_an_engine_that_there_is_not_is_refused_with_those_that_there_are(monkeypatch):
    monkeypatch.setenv(SETTING, "postgres")
    with pytest.raises(ValueError, match=r"LOCAL_POUND_ENGINE is 'postgres'\. It can be duckdb or spark\."):
        connect_wide()


def test_spark_that_is_not_installed_is_said_with_what_to_install(monkeypatch):
    monkeypatch.setenv(SETTING, "spark")
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(NoSpark, match=r"pip install 'local-pound\[spark\]'"):
        connect_wide()


def test_a_java_that_is_not_there_is_said(tmp_path):
    """In a process of its own: one that has a Spark already needs no Java again."""
    pytest.importorskip("pyspark", reason="Spark is not installed here")
    told = {name: value for name, value in QUIET.items() if name != "JAVA_HOME"}
    done = subprocess.run(
        [sys.executable, "-c", "from dagster_project.stages.engine import connect_wide; connect_wide()"],
        cwd=HOUSE, env=told | {SETTING: "spark", "PATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "NoSpark: " in done.stderr
    assert "It needs Java 17 or newer" in done.stderr
