"""From payees to figures: exact sums, the two ends, and the outer range."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

Key = tuple[str, str]


@dataclass
class Found:
    """
    A figure before admission and rank.

    Attributes:
        base, unknown: Pence, or hundred times what is counted.
        squares: Of the payees of the base; nought where there are none.
        withheld: Pence of the base whose scope nobody knows.
        asks_payees: Whether it is a share of payees, of which a few may decide.
        outer: The two ends that allow for wrong links too.
    """

    low: Fraction | None
    high: Fraction | None
    base: int
    unknown: int
    status: str = "ok"
    squares: int = 0
    withheld: int = 0
    unit: str = "share"
    is_money: bool = True
    asks_payees: bool = False
    outer: tuple[float | None, float | None] = (None, None)


def groups_of(payees: pd.DataFrame) -> tuple[list[Key], np.ndarray]:
    """Body and year of each run of rows, and where it starts; the rows are sorted by both."""
    changed = payees["who"].ne(payees["who"].shift()) | payees["period"].ne(payees["period"].shift())
    starts = np.flatnonzero(changed.to_numpy())
    return list(payees.iloc[starts][["who", "period"]].itertuples(index=False, name=None)), starts


def total(values: np.ndarray, starts: np.ndarray) -> list[int]:
    """Sums of each run, as Python's own whole numbers."""
    return [int(number) for number in np.add.reduceat(values, starts)] if len(starts) else []


def shares(payees: pd.DataFrame, answer: np.ndarray, doubt: np.ndarray | None, scope: np.ndarray) -> dict[Key, Found]:
    """
    Shares of a question asked of payees.

    Args:
        answer: 1, 0 or NaN a row.
        doubt: In ten-thousandths, how likely the answer rests on a wrong link; `None` where it rests on none.
        scope: 1 or NaN a row.
    """
    keys, starts = groups_of(payees)
    v = payees["net"].to_numpy("int64")
    square = payees["square"].to_numpy()
    inside, maybe = scope == 1, np.isnan(scope)
    yes, no, open_ = answer == 1, answer == 0, np.isnan(answer)

    def of(where: np.ndarray) -> list[int]:
        return total(np.where(where, v, 0), starts)

    columns = [
        of(yes & inside), of(maybe | open_), total(v, starts), of(yes & maybe), of(no & maybe),
        total(square, starts), of(maybe),
    ]  # fmt: skip
    wrong = [_wrong(v, square, side & inside, doubt, starts) for side in (yes, no)]
    found = {}
    for at, key in enumerate(keys):
        sure, unknown, base, scope_yes, scope_no, squares, withheld = (column[at] for column in columns)
        low = Fraction(sure, base - scope_yes) if base > scope_yes else Fraction(1)
        high = Fraction(sure + unknown - scope_no, base - scope_no) if base > scope_no else Fraction(0)
        low, high = min(low, high), max(low, high)
        outer = (
            float(low) - wrong[0][at] / max(base - scope_yes, 1),
            float(high) + wrong[1][at] / max(base - scope_no, 1),
        )
        found[key] = Found(
            low, high, base, unknown, "nothing-known" if (low, high) == (0, 1) else "ok", squares, withheld,
            asks_payees=True, outer=(max(min(outer[0], float(low)), 0.0), min(max(outer[1], float(high)), 1.0)),
        )  # fmt: skip
    return found


def _wrong(
    v: np.ndarray, square: np.ndarray, where: np.ndarray, doubt: np.ndarray | None, starts: np.ndarray
) -> list[float]:
    """Pence of each run whose answer is wrong because of wrong links, at most, with 95% confidence."""
    if doubt is None:
        return [0.0] * len(starts)
    where = where & (doubt > 0)
    q = np.where(where, doubt, 0).astype(object)
    paid = total(np.where(where, v, 0), starts)
    squares = total(np.where(where, square, 0), starts)
    expected = total(np.where(where, v, 0) * q, starts)
    variance = total(np.where(where, square, 0) * q * (10_000 - q), starts)
    found = []
    for pence, squared, mean, spread in zip(paid, squares, expected, variance, strict=True):
        if not squared:
            found.append(0.0)
            continue
        k = 1.645 if Fraction(pence * pence, squared) >= 30 else math.sqrt(0.95 / 0.05)
        found.append(min(mean / 10_000 + k * math.sqrt(spread) / 10_000, float(pence)))
    return found


def effective(found: Found) -> float | None:
    """How many payees of equal size would weigh as these do."""
    counts = found.is_money and found.base > 0 and found.squares
    return float(Fraction(found.base * found.base, found.squares)) if counts else None
