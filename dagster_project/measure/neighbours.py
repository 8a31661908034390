"""Nearest neighbours: bodies of one kind whose places are alike, from public statistics and with every step open."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

#: How many neighbours a body is compared with.
HOW_MANY = 15
#: Statistics that make places alike, and whether their size is told on a scale of multiples. No outcome is among them:
#: what a body spends, and where, must not choose whom it is compared with.
STATISTICS = {"population": True, "density": True, "deprivation": False, "rurality": False}


def nearest(
    kinds: Mapping[str, str], statistics: Mapping[str, Mapping[str, float]], how_many: int = HOW_MANY
) -> dict[str, tuple[str, ...]]:
    """
    The nearest bodies of the same kind.

    Args:
        kinds: Kind by body.
        statistics: By body, values of `STATISTICS` as far as they are known.

    Returns:
        By body, the nearest first; bodies with a statistic missing have no neighbours and are none. Each statistic is
        told as its distance from the mean of the kind in standard deviations, population and density as logarithms;
        the distance is Euclid's. Equal distances are put in order of the slug.
    """
    found: dict[str, tuple[str, ...]] = {}
    for kind in sorted(set(kinds.values())):
        bodies = sorted(
            body
            for body, its_kind in kinds.items()
            if its_kind == kind and set(STATISTICS) <= set(statistics.get(body, {}))
        )
        points = _standard([[_scaled(name, statistics[body][name]) for name in STATISTICS] for body in bodies])
        for body, own in zip(bodies, points, strict=True):
            near = sorted(
                (math.dist(own, other), slug) for slug, other in zip(bodies, points, strict=True) if slug != body
            )
            found[body] = tuple(slug for _, slug in near[:how_many])
    return found


def _scaled(name: str, value: float) -> float:
    return math.log(max(value, 1e-9)) if STATISTICS[name] else value


def _standard(rows: Sequence[Sequence[float]]) -> list[tuple[float, ...]]:
    """Rows with each column moved to mean nought and standard deviation one; a column without spread is nought."""
    columns = []
    for column in zip(*rows, strict=True):
        mean = math.fsum(column) / len(column)
        spread = math.sqrt(math.fsum((x - mean) ** 2 for x in column) / len(column))
        columns.append([(x - mean) / spread if spread else 0.0 for x in column])
    return list(zip(*columns, strict=True))
