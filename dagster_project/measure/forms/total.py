"""Totals: everything published in a year, without a question, so without unknowns."""

from __future__ import annotations

from collections.abc import Sequence

from dagster_project.measure.bounds import Sums


def from_answers(payments: Sequence[tuple[str, int]]) -> Sums:
    """Sums of a worked example: pairs of a payee and pence."""
    pence = sum(p for _, p in payments)
    return Sums(pence, 0, pence)
