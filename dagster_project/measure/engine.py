"""What the queries ask of an engine: DuckDB's own connection gives it, and `stages.spark.Spark` does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import pandas as pd


class Answer(Protocol):
    """Rows that an engine found, as Python's DB-API gives them."""

    @property
    def description(self) -> Any:
        """A tuple a column, its name first."""
        ...

    def fetchall(self) -> Sequence[Any]:
        """Every row, as a tuple."""
        ...

    def df(self) -> pd.DataFrame:
        """Every row, as a frame."""
        ...


class Engine(Protocol):
    """
    Answers named SQL, written once in DuckDB's dialect with what both engines mean alike.

    Which functions and clauses these are, `tests/measure/test_portable.py` says and holds every text to.
    """

    def execute(self, query: str) -> Answer:
        """Run one statement or several; the rows of the last."""
        ...

    def register(self, name: str, table: Any) -> Any:
        """Make an Arrow table or a frame a table of the engine."""
        ...

    def unregister(self, name: str) -> Any:
        """Forget a table that was registered."""
        ...


def at_once(engine: Engine, otherwise: int) -> int:
    """Payments whose payees an engine looks at together; one that spreads its work over machines takes all."""
    return int(getattr(engine, "payments_at_once", otherwise))
