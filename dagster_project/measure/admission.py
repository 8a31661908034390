"""What may carry a rank. The rest is shown with its reason: the first rule that it fails."""

from __future__ import annotations

#: Months of a year that must be served for a rank.
ENOUGH_MONTHS = 10
#: A range wider than this many of 1 cannot say where a body stands.
WIDEST = 0.5
#: Pence of spending with suppliers below which a year is an anecdote.
ENOUGH_PENCE = 100_000_000
#: Payees of equal size that would weigh as much as a body's own, below which one contract decides the figure.
ENOUGH_PAYEES = 5
#: Part of the base whose names are withheld, above which the figure is about those that are not.
MOST_WITHHELD = 0.2


def status_of(status: str, months: int, is_complete: bool) -> str:
    """`partial` for a sound figure of a year with months missing, where completeness is known at all."""
    return "partial" if status == "ok" and is_complete and months < 12 else status


def not_ranked_because(
    status: str, months: int, low: float | None, high: float | None, unit: str, *, pence: int | None = None,
    payees: float | None = None, withheld: float = 0.0,
) -> str:  # fmt: skip
    """
    The reason why a figure carries no rank, a sentence; `""` where it may.

    Args:
        pence: Of the base; `None` where the base is not money, and then only months and the range decide.
        payees: Effective number of payees; `None` where it plays no part.
        withheld: Part of the base whose scope is not known.
    """
    if status == "no-base":
        return "There is nothing of this kind in the year."
    if status == "negative-base":
        return "Refunds exceed payments in this year."
    if status == "nothing-known":
        return "Nothing is known: all of it could be a yes or a no."
    if months < ENOUGH_MONTHS:
        return f"Only {months} of 12 months are in the files; a rank needs {ENOUGH_MONTHS}."
    if pence is not None and pence < ENOUGH_PENCE:
        return f"The year has less than £{ENOUGH_PENCE // 100_000_000} million of such spending, too little to compare."
    if withheld > MOST_WITHHELD:
        return f"More than {round(MOST_WITHHELD * 100)}% of the spending has no name that was published."
    if unit == "share" and low is not None and high is not None and high - low > WIDEST:
        return f"The range is wider than {round(WIDEST * 100)} points, too wide to say where the body stands."
    if payees is not None and payees < ENOUGH_PAYEES:
        return f"A few suppliers decide this figure: they weigh like {payees:.1f} of equal size; a rank needs {ENOUGH_PAYEES}."
    return ""
