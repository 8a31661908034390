"""Engines over tables of the store: DuckDB, and for what crosses publishers another one where a setting says so."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import pandas as pd

from dagster_project.store import Store

#: The setting that says which engine works out figures, and what it may say.
SETTING, ENGINES = "LOCAL_POUND_ENGINE", ("duckdb", "spark")
#: What the engine of figures holds in memory; without a bound it takes what there is.
MEMORY = "2GB"


class NoSpark(Exception):
    """Spark was asked for and is not there; the message says what to install."""


def connect() -> duckdb.DuckDBPyConnection:
    """An engine without files of its own, whose answers do not depend on the number of threads."""
    return duckdb.connect(config={"preserve_insertion_order": "true"})


@contextmanager
def bounded() -> Iterator[duckdb.DuckDBPyConnection]:
    """The same engine over the payments of all bodies, which may be larger than memory: what is too much goes to a disk."""
    with tempfile.TemporaryDirectory() as folder:
        config: dict[str, Any] = {
            "preserve_insertion_order": "true", "memory_limit": MEMORY, "temp_directory": folder
        }  # fmt: skip
        # tables in a file can leave the memory, those of an engine without one cannot
        with duckdb.connect(f"{folder}/wide.duckdb", config=config) as engine:
            yield engine


def connect_wide(connect_duckdb: Callable[[], Any] = bounded) -> Any:
    """
    The engine of what crosses publishers, a `measure.engine.Engine` to be used in a `with`.

    Args:
        connect_duckdb: How DuckDB is connected to, unless `LOCAL_POUND_ENGINE` says `spark`.

    Raises:
        ValueError: the setting names another.
        NoSpark: Spark is not installed, or has no Java.
    """
    chosen = os.environ.get(SETTING) or "duckdb"
    if chosen not in ENGINES:
        raise ValueError(f"{SETTING} is '{chosen}'. It can be {' or '.join(ENGINES)}.")
    if chosen == "duckdb":
        return connect_duckdb()
    try:
        from dagster_project.stages.spark import session

        return session()
    except ImportError as error:
        raise NoSpark(f"{SETTING} is spark, and {error.name} is not here: pip install 'local-pound[spark]'") from error


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def view(engine: Any, store: Store, name: str, keys: Sequence[str]) -> None:
    """Make some Parquet tables of one layout one view of the engine: in place where it can, else read over."""
    if not isinstance(engine, duckdb.DuckDBPyConnection):
        within = f"file://{os.path.abspath(store.path(''))}" if store.is_local else store.url.rstrip("/")
        engine.read(name, [f"{within}/{key}" for key in keys])
    elif store.is_local:
        paths = ", ".join(quoted(store.path(key)) for key in keys)
        engine.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet([{paths}])")
    else:
        engine.register(name, pd.concat([store.read_frame(key) for key in keys], ignore_index=True))
