"""
From sums to what a figure can be: identification bounds, and an outer range for what may be matched wrongly.

Worked through with examples in `datapackages/measures/`; the laws that hold are tests in `tests/measure/test_laws.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dagster_project.model.figures import Bounds

#: One-sided 95%: the normal quantile, for sums of many payees; and Cantelli's, which assumes nothing of the shape.
NORMAL, CANTELLI = 1.645, math.sqrt(0.95 / 0.05)
#: From this effective number of payees on, the normal quantile may be used.
MANY = 30
#: Doubt about a link is kept in whole ten-thousandths, so that sums do not depend on their order.
DOUBT_UNIT = 10_000


@dataclass(frozen=True)
class Doubt:
    """
    Pounds whose answer rests on links that may be wrong, all in exact sums.

    Attributes:
        pence: Sum of v, the pence of each payee.
        squares: Sum of v squared.
        expected: Sum of v times its doubt, in ten-thousandths.
        variance: Sum of v squared times doubt times (1 - doubt), in hundred-millionths.
    """

    pence: int = 0
    squares: int = 0
    expected: int = 0
    variance: int = 0


@dataclass(frozen=True)
class Sums:
    """
    What a figure is made of, in pence (or in whatever a measure counts).

    Attributes:
        yes, unknown, base: Surely in scope and answered yes; not known, in scope or not; all of the denominator.
        scope_yes, scope_no: Of the unknown, what is answered yes, or no, and only its scope is not known.
        low_part, high_part, whole: Of forms other than a share: ends as parts of a whole, instead of yes and unknown.
        squares: Sum of squared pence of the payees of the base, for the effective number of payees.
        withheld: Pence of the base whose scope is not known.
        yes_doubt, no_doubt: Of the yes and the no, what rests on links that may be wrong.
    """

    yes: int
    unknown: int
    base: int
    scope_yes: int = 0
    scope_no: int = 0
    low_part: Fraction | None = None
    high_part: Fraction | None = None
    whole: Fraction | None = None
    squares: int = 0
    withheld: int = 0
    yes_doubt: Doubt = Doubt()
    no_doubt: Doubt = Doubt()


def bounds_of(sums: Sums, unit: str) -> Bounds:
    """
    What a figure can be.

    Args:
        unit: `share` for a part of the base; otherwise a number in that unit.

    Returns:
        Exact ends. A payee whose scope is not known and whose answer is belongs to both sides of a share or to
        neither, so the two ends have denominators of their own.
    """
    if sums.base == 0:
        return Bounds(None, None, "no-base")
    if sums.base < 0:
        return Bounds(None, None, "negative-base")
    if sums.low_part is not None and sums.high_part is not None:
        whole = sums.whole if sums.whole is not None else Fraction(1)
        if whole == 0:
            return Bounds(None, None, "no-base")
        ends = sums.low_part / whole, sums.high_part / whole
    elif unit == "share":
        # Scope not known: what is a yes lowers the share by staying out, what is a no by coming in.
        low_whole, high_whole = sums.base - sums.scope_yes, sums.base - sums.scope_no
        ends = (
            Fraction(sums.yes, low_whole) if low_whole else Fraction(1),
            Fraction(sums.yes + sums.unknown - sums.scope_no, high_whole) if high_whole else Fraction(0),
        )
    else:
        ends = Fraction(sums.yes, 100), Fraction(sums.yes + sums.unknown, 100)
    if unit != "share":
        return Bounds(*ends, "ok")
    low, high = (min(max(end, Fraction(0)), Fraction(1)) for end in ends)
    return Bounds(min(low, high), max(low, high), "nothing-known" if low == 0 and high == 1 else "ok")


def effective_payees(pence: int, squares: int) -> float | None:
    """
    How many payees of equal size would weigh as these do: (sum v)² / sum v².

    From 1, where one has all, to the number of payees, where all have the same; `None` where nobody was paid.
    """
    return float(Fraction(pence * pence, squares)) if squares else None


def wrong_pence(doubt: Doubt) -> float:
    """
    Pence whose answer is wrong because of wrong links: not more than this with 95% confidence.

    Errors hit whole payees. Where each link is wrong independently with its own doubt, the wrong pence have the mean
    sum v·q and the variance sum v²·q(1-q); with one q for all that is `q + k·sqrt(q(1-q)/N_eff)` of the pence. k is the
    normal 1.645 only where the effective number of payees is 30 or more, else Cantelli's 4.36. Never more than all.
    """
    payees = effective_payees(doubt.pence, doubt.squares)
    if payees is None:
        return 0.0
    k = NORMAL if payees >= MANY else CANTELLI
    wrong = doubt.expected / DOUBT_UNIT + k * math.sqrt(doubt.variance) / DOUBT_UNIT
    return min(wrong, float(doubt.pence))


def outer_of(bounds: Bounds, sums: Sums) -> tuple[float | None, float | None]:
    """
    The range of a share that also allows for wrong links, at 95% for each end; the bounds themselves without doubt.

    Returns:
        Shares from 0 to 1 around the bounds; `None` where the figure has no value.
    """
    if bounds.low is None or bounds.high is None:
        return None, None
    low = float(bounds.low) - wrong_pence(sums.yes_doubt) / max(sums.base - sums.scope_yes, 1)
    high = float(bounds.high) + wrong_pence(sums.no_doubt) / max(sums.base - sums.scope_no, 1)
    # Clipping keeps the ends where rounding of floats would push them past the exact ones.
    return max(min(low, float(bounds.low)), 0.0), min(max(high, float(bounds.high)), 1.0)


def exact(number: int | Decimal | str | None) -> Fraction:
    """A number of the engine as an exact fraction; nothing is nought."""
    return Fraction(0) if number is None else Fraction(number)
