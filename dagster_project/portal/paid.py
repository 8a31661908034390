"""Who was paid, on a body's page: how much is tied to a register, and which names would tell most if somebody decided."""

from __future__ import annotations

import csv
import io
from typing import Any

import pandas as pd

from dagster_project.portal import bars, facts, formats, supplier_words, words

UNDECIDED_SHOWN, LETTERS = 5, 100
#: Columns of a decision, in the order of datapackages/decisions/matches.csv.
DECISION = ("payee", "publisher", "supplier_id", "who", "when", "why", "evidence")


def tied(of_year: pd.DataFrame, payees: pd.DataFrame) -> dict[str, Any] | None:
    """
    The money of a year by what is known of who got it; `None` where payees were not looked up.

    Args:
        of_year: Payments with `payee_key`.
        payees: Of the body, with `payee_key` and `match`.
    """
    if of_year.empty or payees.empty or "payee_key" not in of_year:
        return None
    outcome = of_year["payee_key"].map(payees.set_index("payee_key")["match"]).astype("object").fillna("none")
    person, withheld = facts.is_person(of_year), facts.is_withheld(of_year)
    state = outcome.mask(withheld, "withheld").mask(person, "person")
    sums = of_year.groupby(state)["amount_pence"].agg(["sum", "size"])
    total = int(of_year["amount_pence"].sum())
    rows: list[dict[str, Any]] = []
    for key, (title, explains) in words.TIED.items():
        if key in sums.index:
            pence, payments = (int(value) for value in sums.loc[key, ["sum", "size"]].to_numpy())
            share = pence / total if total > 0 and pence >= 0 else None
            rows.append(
                {"key": key, "title": title, "explains": explains, "pence": pence, "payments": payments, "share": share}
            )
    named = {row["key"]: row["pence"] for row in rows if row["key"] in ("accepted", "review", "none")}
    base = sum(named.values())
    if base <= 0 or min(named.values()) < 0:
        return {"rows": rows, "bar": "", "heading": words.TIED_HEADING, "share": None}
    known, unsure = named.get("accepted", 0) / base, named.get("review", 0) / base
    return {
        "rows": rows,
        "bar": bars.match_bar(known, unsure),
        "heading": words.TIED_FINDING.format(share=formats.share(known)),
        "share": known,
    }


def undecided(frame: pd.DataFrame, publisher: str) -> dict[str, Any] | None:
    """The names whose resolution would help most, and lines by which to decide; `None` where all are placed."""
    if frame.empty:
        return None
    shown = facts.rows(frame.head(UNDECIDED_SHOWN))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in shown:
        writer.writerow([row["payee"], publisher, row["candidate_id"], "", "", "", ""])
    return {
        "rows": [
            {
                "name": formats.published(row["payee"], LETTERS),
                "pence": row["amount_pence"],
                "may_be": formats.published(row["registered_name"], LETTERS) if row["candidate_id"] else "",
                "id": row["candidate_id"],
                "why": supplier_words.reasons(row["evidence"]) if row["candidate_id"] else "",
            }
            for row in shown
        ],
        "count": len(frame),
        "pence": int(frame["amount_pence"].sum()),
        "lines": formats.published(",".join(DECISION) + "\n" + out.getvalue(), 2000)
        if all(len(row["payee"]) < 300 for row in shown)
        else "",
    }
