"""Invented payments and registers as the queries read them."""

import csv
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pandas as pd

from dagster_project.measure import all_figures
from dagster_project.stages.plan import Plan

PLAN = Plan()
BY_ID = {measure.id: measure for measure in PLAN.measures}
COLUMNS = ["publisher", "period", "month", "dataset_kind", "payee", "supplier_id", "amount_pence", "payee_class",
           "payee_lad_code", "payee_lad_source", "payee_postcode"]  # fmt: skip
HERE = Path(__file__).parent


def payments_of(rows):
    """Mappings of what matters as a whole table; the rest is an ordinary payment of one borough."""
    usual = {"publisher": "northbeck", "period": "2023-24", "dataset_kind": "payments", "supplier_id": "",
             "payee_class": "supplier", "payee_lad_code": "", "payee_lad_source": "", "payee_postcode": ""}  # fmt: skip
    full = [
        usual | {"month": f"2023-{4 + number % 9:02d}", "payee": f"payee {number}"} | dict(row)
        for number, row in enumerate(rows)
    ]
    return pd.DataFrame(full, columns=COLUMNS).astype(
        {column: "str" for column in COLUMNS if column != "amount_pence"} | {"amount_pence": "int64"}
    )


def body(kind="metropolitan_district", lad="E08999001"):
    return SimpleNamespace(kind=kind, lad_code=lad, areas_served=())


def texts(rows, columns):
    return pd.DataFrame(rows, columns=columns).astype("str")


def figures_of(payments, measures=PLAN.measures, at_hand=(), tables=None, bodies=None, neighbours=None):
    """Figures of an invented world; `tables` are more tables that the engine holds."""
    bodies = bodies or {"northbeck": body(), "saltmere": body(lad="E08999002")}
    with duckdb.connect() as engine:
        engine.register("payments", payments)
        classes = [(name, c.in_scope) for name, c in PLAN.classes.items()]
        engine.register(
            "classes", pd.DataFrame(classes, columns=["payee_class", "in_scope"]).astype({"in_scope": "boolean"})
        )
        given = {
            "areas": texts([(slug, b.lad_code) for slug, b in bodies.items()], ["publisher", "lad_code"]),
            "regions": texts([(slug, "TLX") for slug in bodies], ["publisher", "region"]),
            "places": texts(
                [("E08999001", "TLX"), ("E08999002", "TLX"), ("E09999001", "TLY")], ["lad_code", "region"]
            ),
        } | (tables or {})  # fmt: skip
        for name, frame in given.items():
            engine.register(name, frame)
        return all_figures(engine, measures, PLAN.denominators, bodies, True, at_hand, neighbours)


def worked_example():
    """
    The worked example of the methodology: payments of two years, and what the register of companies says.

    Returns:
        Payments, and the tables `companies` and `near`.
    """
    with (HERE / "worked_example.csv").open(encoding="utf-8") as file:
        said = list(csv.DictReader(file))
    rows = []
    for row in said:
        paid = {
            "payee": row["payee"], "supplier_id": row["supplier_id"], "payee_class": row["payee_class"],
            "payee_lad_code": row["lad"], "payee_lad_source": row["source"], "amount_pence": int(row["pence"]),
        }  # fmt: skip
        rows.append(paid)
        if row["paid_before"]:
            rows += [paid | {"period": "2022-23", "month": f"2022-{m:02d}", "amount_pence": 100} for m in range(4, 13)]
            rows.append(paid | {"period": "2022-23", "month": "2023-01", "amount_pence": 100})
    firms = {
        (r["supplier_id"], r["payee"], r["category"], r["accounts"], r["made_up"], "", r["postcode"])
        for r in said
        if r["category"]
    }
    companies = texts(sorted(firms), ["supplier_id", "name", "category", "accounts", "made_up", "sic", "postcode"])
    near = texts([("northbeck", "E08999001"), ("northbeck", "E08999002")], ["publisher", "lad_code"])
    return payments_of(rows), {"companies": companies, "near": near}
