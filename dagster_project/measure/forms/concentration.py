"""Concentration: the share of the ten payees paid most."""

from __future__ import annotations

from collections.abc import Sequence

from dagster_project.measure.bounds import Sums

TOP = 10


def from_answers(payments: Sequence[tuple[str, int]]) -> Sums:
    """Sums of a worked example: pairs of a payee (`withheld` for a removed name) and pence."""
    unknown = sum(pence for payee, pence in payments if payee == "withheld")
    named = sorted((pence for payee, pence in payments if payee != "withheld"), reverse=True)
    return Sums(sum(named[:TOP]), unknown, sum(named) + unknown)
