"""
Reads the records of one table: a class, pence, a day and the texts of each, column by column.

Most records are plain and are classed in one glance; only those that lack something are looked at closely.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from dagster_project.model.lines import TEXT_FIELDS, TableReading, Tally
from dagster_project.tidy import tally as tallying
from dagster_project.tidy.amounts import Amounts, Reading, Stated
from dagster_project.tidy.dates import NO_DAY, Dates, Day, is_day_like, read_dates
from dagster_project.tidy.grids import Grid, Row, is_blank, text_of
from dagster_project.tidy.headings import Headings
from dagster_project.tidy.leaks import mask, suspects
from dagster_project.tidy.redactions import Totals, Withheld
from dagster_project.tidy.repairs import Mended
from dagster_project.tidy.tables import Span

PUBLISHED = ("payment", "credit")
LINES = (*PUBLISHED, "unreadable")
ONCE = re.compile(
    r"\b(?:supplier|payee|beneficiary|vendor|creditor|name)s?\b.*\b(?:once|first (?:line|row|payment)|only the first)\b",
    re.IGNORECASE,
)
#: What an example or a form says in place of a day.
PLACEHOLDER = re.compile(r"d{1,2}[-/. ]m{1,4}[-/. ]y{2,4}$", re.IGNORECASE)
NOTE = re.compile(r"notes?(?:\s*\d+)?[.:]?$", re.IGNORECASE)
T = TypeVar("T")


def texts_of(cells: Iterable[object]) -> list[str]:
    """Cells as texts; most are, and a text is trimmed sooner than anything is called."""
    return [cell.strip() if isinstance(cell, str) else text_of(cell) for cell in cells]


@dataclass
class Columns:
    """The columns of one table, read: a value per record of the span."""

    payee: list[str]
    amount: list[Reading]
    day: list[Day]
    dates: Dates | None
    texts: dict[str, list[str]] = field(default_factory=dict)


class LineReader:
    """Classes and reads the records of one table."""

    def __init__(
        self,
        grid: Grid,
        span: Span,
        withheld: Withheld,
        totals: Totals,
        amounts: Amounts,
        mended: Mended,
        look: Headings,
    ) -> None:
        self.rows: list[Row] = grid.rows[span.start : span.end]
        self._grid = grid
        self.misplaced = {i - span.start for i in mended.misplaced}
        self.absorbed = len(mended.absorbed)
        self.parts: set[int] = set()
        self.carried: list[int] = []
        self.look = look
        self.span, self.withheld, self._totals, self.amounts = span, withheld, totals, amounts
        self.heads = {i - span.start for i in (*span.heads, *span.repeats)}
        self._body = 0 if span.below else span.body - span.start
        self._columns = span.layout.columns
        self._other_texts = [p for f, p in self._columns.items() if f not in ("payee", "amount", "date")]

    def read(self, wanted: set[tuple[int, int]], order: str) -> Columns:
        """Read the three columns that make a table, and its texts."""
        self._grid.lay_out(self._columns.values())
        at = self._columns
        payee = texts_of(self.column(at["payee"])) if "payee" in at else [""] * len(self.rows)
        amount = list(map(self.amounts.__getitem__, self.column(at["amount"])))
        if self._says_once():
            self._carry_down(payee, amount)
        dates, day = None, [NO_DAY] * len(self.rows)
        if "date" in at:
            cells = self.column(at["date"])
            apart = {*range(self._body), *self.heads}
            held = [cell for i, cell in enumerate(cells) if i not in apart]
            dates = read_dates(held, wanted, order)
            days = dates.days
            day = [days.get(cell, NO_DAY) for cell in cells]
        out = Columns(payee, amount, day, dates)
        for name in TEXT_FIELDS:
            if name in at and name != "payee":
                out.texts[name] = texts_of(self.column(at[name]))
        return out

    def column(self, at: int) -> list[object]:
        """The cells of one column of the table."""
        return self._grid.column(at)[self.span.start : self.span.end]

    def _says_once(self) -> bool:
        """Whether the notes above the headings say that names are given once for several payments."""
        heads = self.span.heads
        above = self.rows[: heads[0] - self.span.start] if heads and "payee" in self._columns else []
        return any(isinstance(c, str) and ONCE.search(c) for row in above[:30] for c in row if c)

    def _carry_down(self, payee: list[str], amount: list[Reading]) -> None:
        """Give payments without a name the one above, until a total; headings and notes of a new page do not matter."""
        last = ""
        for i in range(self._body, len(payee)):
            if i in self.heads:
                continue
            if payee[i]:
                last = last if self._says_total(i) else payee[i]
            elif last and isinstance(amount[i], int) and not self._says_total(i) and not self._is_note(i):
                payee[i] = last
                self.carried.append(i)

    def classes(self, columns: Columns) -> list[str]:
        """
        The class of every record of the span.

        A record with a payee, an amount and a day is a payment (below nought a credit), unless its payee is worded
        like a total and all before it add up to it.
        """
        out: list[str] = []
        has_dates = columns.dates is not None
        running = since = 0
        # A table that names nobody is told by its references.
        payees = columns.payee if "payee" in self._columns else columns.texts.get("reference", columns.payee)
        odd = {text for text in set(payees) if not text or self._totals[text] or text[:4].lower() == "note"}
        lost = {i for i in self.misplaced if not self._says_total(i)}
        apart = {*range(self._body), *self.heads, *lost}
        for i, (payee, amount, day) in enumerate(zip(payees, columns.amount, columns.day, strict=True)):
            plain = amount.__class__ is int and payee not in odd and (day[1] or not has_dates) and i not in apart
            if i in lost:
                kind = "unreadable"
            elif not plain:
                kind = self._close_look(i, payee, amount, day, (running, since), has_dates)
            else:
                kind = "credit" if amount < 0 else "payment"  # type: ignore[operator]
                if not has_dates and amount in (running, since) and running and not self._has_other(i):
                    kind = "total" if since and len(out) - out.count("note") > 2 and self._is_last(i) else kind
            out.append(kind)
            if kind in PUBLISHED and isinstance(amount, int):
                running += amount
                since += amount
            elif kind == "total":
                since = 0
        if has_dates:
            self._close_totals(out, columns)
        return out

    def _close_totals(self, kinds: list[str], columns: Columns) -> None:
        """Take records without a day and other texts below the last total for totals of more: of several sheets or files."""
        last = len(kinds)
        while last and (
            kinds[last - 1] not in PUBLISHED or not (columns.day[last - 1][1] or self._has_other(last - 1))
        ):
            last -= 1
            if kinds[last] == "total":
                for i in range(last + 1, len(kinds)):
                    kinds[i] = "total" if kinds[i] in PUBLISHED else kinds[i]
                return

    def _is_last(self, i: int) -> bool:
        """Whether nothing with an amount follows."""
        at = self._columns["amount"]
        return all(len(row) <= at or row[at] == "" for row in self.rows[i + 1 : i + 200])

    def _has_other(self, i: int) -> bool:
        row = self.rows[i]
        return any(len(row) > p and text_of(row[p]) for p in self._other_texts)

    def _close_look(self, i: int, payee: str, amount: Reading, day: Day, sums: tuple[int, int], has_dates: bool) -> str:
        """The class of a record that is not plainly a payment."""
        row = self.rows[i]
        if is_blank(row):
            return "blank"
        if i in self.heads:
            return "heading"
        if i < self._body:
            is_sum = isinstance(amount, int) and not payee and not is_day_like(row[self._columns["amount"]])
            return "total" if is_sum else "note"
        if amount is Stated.UNREADABLE and payee and (day[1] or (not has_dates and self._has_other(i))):
            return "unreadable"
        if amount is None and payee and day[1] and self._has_reference(i):
            return "payment"
        if amount is None or amount is Stated.UNREADABLE:
            return self._part(i)
        if self._is_note(i) or (not day[1] and has_dates and self._is_no_payment(i)):
            return "note"
        return self._with_amount(i, payee, int(amount), day, sums, has_dates)

    def _with_amount(self, i: int, payee: str, amount: int, day: Day, sums: tuple[int, int], has_dates: bool) -> str:
        """Payment, credit or total: a record with an amount that lacks a payee or a day, or is worded like a total."""
        row = self.rows[i]
        sure = "credit" if amount < 0 else "payment"
        if day[1]:
            # A dated line is a payment, be its payee called Total; but a sum may carry a date of printing.
            return (
                "total"
                if (not payee or self._totals[payee]) and amount in sums and sums[0] and not self._has_other(i)
                else sure
            )
        texts = [text for cell in row if isinstance(cell, str) and (text := cell.strip()) and not _is_number(text)]
        says_total = self._says_total(i)
        if not texts or (says_total and (has_dates or not payee or self._totals[payee])):
            return "total"
        if amount and amount in sums and not (payee and self._has_other(i)):
            return "total"
        if not payee and not self._has_reference(i) and len(texts) < 2:
            return "total" if has_dates else "note"
        return sure

    def _is_note(self, i: int) -> bool:
        """Whether a record begins with `Note`, `Note 2` or the like."""
        first = next((cell for cell in self.rows[i] if cell != ""), "")
        return isinstance(first, str) and bool(NOTE.match(first.strip()))

    def _is_no_payment(self, i: int) -> bool:
        """Whether a record without a day is an example (`dd/mm/yyyy`), or has a day for an amount."""
        row = self.rows[i]
        day = row[at] if len(row) > (at := self._columns["date"]) else ""
        if is_day_like(row[self._columns["amount"]]):
            return True
        return isinstance(day, str) and bool(PLACEHOLDER.match(day.strip()))

    def _part(self, i: int) -> str:
        """What a record without an amount in its place is: a note, unless it holds a day and pounds and pence somewhere."""
        row = self.rows[i]
        is_part = (
            any(isinstance(self.amounts[c], int) and "." in text_of(c) for c in row if c != "")
            and any(is_day_like(c) for c in row)
            and not self._says_total(i)
        )
        if is_part:
            self.parts.add(i)
        return "unreadable" if is_part else "note"

    def _says_total(self, i: int) -> bool:
        """Whether a cell of the record is worded like a total."""
        return any(self._totals[cell.strip()] for cell in self.rows[i] if isinstance(cell, str) and cell.strip())

    def _has_reference(self, i: int) -> bool:
        """Whether the record carries a reference, or, where the table has none, another text."""
        at = self._columns.get("reference")
        if at is None:
            return self._has_other(i)
        return len(self.rows[i]) > at and bool(text_of(self.rows[i][at]))


def _is_number(text: str) -> bool:
    return not any(c.isalpha() for c in text)


def read_table(grid: Grid, span: Span, reader: LineReader, columns: Columns, number: int) -> TableReading:
    """
    Put one table together, counted independently.

    Returns:
        The table without blank records. Its texts are not yet masked.
    """
    classes = reader.classes(columns)
    keep = [i for i, kind in enumerate(classes) if kind != "blank"]
    whole = len(keep) == len(classes)

    def kept(values: list[T]) -> list[T]:
        return values if whole else [values[i] for i in keep]

    out = TableReading(number, grid.member, grid.sheet)
    first = grid.first + span.start
    out.record = [first + i for i in keep]
    out.row_class = kept(classes)
    out.pence = [pence if isinstance(pence, int) else None for pence in kept(columns.amount)]
    days = kept(columns.day)
    is_line = [kind in LINES for kind in out.row_class]
    out.date = [day[0] if line else "" for day, line in zip(days, is_line, strict=True)]
    out.month = [day[1] if line else "" for day, line in zip(days, is_line, strict=True)]
    out.text = {"payee": kept(columns.payee), **{name: kept(texts) for name, texts in columns.texts.items()}}
    withheld = reader.withheld
    out.is_redacted = [line and withheld[payee] for payee, line in zip(out.text["payee"], is_line, strict=True)]
    out.header_line = grid.first + span.heads[-1] if span.heads else 0
    out.headings = [""] * grid.left + span.headings
    out.columns = {name: at + grid.left for name, at in span.layout.columns.items()}
    out.amount_basis = span.layout.basis
    _weigh(out)
    out.found = tallying.count(reader.rows, span.layout.columns["amount"])
    return out


def _weigh(table: TableReading) -> None:
    """Add up rows and pence by what became of them."""
    sums: Counter[str] = Counter()
    for kind, pence in zip(table.row_class, table.pence, strict=True):
        if pence:
            sums[kind] += pence
    for kind, count in Counter(table.row_class).items():
        side = table.published if kind in PUBLISHED else table.rejected if kind == "unreadable" else table.left_out
        side.add(Tally(count, sums[kind]))


def guard(table: TableReading) -> int:
    """
    Mask what a table's texts should not have said.

    Returns:
        How many cells of payments were masked; those of notes and totals are not published anyway.
    """
    masked = 0
    for name, texts in table.text.items():
        changed = {}
        for text in suspects(texts):
            safe = mask(text, is_payee=name == "payee")
            if safe != text:
                changed[text] = safe
        if changed:
            masked += sum(t in changed for t, kind in zip(texts, table.row_class, strict=True) if kind in LINES)
            table.text[name] = [changed.get(text, text) for text in texts]
    return masked
