"""Published lines of several files become payments, each counted once."""

from dagster_project.ledger.counting import Counted, count_once
from dagster_project.ledger.published import LINE_COLUMNS, empty_lines, file_row, keel, lines_frame, problem_rows

__all__ = ["LINE_COLUMNS", "Counted", "count_once", "empty_lines", "file_row", "keel", "lines_frame", "problem_rows"]
