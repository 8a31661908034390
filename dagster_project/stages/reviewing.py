"""Payees that nobody could place yet, in the order in which a decision would narrow a body's figures."""

from __future__ import annotations

from dagster_project.flow import table_key
from dagster_project.stages.counting import PAYEES
from dagster_project.stages.plan import Plan


class NothingToReview(ValueError):
    """The body was not built, or has no payees."""


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
    supplier = payees["payee_class"].isin(["supplier", "intermediary", "arms_length"])
    total = int(payees.loc[supplier, "amount_pence"].sum())
    open_ones = payees[supplier & (payees["payee_lad_code"] == "")]
    if total <= 0 or open_ones.empty:
        return f"Every supplier of {publisher} is placed."
    best = ["registered_name", "candidate_id", "confidence", "evidence"]
    grouped = open_ones.sort_values("amount_pence", ascending=False).groupby("payee", sort=False)
    rows = grouped.agg({"amount_pence": "sum", **dict.fromkeys(best, "first")}).sort_values(
        "amount_pence", ascending=False
    )
    width = int(rows["amount_pence"].sum())
    lines = [
        f"{publisher}: {len(rows)} payees with no known place, £{width / 100:,.0f} of £{total / 100:,.0f} paid to suppliers.",
        "Decide about one with a line in datapackages/decisions/matches.csv (payee, publisher, supplier_id, who, when, why, evidence),",
        "or say in aliases.csv by what name it is known (known_as, instead of supplier_id).",
        "",
    ]
    for name, row in rows.head(most).iterrows():
        share = f"{100 * row['amount_pence'] / total:.1f} %"
        may_be = f"{row['registered_name']} ({row['candidate_id']}, {row['confidence']:.2f}: {row['evidence']})"
        lines.append(
            f"{row['amount_pence'] / 100:>14,.0f}  {share:>7}  {name}   {may_be if row['candidate_id'] else 'nobody found'}"
        )
    return "\n".join(lines)
