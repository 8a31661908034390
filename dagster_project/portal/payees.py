"""The payees of some payments that were paid most, as a body's page and its services list them."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any

import pandas as pd

from dagster_project.portal import bars, facts, findings, formats, suppliers, words

SHOWN = 10


def largest(of_year: pd.DataFrame, about: dict[str, Any], pages: AbstractSet[str]) -> dict[str, Any]:
    """The payees paid most, by name as published; nameless ones and people are counted elsewhere."""
    home = {about["lad_code"], *about.get("areas_served", "").split("|")} - {""}
    if of_year.empty:
        return {"rows": [], "heading": findings.largest_payees(0, 0.0), "has_area": bool(home)}
    named = of_year[~facts.is_withheld(of_year) & ~facts.is_person(of_year)]
    total = of_year["amount_pence"].sum()
    sums = named.groupby("payee", observed=True)["amount_pence"].agg(["sum", "size"]).nlargest(SHOWN, "sum")
    most, found = float(sums["sum"].max()) if len(sums) else 0.0, []
    top = named[named["payee"].isin(sums.index)].groupby("payee", observed=True)
    first = top[["payee_class", "supplier_id", "payee_lad_code"]].agg("max")
    for name, pence, size in sums.itertuples():
        area = first.loc[name, "payee_lad_code"]
        found.append({
            "name": formats.published(name, 120), "pence": pence, "payments": size,
            "class": first.loc[name, "payee_class"], "supplier": facts.supplier_words(first.loc[name, "supplier_id"]),
            "based": words.NOT_KNOWN if not area else "in the area" if area in home else "elsewhere",
            "bar": bars.size_bar(float(pence), most),
            "href": suppliers.address(first.loc[name, "supplier_id"]) if first.loc[name, "supplier_id"] in pages else "",
        })  # fmt: skip
    part = float(sums["sum"].sum() / total) if total > 0 else 0.0
    return {"rows": found, "heading": findings.largest_payees(len(found), part), "has_area": bool(home)}
