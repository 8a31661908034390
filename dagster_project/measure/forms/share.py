"""Shares: a three-valued question asked of every payee, one query for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dagster_project.measure.bounds import Sums


def sums_sql(measures: Sequence[Any], denominators: Mapping[str, Any]) -> str:
    """
    The query that answers every share measure for every body and year.

    Returns:
        SQL over `payee_years` with columns measure, publisher, period, yes, unknown, base. Payees whose refunds exceed
        their payments leave both sides. Where the scope itself is not known, so is the answer.
    """
    parts = []
    for measure in measures:
        condition = denominators[measure.base].condition
        yes = f"(({measure.yes}) AND in_scope)"
        parts.append(
            f"SELECT '{measure.id}' AS measure, publisher, period,\n"
            f"  CAST(sum(net_pence) FILTER (WHERE {yes} IS TRUE) AS BIGINT) AS yes,\n"
            f"  CAST(sum(net_pence) FILTER (WHERE in_scope IS NULL OR ({measure.yes}) IS NULL) AS BIGINT) AS unknown,\n"
            f"  CAST(sum(net_pence) AS BIGINT) AS base\n"
            f"FROM payee_years WHERE net_pence > 0 AND ({condition})\nGROUP BY ALL"
        )
    return "\nUNION ALL\n".join(parts)


def from_answers(payments: Sequence[tuple[str, int]]) -> Sums:
    """
    Sums of a worked example.

    Args:
        payments: Pairs of an answer (`yes`, `no`, `unknown`) and pence.
    """
    total = {answer: sum(pence for a, pence in payments if a == answer) for answer in ("yes", "no", "unknown")}
    return Sums(total["yes"], total["unknown"], sum(total.values()))
