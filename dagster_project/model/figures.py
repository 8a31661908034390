"""
Figures: a share with what is surely in it and what nobody knows.

The truth table that every share obeys (decided once, here):

| known yes | not known | base     | low to high  | status          |
| 0         | 0         | 500      | 0 to 0       | `ok`            |
| 20        | 30        | 100      | 0.20 to 0.50 | `ok`            |
| 0         | 100       | 100      | 0 to 1       | `nothing-known` |
| any       | any       | 0        | none         | `no-base`       |
| any       | any       | negative | none         | `negative-base` |
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

#: An answer about a payment: yes, no, or not known (`None`).
Answer = bool | None

STATUSES = ("ok", "partial", "nothing-known", "no-base", "negative-base", "no-files")


def both(a: Answer, b: Answer) -> Answer:
    """Three-valued and: no if either is no, not known if either is not known."""
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def either(a: Answer, b: Answer) -> Answer:
    """Three-valued or: yes if either is yes, not known if either is not known."""
    if a is True or b is True:
        return True
    return None if a is None or b is None else False


@dataclass(frozen=True)
class Bounds:
    """
    What a share can be, from sums in pence.

    Attributes:
        low: Share if every pound not known were a no; `None` where there is no value.
        high: Share if every pound not known were a yes.
        status: `ok`, `nothing-known`, `no-base`, `negative-base`.
    """

    low: Fraction | None
    high: Fraction | None
    status: str


@dataclass(frozen=True)
class Figure:
    """
    One number about one publisher in one period, with how sure it is.

    Attributes:
        figure_id: By which anyone recomputes it (`model.ids.figure_id`).
        low, high: All not-known counted as no, as yes; equal for a figure without unknowns.
        best: A best estimate, only where one is justified; otherwise `None`.
        outer_low, outer_high: Range that also allows for wrong matches and lumpiness; `None` where not computed.
        base: Pence of the denominator; unknown: pence of it that nobody can answer for.
        coverage: Share of the period's months that are served, 0 to 1; `None` where completeness is not known.
        status: One of `STATUSES`.
    """

    figure_id: str
    publisher: str
    period: str
    measure: str
    low: float | None
    high: float | None
    best: float | None
    outer_low: float | None
    outer_high: float | None
    base: int
    unknown: int
    coverage: float | None
    status: str
    population: str

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"figure {self.figure_id}: status '{self.status}' is none of {', '.join(STATUSES)}")
        if (self.low is None) != (self.high is None):
            raise ValueError(f"figure {self.figure_id}: one bound without the other")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"figure {self.figure_id}: low {self.low} is above high {self.high}")


def may_say(a: tuple[float, float], b: tuple[float, float]) -> str:
    """
    The only comparison of two ranges that may be spoken.

    Returns:
        `"higher"` where all of `a` lies above `b`, `"lower"` where all lies below, else `"cannot tell apart"`.
    """
    if a[0] > b[1]:
        return "higher"
    if a[1] < b[0]:
        return "lower"
    return "cannot tell apart"
