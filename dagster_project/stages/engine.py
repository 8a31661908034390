"""DuckDB over tables of the store: the engine of what crosses publishers."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pandas as pd

from dagster_project.store import Store


def connect() -> duckdb.DuckDBPyConnection:
    """An engine without files of its own, whose answers do not depend on the number of threads."""
    return duckdb.connect(config={"preserve_insertion_order": "true"})


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def view(engine: duckdb.DuckDBPyConnection, store: Store, name: str, keys: Sequence[str]) -> None:
    """Make some Parquet tables of one layout one view of the engine: in place from a folder, read over from elsewhere."""
    if store.is_local:
        paths = ", ".join(quoted(store.path(key)) for key in keys)
        engine.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet([{paths}])")
    else:
        engine.register(name, pd.concat([store.read_frame(key) for key in keys], ignore_index=True))
