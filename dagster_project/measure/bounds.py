"""From sums in pence to what a figure can be."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from dagster_project.model.figures import Bounds, share_bounds


@dataclass(frozen=True)
class Sums:
    """Pence surely answered yes, not known, and of the whole base."""

    yes: int
    unknown: int
    base: int


def bounds_of(sums: Sums, unit: str) -> Bounds:
    """
    What a figure can be.

    Args:
        unit: `share` for yes over base, `pounds` for the sum itself.
    """
    if unit == "share":
        return share_bounds(sums.yes, sums.unknown, sums.base)
    if sums.base == 0:
        return Bounds(None, None, "no-base")
    return Bounds(Fraction(sums.yes, 100), Fraction(sums.yes + sums.unknown, 100), "ok")
