"""What may carry a rank. The rest is shown with its reason."""

from __future__ import annotations

#: Months of a year that must be served for a rank.
ENOUGH_MONTHS = 9
#: A range wider than this many of 1 cannot say where a body stands.
WIDEST = 0.5


def status_of(status: str, months: int, is_complete: bool) -> str:
    """`partial` for a sound figure of a year with months missing, where completeness is known at all."""
    return "partial" if status == "ok" and is_complete and months < 12 else status


def not_ranked_because(status: str, months: int, low: float | None, high: float | None, unit: str) -> str:
    """The reason why a figure carries no rank, a sentence; `""` where it may."""
    if status == "no-base":
        return "There is no spending of this kind in the year."
    if status == "negative-base":
        return "Refunds exceed payments in this year."
    if status == "nothing-known":
        return "Nothing is known: every pound of it could be a yes or a no."
    if months < ENOUGH_MONTHS:
        return f"Only {months} of 12 months are in the files; a rank needs {ENOUGH_MONTHS}."
    if unit == "share" and low is not None and high is not None and high - low > WIDEST:
        return f"The range is wider than {round(WIDEST * 100)} points, too wide to say where the body stands."
    return ""
