"""Spark as an engine of what crosses publishers, for who needs more than one machine; `pip install local-pound[spark]`."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Self

import pandas as pd
import pyarrow as pa
from sqlglot import exp

from dagster_project.stages.dialect import for_spark, spark_sql
from dagster_project.stages.engine import NoSpark

#: What Spark must be told so that it means what DuckDB means: no wrapped numbers, no local clock, one name per column.
MEANING = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.decimalOperations.allowPrecisionLoss": "true",
    # A UNION over checkpoints fails with "key not found" in Spark 4.3 where it reasons about what they hold.
    "spark.sql.constraintPropagation.enabled": "false",
}
#: On this machine, where nobody said otherwise: no website, no address but its own, few parts.
HERE = {
    "spark.master": "local[*]",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "8",
}


class Rows:
    """What a query found; nothing is fetched before it is asked for."""

    def __init__(self, frame: Any, columns: Sequence[int] | None = None) -> None:
        self._frame = frame
        self._columns = columns

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Every row, as a tuple."""
        rows = [tuple(row) for row in self._frame.collect()]
        return rows if self._columns is None else [tuple(row[at] for at in self._columns) for row in rows]

    @property
    def description(self) -> list[tuple[str, str]]:
        """A tuple a column: name and type."""
        return [(name, kind) for name, kind in self._frame.dtypes]

    def df(self) -> pd.DataFrame:
        """Every row, as a frame."""
        frame: pd.DataFrame = self._frame.toArrow().to_pandas()
        return frame


class Spark:
    """
    A Spark session that answers named SQL; see `measure.engine`.

    Tables are Spark's own checkpoints, so that what several queries read is worked out once: in the memory and on the
    disks of the executors, or below `spark.checkpoint.dir` where that is set, which outlives an executor.
    """

    #: Spark cuts work itself.
    payments_at_once = 2**62

    def __init__(self, session: Any) -> None:
        self._session = session

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Forget every table; the session stays for who asks next."""
        for name in [row["tableName"] for row in self._session.sql("SHOW TABLES").collect()]:
            self.unregister(name)

    def stop(self) -> None:
        """End the session, and the Java that it runs on."""
        self._session.stop()

    def execute(self, query: str) -> Rows:
        """
        Run one statement or several; the rows of the last.

        Raises:
            sqlglot.errors.SqlglotError: the text cannot be said to Spark.
        """
        rows = Rows(None)
        for statement in for_spark(query):
            rows = self._run(statement)
        return rows

    def _run(self, statement: exp.Expr) -> Rows:
        if isinstance(statement, exp.Show):
            return Rows(self._session.sql("SHOW TABLES").select("tableName"))
        if isinstance(statement, exp.Describe):
            return Rows(self._session.sql(spark_sql(statement)), columns=(0, 1))
        if isinstance(statement, exp.Drop):
            for table in statement.find_all(exp.Table):
                self.unregister(table.name)
            return Rows(None)
        if isinstance(statement, exp.Create):
            self._create(statement)
            return Rows(None)
        return Rows(self._session.sql(spark_sql(statement)))

    def _create(self, statement: exp.Create) -> None:
        name, query = statement.this.name, spark_sql(statement.expression)
        if statement.kind == "VIEW":
            self._session.sql(f"CREATE OR REPLACE TEMPORARY VIEW {name} AS {query}")
            return
        found = self._session.sql(query)
        is_kept_apart = self._session.sparkContext.getCheckpointDir() is not None
        kept = found.checkpoint() if is_kept_apart else found.localCheckpoint()
        kept.createOrReplaceTempView(name)

    def register(self, name: str, table: Any) -> None:
        """Make an Arrow table or a frame a table of the engine."""
        if isinstance(table, pd.DataFrame):
            table = pa.Table.from_pandas(table, preserve_index=False)
        self._session.createDataFrame(table).createOrReplaceTempView(name)

    def unregister(self, name: str) -> None:
        """Forget a table or view; Spark clears away what it held of it."""
        self._session.catalog.dropTempView(name)

    def read(self, name: str, addresses: Sequence[str]) -> None:
        """Make Parquet files of one layout one view, read by the cluster where they lie."""
        self._session.read.parquet(*addresses).createOrReplaceTempView(name)


def session(settings: dict[str, str] | None = None) -> Spark:
    """
    The session of this process; made by Spark's own settings (`spark-submit`, `spark-defaults.conf`) where there are any.

    Args:
        settings: Of Spark, by name, before its own.

    Raises:
        ImportError: the extra is not installed.
        NoSpark: there is no Java.
    """
    from pyspark import SparkConf
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    # All that it is given here is Arrow's.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    conf = SparkConf()
    conf.setAll(list((settings or {}).items()))
    if conf.get("spark.master", "local").startswith("local"):
        for name, value in HERE.items():
            conf.setIfMissing(name, value)
    conf.setAll(list(MEANING.items()))
    try:
        made = SparkSession.builder.config(conf=conf).getOrCreate()
    except PySparkException as error:
        raise NoSpark("Spark did not start. It needs Java 17 or newer; `java -version` says which there is.") from error
    made.sparkContext.setLogLevel("ERROR")
    return Spark(made)
