"""Ranks as ranges: the best and the worst place that the bounds of all bodies allow."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """
    Where a body may stand among others.

    Attributes:
        best, worst: Places from 1; with equal, exact values bodies share the range.
        not_separated: How many of the others have a range that overlaps with its own.
        of: How many are compared, itself included.
    """

    best: int
    worst: int
    not_separated: int
    of: int


def rank_ranges(bounds: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """
    Best and worst possible rank of each body, the highest value first.

    Args:
        bounds: Low and high of each ranked body.

    Returns:
        Pairs from 1. A body can be first unless another surely lies above it; bodies with equal, exact values share
        the range.
    """
    return [(place.best, place.worst) for place in places(bounds)]


def places(bounds: Sequence[tuple[float, float]]) -> list[Place]:
    """
    Where each body may stand among all of them, by two sorted lists.

    Args:
        bounds: Low and high of each body.
    """
    lows, highs = sorted(low for low, _ in bounds), sorted(high for _, high in bounds)
    size, found = len(bounds), []
    for low, high in bounds:
        surely_above = size - bisect_right(lows, high)
        surely_below = bisect_left(highs, low)
        found.append(Place(surely_above + 1, size - surely_below, size - 1 - surely_above - surely_below, size))
    return found


def places_among(
    bounds: Mapping[str, tuple[float, float]], neighbours: Mapping[str, Sequence[str]]
) -> dict[str, Place]:
    """
    Where each body may stand among its own neighbours.

    Args:
        bounds: Low and high by body, of those that are ranked.
        neighbours: By body, the nearest first; those that are not ranked are passed over.

    Returns:
        Only bodies with at least one ranked neighbour. Groups are not alike from both sides: A can be near B without
        B being near A.
    """
    found = {}
    for body, own in bounds.items():
        group = [bounds[other] for other in neighbours.get(body, ()) if other in bounds and other != body]
        if group:
            found[body] = places([own, *group])[0]
    return found
