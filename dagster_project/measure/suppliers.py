"""Every organisation that was paid, over all bodies: the query, and what of its answer no two engines say alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd
import pyarrow as pa

from dagster_project.measure.engine import Engine
from dagster_project.measure.knowing import query

#: Tables that an engine holds after the query and that are read by others, besides `suppliers` and `stated_ids`.
ANSWERS = ("supplier_names", "supplier_payments_by_body", "left_out", "named", "could_have_page")
#: Given tables and their columns, as far as the query reads them.
READ = {
    "payees": {
        "publisher": "VARCHAR", "payee_key": "VARCHAR", "payee": "VARCHAR", "payee_class": "VARCHAR", "kind": "VARCHAR",
        "supplier_id": "VARCHAR", "registered_name": "VARCHAR", "match": "VARCHAR", "candidate_id": "VARCHAR",
        "confidence": "DOUBLE", "evidence": "VARCHAR", "method": "VARCHAR", "payee_lad_code": "VARCHAR",
        "payee_lad_source": "VARCHAR", "payments": "BIGINT", "amount_pence": "BIGINT",
    },
    "keys": {"payee": "VARCHAR", "payee_class": "VARCHAR", "id": "VARCHAR"},
    "bodies": {"body": "BIGINT", "id": "VARCHAR", "name": "VARCHAR", "status": "VARCHAR", "start": "VARCHAR", "postcode": "VARCHAR", "same_as": "VARCHAR"},
    "aliases": {"other": "VARCHAR", "id": "VARCHAR"},
    "postcodes": {"postcode_key": "VARCHAR", "lad_code": "VARCHAR"},
}  # fmt: skip


def sum_suppliers(engine: Engine, bodies: int, pence: int, pages: int) -> None:
    """
    Work out who was paid, over all bodies; see `suppliers.sql`.

    Args:
        engine: Holds `READ` and `payments`; then also the tables of the query.
        bodies: A legal body that so many public bodies paid could have a page.
        pence: So could one that got so much in a financial year.
        pages: So many of these have one, those paid most.
    """
    engine.register("limits", pa.table({"bodies": [bodies], "pence": [pence], "pages": [pages]}))
    engine.execute(query("suppliers.sql"))


def with_numbers(suppliers: pd.DataFrame, stated: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """
    The table `suppliers` of the query with what no two engines say alike.

    Args:
        suppliers: One row per supplier.
        stated: Rows of `stated_ids`.

    Returns:
        With `company_number`, `charity_number`, `other_ids` (several with `|`) and `confidence` (0 to 1, NaN where no
        register entry was accepted), the mean over its pounds, cut to thousandths.
    """
    ids: dict[str, set[str]] = {one: {one} for one in suppliers["supplier_id"] if not one.startswith("name-")}
    for supplier, text in stated:
        ids[supplier].update(text.split("|"))
    weighed = [
        int(sum_) // int(weight) / 1000 if outcome == "accepted" else float("nan")
        for sum_, weight, outcome in zip(suppliers["weighed"], suppliers["weight"], suppliers["outcome"], strict=True)
    ]
    numbers = [numbers_of(one, ids.get(one, ())) for one in suppliers["supplier_id"]]
    columns = ("company_number", "charity_number", "other_ids")
    texts: dict[str, Any] = {
        name: pd.Series([row[at] for row in numbers], dtype="str") for at, name in enumerate(columns)
    }
    return suppliers.drop(columns=["weighed", "weight"]).assign(**texts, confidence=pd.Series(weighed, dtype="float64"))


def numbers_of(supplier: str, ids: Iterable[str]) -> tuple[str, str, str]:
    """Company numbers, charity numbers and other ids among the ids of a supplier; several with `|`, in order."""
    every = sorted({*ids} - {""})

    def said(is_one: Callable[[str], bool], prefix: str) -> str:
        return "|".join(re.sub(prefix, "", one) for one in every if is_one(one))

    return (
        said(lambda one: one.startswith("GB-COH-"), "^GB-COH-"),
        said(lambda one: one.startswith(("GB-CHC-", "GB-SC-", "GB-NIC-")), "^GB-[A-Z]+-"),
        said(lambda one: one != supplier, "^$"),
    )
