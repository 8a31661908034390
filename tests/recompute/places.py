"""What may carry a rank, ranks as ranges, and nearest neighbours."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from tests.recompute.sums import Found, effective

Ends = tuple[float, float]


def refused(found: Found, months: int, ranks: bool) -> str:
    """The first rule that a figure fails, as its row says it; empty where it may carry a rank."""
    if not ranks:
        return "Not a league table."
    low, high = found.low, found.high
    weighs = effective(found) if found.asks_payees else None
    rules = {
        "There is nothing of this kind in the year.": found.status == "no-base",
        "Refunds exceed payments in this year.": found.status == "negative-base",
        "Nothing is known: all of it could be a yes or a no.": found.status == "nothing-known",
        f"Only {months} of 12 months are in the files; a rank needs 10.": months < 10,
        "The year has less than £1 million of such spending, too little to compare.":
            found.is_money and found.unit != "pounds" and found.base < 100_000_000,
        "More than 20% of the spending has no name that was published.":
            found.base > 0 and Fraction(found.withheld, found.base) > Fraction(1, 5),
        "The range is wider than 50 points, too wide to say where the body stands.":
            found.unit == "share" and low is not None and high is not None and float(high) - float(low) > 0.5,
        f"A few suppliers decide this figure: they weigh like {weighs or 0:.1f} of equal size; a rank needs 5.":
            weighs is not None and weighs < 5,
    }  # fmt: skip
    return next((sentence for sentence, fails in rules.items() if fails), "")


def among(own: Ends, others: Sequence[Ends]) -> tuple[int, int, int]:
    """Best and worst place of a body among others, and from how many of them it cannot be told apart."""
    above = sum(low > own[1] for low, _ in others)
    below = sum(high < own[0] for _, high in others)
    return above + 1, len(others) + 1 - below, len(others) - above - below


def turned(ends: Ends, direction: str) -> Ends:
    """Ends for which more is better."""
    return ends if direction != "lower" else (-ends[1], -ends[0])


def ranked(
    group: Mapping[str, tuple[Ends, Ends]], direction: str, neighbours: Mapping[str, Sequence[str]]
) -> dict[str, tuple[int | None, ...]]:
    """
    Places of bodies that are compared.

    Args:
        group: By body, the ends of its figure, and those that allow for wrong links.

    Returns:
        Best and worst place, of how many, not separated from; and best and worst among its neighbours, of how many.
    """
    ends = {body: turned(pair[0], direction) for body, pair in group.items()}
    careful = {body: turned(pair[1], direction) for body, pair in group.items()}
    found: dict[str, tuple[int | None, ...]] = {}
    for body in group:
        best, worst, _ = among(ends[body], [other for name, other in ends.items() if name != body])
        *_, apart = among(careful[body], [other for name, other in careful.items() if name != body])
        near = [ends[name] for name in neighbours.get(body, ()) if name in ends]
        beside = (*among(ends[body], near)[:2], len(near) + 1) if near else (None, None, None)
        found[body] = (best, worst, len(group), apart, *beside)
    return found


def nearest(kinds: Mapping[str, str], said: Mapping[str, Sequence[float]]) -> dict[str, list[str]]:
    """
    The 15 bodies of one kind whose places are most alike.

    Args:
        said: By body: population, density, deprivation, rurality; only bodies of which all are known.
    """
    found: dict[str, list[str]] = {}
    for kind in sorted(set(kinds.values())):
        bodies = sorted(body for body in said if kinds[body] == kind)
        rows = [[math.log(max(said[b][0], 1e-9)), math.log(max(said[b][1], 1e-9)), *said[b][2:]] for b in bodies]
        points: list[list[float]] = [[] for _ in bodies]
        for column in zip(*rows, strict=True):
            mean = math.fsum(column) / len(column)
            spread = math.sqrt(math.fsum((x - mean) ** 2 for x in column) / len(column))
            for point, x in zip(points, column, strict=True):
                point.append((x - mean) / spread if spread else 0.0)
        for body, point in zip(bodies, points, strict=True):
            order = sorted(
                (math.dist(point, other), name) for name, other in zip(bodies, points, strict=True) if name != body
            )
            found[body] = [name for _, name in order[:15]]
    return found
