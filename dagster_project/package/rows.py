"""Rows of a table against its Table Schema: one query accepts what is right beyond doubt, the rest is judged cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from dagster_project.package.judging import FALSE, TRUE, Column


@dataclass(frozen=True, order=True)
class RowError:
    """
    Something wrong with a row.

    Attributes:
        row: Number of the record in the file; the headings are record 1, and Parquet is counted alike.
        field: The column, `""` where the row as a whole is meant.
        kind: As frictionless names it: `type-error`, `constraint-error`, `primary-key`, `foreign-key`, `blank-row`,
            `extra-cell`, `missing-cell`, or of the headings `incorrect-label`, `missing-label`, `extra-label`.
        constraint: Which constraint, of a `constraint-error`.
    """

    row: int
    field: str
    kind: str
    constraint: str = ""


class Table:
    """
    A Table Schema, ready to check a relation.

    Attributes:
        columns, key: Its columns, and those of the primary key.
        rows: How many rows were checked last.

    Args:
        schema: The descriptor, as it is published.

    Raises:
        ValueError: it asks for what is not checked here.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        marks = schema.get("missingValues", [""])
        self.columns = [Column(field, marks) for field in schema["fields"]]
        by_name = {column.name: column for column in self.columns}
        self.key = [by_name[name] for name in schema.get("primaryKey", [])]
        self.rows = 0

    @classmethod
    def of(cls, columns: list[Column], key: list[Column]) -> Table:
        """A table of some columns."""
        made = cls({"fields": []})
        made.columns, made.key = columns, key
        return made

    def errors(self, engine: duckdb.DuckDBPyConnection, relation: str) -> list[RowError]:
        """
        What is wrong with the rows of a relation.

        Args:
            relation: SQL of the relation, e.g. `read_parquet('…')` or the name of a registered table, with the schema's
                columns; text columns are read as cells of a CSV file are.
        """
        types = {row[0]: row[1] for row in engine.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()}
        if absent := [column.name for column in self.columns if column.name not in types]:
            return [RowError(1, name, "missing-label") for name in absent]
        plain = [
            _plain(column, types[column.name]) for column in self.columns if _may_be_wrong(column, types[column.name])
        ]
        if not any(column.required for column in self.columns):  # else a row without any value is wrong already
            plain.append(" OR ".join(f"NOT ({_is_missing(column, types[column.name])})" for column in self.columns))
        good = " AND ".join(f"coalesce({condition}, false)" for condition in plain)
        keys = [_key(column, types[column.name]) for column in self.key]
        unkeyed = " AND ".join(f"({key}) IS NULL" for key in keys) or "false"
        unique = f"count(DISTINCT ({', '.join(keys)},)) FILTER (WHERE NOT ({unkeyed}))" if keys else "count(*)"
        rows, bad, distinct = engine.execute(
            f"SELECT count(*), count(*) FILTER (WHERE NOT ({good})), {unique} FROM {relation}"
        ).fetchone() or (0, 0, 0)
        self.rows = rows
        if not bad and rows == distinct:
            return []
        return sorted(self._one_by_one(engine, relation, good, keys))

    def _one_by_one(
        self, engine: duckdb.DuckDBPyConnection, relation: str, good: str, keys: Sequence[str]
    ) -> Iterator[RowError]:
        """Errors of the rows that are not right beyond doubt, and of keys that may stand twice."""
        cells, texts = (
            ", ".join(f"CAST({quoted(column.name)} AS VARCHAR)" for column in columns)
            for columns in (self.columns, self.key)
        )
        whole = ", ".join(f"coalesce(CAST({key} AS VARCHAR), '')" for key in keys)
        engine.execute(
            f"CREATE OR REPLACE TEMP TABLE __rows AS SELECT row_number() OVER () + 1 AS __row, [{whole}]::VARCHAR[] AS k, "
            f"[{texts}]::VARCHAR[] AS texts, CASE WHEN {good} THEN NULL ELSE [{cells}] END AS cells FROM {relation}"
        )
        for row, found in engine.execute(
            "SELECT __row, cells FROM __rows WHERE cells IS NOT NULL ORDER BY __row"
        ).fetchall():
            yield from self.judge(row, found)
        if self.key:
            twice = "SELECT k FROM __rows GROUP BY k HAVING count(*) > 1"
            if not all(column.type == "string" for column in self.key):
                twice = "SELECT k FROM __rows"  # what looks different may be the same: 7 and 07
            yield from self.repeated(
                engine.execute(
                    f"SELECT __row, texts FROM __rows WHERE k IN ({twice}) OR array_to_string(k, '') = '' "
                    "ORDER BY __row"
                ).fetchall()
            )

    def judge(self, row: int, texts: Sequence[str | None]) -> list[RowError]:
        """What is wrong with one row by itself."""
        if all(text is None or text in column.missing for column, text in zip(self.columns, texts, strict=True)):
            return [RowError(row, "", "blank-row")]
        return [
            RowError(row, column.name, kind, constraint)
            for column, text in zip(self.columns, texts, strict=True)
            for kind, constraint in column.judge(text)
        ]

    def repeated(self, rows: Iterable[tuple[int, Sequence[str | None]]]) -> list[RowError]:
        """Rows whose key stands in a row before, or holds no value at all."""
        seen: set[tuple[Any, ...]] = set()
        wrong = []
        for row, texts in rows:
            key = tuple(column.read(text) for column, text in zip(self.key, texts, strict=True))
            if key in seen or not any(value is not None for value in key):
                wrong.append(RowError(row, "", "primary-key"))
            seen.add(key)
        return wrong


