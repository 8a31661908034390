"""Concentration: the share of the ten payees paid most, and the sum of squared shares (Herfindahl)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from dagster_project.measure.bounds import Sums

TOP = 10


def sums_of(index: str, row: Sequence[int]) -> Sums:
    """
    Sums of one body and year.

    Args:
        index: `top` or `herfindahl`.
        row: The columns of `concentration.sql` after publisher and period, in its order.
    """
    top_ten, withheld, base, named_squares, other_linked_squares, other_unlinked, largest, squares = row
    if index == "top":
        return Sums(top_ten, withheld, base, squares=squares, withheld=withheld)
    most = (largest + other_unlinked + withheld) ** 2 + other_linked_squares
    return Sums(
        0, withheld, base, low_part=Fraction(named_squares), high_part=Fraction(most), whole=Fraction(base * base),
        squares=squares, withheld=withheld,
    )  # fmt: skip


def from_answers(payments: Sequence[tuple[str, int]], index: str = "top") -> Sums:
    """
    Sums of a worked example: pairs of a payee and pence.

    `withheld` is a removed name; a name that ends in ` (no link)` is tied to no legal body.
    """
    withheld = sum(pence for payee, pence in payments if payee == "withheld")
    named = sorted(
        ((pence, payee.endswith(" (no link)")) for payee, pence in payments if payee != "withheld"), reverse=True
    )
    pence = [p for p, _ in named]
    row = (
        sum(pence[:TOP]), withheld, sum(pence) + withheld, sum(p * p for p in pence),
        sum(p * p for p, is_loose in named[1:] if not is_loose), sum(p for p, is_loose in named[1:] if is_loose),
        max(pence, default=0), sum(p * p for p in pence) + withheld * withheld,
    )  # fmt: skip
    return sums_of(index, row)
