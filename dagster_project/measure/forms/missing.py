"""Measures that no register at hand can fill: their examples are worked by hand, and their page says what is needed."""

from __future__ import annotations

from collections.abc import Sequence

from dagster_project.measure.bounds import Sums
from dagster_project.measure.forms import share


def from_answers(payments: Sequence[tuple[str, int]]) -> Sums:
    """Sums of a worked example: pairs of an answer (`yes`, `no`, `unknown`) and pence, or of a name and pence."""
    if all(answer in ("yes", "no", "unknown") for answer, _ in payments):
        return share.from_answers(payments)
    pence = sum(p for _, p in payments)
    return Sums(pence, 0, pence)
