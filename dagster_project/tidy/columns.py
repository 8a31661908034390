"""
Which column holds what: headings propose, values decide.

A column headed "Supplier" that holds numbers is not the payee, whatever it is called; a column without any heading that
holds pounds and pence is the amount, if no better one claims to be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dagster_project.model.lines import TEXT_FIELDS
from dagster_project.model.words import HeadingSense
from dagster_project.tidy.grids import text_of
from dagster_project.tidy.headings import Headings
from dagster_project.tidy.profiles import Profile

#: What a heading is worth whose column holds nothing, or dates that nobody can read.
HEADED_ONLY = 0.07
LEAST_CLAIM = 0.04
#: Values that suit a heading this well need suit no better: then the clearer heading decides.
ENOUGH = 0.6
#: Headings that are believed against any values, and those that values may overrule.
NEVER_A_DATE = ("contract_life", "other", "person", "commitment")
MISLEADING = (
    "reference",
    "category",
    "purpose",
    "payee_reference",
    "payee_type",
    "date",
    "amount",
    "contract_reference",
)
WORD = re.compile(r"[a-z]+")
CODED = frozenset(("code", "no", "number", "id", "ref", "reference"))


@dataclass
class Layout:
    """
    What the columns of a table hold.

    Attributes:
        columns: Our field to position.
        basis: `net`, `gross` or `""`.
        known: Positions whose heading was understood, used or not.
        rivals: Field to positions of other columns that claim to be the same.
        shift: 1 or -1 where the values stand beside their headings from some column on, else 0.
        slipped: The headings moved to where their values stand, if so.
        doubts: Field to a sentence, where values overruled a heading.
        people: Positions of columns that name staff.
        credit: Position of a column for money that came back, beside one for money that went out.
        score: How well it all fits.
    """

    columns: dict[str, int] = field(default_factory=dict)
    basis: str = ""
    known: set[int] = field(default_factory=set)
    rivals: dict[str, list[int]] = field(default_factory=dict)
    shift: int = 0
    slipped: list[str] = field(default_factory=list)
    doubts: dict[str, str] = field(default_factory=dict)
    people: list[int] = field(default_factory=list)
    credit: int | None = None
    score: float = 0.0


def _amount_fit(p: Profile) -> float:
    if not p.count or p.money < 0.5 or p.large > 0.5:
        return 0.0
    return p.money * (0.6 + 0.4 * min(1.0, p.pennies * 1.5)) * (0.4 + 0.6 * p.filled)


def _date_fit(p: Profile) -> float:
    if not p.count:
        return 0.0
    if p.day >= 0.4:
        return (p.day + 0.3 * p.month) * (0.4 + 0.6 * p.filled)
    return 0.5 * (p.month + p.day) * (0.4 + 0.6 * p.filled) if p.month + p.day >= 0.5 else 0.0


def _payee_fit(p: Profile) -> float:
    if not p.count:
        return 0.0
    named = p.letters * (1 - 0.7 * p.codes) * (0.4 + 0.6 * p.filled)
    if p.count >= 12 and p.different * p.count <= 2:
        named *= 0.3  # one name all the way down is the body's own
    return named if p.letters >= 0.4 else 0.05 * (1 - p.money)


FIT = {"amount": _amount_fit, "date": _date_fit, "payee": _payee_fit}


def _fits(fieldname: str, p: Profile) -> float:
    """How well values suit a field, 0 to about 1; a text field takes anything that is not plainly something else."""
    if fieldname in FIT:
        return FIT[fieldname](p)
    if not p.count:
        return 0.3
    if fieldname == "payee_postcode":
        return 0.2 + 0.8 * p.postcodes
    return 1.0


def place(headings: Sequence[object], found: Sequence[Profile], look: Headings) -> Layout:
    """
    Give each field its column.

    Args:
        headings: Cells of the heading record by position; empty where the table has none.
        found: Profiles by position.
    """
    out = Layout()
    senses = [look.senses(headings[i]) if i < len(headings) else () for i in range(len(found))]
    out.known = {i for i, s in enumerate(senses) if s}
    for name in ("amount", "date", "payee"):
        _place_primary(name, headings, senses, found, out)
    taken = set(out.columns.values())
    claims = sorted(
        (column[0].rank, i, column[0].field)
        for i, column in enumerate(senses)
        if column
        and i not in taken
        and found[i].count
        and column[0].field in TEXT_FIELDS
        and column[0].field != "payee"
    )
    for _, i, name in claims:
        if name not in out.columns:
            out.columns[name] = i
    out.credit = next((i for i, s in enumerate(senses) if s and s[0].field == "credit" and found[i].money > 0.5), None)
    out.people = [i for i, s in enumerate(senses) if s and s[0].field == "person" and found[i].count and i not in taken]
    return out


def _claim(name: str, p: Profile, senses: tuple[HeadingSense, ...]) -> tuple[float, HeadingSense | None]:
    """How strongly a column claims to be one of the three fields: by heading and values, or by values alone."""
    fit = _fits(name, p)
    sense = next((s for s in senses if s.field == name), None)
    if sense:
        # Ranks go from 4 to 99: a clear name beats a vague one unless its values do not suit.
        first = 1.0 if senses[0].field == name else 0.8
        if name != "amount" and fit < HEADED_ONLY and sense.rank < 60:
            fit = HEADED_ONLY if name == "date" or not p.count else fit
        return min(1.0, fit / ENOUGH) * first * (120 - sense.rank) / 100, sense
    if not senses:
        return fit * _unnamed(name, p), None
    return fit * _in_spite(name, p, senses[0].field), None


def _place_primary(
    name: str,
    headings: Sequence[object],
    senses: Sequence[tuple[HeadingSense, ...]],
    found: Sequence[Profile],
    out: Layout,
) -> None:
    """Choose the column of one of the three fields that make a table."""
    taken = set(out.columns.values())
    claims = [(*_claim(name, p, senses[i]), i) for i, p in enumerate(found) if i not in taken]
    if not claims:
        return
    best, sense, at = max(claims, key=lambda claim: (claim[0], -claim[2]))
    if best < LEAST_CLAIM:
        return
    out.columns[name] = at
    out.score += best
    if name == "amount" and sense:
        out.basis = sense.basis
    named = [
        (i, s) for i, column in enumerate(senses) for s in column[:1] if s.field == name and found[i].count and i != at
    ]
    out.rivals[name] = [i for i, _ in named]
    misled = [i for i, s in named if _fits(name, found[i]) < 0.2 and (sense is None or s.rank < sense.rank)]
    if misled and misled[0] < len(headings):
        out.doubts[name] = f"'{text_of(headings[misled[0]])}' does not hold it; column {at + 1} does."


def _unnamed(name: str, p: Profile) -> float:
    """How much a column without a known heading may claim by its values alone."""
    if name == "amount":
        return 0.5 * (0.3 + 0.7 * p.pennies)
    if name == "date":
        return 0.5 if p.day >= 0.6 else 0.1 if p.month >= 0.9 and (p.letters or p.different <= 0.5) else 0.0
    return 0.08 + 0.4 * min(1.0, 2 * p.firms) + 0.1 * p.different


def _in_spite(name: str, p: Profile, said: str) -> float:
    """How much a column may claim by its values in spite of a heading that says something else."""
    if name == "date":
        return 0.15 if p.day >= 0.8 and said not in NEVER_A_DATE else 0.0
    if name == "amount":
        return 0.08 if p.pennies >= 0.5 and p.money >= 0.9 and said in MISLEADING else 0.0
    return 0.15 * min(1.0, 2 * p.firms) if p.firms >= 0.3 and said in MISLEADING else 0.0


def find_layout(headings: Sequence[object], found: Sequence[Profile], look: Headings) -> Layout:
    """
    The layout that fits best, values that stand beside their headings included.

    A slip is believed only where the straight reading lacks what the slipped one has: a heading too many or too few
    at some place, so that all values behind it stand one column off.
    """
    straight = place(headings, found, look)
    if not headings or _is_at_ease(straight, headings, found, look):
        return straight
    best, best_score = straight, straight.score if suits(straight, found) == 3 else 0.0
    width = max(len(headings), len(found))
    for at in range(width):
        for slipped in ([*headings[:at], *headings[at + 1 :]], [*headings[:at], "", *headings[at:]]):
            moved = place(slipped, found, look)
            moved.score -= 0.02 * _misnamed(slipped, found)
            if suits(moved, found) == 3 and headed(moved, slipped, look) == 3 and moved.score > best_score + 0.01:
                moved.shift = 1 if len(slipped) > len(headings) else -1
                moved.slipped = [text_of(cell) for cell in slipped]
                best, best_score = moved, moved.score
    return best


def _misnamed(headings: Sequence[object], found: Sequence[Profile]) -> int:
    """How many headings that announce codes or numbers stand above words, or above nothing."""
    return sum(
        1
        for heading, p in zip(headings, found, strict=False)
        if isinstance(heading, str)
        and not CODED.isdisjoint(WORD.findall(heading.lower()))
        and p.count
        and p.letters > 0.8
        and p.codes < 0.2
    )


def _is_at_ease(layout: Layout, headings: Sequence[object], found: Sequence[Profile], look: Headings) -> bool:
    """Whether the amounts stand below a heading that says so, and no other column holds what they lack: pennies."""
    at = layout.columns.get("amount", -1)
    if not (0 <= at < len(headings) and any(s.field == "amount" for s in look.senses(headings[at]))):
        return False
    if found[at].pennies > 0.05:
        return True
    others = [
        p
        for i, p in enumerate(found)
        if p.pennies >= 0.3 and p.money >= 0.9 and not (i < len(headings) and _is_money(look.senses(headings[i])))
    ]
    return not others


def _is_money(senses: tuple[HeadingSense, ...]) -> bool:
    return any(s.field in ("amount", "vat_amount", "unit_price", "commitment") for s in senses)


def suits(layout: Layout, found: Sequence[Profile]) -> int:
    """How many of the three fields have a column whose values suit."""
    return sum(
        1
        for name in FIT
        if name in layout.columns and _fits(name, found[layout.columns[name]]) >= 0.5 and name not in layout.doubts
    )


def stands_out(layout: Layout, found: Sequence[Profile]) -> bool:
    """Whether payee, amount and date are told by their values alone, beyond doubt, in more than a line or two."""
    if not set(FIT) <= set(layout.columns):
        return False
    payee, amount, day = (found[layout.columns[name]] for name in ("payee", "amount", "date"))
    # A month is told by its name, a period by being the same for many lines: references come singly.
    dated = day.day >= 0.8 or (day.month >= 0.9 and (day.letters >= 0.9 or day.different <= 0.5))
    told = payee.letters >= 0.7 and payee.firms >= 0.06 and amount.money >= 0.9 and amount.pennies >= 0.4 and dated
    return told and min(payee.count, amount.count, day.count) >= 3


def headed(layout: Layout, headings: Sequence[object], look: Headings) -> int:
    """How many of the three fields stand where a heading names them."""
    count = 0
    for name in FIT:
        at = layout.columns.get(name, -1)
        if 0 <= at < len(headings) and any(s.field == name for s in look.senses(headings[at])):
            count += 1
    return count


def headed_fields(columns: Mapping[str, int]) -> set[str]:
    """The fields a layout found, of the three that make a table."""
    return set(FIT) & set(columns)
