"""Totals: everything published in a year, without a question, so without unknowns; in cash or in prices of one year."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from dagster_project.measure.bounds import Sums


def sums_of(pence: int, prices: tuple[Fraction, Fraction] | None = None) -> Sums:
    """
    Sums of one body and year.

    Args:
        prices: Mean price index of the year, and of the year whose prices are wanted; `None` for cash.
    """
    if prices is None or pence <= 0:
        return Sums(pence, 0, pence)
    part = Fraction(pence, 100) * prices[1] / prices[0]
    return Sums(pence, 0, pence, low_part=part, high_part=part)


def from_answers(payments: Sequence[tuple[str, int]], prices: tuple[Fraction, Fraction] | None = None) -> Sums:
    """
    Sums of a worked example: pairs of a payee and pence.

    A payee `prices 80 then, 120 now` states the index of the year and of the year in whose prices it is told.
    """
    pence = 0
    for payee, paid in payments:
        if payee.startswith("prices "):
            then, now = payee.removeprefix("prices ").removesuffix(" now").split(" then, ")
            prices = (Fraction(then), Fraction(now))
        else:
            pence += paid
    return sums_of(pence, prices)