def quoted(name: str) -> str:
    """A column's name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text in SQL."""
    return "'" + value.replace("'", "''") + "'"


def _is_missing(column: Column, kind: str) -> str:
    if kind != "VARCHAR":
        return f"{quoted(column.name)} IS NULL"
    marks = ", ".join(map(text, column.missing))
    return f"({quoted(column.name)} IS NULL OR {quoted(column.name)} IN ({marks}))" if marks else "false"


def _may_be_wrong(column: Column, kind: str) -> bool:
    """Whether a cell of a column can be wrong at all: any text is right where nothing is asked of it."""
    return column.required or bool(column.constraints) or column.type != "string" or kind != "VARCHAR"


def _plain(column: Column, kind: str) -> str:
    """SQL that is true only of cells that are right beyond doubt; the others are judged one by one."""
    missing = _is_missing(column, kind)
    good = " AND ".join([_reads(column, kind), *(_holds(column, kind, name) for name in column.constraints)])
    return f"(NOT {missing} AND {good})" if column.required else f"({missing} OR ({good}))"


def _reads(column: Column, kind: str) -> str:
    name = quoted(column.name)
    if kind != "VARCHAR":
        fits = {
            "integer": ("BIGINT", "INTEGER", "SMALLINT", "TINYINT"), "number": ("DECIMAL", "BIGINT", "INTEGER"),
            "boolean": ("BOOLEAN",), "date": ("DATE",),
        }.get(column.type, ())  # fmt: skip
        if kind in ("DOUBLE", "FLOAT") and column.type == "number":
            return f"NOT isnan({name})"
        return str(kind.startswith(fits)).lower() if fits else "false"
    whole = "0|-?[1-9][0-9]{0,17}"
    return {
        "string": "true",
        "integer": f"regexp_full_match({name}, '{whole}')",
        "number": f"regexp_full_match({name}, '-?[0-9]{{1,18}}([.][0-9]{{1,18}})?')",
        "boolean": f"{name} IN ({', '.join(map(text, TRUE + FALSE))})",
        "date": f"regexp_full_match({name}, '[1-9][0-9]{{3}}-[0-9]{{2}}-[0-9]{{2}}') AND TRY_CAST({name} AS DATE) IS NOT NULL",
    }[column.type]


def _holds(column: Column, kind: str, constraint: str) -> str:
    name, bound = quoted(column.name), column.constraints[constraint]
    if constraint in ("minimum", "maximum") and column.type in ("integer", "number"):
        sign = ">=" if constraint == "minimum" else "<="
        number = f"TRY_CAST({name} AS DECIMAL(38, 18))" if kind == "VARCHAR" else name
        return f"{number} {sign} {bound}"
    if constraint == "pattern" and kind == "VARCHAR":
        return f"regexp_full_match({name}, {text(bound)})"
    if constraint == "enum" and column.type == "string":
        return f"{name} IN ({', '.join(map(text, bound))})"
    return "false"


def _key(column: Column, kind: str) -> str:
    """What two rows must share to have the same key: equal values are equal here, whatever they look like."""
    name = quoted(column.name)
    value = {
        "integer": f"TRY_CAST({name} AS BIGINT)", "number": f"TRY_CAST({name} AS DOUBLE)", "date": f"TRY_CAST({name} AS DATE)",
        "boolean": f"({name} IN ({', '.join(map(text, TRUE))}))",
    }.get(column.type, name)  # fmt: skip
    return f"CASE WHEN {_is_missing(column, kind)} THEN NULL ELSE {value if kind == 'VARCHAR' else name} END"
