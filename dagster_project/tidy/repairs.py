"""
Mends records of a table whose cells do not stand where they belong, as far as the table itself tells where that is.

A cell with an unquoted line break in it comes as several records; an unquoted comma pushes all that follows one column on;
cells run together. Cells are only moved, cut or joined, never changed: what a record says stays the same to the letter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import log

from dagster_project.tidy.amounts import Amounts, Stated
from dagster_project.tidy.columns import Cells, Layout, kind_of, sample
from dagster_project.tidy.dates import is_day_like
from dagster_project.tidy.grids import Row, is_blank, pick

GLUED = re.compile(r"(?P<head>.*?)\s*(?P<day>\d{1,2}/\d{1,2}/\d{4})\s*(?P<tail>-?[\d,]+(?:\.\d+)?)?$", re.DOTALL)
KEYS = ("payee", "amount", "date")
#: Pieces that one record may have been broken into.
MOST_PIECES = 8
#: Columns that a record may stand beside its headings.
MOST_STEPS = 3
#: Records that must stand where they belong before others are judged by them.
LEAST_GOOD = 3
#: How much likelier (as a logarithm) a record must become by moving its cells, and must be than any other reading of it.
MARGIN, LEAD = 4.0, 1.0
#: A kind of cell rarer than this in its column is out of place there.
RARE = 0.03
#: Records looked at one by one; where more are out of place, the table is not what we think it is.
MOST_LOOKED_AT = 20_000


@dataclass
class Mended:
    """
    What was done to a table.

    Attributes:
        rows: Index of a record to what it says now; empty where its cells went to the record above.
        joined, cut, moved: Indices of records that were joined from pieces, cut apart, moved below their headings.
        absorbed: Indices of records whose cells went to the one above.
        taken_back: Indices of records whose amount stands in a column for money that came back.
        misplaced: Indices of records that stand beside their headings, and nothing tells where they belong.
    """

    rows: dict[int, Row] = field(default_factory=dict)
    joined: list[int] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    taken_back: list[int] = field(default_factory=list)
    absorbed: set[int] = field(default_factory=set)
    misplaced: set[int] = field(default_factory=set)


def mend(
    rows: Sequence[Row],
    body: Sequence[int],
    layout: Layout,
    cells: Cells,
    amounts: Amounts,
    delimiter: str = "",
) -> Mended:
    """
    Mend the records of one table.

    Args:
        body: Indices of its records but for headings and their repetitions.
        delimiter: What cut the text into cells; `""` for sheets, whose cells are cells.
    """
    out = Mended()
    _take_back(rows, body, layout, amounts, out)
    if "amount" not in layout.columns or "payee" not in layout.columns:
        return out
    if delimiter:
        _rejoin(rows, body, layout, cells, amounts, out)
    for i, row in unglue(rows, body, layout, amounts).items():
        if i not in out.rows:
            out.rows[i] = row
            out.cut.append(i)
    _realign(rows, body, layout, cells, amounts, delimiter, out)
    return out


def _take_back(rows: Sequence[Row], body: Sequence[int], layout: Layout, amounts: Amounts, out: Mended) -> None:
    """Where money out and money back stand in two columns, of which a record fills one, read the second below nought."""
    amount = layout.columns.get("amount")
    if amount is None or layout.credit is None:
        return
    part = [rows[i] for i in body]
    paid, back = pick(part, amount), pick(part, layout.credit)
    lone = [n for n, (one, two) in enumerate(zip(paid, back, strict=True)) if _is_nought(one, amounts) and amounts[two]]
    dated = pick(part, layout.columns["date"]) if "date" in layout.columns else [0] * len(part)
    both = sum(
        not _is_nought(one, amounts) and bool(amounts[two]) and day != ""
        for one, two, day in zip(paid, back, dated, strict=True)
    )
    if not lone or both * 20 > len(lone):
        return
    for n in lone:
        read = amounts[back[n]]
        if isinstance(read, int):
            row = list(part[n])
            row[amount] = row[layout.credit] if read < 0 else _negative(row[layout.credit])
            row[layout.credit] = ""
            out.rows[body[n]] = row
            out.taken_back.append(body[n])


def _is_nought(cell: object, amounts: Amounts) -> bool:
    return amounts[cell] in (None, 0)


def _negative(cell: object) -> object:
    return f"-{cell.strip()}" if isinstance(cell, str) else -cell  # type: ignore[operator]


def _rejoin(
    rows: Sequence[Row], body: Sequence[int], layout: Layout, cells: Cells, amounts: Amounts, out: Mended
) -> None:
    """Join the pieces of records that an unquoted line break in a cell broke apart."""
    widths = Counter(len(rows[i]) for i in body if len(rows[i]) > 1)
    if not widths:
        return
    usual = widths.most_common(1)[0][0]
    short = [i for i in body if 0 < len(rows[i]) < usual and not is_blank(rows[i])]
    own, behind = set(body), 0
    for first in short:
        if first < behind:
            continue
        pieces, cut = [first], len(rows[first])
        for i in range(first + 1, first + 2 * MOST_PIECES):
            if i not in own:
                break
            if is_blank(rows[i]) and len(rows[i]) < 2:
                continue
            cut += len(rows[i]) - 1
            pieces.append(i)
            if cut >= usual or len(pieces) == MOST_PIECES:
                break
        joined = _joined([rows[i] for i in pieces])
        if (
            len(pieces) > 1
            and len(joined) == usual
            and _is_whole(joined, layout, cells, amounts)
            and not any(_is_whole(rows[i], layout, cells, amounts) for i in pieces)
        ):
            out.rows[first] = joined
            out.joined.append(first)
            for i in range(first + 1, pieces[-1] + 1):
                out.rows[i] = ()
                out.absorbed.add(i)
            behind = pieces[-1] + 1


def _joined(pieces: Sequence[Row]) -> list[object]:
    """Pieces of a record as one: the last cell of each goes on in the first of the next."""
    out = list(pieces[0])
    for piece in pieces[1:]:
        out[-1] = f"{str(out[-1]).rstrip()} {str(piece[0]).lstrip()}".strip()
        out.extend(piece[1:])
    return out


def _is_whole(row: Row, layout: Layout, cells: Cells, amounts: Amounts) -> bool:
    """Whether a record names an amount, a payee and, where the table has dates, a day or month."""
    held = [row[at] if len(row) > (at := layout.columns[name]) else "" for name in ("amount", "payee")]
    if amounts[held[0]].__class__ is not int or held[1] == "" or kind_of(held[1], cells) in "dpn":
        return False
    day = layout.columns.get("date")
    return day is None or (len(row) > day and kind_of(row[day], cells) in "dm")


def unglue(rows: Sequence[Row], body: Sequence[int], layout: Layout, amounts: Amounts) -> dict[int, Row]:
    """
    Records of a table that make sense once a cell is cut in two or three.

    Args:
        body: Indices of the records of the table.

    Returns:
        Index to the mended record. Only records without an amount in its place are touched, and only where amount
        and day stand in theirs afterwards.
    """
    if not {"amount", "date", "payee"} <= set(layout.columns):
        return {}
    amount, day, payee = (layout.columns[name] for name in ("amount", "date", "payee"))
    mended: dict[int, Row] = {}
    held = pick([rows[i] for i in body], amount)
    for i in [i for i, cell in zip(body, held, strict=True) if amounts[cell].__class__ is not int]:
        row = rows[i]
        if is_blank(row):
            continue
        for at in (day, payee, amount):
            fixed = _cut(row, at, len(row) > amount and at == amount)
            if (
                fixed
                and len(fixed) > max(amount, day)
                and is_day_like(fixed[day])
                and isinstance(amounts[fixed[amount]], int)
            ):
                mended[i] = fixed
                break
    return mended


def _cut(row: Row, at: int, is_amount: bool) -> list[object] | None:
    cell = row[at] if at < len(row) else None
    found = GLUED.match(cell.strip()) if isinstance(cell, str) else None
    if not found or not (found["head"] or found["tail"]):
        return None
    parts = [part for part in (found["head"], found["day"], found["tail"]) if part]
    after = row[at + 1 :]
    if is_amount and len(after) and after[0] == "":
        after = after[1:]  # the day's own cell, left empty
    return [*row[:at], *parts, *after]


class _Habits:
    """What kinds of cells, and which values, each column of a table holds in records that stand where they belong."""

    def __init__(self, good: Sequence[Row], width: int, layout: Layout, cells: Cells) -> None:
        self.layout, self.cells, self.width, self.count = layout, cells, width, len(good)
        self._good = good
        self._known: dict[int, tuple[Counter[object], Counter[str]]] = {}

    def _column(self, at: int) -> tuple[Counter[object], Counter[str]]:
        """Values and kinds of one column, looked at when they are asked for: most tables ask for three."""
        if at not in self._known:
            values = Counter(pick(self._good, at))
            kinds: Counter[str] = Counter()
            for cell, count in values.items():
                kinds[kind_of(cell, self.cells)] += count
            self._known[at] = values, kinds
        return self._known[at]

    def share(self, at: int, kind: str) -> float:
        """How common a kind is in a column, 0 to 1; beyond the last column there is nothing."""
        if at >= self.width:
            return 1.0 if kind == "b" else RARE / 10
        return (self._column(at)[1][kind] + 0.05) / (self.count + 0.5)

    def likelihood(self, row: Row) -> float:
        """How well a record suits the columns, as a logarithm; a value seen in its column before suits better."""
        found = 0.0
        for at in range(max(len(row), self.width)):
            cell = row[at] if at < len(row) else ""
            kind = kind_of(cell, self.cells)
            found += log(self.share(at, kind))
            if kind == "t" and isinstance(cell, str) and "," in cell:
                found -= self._seam(cell)
            if cell != "" and at < self.width and self._column(at)[0][cell] > self.count * 0.02:
                found += 1.0
        return found

    def _seam(self, cell: str) -> float:
        """What a text costs whose parts are amounts: a name holds none, pounds and their pennies belong together."""
        parts = [part for part in cell.split(",") if part.strip()]
        return 3.0 * sum(kind_of(part, self.cells) in "pn" and not part.startswith(" ") for part in parts)

    def misfits(self, row: Row) -> int:
        """How many cells are of a kind that is rare in their column."""
        width = max(len(row), self.width)
        return sum(
            self.share(at, kind_of(row[at] if at < len(row) else "", self.cells)) < max(RARE, 0.5 / self.count)
            for at in range(width)
        )

    def suits(self, row: Row) -> bool:
        """Whether payee, amount and date stand where they should; a date may be left out."""
        return all(self.stands(row, name) for name in ("payee", "amount")) and (
            self.stands(row, "date") or kind_of(row[self.layout.columns["date"]], self.cells) == "b"
        )

    def stands(self, row: Row, name: str) -> bool:
        """Whether a field that the table has is filled in a record, and with a kind of cell that is common there."""
        at = self.layout.columns.get(name)
        if at is None:
            return True
        kind = kind_of(row[at], self.cells) if at < len(row) else "b"
        return kind != "b" and self.share(at, kind) > RARE

    def strangers(self, row: Row) -> int:
        """
        How many of the three fields hold what is something else for certain.

        A payee left blank is one beside a date that is words: then the name stands there.
        """
        found = 0
        kinds = {
            name: kind_of(row[at], self.cells) if at < len(row) else "b"
            for name, at in self.layout.columns.items()
            if name in KEYS
        }
        possible = {"payee": "tcomz" if kinds.get("date") == "t" else "tcomzb", "amount": "pn", "date": "bdmnco"}
        for name, kind in kinds.items():
            found += kind not in possible[name] and self.share(self.layout.columns[name], kind) <= RARE
        return found


def _is_in_place(row: Row, layout: Layout, cells: Cells) -> bool:
    columns = layout.columns
    if len(row) <= max(columns["amount"], columns["payee"]) or kind_of(row[columns["amount"]], cells) not in "pn":
        return False
    day = columns.get("date")
    return kind_of(row[columns["payee"]], cells) in "tco" and (day is None or len(row) > day)


def _realign(
    rows: Sequence[Row],
    body: Sequence[int],
    layout: Layout,
    cells: Cells,
    amounts: Amounts,
    delimiter: str,
    out: Mended,
) -> None:
    """Move the cells of records back below their headings; name those for which nothing tells where they belong."""
    columns = layout.columns
    last = max(columns.values())
    part = [rows[i] for i in body]
    good = [row for row in sample(part) if _is_in_place(row, layout, cells)]
    widths = Counter(len(row) for row in good)
    if len(good) < LEAST_GOOD:
        return
    width = max(widths.most_common(1)[0][0], last + 1)
    good = [row for row in good if len(row) <= width]
    if len(good) < LEAST_GOOD:
        return
    habits = _Habits(good, width, layout, cells)
    suspects = [body[n] for n in _suspects(part, width, layout, habits, amounts)]
    if len(suspects) > MOST_LOOKED_AT:
        return
    for i in suspects:
        if i in out.rows or is_blank(rows[i]):
            continue
        fixed, is_lost = _better(rows[i], habits, delimiter)
        if fixed is not None:
            out.rows[i] = fixed
            out.moved.append(i)
        elif is_lost:
            out.misplaced.add(i)


def _suspects(rows: Sequence[Row], width: int, layout: Layout, habits: _Habits, amounts: Amounts) -> list[int]:
    """
    Numbers of records in which payee, amount or date is of a kind that is rare there, or that go on beyond the last column.

    A bare number among amounts with pennies is no reason by itself: something else stands out where one is out of place.
    """
    found = {i for i, row in enumerate(rows) if len(row) > width and not is_blank(row[width:])}
    for name in KEYS:
        at = layout.columns.get(name)
        if at is None:
            continue
        column = pick(rows, at)
        if name == "amount":
            found.update(i for i, cell in enumerate(column) if amounts[cell] is Stated.UNREADABLE)
            continue
        values = set(column)
        if name == "payee":  # a name that begins with a letter needs no closer look
            values = {cell for cell in values if not (cell.__class__ is str and cell[:1].isalpha() and len(cell) > 3)}
        kinds = {cell: kind_of(cell, habits.cells) for cell in values}
        odd = {cell for cell, kind in kinds.items() if kind != "b" and habits.share(at, kind) < RARE}
        if odd:
            found.update(i for i, cell in enumerate(column) if cell in odd)
    return sorted(found)


def _better(row: Row, habits: _Habits, delimiter: str) -> tuple[Row | None, bool]:
    """
    A record with its cells where they belong.

    Returns:
        The record, `None` if it should stay as it is; and whether it certainly stands beside its headings but could
        belong in more than one way.
    """
    before, misfits = habits.likelihood(row), habits.misfits(row)
    if misfits < 2:
        return None, False
    if len(row) >= 2 * habits.width - 1:
        return None, True
    ways = sorted(((habits.likelihood(way), way) for way in _ways(row, habits.width, delimiter)), key=lambda w: -w[0])
    ways = [(score, way) for score, way in ways if score > before + MARGIN and habits.suits(way)]
    amount = habits.layout.columns["amount"]
    if ways:
        score, best = ways[0]
        rivals = [way for other, way in ways[1:] if other > score - LEAD and way[amount] != best[amount]]
        if not rivals and habits.misfits(best) < misfits:
            return best, False
        return None, True
    filled = sum(cell != "" for cell in row)
    beyond = {kind_of(cell, habits.cells) for cell in row[habits.width :]} - {"b"}
    if {"d", "p"} <= beyond:  # another payment stands on the same line
        return None, True
    strangers = habits.strangers(row)
    return None, (strangers >= 2 and filled * 2 >= habits.width) or (strangers >= 1 and bool(beyond))


def _ways(row: Row, width: int, delimiter: str) -> Iterator[list[object]]:
    """Ways to set a record right: leave out a blank cell, put one in, or join neighbours that a delimiter cut apart."""
    cells = list(row)
    while len(cells) > width and cells[-1] == "":
        cells.pop()
    excess = len(cells) - width
    yield cells
    padded = cells + [""] * (width - len(cells))
    for many in range(1, MOST_STEPS + 1):
        blanks = [""] * many
        for at in range(len(padded) - many + 1):
            if padded[at : at + many] == blanks and at < len(cells):
                yield padded[:at] + padded[at + many :]
            if padded[-many:] == blanks and (at == 0 or padded[at - 1] != ""):
                yield padded[:at] + blanks + padded[at:-many]
    if delimiter and 0 < excess <= MOST_STEPS + 1:
        for seams in combinations(range(1, len(cells)), excess):
            way = _sewn(cells, seams, delimiter)
            if way:
                yield way


def _sewn(cells: list[object], seams: tuple[int, ...], delimiter: str) -> list[object] | None:
    """Cells with those at the seams joined to the ones before; `None` where a blank one would be."""
    out: list[object] = [cells[0]]
    for at, cell in enumerate(cells[1:], 1):
        if at not in seams:
            out.append(cell)
        elif cell == "" or cells[at - 1] == "":
            return None
        else:
            out[-1] = f"{out[-1]}{delimiter}{cell}"
    return out
