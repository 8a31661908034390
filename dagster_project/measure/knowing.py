"""What the queries of the figures know besides the payments: tables that nobody gave are there, and empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from dagster_project.declare.measures import WITNESSED
from dagster_project.measure.engine import Engine, at_once

HERE = Path(__file__).parent
#: Payments of which the payees are looked at together: they need some two gigabytes.
AT_ONCE = 5_000_000


def _texts(*columns: str) -> dict[str, str]:
    return dict.fromkeys(columns, "VARCHAR")


#: What visits to websites showed, a row for each address and month that it covers; all text, days in ISO form.
VISITED = {
    "publisher": "Slug of the body.",
    "url": "The address that its page gave.",
    "month": "A month that the file covers, `` where nobody knows.",
    "first_seen": "Day of the first visit that had the file.",
    "missing_on": "Day of the last visit before that one, `` where there was none.",
    "last_asked": "Day when the address was last asked for.",
    "answer": "What it gave then: `same` bytes as at first, `changed` ones, `gone`, `unsure`.",
    "published_again": "`yes` where the month had been published before with other bytes, else `no`.",
    "note": "Whether link or name say so: `yes`, `no`, `` where nobody looked.",
    "licence": "Where an open licence is stated: `beside` the files, elsewhere on the `site`; or terms are `closed`; ``.",
    "watched_since": "Day of the first visit to the body's website.",
    "watched_until": "Day of the last visit.",
}

#: Tables that a stage gives, and their columns where it gives none.
GIVEN = {
    "areas": _texts("publisher", "lad_code"),
    "wider": _texts("publisher", "lad_code"),
    "near": _texts("publisher", "lad_code"),
    "regions": _texts("publisher", "region"),
    "places": _texts("lad_code", "region"),
    "files": _texts("publisher", "name", "container", "status", "dataset_kinds", "first_month")
    | dict.fromkeys(("rows_published", "rows_rejected", "rows_counted"), "BIGINT"),
    "links": _texts("publisher", "supplier_id") | {"confidence": "DOUBLE"},
    "layouts": _texts("publisher", "file_id", "first_month", "heading"),
    "sites_placed": _texts("supplier_id", "lad_code"),
    "duties": _texts("publisher", "publish_by"),
    "visits": _texts(*VISITED),
}
#: Tables of witnesses, each column as a register prints it.
ASKED = {
    name: _texts(*("supplier_id" if field == "number" else field for field in fields))
    for name, fields in WITNESSED.items()
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


def know(engine: Engine) -> None:
    """
    Make every table that the queries read from what the engine holds.

    Needs `payments` and `classes`. Any of `GIVEN` and `declare.measures.WITNESSED` that is not there is made, empty.
    """
    there = {name for (name,) in engine.execute("SHOW TABLES").fetchall()}
    for name, columns in {**GIVEN, **ASKED}.items():
        if name not in there:
            none = ", ".join(f'CAST(NULL AS {kind}) AS "{column}"' for column, kind in columns.items())
            engine.execute(f"CREATE TABLE {name} AS SELECT {none} WHERE FALSE")
    engine.execute(paid_view(engine))
    engine.execute(query("knowing.sql"))
    engine.execute(query("visits.sql"))
    engine.execute(f"CREATE OR REPLACE TABLE facts AS {query('facts.sql')}")


def groups_of_bodies(engine: Engine, payments: int | None = None) -> Iterator[list[str]]:
    """All bodies in groups of about so many payments, so that what is known of payees fits into memory; `know` must have run."""
    group: list[str] = []
    held, most = 0, payments or at_once(engine, AT_ONCE)
    rows = engine.execute("SELECT publisher, sum(payments) FROM years GROUP BY publisher ORDER BY publisher").fetchall()
    for publisher, number in rows:
        if group and held + number > most:
            yield group
            group, held = [], 0
        group.append(publisher)
        held += number
    if group:
        yield group


def know_payees(engine: Engine, bodies: Sequence[str]) -> None:
    """Make `payee_years` of some bodies; `know` must have run."""
    engine.register("bodies_at_hand", pa.table({"publisher": pa.array(bodies, pa.string())}))
    engine.execute(
        "CREATE OR REPLACE VIEW paid_at_hand AS SELECT * FROM paid SEMI JOIN bodies_at_hand USING (publisher)"
    )
    engine.execute(f"CREATE OR REPLACE TABLE payee_years AS {query('payee_years.sql')}")


def paid_view(engine: Engine) -> str:
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
