"""What the queries of the figures know besides the payments: tables that nobody gave are there, and empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from dagster_project.declare.measures import WITNESSED

HERE = Path(__file__).parent
#: Payments of which the payees are looked at together: they need some two gigabytes.
AT_ONCE = 5_000_000

#: Tables that a stage gives, and their columns where it gives none.
GIVEN = {
    "areas": "publisher VARCHAR, lad_code VARCHAR",
    "near": "publisher VARCHAR, lad_code VARCHAR",
    "regions": "publisher VARCHAR, region VARCHAR",
    "places": "lad_code VARCHAR, region VARCHAR",
    "files": "publisher VARCHAR, name VARCHAR, container VARCHAR, status VARCHAR, dataset_kinds VARCHAR, "
    "first_month VARCHAR, rows_published BIGINT, rows_rejected BIGINT, rows_counted BIGINT",
    "links": "publisher VARCHAR, supplier_id VARCHAR, confidence DOUBLE",
    "layouts": "publisher VARCHAR, file_id VARCHAR, first_month VARCHAR, heading VARCHAR",
    "sites_placed": "supplier_id VARCHAR, lad_code VARCHAR",
}
#: Columns of payments that a measure reads, what they are in a table without them.
PAID = {
    "payee": "''", "payee_class": "''", "supplier_id": "''", "payee_lad_code": "''", "payee_lad_source": "''",
    "payee_postcode": "''", "company_number": "''", "charity_number": "''", "vat_number": "''", "department": "''",
    "purpose": "''", "category": "''", "reference": "''", "is_redacted": "FALSE", "date": "NULL",
}  # fmt: skip


def query(name: str) -> str:
    """The text of a named SQL file of this room."""
    return (HERE / name).read_text(encoding="utf-8")


def know(engine: duckdb.DuckDBPyConnection) -> None:
    """
    Make every table that the queries read from what the engine holds.

    Needs `payments` and `classes`. Any of `GIVEN` and `declare.measures.WITNESSED` that is not there is made, empty.
    """
    there = {name for (name,) in engine.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    there |= {name for (name,) in engine.execute("SELECT view_name FROM duckdb_views()").fetchall()}
    for name, columns in GIVEN.items():
        if name not in there:
            engine.execute(f"CREATE TABLE {name} ({columns})")
    for name, fields in WITNESSED.items():
        if name not in there:
            said = ", ".join(f'"{"supplier_id" if field == "number" else field}" VARCHAR' for field in fields)
            engine.execute(f"CREATE TABLE {name} ({said})")
    engine.execute(paid_view(engine))
    engine.execute(query("knowing.sql"))
    engine.execute(f"CREATE OR REPLACE TABLE facts AS {query('facts.sql')}")


def groups_of_bodies(engine: duckdb.DuckDBPyConnection, payments: int = AT_ONCE) -> Iterator[list[str]]:
    """All bodies in groups of about so many payments, so that what is known of payees fits into memory; `know` must have run."""
    group: list[str] = []
    held = 0
    rows = engine.execute("SELECT publisher, sum(payments) FROM years GROUP BY publisher ORDER BY publisher").fetchall()
    for publisher, number in rows:
        if group and held + number > payments:
            yield group
            group, held = [], 0
        group.append(publisher)
        held += number
    if group:
        yield group


def know_payees(engine: duckdb.DuckDBPyConnection, bodies: Sequence[str]) -> None:
    """Make `payee_years` of some bodies; `know` must have run."""
    engine.execute("CREATE OR REPLACE TABLE bodies_at_hand AS SELECT unnest(?::VARCHAR[]) AS publisher", [list(bodies)])
    engine.execute(
        "CREATE OR REPLACE VIEW paid_at_hand AS SELECT * FROM paid SEMI JOIN bodies_at_hand USING (publisher)"
    )
    engine.execute(f"CREATE OR REPLACE TABLE payee_years AS {query('payee_years.sql')}")


def paid_view(engine: duckdb.DuckDBPyConnection) -> str:
    """SQL that makes the view `paid`: payments of a year, without cards, with every column that a measure reads."""
    there = {row[0] for row in engine.execute("DESCRIBE payments").fetchall()}
    # Every column that is text may be missing in a published table, where no text is the empty one.
    columns = [
        (f'coalesce("{name}", {default})' if default != "NULL" else f'"{name}"') + f' AS "{name}"'
        if name in there else f'{default} AS "{name}"'
        for name, default in PAID.items() if name != "payee_postcode"
    ]  # fmt: skip
    # A day that nobody printed is no text in one table and nothing in the other.
    dates = "nullif(CAST(date AS VARCHAR), '') AS date"
    columns = [dates if column == '"date" AS "date"' else column for column in columns]
    postcode = "replace(upper(coalesce(payee_postcode, '')), ' ', '')" if "payee_postcode" in there else "''"
    return f"""
CREATE OR REPLACE VIEW paid AS
SELECT publisher, period, month, amount_pence, {", ".join(columns)}, {postcode} AS payee_postcode
FROM payments WHERE dataset_kind = 'payments' AND period <> ''"""
