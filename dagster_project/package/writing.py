"""Tables as files that anybody can open: CSV (RFC 4180) and Parquet, the same rows, the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dagster_project.package.missing import TELLING, with_marks

#: Rows in a row group, small enough for range reads.
ROW_GROUP = 100_000
#: What makes a spreadsheet run a cell; an apostrophe too, so that taking one off gives the text back.
_RISKY = "^[=+\\-@\\t\\r']"
END = "\r\n"

_ARROW = {
    "string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "date": pa.date32(),
}  # fmt: skip


def arrow_type(field: Any) -> pa.DataType:
    """
    The Parquet type of a column: exact decimals for pounds.

    Places in a table may be missing, and a missing whole number reaches frictionless as NaN, which it calls an error; so
    they are decimals without decimals.
    """
    if field.is_money:
        return pa.decimal128(18, 2)
    return pa.decimal128(9, 0) if field.unit == "places" else _ARROW[field.type]


def pounds_column(pence: pd.Series) -> pd.Series:
    """Whole pence as exact text of pounds with two decimals."""
    size = pence.abs()
    sign = pd.Series("", index=pence.index, dtype="str").mask(pence < 0, "-")
    return sign + (size // 100).astype("str") + "." + (size % 100).astype("str").str.zfill(2)


def arrow_table(frame: pd.DataFrame, schema: Any) -> pa.Table:
    """
    A frame of ours as an Arrow table in the published form.

    Args:
        frame: Money in `<name>_pence`, missing text as `""`.

    Returns:
        The schema's columns in order; missing values are null.
    """
    columns = []
    for field in schema.fields:
        values = frame[field.inside_name]
        if field.is_money:
            columns.append(pa.array(pounds_column(values), pa.string()).cast(pa.decimal128(18, 2)))
        elif field.type in ("string", "date"):
            text = pa.array(values.astype("str").where(values.astype("str") != ""), pa.string(), from_pandas=True)
            columns.append(text.cast(pa.date32()) if field.type == "date" else text)
        else:
            columns.append(pa.array(values, _ARROW[field.type], from_pandas=True).cast(arrow_type(field)))
    fields = [pa.field(field.name, arrow_type(field)) for field in schema.fields]
    return pa.table(columns, schema=pa.schema(fields))


def parquet_bytes(table: pa.Table) -> bytes:
    """A table as Parquet: zstd, fixed row groups."""
    out = io.BytesIO()
    pq.write_table(table.combine_chunks(), out, compression="zstd", row_group_size=ROW_GROUP)
    return out.getvalue()


class CsvLines:
    """
    A table as lines of CSV, of which any run of rows can be had as a file: UTF-8, CRLF, a header, quotes where needed.

    Cells that a spreadsheet would run are made harmless. A cell without a value is empty, or holds the mark that says why
    (`package.missing`). Each line is made once, for all rows together.
    """

    def __init__(self, table: pa.Table, schema: Any) -> None:
        names = [field.name for field in schema.fields]
        cells = {field.name: _cells(table.column(field.name), field) for field in schema.fields}
        if TELLING & set(names):
            told = with_marks({name: pd.Series(cells[name].to_pandas(), dtype="str") for name in names}, schema)
            cells = {name: pa.array(told[name], pa.large_string(), from_pandas=True) for name in names}
        self._header = (",".join(names) + END).encode()
        joined = pc.binary_join_element_wise(
            *(_quoted(cells[name]) for name in names), _text(","), null_handling="replace", null_replacement=""
        )
        lines = pc.binary_join_element_wise(joined, _text(""), _text(END))
        lines = lines.combine_chunks() if isinstance(lines, pa.ChunkedArray) else lines
        _, offsets, self._data = lines.buffers()
        self._offsets = memoryview(offsets).cast("q") if len(lines) else (0,)
        self.rows = len(lines)

    def of(self, start: int = 0, stop: int | None = None) -> bytes:
        """Rows from one to before another as a file."""
        first, last = self._offsets[start], self._offsets[self.rows if stop is None else stop]
        return self._header + (self._data[first:last].to_pybytes() if last > first else b"")


def _text(value: str) -> pa.Scalar:
    return pa.scalar(value, pa.large_string())


def _cells(column: pa.ChunkedArray, field: Any) -> pa.ChunkedArray:
    """A column as text; null where there is no value."""
    if pa.types.is_floating(column.type):
        known = pc.dictionary_encode(column).combine_chunks()
        said = pa.array([repr(value) for value in known.dictionary.to_pylist()], pa.large_string())
        return pa.chunked_array([said.take(known.indices)])
    text = column.cast(pa.string()).cast(pa.large_string())
    if field.type != "string":
        return text
    risky = pc.match_substring_regex(text, _RISKY)
    return (
        pc.if_else(risky, pc.binary_join_element_wise(_text("'"), text, _text("")), text)
        if pc.any(risky).as_py()
        else text
    )


def _quoted(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """Cells with quotes round those that need them (RFC 4180)."""
    needs = pc.match_substring_regex(text, '[",\r\n]')
    if not pc.any(needs).as_py():
        return text
    doubled = pc.replace_substring(text, '"', '""')
    return pc.if_else(needs, pc.binary_join_element_wise(_text('"'), doubled, _text('"'), _text("")), text)


def csv_bytes(table: pa.Table, schema: Any) -> bytes:
    """A table as a CSV file; see `CsvLines`."""
    return CsvLines(table, schema).of()


def joined_csv(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Several CSV files of one table as one: the header once, then the rows of each."""
    for number, part in enumerate(parts):
        yield part if number == 0 else part[part.index(b"\r\n") + 2 :]


class ParquetJoiner:
    """
    Several tables of one layout as one Parquet file, in full row groups, the same bytes however they are cut.

    Args:
        sink: A path or an open file.
    """

    def __init__(self, sink: Any) -> None:
        self._sink = sink
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []
        self.rows = 0

    def add(self, part: pa.Table) -> None:
        """Add the rows of a table."""
        self._writer = self._writer or pq.ParquetWriter(self._sink, part.schema, compression="zstd")
        self._waiting.append(part)
        while sum(table.num_rows for table in self._waiting) >= ROW_GROUP:
            whole = pa.concat_tables(self._waiting)
            self._write(whole.slice(0, ROW_GROUP))
            self._waiting = [whole.slice(ROW_GROUP)]

    def _write(self, table: pa.Table) -> None:
        if self._writer:
            # Pages end where chunks do: in one chunk, the bytes do not tell how the rows came.
            self._writer.write_table(table.combine_chunks(), row_group_size=ROW_GROUP)
            self.rows += table.num_rows

    def close(self) -> int:
        """Write what is left; the number of rows of the file."""
        if self._writer:
            rest = pa.concat_tables(self._waiting)
            if rest.num_rows or not self.rows:
                self._write(rest)
            self._writer.close()
        return self.rows


def joined_parquet(parts: Iterable[pa.Table], sink: Any) -> int:
    """
    Several tables of one layout as one Parquet file, in full row groups.

    Args:
        sink: A path or an open file.

    Returns:
        The number of rows.
    """
    joiner = ParquetJoiner(sink)
    for part in parts:
        joiner.add(part)
    return joiner.close()
