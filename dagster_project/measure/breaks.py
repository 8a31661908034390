"""
Breaks: months from which a body's series is of another kind, so that what lies before cannot be set beside what follows.

Four kinds: `vat` (amounts with VAT or without), `threshold` (from how many pounds payments are listed), `layout` (most
headings are others), `reorganisation` (another body took over). Each is declared, by the body's own files, the spine or
`datapackages/measures/breaks.csv`; or detected in the lines, by rules that would rather miss one than invent one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dagster_project.model.periods import next_month

KINDS = ("vat", "threshold", "layout", "reorganisation")
#: Pounds from which bodies list payments.
FLOORS = (100, 250, 500, 1_000, 5_000, 10_000, 25_000)
#: A month with fewer payments says nothing of a floor.
ENOUGH_PAYMENTS = 20
#: Months on each side that must agree; and of so many, this part.
SURE_MONTHS, SIDE, MOST_OF_SIDE = 3, 12, 0.75
#: Part of a month's payments under a floor up to which the floor holds, and from which it does not.
HOLDS, FALLS = 0.02, 0.05
#: Part of the headings that a layout shares with one before it, below which it is another.
SAME_LAYOUT = 0.5
#: Headings that a sentence names.
NAMED = 4


@dataclass(frozen=True, order=True)
class Break:
    """
    One break.

    Attributes:
        month: The first of the new kind.
        how: `declared` or `detected`.
        says: The reason, a sentence or two.
    """

    publisher: str
    month: str
    kind: str
    how: str
    says: str


def month_words(month: str) -> str:
    """A month as people write it: `2023-04` is April 2023."""
    names = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
             "November", "December")  # fmt: skip
    return f"{names[int(month[5:]) - 1]} {month[:4]}"


def threshold_breaks(publisher: str, months: Sequence[tuple[Any, ...]]) -> Iterator[Break]:
    """
    Months from which smaller payments are listed, or no longer.

    Args:
        months: Rows of `breaks.sql` of one body after its slug: month, payments, and those under each of `FLOORS`.

    A floor that three months keep and the next three break, and most of a year on either side with them.
    """
    told = [(month, number, under) for month, number, *under in months if number >= ENOUGH_PAYMENTS]
    for at in range(SURE_MONTHS, len(told) - SURE_MONTHS + 1):
        before, after = told[max(0, at - SIDE) : at], told[at : at + SIDE]
        lower = [place for place in range(len(FLOORS)) if _keeps(before, place, -1) and _breaks(after, place, 1)]
        higher = [place for place in range(len(FLOORS)) if _breaks(before, place, -1) and _keeps(after, place, 1)]
        if lower:
            yield Break(publisher, told[at][0], "threshold", "detected", _smaller(FLOORS[lower[-1]], told, at, after))
        elif higher:
            yield Break(publisher, told[at][0], "threshold", "detected", _larger(FLOORS[higher[-1]], told, at, before))


_Told = Sequence[tuple[str, int, Sequence[int]]]


def _parts(months: _Told, floor: int) -> list[float]:
    return [under[floor] / number for _, number, under in months]


def _keeps(months: _Told, floor: int, side: int) -> bool:
    kept = [part <= HOLDS for part in _parts(months, floor)]
    return all(kept[:SURE_MONTHS] if side > 0 else kept[-SURE_MONTHS:]) and sum(kept) >= MOST_OF_SIDE * len(kept)


def _breaks(months: _Told, floor: int, side: int) -> bool:
    fallen = [part >= FALLS for part in _parts(months, floor)]
    return all(fallen[:SURE_MONTHS] if side > 0 else fallen[-SURE_MONTHS:]) and sum(fallen) >= MOST_OF_SIDE * len(
        fallen
    )


def _under(months: _Told, floor: int) -> str:
    """What part of the payments lie under a floor, in words."""
    place = FLOORS.index(floor)
    number, under = sum(n for _, n, _ in months), sum(under[place] for *_, under in months)
    return f"{round(100 * under / number)}%"


def _smaller(floor: int, told: _Told, at: int, after: _Told) -> str:
    return (
        f"Until {month_words(told[at - 1][0])} hardly a payment is under £{floor:,}; from {month_words(told[at][0])}, "
        f"{_under(after, floor)} are. More small payments are listed, so sums and shares are of more than before."
    )


def _larger(floor: int, told: _Told, at: int, before: _Told) -> str:
    return (
        f"Until {month_words(told[at - 1][0])}, {_under(before, floor)} of the payments are under £{floor:,}; from "
        f"{month_words(told[at][0])} hardly one is. Small payments are no longer listed, so sums and shares are of fewer."
    )


def vat_breaks(publisher: str, files: Iterable[Mapping[str, Any]]) -> Iterator[Break]:
    """
    Months from which files say that amounts are with VAT where earlier ones said without, or the other way round.

    Args:
        files: Rows of `files` of one body that were read, with payments; in order of their first month. Files that do
            not say are passed over.
    """
    words = {"net": "without VAT", "gross": "with VAT", "gross|net": "partly with VAT"}
    said = [row for row in files if row["amount_basis"] in words and row["first_month"]]
    for before, after in pairwise(said):
        old, new = words[before["amount_basis"]], words[after["amount_basis"]]
        if old != new:
            yield Break(
                publisher, after["first_month"], "vat", "declared",
                f"The files up to {month_words(before['last_month'])} say that amounts are {old}; those from "
                f"{month_words(after['first_month'])} say {new}.",
            )  # fmt: skip


def layout_breaks(publisher: str, files: Iterable[Mapping[str, Any]]) -> Iterator[Break]:
    """
    Months from which the files have other headings, and keep them.

    Args:
        files: As for `vat_breaks`; `layout` holds the headings.

    Where a body publishes several kinds of file, a layout is another only where none of the last three months had one
    like it, and the next month has none like those either.
    """
    by_month: dict[str, list[frozenset[str]]] = {}
    for row in files:
        if row["layout"] and row["first_month"]:
            by_month.setdefault(row["first_month"], []).append(frozenset(row["layout"].split("|")))
    months = sorted(by_month)
    since = 0
    for at in range(1, len(months)):
        old = [layout for month in months[max(since, at - SURE_MONTHS) : at] for layout in by_month[month]]
        new = by_month[months[at]]
        later = by_month[months[at + 1]] if at + 1 < len(months) else new
        if not _alike(new, old) and not _alike(later, old):
            since = at
            yield Break(publisher, months[at], "layout", "detected", _other_headings(months[at], old, new))


def _alike(some: Sequence[frozenset[str]], others: Sequence[frozenset[str]]) -> bool:
    """Whether any two of them share half of their headings."""
    return any(len(a & b) >= SAME_LAYOUT * len(a | b) for a in some for b in others)


def _other_headings(month: str, old: Sequence[frozenset[str]], new: Sequence[frozenset[str]]) -> str:
    before, after = old[-1], new[0]
    kept, gone, come = len(before & after), sorted(before - after), sorted(after - before)
    return (
        f"From {month_words(month)} the files have other headings: {kept} of {len(before)} stay. "
        f"Gone: {_some(gone)}. New: {_some(come)}."
    )


def _some(headings: Sequence[str]) -> str:
    shown = ", ".join(f"“{heading}”" for heading in headings[:NAMED])
    more = len(headings) - NAMED
    return (f"{shown} and {more} more" if more > 0 else shown) or "none"


def reorganisations(publishers: Mapping[str, Any], served: Mapping[str, tuple[str, str]]) -> Iterator[Break]:
    """
    Months from which a body is another than before, because bodies went into it or it went into others.

    Args:
        publishers: The spine; `name`, `start`, `end` and `successor` are read.
        served: By body, the first and the last month of its payments; others are passed over.
    """
    heirs: dict[str, list[str]] = {}
    for slug, body in publishers.items():
        for heir in body.successor:
            heirs.setdefault(heir, []).append(slug)
    for slug, (first, last) in served.items():
        body = publishers[slug]
        for month, gone in _taken_over(body, [publishers[one] for one in heirs.get(slug, ())]):
            if first <= month <= last:
                yield Break(slug, month, "reorganisation", "declared", _tasks(body, month, _listed(gone)))
        if body.end and body.successor and first <= _after(body.end) <= last:
            heads = _listed([publishers[heir] for heir in body.successor])
            yield Break(
                slug, _after(body.end), "reorganisation", "declared",
                f"{body.name} ended on {body.end} and {heads} took over. What is paid from then on is what was left to do.",
            )  # fmt: skip


def _after(end: str) -> str:
    """The first month without a body that ended on a day: the one after, unless it ended early in its month."""
    return next_month(end[:7]) if end[8:] > "15" else end[:7]


def _taken_over(body: Any, gone: Sequence[Any]) -> list[tuple[str, list[Any]]]:
    """Months in which a body took over others, and whom; never before its own start."""
    months: dict[str, list[Any]] = {}
    for one in gone:
        month = max(_after(one.end), body.start[:7]) if one.end else body.start[:7]
        if month:
            months.setdefault(month, []).append(one)
    return sorted(months.items())


def _tasks(body: Any, month: str, names: str) -> str:
    if body.start[:7] == month:
        return f"{body.name} began in {month_words(month)}, in place of {names}."
    return f"From {month_words(month)}, {body.name} has the tasks of {names} too."


def _listed(bodies: Sequence[Any]) -> str:
    names = [body.name for body in bodies]
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def without_twins(breaks: Iterable[Break]) -> list[Break]:
    """All in order, without those that were detected where one of their kind is declared for that month or one beside it."""
    every = sorted(set(breaks))
    near = {
        (one.publisher, one.kind, month) for one in every if one.how == "declared"
        for month in (one.month, next_month(one.month))
    }  # fmt: skip
    before = {(one.publisher, one.kind, one.month) for one in every if one.how == "declared"}
    return [
        one for one in every if one.how == "declared" or not (
            (one.publisher, one.kind, one.month) in near or (one.publisher, one.kind, next_month(one.month)) in before)
    ]  # fmt: skip


def marks(breaks: Iterable[Break]) -> dict[str, list[str]]:
    """What figures say of breaks: by body, kind and month such as `vat 2011-04`, in order of the month."""
    found: dict[str, list[str]] = {}
    for one in sorted(breaks, key=lambda b: (b.month, KINDS.index(b.kind))):
        found.setdefault(one.publisher, []).append(f"{one.kind} {one.month}")
    return found
