"""
Moves the cells of records that stand beside their headings back below them.

The table itself tells where they belong: what kinds of cells, and which values, its columns hold in records that are in
their place. Where it does not tell, or tells two things, the record is named and not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from math import log

from dagster_project.tidy.columns import Layout
from dagster_project.tidy.grids import Grid, Row, is_blank, pick
from dagster_project.tidy.profiles import Cells, kind_of, sample

KEYS = ("payee", "amount", "date")
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


def realign(
    grid: Grid, body: Sequence[int], lost: Sequence[int], layout: Layout, cells: Cells
) -> tuple[dict[int, Row], set[int]]:
    """
    Move the cells of records back below their headings.

    Args:
        body: Indices of the records to look at.
        lost: Those of them whose amount cannot be read.

    Returns:
        Index to the mended record; and indices of those for which nothing tells where they belong.
    """
    moved: dict[int, Row] = {}
    misplaced: set[int] = set()
    if not lost and _nothing_stands_out(grid, body, layout, cells):
        return moved, misplaced
    rows, last = grid.rows, max(layout.columns.values())
    good = [row for i in sample(body) if _is_in_place(row := rows[i], layout, cells)]
    widths = Counter(len(row) for row in good)
    if len(good) < LEAST_GOOD:
        return moved, misplaced
    width = max(widths.most_common(1)[0][0], last + 1)
    good = [row for row in good if len(row) <= width]
    if len(good) < LEAST_GOOD:
        return moved, misplaced
    habits = _Habits(good, width, layout, cells)
    suspects = _suspects(grid, body, width, layout, habits, lost)
    if len(suspects) > MOST_LOOKED_AT:
        return moved, misplaced
    for i in suspects:
        if is_blank(rows[i]):
            continue
        fixed, is_lost = _better(rows[i], habits, grid.delimiter)
        if fixed is not None:
            moved[i] = fixed
        elif is_lost:
            misplaced.add(i)
    return moved, misplaced


def _nothing_stands_out(grid: Grid, body: Sequence[int], layout: Layout, cells: Cells) -> bool:
    """Whether a glance shows that `_suspects` would find none, as in most tables: then habits need not be learnt."""
    if not body:
        return True
    part = slice(body[0], body[-1] + 1)
    if len(set(grid.widths[part])) > 1:
        return False
    payees, days = layout.columns.get("payee"), layout.columns.get("date")
    named = payees is None or all(map(_is_plain, set(grid.column(payees)[part])))
    return named and (days is None or all(kind_of(cell, cells) == "d" for cell in set(grid.column(days)[part])))


def _is_plain(cell: object) -> bool:
    """A name that begins with a letter needs no closer look; nor does a blank."""
    return cell == "" or (isinstance(cell, str) and cell[:1].isalpha() and len(cell) > 3)


def _suspects(
    grid: Grid, body: Sequence[int], width: int, layout: Layout, habits: _Habits, lost: Sequence[int]
) -> list[int]:
    """
    Indices of records in which payee, amount or date is of a kind that is rare there, or that go on beyond the last column.

    A bare number among amounts with pennies is no reason by itself: something else stands out where one is out of place.
    """
    widths, found = grid.widths, set(lost)
    if max(widths) > width:
        found.update(i for i in body if widths[i] > width and not is_blank(grid.rows[i][width:]))
    for name in ("payee", "date"):
        at = layout.columns.get(name)
        if at is None:
            continue
        column = grid.column(at)
        values = set(column[body[0] : body[-1] + 1])
        if name == "payee":
            values = {cell for cell in values if not _is_plain(cell)}
        kinds = {cell: kind_of(cell, habits.cells) for cell in values}
        odd = {cell for cell, kind in kinds.items() if kind != "b" and habits.share(at, kind) < RARE}
        if odd:
            found.update(i for i in body if column[i] in odd)
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
