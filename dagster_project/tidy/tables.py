"""
Finds the tables in a grid: where the headings are, where each table begins and ends.

A heading record is one whose cells read as headings and whose columns below hold what they say. What stands above it
belongs to its table as notes; the same headings again are a repetition, others begin a second table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from dagster_project.tidy.amounts import Amounts, read_amount
from dagster_project.tidy.columns import (
    FIT,
    Layout,
    find_layout,
    headed,
    headed_fields,
    stands_out,
    suits,
)
from dagster_project.tidy.dates import is_day_like
from dagster_project.tidy.grids import Grid, Row, is_blank, text_of
from dagster_project.tidy.headings import Headings, normal
from dagster_project.tidy.profiles import Cells, Profile, kind_of, profiles

#: Records looked at in search of a heading; a preamble of pages is shorter.
DEEPEST = 3000
#: Records below a heading by which its columns are judged before it is believed.
BELOW = 60
EXAMPLE = re.compile(r"\b(?:examples?|sample|illustration|illustrative)\b", re.IGNORECASE)
#: A record of two or three cells with a longer text in it is a sentence that holds a delimiter.
LONGEST_HEADING = 60
#: A number longer than a year: headings hardly hold one.
LONG_NUMBER = re.compile(r"\d\D*\d\D*\d\D*\d\D*\d")


@dataclass
class Span:
    """
    One table of a grid, by index of its records from 0.

    Attributes:
        start: First record that belongs to it, notes above the headings included.
        heads: Records that hold the headings; none where the table has no headings.
        body: First record below the headings.
        end: One past its last record.
        headings: Heading texts by position, those of several records joined.
        repeats: Records that repeat the headings.
        below: The headings stand at the end of the table.
    """

    start: int
    heads: list[int]
    body: int
    end: int
    headings: list[str]
    layout: Layout
    repeats: set[int] = field(default_factory=set)
    below: bool = False


def _is_data_cell(cell: object) -> bool:
    """Whether a cell holds an amount or a day: a heading may hold a year, but no pennies."""
    if not isinstance(cell, str):
        return True
    text = cell.strip()
    if not text or not any(c.isdigit() for c in text):
        return False
    return is_day_like(text) or isinstance(read_amount(text), int)


def looks_like_heading(row: Row, look: Headings) -> bool:
    """Whether a record reads as headings: two known ones at least, and hardly any data."""
    texts = [cell for cell in row if isinstance(cell, str) and cell and not cell.isspace()]
    if len(texts) < 2 or any(LONG_NUMBER.search(text) for text in texts):
        return False
    if len(texts) < 4 and any(len(text) > LONGEST_HEADING for text in texts):
        return False
    known = look.known(row)
    # Most headings are known ones; fewer will do where both payee and amount are named.
    few = known < len(texts) * 0.4
    if known < 2 or known < len(texts) * 0.25 or (few and not {"payee", "amount"} <= look.fields(row)):
        return False
    data = sum(1 for cell in row if cell != "" and _is_data_cell(cell))
    return data == 0 or (data == 1 and len(texts) > 5)


def _texts(row: Row) -> list[str]:
    """The texts of a heading record, for comparison with another one."""
    return [normal(text) for cell in row if (text := text_of(cell))]


def _first(row: Row) -> str:
    """The first text of a record, in small letters: a glance before a look."""
    return next((text.lower() for cell in row if (text := text_of(cell))), "")


def _width(rows: Sequence[Row]) -> int:
    return max((len(row) for row in rows), default=0)


def _below(rows: Sequence[Row], at: int, most: int = BELOW) -> list[Row]:
    """The next records that hold something."""
    out: list[Row] = []
    for row in rows[at : at + most * 20]:
        if not is_blank(row):
            out.append(row)
            if len(out) == most:
                break
    return out


class TableFinder:
    """Finds the tables of grids with one vocabulary."""

    def __init__(self, look: Headings, amounts: Amounts, cells: Cells) -> None:
        self._look, self._amounts, self._cells = look, amounts, cells

    def find(self, grid: Grid) -> list[Span]:
        """The tables of a grid, in order; none where nothing in it looks like payments."""
        rows, spans, at = grid.rows, list[Span](), 0
        while at < len(rows):
            span = self._headed_span(rows, at)
            if span is None:
                break
            spans.append(span)
            span.end = self._end(grid, span)
            at = span.end
        if spans:
            spans[-1].end = len(rows)
            return spans
        lone = self._weak_span(rows) or self._bare_span(rows)
        return [lone] if lone else []

    def go_on(self, grid: Grid, layouts: Sequence[Layout]) -> list[Span]:
        """A grid without headings whose columns are those of a table before it in the same file: a second page."""
        filled = _below(grid.rows, 0, 400)
        for layout in reversed(layouts):
            suited = sum(self._goes_on(row, layout) for row in filled)
            if len(filled) >= 2 and suited * 10 >= len(filled) * 8:
                return [Span(0, [], 0, len(grid.rows), [], layout)]
        return []

    def _goes_on(self, row: Row, layout: Layout) -> bool:
        columns = layout.columns
        if not {"payee", "amount", "date"} <= set(columns) or len(row) <= max(columns[name] for name in FIT):
            return False
        kinds = {name: kind_of(row[columns[name]], self._cells) for name in FIT}
        return kinds["payee"] in "tc" and kinds["amount"] in "pn" and kinds["date"] in "dm"

    def _weak_span(self, rows: Sequence[Row]) -> Span | None:
        """A table below headings of which a single one is known: believed where the values bear it out."""
        for at, row in enumerate(rows[:BELOW]):
            texts = [cell for cell in row if isinstance(cell, str) and cell.strip()]
            if len(texts) < 3 or not {"payee", "amount"} & self._look.fields(row):
                continue
            if any(LONG_NUMBER.search(text) for text in texts) or any(c != "" and _is_data_cell(c) for c in row):
                continue
            span = self._judge(rows, 0, at, needed=1, is_weak=True)
            if span:
                return span
        return None

    def _headed_span(self, rows: Sequence[Row], start: int) -> Span | None:
        """The next table with headings from a record on: the best heading record before its first payment."""
        best: tuple[float, Span] | None = None
        at, payments = start, 0
        while at < min(len(rows), start + DEEPEST):
            row = rows[at]
            if best and self._is_payment(row, best[1].layout):
                # A summary of a line or two above the real headings is no table of its own.
                payments += 1
                if payments > 2 or self._is_sure(best[1]):
                    break
            if looks_like_heading(row, self._look):
                span = self._judge(rows, start, at, needed=2 if start else 1)
                if span and (best is None or self._quality(span) > best[0] + (1.0 if payments else 0.3)):
                    best = (self._quality(span), span)
                if span:
                    at = span.body - 1
            at += 1
        return best[1] if best else None

    def _is_sure(self, span: Span) -> bool:
        """Whether headings name both payee and amount."""
        at = span.layout.columns
        return all(
            name in at
            and at[name] < len(span.headings)
            and any(s.field == name for s in self._look.senses(span.headings[at[name]]))
            for name in ("payee", "amount")
        )

    def _quality(self, span: Span) -> float:
        return span.layout.score + 0.1 * len(span.layout.known) + 0.5 * len(headed_fields(span.layout.columns))

    def _judge(
        self, rows: Sequence[Row], start: int, at: int, needed: int = 1, *, is_weak: bool = False
    ) -> Span | None:
        """Read a record, with those below that go on in the same way, as headings; `None` if the columns do not bear it out."""
        heads, after = [at], at + 1
        while after < len(rows):
            # Doubled line ends put an empty record between the two lines of one heading.
            after += is_blank(rows[after]) and after == heads[-1] + 1
            if after >= len(rows) or not self._continues(rows[after]):
                break
            heads.append(after)
            after += 1
        headings = _joined([rows[i] for i in heads])
        below = self._own(_below(rows, heads[-1] + 1), [rows[i] for i in heads])
        if not below:
            return None
        found = profiles(below, max(_width(below), len(headings)), self._cells)
        layout = find_layout(headings, found, self._look)
        if not self._believes(layout, headings, found, needed) and not (
            is_weak and self._bears_out(layout, headings, found)
        ):
            return None
        if not any(self._is_payment(row, layout) for row in below):
            return None
        return Span(start, heads, heads[-1] + 1, len(rows), layout.slipped or headings, layout)

    def _own(self, below: list[Row], heads: Sequence[Row]) -> list[Row]:
        """The records below headings as far as the next other ones."""
        first = {normal(text) for row in heads for cell in row if (text := text_of(cell))}
        for n, row in enumerate(below):
            if n and looks_like_heading(row, self._look):
                texts = set(_texts(row))
                if len(texts & first) * 2 <= len(texts):
                    return below[:n]
        return below

    def _believes(self, layout: Layout, headings: Sequence[object], found: Sequence[Profile], needed: int) -> bool:
        """Whether columns make a table under these headings: who was paid and how much, or else a dated transaction."""
        fields = set(layout.columns)
        named = headed(layout, layout.slipped or headings, self._look)
        if {"payee", "amount", "date"} <= fields:
            return named >= 2 or stands_out(layout, found)
        if {"payee", "amount"} <= fields:
            return named >= max(needed, 2) or (named >= needed and len(layout.known) >= 3)
        return {"amount", "date", "reference"} <= fields and named >= 2

    def _bears_out(self, layout: Layout, headings: Sequence[object], found: Sequence[Profile]) -> bool:
        """Whether values tell those of the three fields that no heading names."""
        if suits(layout, found) != len(FIT):
            return False
        told = {
            name
            for name, at in layout.columns.items()
            if at < len(headings) and any(s.field == name for s in self._look.senses(headings[at]))
        }
        payee, amount = found[layout.columns["payee"]], found[layout.columns["amount"]]
        return (
            bool(told & {"payee", "amount"})
            and amount.count >= 3
            and ("payee" in told or payee.firms >= 0.06)
            and ("amount" in told or amount.pennies >= 0.3)
        )

    def _continues(self, row: Row) -> bool:
        """Whether a record goes on with the headings above it: no data, short texts, at least one known heading."""
        texts = [cell for cell in row if cell != "" and not (isinstance(cell, str) and cell.isspace())]
        if not texts or any(_is_data_cell(cell) for cell in texts):
            return False
        if sum(1 for cell in texts if self._look.is_heading(cell)) * 2 < len(texts):
            return False
        return all(isinstance(cell, str) and len(cell) < 60 for cell in texts)

    def _is_payment(self, row: Row, layout: Layout) -> bool:
        amount, payee = layout.columns["amount"], layout.columns.get("payee")
        if len(row) <= amount or not isinstance(read_amount(row[amount]), int):
            return False
        named = payee is not None and len(row) > payee and row[payee] != "" and text_of(row[payee]) != ""
        day = layout.columns.get("date")
        return named or (day is not None and len(row) > day and is_day_like(row[day]))

    def _end(self, grid: Grid, span: Span) -> int:
        """Where a table ends: at the next record of other headings; repeated headings are noted on the way."""
        rows, amounts = grid.rows, self._amounts
        grid.lay_out(span.layout.columns.values())
        cells = grid.column(span.layout.columns["amount"])[span.body :]
        own = {normal(text) for text in span.headings if text}
        heads = [_texts(rows[i]) for i in span.heads]
        odd = [i for i, cell in enumerate(cells, span.body) if amounts[cell].__class__ is not int]
        for at in odd:
            row = rows[at]
            if at in span.repeats:
                continue
            if (
                heads
                and _first(row) == _first(rows[span.heads[0]])
                and [_texts(r) for r in rows[at : at + len(heads)]] == heads
            ):
                again = range(at, at + len(heads))
                if self._is_example(rows, span, at):
                    span.heads, span.body = list(again), again.stop
                else:
                    span.repeats.update(again)
                continue
            if not looks_like_heading(row, self._look):
                continue
            texts = {normal(c) for c in row if isinstance(c, str) and c.strip()} - {""}
            if len(texts & own) * 2 > len(texts):
                if self._is_example(rows, span, at):
                    span.heads, span.body = [at], at + 1
                else:
                    span.repeats.add(at)
            elif self._judge(rows, at, at, needed=2):
                return at
        return len(rows)

    def _is_example(self, rows: Sequence[Row], span: Span, at: int) -> bool:
        """Whether what stands between the headings and their repetition is an example, and said to be one."""
        shown = sum(self._is_payment(row, span.layout) for row in rows[span.body : at])
        if shown > 5 or not span.heads or span.repeats:
            return False
        above = rows[max(span.start, span.heads[0] - 3) : at]
        return any(EXAMPLE.search(cell) for row in above for cell in row if isinstance(cell, str))

    def _bare_span(self, rows: Sequence[Row]) -> Span | None:
        """A table without headings: told by its values alone, and only if payee, amount and date all stand out."""
        filled = _below(rows, 0, 400)
        if not filled or any(looks_like_heading(row, self._look) for row in filled[:3]):
            return None
        data = [row for row in filled if not looks_like_heading(row, self._look)]
        alike = self._alike(data)
        found = profiles(alike, _width(alike), self._cells)
        layout = find_layout((), found, self._look)
        if not stands_out(layout, found):
            return None
        if sum(self._is_payment(row, layout) for row in filled) * 2 < len(filled):
            return None
        span = Span(0, [], 0, len(rows), [], layout)
        for at in range(len(rows) - 1, max(-1, len(rows) - 20), -1):
            if looks_like_heading(rows[at], self._look):
                headings = _joined([rows[at]])
                last = find_layout(headings, profiles(data, _width(data), self._cells), self._look)
                if {"payee", "amount", "date"} <= set(last.columns) and headed(last, headings, self._look) >= 2:
                    span.heads, span.below, span.headings, span.layout = [at], True, headings, last
                break
            if self._is_payment(rows[at], layout):
                break
        if not span.below:
            self._adopt(rows, span)
        return span

    def _alike(self, rows: Sequence[Row]) -> list[Row]:
        """Records whose cells are of the kinds that most records have in that order, if those are the larger part."""
        kinds = [tuple(kind_of(cell, self._cells) for cell in row) for row in rows]
        most = Counter(kinds).most_common(1)[0][0]
        alike = [
            row
            for row, own in zip(rows, kinds, strict=True)
            if sum(a != b for a, b in zip_longest(own, most)) <= max(1, len(most) // 4)
        ]
        return alike if len(alike) * 2 > len(rows) else list(rows)

    def _adopt(self, rows: Sequence[Row], span: Span) -> None:
        """Take the record right above the first payment as headings if it names the columns, in words nobody knows."""
        first = next((i for i in range(min(len(rows), DEEPEST)) if self._is_payment(rows[i], span.layout)), 0)
        above = next((i for i in range(first - 1, -1, -1) if not is_blank(rows[i])), None)
        if above is None:
            return
        row = rows[above]
        named = [
            at for at in span.layout.columns.values() if at < len(row) and isinstance(row[at], str) and text_of(row[at])
        ]
        if len(named) < len(span.layout.columns) or any(cell != "" and _is_data_cell(cell) for cell in row):
            return
        span.heads, span.body, span.headings = [above], above + 1, _joined([row])
        below = _below(rows, span.body)
        layout = find_layout(span.headings, profiles(below, _width([row, *below]), self._cells), self._look)
        if {"payee", "amount", "date"} <= set(layout.columns):
            span.layout = layout


def _joined(rows: Sequence[Row]) -> list[str]:
    """Texts of headings by position, those of several records joined from above."""
    width = _width(rows)
    out = []
    for i in range(width):
        texts: list[str] = []
        for row in rows:
            text = text_of(row[i]) if i < len(row) else ""
            if text and text not in texts:
                texts.append(text)
        out.append(" ".join(texts))
    return out
