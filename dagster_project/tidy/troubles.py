"""Problems of one table, as rows: a code, where, what was found, what we did."""

from __future__ import annotations

from dagster_project.model.lines import TableReading
from dagster_project.model.problems import Problem
from dagster_project.tidy.grids import Grid
from dagster_project.tidy.lines import Columns, LineReader
from dagster_project.tidy.tables import Span


def table_problems(grid: Grid, span: Span, reader: LineReader, columns: Columns, table: TableReading) -> list[Problem]:
    """The problems of a table."""
    return []
