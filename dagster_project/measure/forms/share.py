"""Shares: a three-valued question asked of every payee, payment, file or month; one query for all of one kind of row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dagster_project.measure.bounds import Doubt, Sums

#: What a question is asked of: the table, whose rows have publisher and period, and what one row weighs.
ROWS = {
    "payees": ("payee_years", "net_pence", "net_pence > 0"),
    "payments": ("paid", "100", "TRUE"),
    "pounds": ("paid", "amount_pence", "amount_pence > 0"),
    "files": ("file_years", "100", "TRUE"),
    "lines_of_files": ("file_years", "100 * (rows_published + rows_rejected)", "status = 'read'"),
    "months": ("month_years", "100", "TRUE"),
    "layouts": ("layout_years", "100", "TRUE"),
    "visited_months": ("visit_months", "100", "TRUE"),
    "visited_files": ("visit_files", "100", "TRUE"),
    "old_links": ("visit_files", "100", "is_old"),
    "changed_months": ("visit_changes", "100", "TRUE"),
}
#: Columns that a payee has and other rows do not: whether it is in scope, and how far its links may be wrong.
DOUBTS = {"link": "link_doubt", "place": "place_doubt", "nothing": "0"}


def sums_sql(measures: Sequence[Any], denominators: Mapping[str, Any]) -> str:
    """
    The query that answers every share measure for every body and year.

    Returns:
        SQL with columns measure, publisher, period, and those of `bounds.Sums` in its order of names. Payees whose
        refunds exceed their payments leave both sides. Where the scope itself is not known, the pound is not known.
    """
    return "\nUNION ALL\n".join(_sums_of(measure, denominators[measure.base].condition) for measure in measures)


def _sums_of(measure: Any, condition: str) -> str:
    table, weight, always = ROWS[measure.of]
    # The denominator's condition decides who is in; a class whose scope nobody knows is in as not known.
    scope = "(in_scope IS NOT NULL OR NULL)" if measure.of == "payees" else "TRUE"
    doubt = DOUBTS[measure.rests_on] if measure.of == "payees" else "0"
    yes = f"CASE WHEN ({measure.yes}) THEN v WHEN NOT ({measure.yes}) THEN 0 END"
    if measure.score:
        weight, yes = f"100 * ({measure.weight})", f"CAST(100 * ({measure.score}) AS HUGEINT)"
    return f"""
SELECT '{measure.id}' AS measure, publisher, period,
  coalesce(sum(yes) FILTER (WHERE scope), 0) AS yes,
  coalesce(sum(v) FILTER (WHERE scope IS NULL OR yes IS NULL), 0) AS unknown,
  sum(v) AS base,
  coalesce(sum(yes) FILTER (WHERE scope IS NULL), 0) AS scope_yes,
  coalesce(sum(v - yes) FILTER (WHERE scope IS NULL), 0) AS scope_no,
  sum(v * v) AS squares,
  coalesce(sum(v) FILTER (WHERE scope IS NULL), 0) AS withheld,
  {_doubt_sums("yes", "yes = v")}, {_doubt_sums("no", "yes = 0")}
FROM (
  SELECT *, {yes} AS yes FROM (
    SELECT *, {scope} AS scope, CAST({doubt} AS HUGEINT) AS q, CAST({weight} AS HUGEINT) AS v
    FROM {table} WHERE {always} AND ({condition})
  )
)
GROUP BY ALL"""


#: What `bounds.Doubt` is made of, in its order.
DOUBT_SUMS = {"pence": "v", "squares": "v * v", "expected": "v * q", "variance": "v * v * q * (10000 - q)"}


def _doubt_sums(side: str, answered: str) -> str:
    where = f"FILTER (WHERE scope AND q > 0 AND {answered})"
    return ", ".join(f"coalesce(sum({sum_of}) {where}, 0) AS {side}_{name}" for name, sum_of in DOUBT_SUMS.items())


def sums_of(row: Sequence[Any]) -> Sums:
    """Sums of one body and year from the columns of `sums_sql` after the period."""
    yes, unknown, base, scope_yes, scope_no, squares, withheld, *doubts = map(int, row)
    return Sums(
        yes, unknown, base, scope_yes, scope_no, squares=squares, withheld=withheld, yes_doubt=Doubt(*doubts[:4]),
        no_doubt=Doubt(*doubts[4:]),
    )  # fmt: skip


def from_answers(payments: Sequence[tuple[str, int]]) -> Sums:
    """
    Sums of a worked example.

    Args:
        payments: Pairs of an answer (`yes`, `no`, `unknown`, or `withheld` for a name that nobody knows) and pence;
            where rows score parts, the answer is the score, such as `3 of 7`.
    """
    total = {"yes": 0, "no": 0, "unknown": 0, "withheld": 0}
    for answer, pence in payments:
        if " of " in answer:
            reached, could = map(int, answer.split(" of "))
            total["yes"] += round(pence * reached / could)
            total["no"] += pence - round(pence * reached / could)
        else:
            total[answer] += pence
    return Sums(
        total["yes"], total["unknown"] + total["withheld"], sum(total.values()), withheld=total["withheld"]
    )  # fmt: skip
