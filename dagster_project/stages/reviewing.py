"""Payees that nobody could place yet, in the order in which a decision would narrow a body's figures."""

from __future__ import annotations

import pandas as pd

from dagster_project.flow import table_key
from dagster_project.stages.naming import PAYEES
from dagster_project.stages.plan import Plan


class NothingToReview(ValueError):
    """The body was not built, or has no payees."""


#: Classes of payee that count as suppliers: a pound of theirs without a place widens the share that stays.
IN_SCOPE = ("supplier", "intermediary", "arms_length")


def undecided(payees: pd.DataFrame) -> pd.DataFrame:
    """
    Payees in scope whose place is not known, those first that hold most: each pound of theirs is a pound of width.

    Args:
        payees: Of one body.

    Returns:
        A row per name: `payee`, `amount_pence`, `share` of all that suppliers were paid, and of its largest part
        `registered_name`, `candidate_id`, `confidence`, `evidence`. No rows where nothing was paid on balance.
    """
    supplier = payees["payee_class"].isin(IN_SCOPE)
    total = int(payees.loc[supplier, "amount_pence"].sum())
    open_ones = payees[supplier & (payees["payee_lad_code"] == "")]
    best = ["registered_name", "candidate_id", "confidence", "evidence"]
    if total <= 0 or open_ones.empty:
        return pd.DataFrame(columns=["payee", "amount_pence", *best, "share"])
    largest = open_ones.sort_values(["amount_pence", "payee"], ascending=[False, True], kind="stable")
    rows = largest.groupby("payee", sort=False).agg({"amount_pence": "sum", **dict.fromkeys(best, "first")})
    rows = rows.reset_index().sort_values(["amount_pence", "payee"], ascending=[False, True], kind="stable")
    return rows.assign(share=rows["amount_pence"] / total).reset_index(drop=True)


def to_review(plan: Plan, publisher: str, most: int) -> str:
    """
    A table for people: payee, pounds, who it may be, how sure, why.

    Only payees in scope whose place is not known: each pound of theirs is a pound of width in the share that stays.

    Raises:
        NothingToReview: the body was not built.
    """
    keys = plan.recall(PAYEES).keys
    if publisher not in keys:
        raise NothingToReview(f"{publisher} was not built in {plan.out}; built: {', '.join(sorted(keys)[:8])} …")
    payees = plan.store.read_frame(table_key(PAYEES, publisher, keys[publisher], "payees"))
    rows = undecided(payees)
    if rows.empty:
        return f"Every supplier of {publisher} is placed."
    total = int(payees.loc[payees["payee_class"].isin(IN_SCOPE), "amount_pence"].sum())
    width = int(rows["amount_pence"].sum())
    lines = [
        f"{publisher}: {len(rows)} payees with no known place, £{width / 100:,.0f} of £{total / 100:,.0f} paid to suppliers.",
        "Decide about one with a line in datapackages/decisions/matches.csv (payee, publisher, supplier_id, who, when, why, evidence),",
        "or say in aliases.csv by what name it is known (known_as, instead of supplier_id).",
        "",
    ]
    for row in rows.head(most).to_dict("records"):
        share = f"{100 * row['share']:.1f} %"
        may_be = f"{row['registered_name']} ({row['candidate_id']}, {row['confidence']:.2f}: {row['evidence']})"
        lines.append(
            f"{row['amount_pence'] / 100:>14,.0f}  {share:>7}  {row['payee']}   {may_be if row['candidate_id'] else 'nobody found'}"
        )
    return "\n".join(lines)
