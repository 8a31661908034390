"""What the package of one publisher is made of, whether it comes from a build's tables or anew from the archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pyarrow as pa

from dagster_project.package import arrow_table, files_in, headings_frame, months_in, tell_missing

#: Tables that every package holds, in its order.
TABLES = ("payments", "files", "problems", "coverage", "headings")


@dataclass(frozen=True)
class Parts:
    """
    The tables of one publisher's package, or of one year of it.

    Attributes:
        payments: In the published form.
        headings: A row per file, table and column, as `package.heading_rows` gives them.
    """

    publisher: str
    payments: pa.Table
    files: pd.DataFrame
    problems: Sequence[Mapping[str, Any]]
    coverage: pd.DataFrame
    headings: Sequence[dict[str, Any]]

    def tables(self, schemas: Mapping[str, Any]) -> dict[str, pa.Table]:
        """All of them in the published form."""
        problems = pd.DataFrame(self.problems, columns=[field.name for field in schemas["problems"].fields])
        frames = {
            "files": self.files, "problems": problems, "coverage": self.coverage,
            "headings": headings_frame(self.headings),
        }  # fmt: skip
        return {"payments": self.payments} | {name: arrow_table(frame, schemas[name]) for name, frame in frames.items()}

    def of_year(self, year: str, payments: pa.Table) -> Parts:
        """Those of a year, from its payments."""
        serving = ((self.publisher, file) for file in payments.column("file_id").unique().to_pylist())
        files = files_in(self.files, year, serving)
        kept = set(files["file_id"])
        return replace(
            self, payments=payments, files=files, coverage=months_in(self.coverage, year),
            problems=[row for row in self.problems if row["file_id"] in kept],
            headings=[row for row in self.headings if row["file_id"] in kept],
        )  # fmt: skip


def with_line_ids(frame: pd.DataFrame) -> pd.DataFrame:
    """Payments with the id of the published line that serves each."""
    lines = frame["file_id"] + ":" + frame["table"].astype("str") + ":" + frame["record"].astype("str")
    return frame.assign(line_id=lines)


def published(frame: pd.DataFrame, schema: Any) -> pa.Table:
    """Payments between rooms as the table that is published."""
    return arrow_table(tell_missing(with_line_ids(frame), schema), schema)


def with_counts(files: pd.DataFrame, served: Mapping[str, int]) -> pd.DataFrame:
    """
    Rows of `files` with how many of its lines each serves.

    Args:
        served: `file_id` to payments.
    """
    own = files["status"] != "duplicate"
    counts = [served.get(file, 0) if mine else 0 for file, mine in zip(files["file_id"], own, strict=True)]
    return files.assign(rows_counted=counts)
