"""
Chance that is the same on every machine.

Only `random.Random.random` promises the same numbers in every version of Python, so everything is drawn from it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A seeded source of choices; the seed is a text that says what is being decided."""

    def __init__(self, seed: str) -> None:
        """Start at the same place for the same text."""
        self._next = random.Random(f"the local pound sample, {seed}").random

    def chance(self, share: float) -> bool:
        """True in this share of calls."""
        return self._next() < share

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit - 1`."""
        return int(self._next() * limit)

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def skewed(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, mostly near `low`, as amounts paid are."""
        draw = self._next()
        return low + int(draw * draw * draw * draw * (high - low))

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.below(len(options))]

    def early(self, options: Sequence[T]) -> T:
        """One of the options, the first ones far more often, as big suppliers are paid more often."""
        draw = self._next()
        return options[int(draw * draw * len(options))]

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """So many different ones of the options, in chance order; all of them if there are fewer."""
        pool = list(options)
        for place in range(min(count, len(pool))):
            other = place + self.below(len(pool) - place)
            pool[place], pool[other] = pool[other], pool[place]
        return pool[:count]
