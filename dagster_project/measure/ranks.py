"""Ranks as ranges: the best and the worst place that the bounds of all bodies allow."""

from __future__ import annotations

from collections.abc import Sequence


def rank_ranges(bounds: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """
    Best and worst possible rank of each body, the highest value first.

    Args:
        bounds: Low and high of each ranked body.

    Returns:
        Pairs from 1. A body can be first unless another surely lies above it; bodies with equal, exact values share
        the range. Comparing every pair is quick enough for the few hundred bodies of a kind.
    """
    ranges = []
    for i, (low, high) in enumerate(bounds):
        others = [bound for j, bound in enumerate(bounds) if j != i]
        surely_above = sum(other_low > high for other_low, _ in others)
        maybe_above = sum(other_high >= low for _, other_high in others)
        ranges.append((surely_above + 1, maybe_above + 1))
    return ranges
