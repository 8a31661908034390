"""
Mends records of a table whose cells do not stand where they belong, as far as the table itself tells where that is.

A cell with an unquoted line break in it comes as several records; an unquoted comma pushes all that follows one column on;
cells run together. Cells are only moved, cut or joined, never changed: what a record says stays the same to the letter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from dagster_project.tidy.alignment import realign
from dagster_project.tidy.amounts import Amounts, Stated
from dagster_project.tidy.columns import Layout
from dagster_project.tidy.dates import is_day_like
from dagster_project.tidy.grids import Grid, Row, is_blank
from dagster_project.tidy.profiles import Cells, kind_of

GLUED = re.compile(r"(?P<head>.*?)\s*(?P<day>\d{1,2}/\d{1,2}/\d{4})\s*(?P<tail>-?[\d,]+(?:\.\d+)?)?$", re.DOTALL)
#: Pieces that one record may have been broken into.
MOST_PIECES = 8


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
    grid: Grid,
    body: Sequence[int],
    layout: Layout,
    cells: Cells,
    amounts: Amounts,
) -> Mended:
    """
    Mend the records of one table.

    Args:
        body: Indices of its records but for headings and their repetitions.
    """
    out = Mended()
    grid.lay_out(layout.columns.values())
    _take_back(grid, body, layout, amounts, out)
    if "amount" not in layout.columns or "payee" not in layout.columns:
        return out
    if grid.delimiter:  # the cells of sheets are cells
        _rejoin(grid, body, layout, cells, amounts, out)
    held = grid.column(layout.columns["amount"])
    unread = [i for i in body if amounts[held[i]].__class__ is not int]
    for i, row in unglue(grid.rows, unread, layout, amounts).items():
        if i not in out.rows:
            out.rows[i] = row
            out.cut.append(i)
    if out.rows:
        body, unread = ([i for i in some if i not in out.rows] for some in (body, unread))
    lost = [i for i in unread if amounts[held[i]] is Stated.UNREADABLE]
    moved, out.misplaced = realign(grid, body, lost, layout, cells)
    out.rows |= moved
    out.moved = list(moved)
    return out


def _take_back(grid: Grid, body: Sequence[int], layout: Layout, amounts: Amounts, out: Mended) -> None:
    """Where money out and money back stand in two columns, of which a record fills one, read the second below nought."""
    amount = layout.columns.get("amount")
    if amount is None or layout.credit is None:
        return
    paid, back = grid.column(amount), grid.column(layout.credit)
    dated = grid.column(layout.columns["date"]) if "date" in layout.columns else [0] * len(grid.rows)
    lone = [i for i in body if _is_nought(paid[i], amounts) and amounts[back[i]]]
    both = sum(not _is_nought(paid[i], amounts) and bool(amounts[back[i]]) and dated[i] != "" for i in body)
    if not lone or both * 20 > len(lone):
        return
    for i in lone:
        read = amounts[back[i]]
        if isinstance(read, int):
            row = list(grid.rows[i])
            row[amount] = row[layout.credit] if read < 0 else _negative(row[layout.credit])
            row[layout.credit] = ""
            out.rows[i] = row
            out.taken_back.append(i)


def _is_nought(cell: object, amounts: Amounts) -> bool:
    return amounts[cell] in (None, 0)


def _negative(cell: object) -> object:
    return f"-{cell.strip()}" if isinstance(cell, str) else -cell  # type: ignore[operator]


def _rejoin(grid: Grid, body: Sequence[int], layout: Layout, cells: Cells, amounts: Amounts, out: Mended) -> None:
    """Join the pieces of records that an unquoted line break in a cell broke apart."""
    rows, widths = grid.rows, grid.widths
    usual = next((width for width, _ in Counter(widths[i] for i in body).most_common() if width > 1), 0)
    short = [i for i in body if 0 < widths[i] < usual and not is_blank(rows[i])]
    if not short:
        return
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


def unglue(rows: Sequence[Row], unread: Sequence[int], layout: Layout, amounts: Amounts) -> dict[int, Row]:
    """
    Records of a table that make sense once a cell is cut in two or three.

    Args:
        unread: Indices of the records of the table without an amount in its place.

    Returns:
        Index to the mended record, where amount and day stand in their places afterwards.
    """
    if not {"amount", "date", "payee"} <= set(layout.columns):
        return {}
    amount, day, payee = (layout.columns[name] for name in ("amount", "date", "payee"))
    mended: dict[int, Row] = {}
    for i in unread:
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


def unmerge(grid: Grid, layout: Layout, start: int) -> list[Row]:
    """
    The records with the texts and days of cells that are merged over several records repeated in each; no amounts.

    Args:
        start: The first record below the headings.
    """
    amount = layout.columns["amount"]
    columns = {at for at in layout.columns.values() if at != amount}
    changed: dict[int, list[object]] = {}
    for top, left, bottom, _ in grid.merged:
        if bottom > top >= start and left in columns and bottom < len(grid.rows) and len(grid.rows[top]) > left:
            for i in range(top + 1, bottom + 1):
                row = changed.setdefault(i, list(grid.rows[i]))
                row += [""] * (left + 1 - len(row))
                row[left] = row[left] if row[left] != "" else grid.rows[top][left]
    return [changed.get(i, row) for i, row in enumerate(grid.rows)] if changed else grid.rows
