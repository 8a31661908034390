"""
Readable cases of the named SQL: what is given, and what comes out, as tables in `conformance/*.md`.

All cases are one world, so that an engine answers each query once. They stay apart by their bodies, payees and years.
In a `then` table, columns marked with `*` say which rows of the answer are meant; `(no row)` says that there is none.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from dagster_project.measure.engine import Engine
from dagster_project.measure.forms import share, weighted
from dagster_project.measure.knowing import ASKED, GIVEN, know, know_payees, query
from dagster_project.measure.suppliers import ANSWERS, READ, sum_suppliers
from dagster_project.stages.breakdowns import parts_sql
from dagster_project.stages.plan import Plan

FOLDER = Path(__file__).parent / "conformance"
PLAN = Plan()
PAID_TEXTS = (
    "publisher", "period", "month", "dataset_kind", "date", "payee", "supplier_id", "payee_class", "payee_lad_code",
    "payee_lad_source", "payee_postcode", "department", "purpose", "category", "reference", "payee_key",
)  # fmt: skip
COLUMNS = {
    "payments_of_bodies": dict.fromkeys(PAID_TEXTS, "VARCHAR") | {"amount_pence": "BIGINT", "is_redacted": "BOOLEAN"},
    **GIVEN,
    **ASKED,
    **READ,
}
USUAL = {
    "payments_of_bodies": {
        "period": "2023-24", "month": "2023-04", "dataset_kind": "payments", "payee_class": "supplier",
        "amount_pence": "100",
    },
    "payees": {"payee_class": "supplier", "match": "none"},
}  # fmt: skip
ARROW = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "DOUBLE": pa.float64(), "BOOLEAN": pa.bool_()}
EMPTY = {"VARCHAR": "", "BIGINT": "0", "DOUBLE": "0", "BOOLEAN": "FALSE"}
NO_ROW = "(no row)"


@dataclass
class Case:
    """One heading of a file: its tables before and after."""

    name: str
    given: list = field(default_factory=list)
    then: list = field(default_factory=list)


def cases():
    """Every case of every file, in order."""
    found = []
    for path in sorted(FOLDER.glob("*.md")):
        for text in re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            head, _, body = text.partition("\n")
            case = Case(f"{path.stem}: {head}")
            for verb, table, rows in re.findall(r"^(given|then) (\w+)\n\n((?:\|.*\n)+)", body, flags=re.MULTILINE):
                lines = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in rows.splitlines()]
                getattr(case, verb).append((table, [dict(zip(lines[0], line, strict=True)) for line in lines[2:]]))
            found.append(case)
    return found


def _value(cell, kind):
    if cell == "NULL":
        return None
    return {"VARCHAR": str, "BIGINT": int, "DOUBLE": float, "BOOLEAN": "TRUE".__eq__}[kind](
        cell.replace("·", " ").replace("⍽", "\u00a0").replace("¦", "|")
    )


def _tables(all_cases):
    rows = defaultdict(list)
    for case in all_cases:
        for table, given in case.given:
            name = "payments_of_bodies" if table == "payments" else table
            rows[name] += [USUAL.get(name, {}) | row for row in given]
    keyed = {(row["payee"], row.get("payee_class", "supplier")) for row in rows["payees"]}
    keyed -= {(row["payee"], row["payee_class"]) for row in rows["keys"]}
    rows["keys"] += [{"payee": payee, "payee_class": name, "id": f"name-{payee}"} for payee, name in sorted(keyed)]
    for name, said in rows.items():
        columns = COLUMNS[name]
        if odd := {column for row in said for column in row} - set(columns):
            raise ValueError(f"{name} has no columns {odd}")
        yield name, pa.table({
            column: pa.array([_value(row.get(column, EMPTY[kind]), kind) for row in said], ARROW[kind])
            for column, kind in columns.items()
        })  # fmt: skip


def answers(engine: Engine):
    """What an engine makes of the world: each table as columns and rows of text."""
    all_cases = cases()
    for name, table in _tables(all_cases):
        engine.register(name, table)
    classes = [(name, c.in_scope) for name, c in PLAN.classes.items()]
    engine.register("classes", pa.table({
        "payee_class": [name for name, _ in classes], "in_scope": pa.array([i for _, i in classes], pa.bool_()),
    }))  # fmt: skip
    engine.execute("CREATE OR REPLACE VIEW payments AS SELECT * FROM payments_of_bodies")
    know(engine)
    bodies = [body for (body,) in engine.execute("SELECT DISTINCT publisher FROM years ORDER BY publisher").fetchall()]
    know_payees(engine, bodies)
    asked = {
        name: f"SELECT * FROM {name}"
        for name in ("paid", "years", "paid_suppliers", "year_ends", "gaps", "practices", "deprived", "factors", "price_years",
                     "file_years", "month_years", "layout_years", "visit_files", "visit_months", "visit_changes", "facts",
                     "payee_years")
    }  # fmt: skip
    asked["concentration"] = query("forms/concentration.sql")
    asked["shares"] = share.sums_sql([m for m in PLAN.measures if m.form == "share"], PLAN.denominators)
    for measure in PLAN.measures:
        if measure.form == "weighted":
            asked[f"weighted_{measure.id.partition('-')[0]}"] = weighted.sums_sql(measure, PLAN.denominators)
    found = {name: _answer(engine, text) for name, text in asked.items()}
    engine.execute(parts_sql(PLAN.bought_rules))
    for name in ("words_of_payments", "services", "parts"):
        found[name] = _answer(engine, f"SELECT * FROM {name}")
    found["payments_of_parts"] = _answer(engine, "SELECT * FROM payments")
    engine.execute("CREATE OR REPLACE VIEW payments AS SELECT * FROM payments_of_bodies")
    sum_suppliers(engine, bodies=2, pence=10_000, pages=2)
    return found | {name: _answer(engine, f"SELECT * FROM {name}") for name in (*ANSWERS, "stated_ids", "suppliers")}


def _answer(engine, text):
    rows = engine.execute(text)
    names = [column[0] for column in rows.description]
    return sorted(
        tuple((name, _said(value)) for name, value in zip(names, row, strict=True)) for row in rows.fetchall()
    )


def _said(value):
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def differences(case, found):
    """Where the answers are not what a case says, in words."""
    for table, then in case.then:
        keys = [column for column in then[0] if column.endswith("*")]
        columns = [column.rstrip("*") for column in then[0]]
        expected = [
            {c.rstrip("*"): v.replace("·", " ").replace("⍽", "\u00a0").replace("¦", "|") for c, v in row.items()}
            for row in then
        ]
        meant = {tuple(row[key.rstrip("*")] for key in keys) for row in expected}
        rows = [dict(row) for row in found[table]]
        got = sorted(tuple(row[c] for c in columns) for row in rows if tuple(row[k.rstrip("*")] for k in keys) in meant)
        want = sorted(tuple(row[c] for c in columns) for row in expected if NO_ROW not in row.values())
        if got != want:
            yield f"{case.name}, {table}: said {want}, found {got}"
