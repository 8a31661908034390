"""Packages of single years over all publishers, where the one for all is too large to take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dagster_project.flow import Summary
from dagster_project.package import (
    ParquetJoiner,
    Written,
    added,
    arrow_table,
    changes,
    csv_bytes,
    files_in,
    headings_frame,
    split_by_year,
    year_of,
)
from dagster_project.stages.landing import land, write_tables
from dagster_project.stages.unpacked import writing_csv
from dagster_project.store import HashingWriter, Store

#: Tables of figures that are divided by their period.
OF_A_YEAR = ("figures", "league_tables", "breakdowns", "cluster_figures", "breaks")
#: From what was written, rows of `files`, and a year: the descriptor.
Describe = Callable[[Sequence[Written], pd.DataFrame, str], dict[str, Any]]


class YearOfPayments:
    """The payments of one year as they come in, publisher by publisher."""

    def __init__(self, csv: HashingWriter, parquet: HashingWriter, schema: Any) -> None:
        self.csv, self.parquet, self.schema = csv, parquet, schema
        self._joiner = ParquetJoiner(parquet)
        self.files: set[tuple[str, str]] = set()
        self.changes: list[Any] = []
        self.rows = 0

    def add(self, publisher: str, part: pa.Table) -> None:
        """Add the payments of a publisher in this year."""
        data = csv_bytes(part, self.schema)
        self.csv.write(data if not self.rows else data[data.index(b"\r\n") + 2 :])
        self._joiner.add(part)
        self.rows += part.num_rows
        self.files |= {(publisher, file) for file in part.column("file_id").unique().to_pylist()}
        self.changes = added([*self.changes, *changes(part, self.schema)])

    def close(self) -> None:
        """Finish the Parquet file."""
        self._joiner.close()

    def written(self) -> list[Written]:
        """Both files; after `close`."""
        return [
            Written("payments", f"payments.{format_}", format_, out.size, out.sha256, self.rows)
            for format_, out in (("csv", self.csv), ("parquet", self.parquet))
        ]


def payments_by_year(
    store: Store, publishers: Sequence[str], folder: str, schema: Any, zip_only: Sequence[str] = ()
) -> dict[str, YearOfPayments]:
    """Write the payments of each year, in one pass over those of each publisher."""
    years: dict[str, YearOfPayments] = {}
    with ExitStack() as open_files:
        for publisher, payments in _tables(store, publishers, "payments"):
            for year, part in split_by_year(payments).items():
                if year not in years:
                    csv = open_files.enter_context(writing_csv(store, f"{folder}/{year}", "payments", zip_only))
                    parquet = open_files.enter_context(store.writing(f"{folder}/{year}/payments.parquet"))
                    years[year] = YearOfPayments(csv, parquet, schema)
                years[year].add(publisher, part)
        for written in years.values():
            written.close()
    return dict(sorted(years.items()))


def write_years(
    store: Store, folder: str, publishers: Sequence[str], files: pd.DataFrame, headings: Mapping[str, Sequence[Any]],
    frames: Mapping[str, pd.DataFrame], schemas: Mapping[str, Any], describe: Describe,
    zip_only: Sequence[str] = (),
) -> dict[str, Summary]:  # fmt: skip
    """
    Write a package of each financial year.

    Args:
        folder: Of the package for all.
        files: Rows of `files` of all publishers.
        headings: Publisher to the headings of each of its files.
        frames: `publishers` and those of `OF_A_YEAR` of the package for all.
        describe: Gives the descriptor of a year, from what was written, its rows of `files`, and its name.
        zip_only: Patterns of files that only ZIP files hold.

    Returns:
        Year to the files of its package and its manifest.
    """
    done: dict[str, Summary] = {}
    for year, payments in payments_by_year(store, publishers, folder, schemas["payments"], zip_only).items():
        own = files_in(files, year, payments.files)
        ids = {publisher: set(group["file_id"]) for publisher, group in own.groupby("publisher")}
        map_of = [headings_frame(row for row in headings[p] if row["file_id"] in ids.get(p, ())) for p in publishers]
        tables = {
            "files": arrow_table(own, schemas["files"]),
            "problems": pa.concat_tables(
                table.filter(pc.is_in(table["file_id"], pa.array(sorted(ids.get(publisher, ())), pa.string())))
                for publisher, table in _tables(store, publishers, "problems")
            ),
            "coverage": pa.concat_tables(
                table.filter(pa.array([year_of(month) == year for month in table["month"].to_pylist()], pa.bool_()))
                for _, table in _tables(store, publishers, "coverage")
            ),
            "headings": arrow_table(pd.concat(map_of, ignore_index=True), schemas["headings"]),
            "publishers": arrow_table(frames["publishers"], schemas["publishers"]),
            **{name: arrow_table(frames[name][frames[name]["period"] == year], schemas[name])
               for name in OF_A_YEAR},
        }  # fmt: skip
        more, changed = write_tables(store, f"{folder}/{year}", tables, schemas, zip_only)
        written = [*payments.written(), *more]
        entry = land(
            store, f"{folder}/{year}", describe(written, own, year), [*payments.changes, *changed], zip_only=zip_only
        )
        done[year] = {"written": [vars(file) for file in written], "package": entry, "zip_only": zip_only}
    return done


def _tables(store: Store, publishers: Sequence[str], name: str) -> Iterator[tuple[str, pa.Table]]:
    """A table of each publisher's package."""
    for publisher in publishers:
        yield publisher, pq.read_table(pa.BufferReader(store.read(f"packages/{publisher}/{name}.parquet")))
