"""
Headings that state a finding, chosen by rule from what the bounds allow; else the plain description.

Two ranges are compared by `model.figures.may_say` and by nothing else. No heading names a cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dagster_project.model.figures import may_say
from dagster_project.portal import formats, words

Range = tuple[float, float]
#: Part of the named money not tied to a register from which that is said to be why a share is not known.
HARDLY_TIED = 0.5


@dataclass(frozen=True)
class Yearly:
    """
    A figure of one year, as far as a heading needs it.

    Attributes:
        is_whole: Every month of the year is served and known to be; only such years are compared.
    """

    period: str
    low: float
    high: float
    is_whole: bool

    @property
    def span(self) -> Range:
        """Both bounds."""
        return (self.low, self.high)


def spending_over_time(name: str, years: Sequence[Yearly]) -> str:
    """Whether the last whole year was above or below the one before it."""
    whole = [year for year in years if year.is_whole]
    if len(whole) >= 2:
        before, last = whole[-2:]
        said = may_say(last.span, before.span)
        if said != "cannot tell apart" and abs(last.low - before.low) >= 0.01 * abs(before.low):
            amounts = f"{formats.money(round(last.low * 100))} after {formats.money(round(before.low * 100))}"
            more = "more" if said == "higher" else "less"
            return f"{name} published {more} spending in {formats.year(last.period)} than the year before: {amounts}"
    return f"What {name} published, month by month"


def share_over_time(name: str, years: Sequence[Yearly]) -> str:
    """What may be said of a share with bounds: it moved, the doubt shrank or grew, or neither."""
    plain = f"Share of spending that stayed in the area of {name}"
    if len(years) < 2:
        return plain
    first, last = years[0], years[-1]
    said = may_say(last.span, first.span)
    if said != "cannot tell apart":
        return (
            f"More surely stayed in {formats.year(last.period)} than in {formats.year(first.period)}"
            if said == "higher"
            else (f"Less surely stayed in {formats.year(last.period)} than in {formats.year(first.period)}")
        )
    before, after = (formats.parts_of_pound(*year.span)[1] for year in (first, last))
    if before - after >= 5:
        return f"We know more than we did: the unknown part fell from {before}% to {after}%"
    if after - before >= 5:
        return f"We know less than we did: the unknown part rose from {before}% to {after}%"
    return f"{plain}, {formats.year(first.period)} to {formats.year(last.period)}"


def hardly_known(local: Mapping[str, Any], tied: Mapping[str, Any] | None) -> str:
    """
    Why a share says next to nothing, and what would change it.

    Args:
        local: The figure of what stayed.
        tied: `paid.tied` of the same year, where payees were looked up.
    """
    known = tied["share"] if tied else None
    if known is not None and known < 1 - HARDLY_TIED:
        return words.HARDLY.format(part=formats.share(1 - known))
    return words.HARDLY_PLACED.format(part=formats.share(local["unknown_share"]) if local["unknown_share"] else "all")


def surely_known(local: Mapping[str, Any]) -> str:
    """What is surely known of a share that says next to nothing, in pounds."""
    base = local["base_pence"]
    if local["low"] == 0 and local["high"] == 1:
        return words.HARDLY_NOTHING.format(base=formats.money(base))
    return words.HARDLY_SURE.format(
        base=formats.money(base),
        stayed=formats.money(local["low"] * base),
        left=formats.money((1 - local["high"]) * base),
    )


def largest_payees(count: int, part: float) -> str:
    """What the named payees at the top of a list take, of all spending of the year."""
    words = {1: "One payee takes", 2: "Two payees take", 3: "Three payees take", 4: "Four payees take",
             5: "Five payees take", 10: "Ten payees take"}  # fmt: skip
    if 0 < part < 1 and count in words:
        return f"{words[count]} {formats.pence_ends(part, part)[0]} of every pound"
    return "Who was paid most"


def months_published(missing: Sequence[str], is_known_complete: bool) -> str:
    """How many months lack, where that can be known at all."""
    if not is_known_complete:
        return "The months that we have"
    if not missing:
        return "No month is missing"
    return "One month is missing" if len(missing) == 1 else f"{formats.count(len(missing))} months are missing"


def would_change(own: Range, others: Sequence[Range]) -> str:
    """
    What would change a body's place: knowing all of its own spending, or that of the others.

    Args:
        own: Its range, as ranks go by it.
        others: Those of the other ranked bodies.
    """
    overlaps = [other for other in others if may_say(own, other) == "cannot tell apart"]
    # Where its own value lies decides how many still overlap; the extremes are found at the ends of the ranges.
    points = [own[0], own[1], *(end for other in overlaps for end in other if own[0] <= end <= own[1])]
    left = [sum(low <= point <= high for low, high in overlaps) for point in points]
    middles = [(a + b) / 2 for a, b in zip(sorted(points), sorted(points)[1:], strict=False)]
    left += [sum(low <= point <= high for low, high in overlaps) for point in middles]
    few, many = min(left), max(left)
    if not overlaps:
        return words.WOULD_CHANGE["none"]
    if few == many == len(overlaps):
        return words.WOULD_CHANGE["others"].format(many=formats.count(many))
    if many == 0:
        return words.WOULD_CHANGE["own"].format(few=formats.count(len(overlaps)))
    return words.WOULD_CHANGE["mixed"].format(few=formats.count(few), many=formats.count(many))


def league(ranks: Sequence[Range], nouns: str) -> tuple[str, str]:
    """
    What a table of ranks lets anybody say.

    Args:
        ranks: Best and worst possible place of each body that is ranked.
        nouns: What the bodies are, in small letters: `"county councils"`.

    Returns:
        A heading and a sentence that counts: surely in the upper half, surely in the lower, neither.
    """
    size = len(ranks)
    if size < 2:
        return "There is nothing to compare yet", f"Fewer than two {nouns} can be ranked."
    if all(best == worst for best, worst in ranks):
        return "The order is certain", f"Each of these {formats.count(size)} {nouns} has one possible place."
    half = size / 2
    upper = sum(worst <= half for _, worst in ranks)
    lower = sum(best > half for best, _ in ranks)
    rest = size - upper - lower
    if upper and lower and rest:
        head = "Top and bottom can be told apart; the middle cannot"
    elif upper and lower:
        head = "The upper half can be told from the lower"
    else:
        head = "Most of them cannot be told apart" if upper or lower else "They cannot be told apart"
    if not upper and not lower:
        none = f"None of these {formats.count(size)} {nouns} is surely in the upper or in the lower half."
        return head, f"{none} What nobody can place decides."
    counts = (
        f"Of {formats.count(size)} {nouns}, {formats.plural(upper, 'is', 'are')} surely in the upper half "
        f"and {formats.count(lower)} surely in the lower half."
    )
    doubt = (
        f" For the other {formats.count(rest)}, what nobody can place decides."
        if rest > 1
        else (" For the other one, what nobody can place decides." if rest else "")
    )
    return head, counts + doubt
