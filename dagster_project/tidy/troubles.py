"""Problems of one table, as rows: a code, where, what was found, what we did. Repeated ones are one row with a count."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace

from dagster_project.model.lines import TableReading
from dagster_project.model.problems import Problem
from dagster_project.tidy.grids import Grid, text_of
from dagster_project.tidy.leaks import mask
from dagster_project.tidy.lines import PUBLISHED, Columns, LineReader
from dagster_project.tidy.tables import Span

#: Lines named one by one before only their number is told.
MOST_NAMED = 20
LONGEST = 60
#: Months from the middle of a table's dates beyond which a date is looked at twice.
FAR = 24


def shown(cell: object) -> str:
    """A cell as it may be quoted in a problem: short, and masked where the leak guard says so."""
    text = mask(text_of(cell))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


class Troubles:
    """Collects the problems of one table."""

    def __init__(self, grid: Grid, span: Span, reader: LineReader, columns: Columns, table: TableReading) -> None:
        self.grid, self.span, self.reader, self.columns, self.table = grid, span, reader, columns, table
        self.first = grid.first + span.start
        self.earlier = 0
        self.out: list[Problem] = []
        shift = self.first
        self.index = [n - shift for n in table.record]
        self.published = [i for i, kind in zip(self.index, table.row_class, strict=True) if kind in PUBLISHED]

    def add(self, code: str, did: str, record: int = 0, field: str = "", value: str = "", count: int = 1) -> None:
        """Add one problem of this table."""
        self.out.append(Problem(code, did, self.table.number, record, field, value, count))

    def lines(self, code: str, did: str, field: str, at: Iterable[tuple[int, object]]) -> None:
        """Add a problem of single lines: the first ones named, the others counted with the last."""
        found = list(at)
        for i, cell in found[:MOST_NAMED]:
            self.add(code, did, self.first + i, field, shown(cell))
        if len(found) > MOST_NAMED:
            last = self.out.pop()
            count = len(found) - MOST_NAMED + 1
            self.add(code, did, last.record, field, last.value, count)

    def all(self) -> list[Problem]:
        """Look at everything."""
        self.headings()
        self.layout()
        self.amounts()
        self.dates()
        self.payees()
        self.notes()
        self.totals()
        return self.out

    def headings(self) -> None:
        """Where the headings stand, and how many lines they take."""
        span, table = self.span, self.table
        if not span.heads:
            self.add("no-headings", "Told the columns by what they hold.")
        elif span.below:
            self.add("headings-last", "Read the last line as headings.", table.header_line)
        elif table.header_line - (len(span.heads) - 1) > 1 and span.start == 0:
            self.add("headings-not-first", f"Found the headings on line {table.header_line}.", table.header_line)
        if len(span.heads) > 1:
            self.add("headings-several-lines", f"Read {len(span.heads)} lines as headings.", table.header_line)
        if span.repeats - set(span.heads):
            again = sorted(span.repeats)
            self.lines("headings-repeated", "Left out.", "", ((i - self.span.start, "") for i in again))
        if span.layout.shift:
            self.add("headings-shifted", "Moved the headings to where their values stand.", table.header_line)
        for name, doubt in span.layout.doubts.items():
            self.add("heading-misleads", doubt, table.header_line, name)
        if table.number > 1 and span.start > 0:
            self.add("second-table", "Read as a table of its own.", table.header_line)
        body = self.first if span.below else self.first + span.body - span.start
        last = self.first + max(self.published, default=0)
        # Blank records are not kept.
        kept = bisect_left(table.record, last) - bisect_left(table.record, body)
        blank = last - body - kept - self.reader.absorbed
        if blank > 0:
            self.add("blank-records", "Passed over.", count=blank)

    def layout(self) -> None:
        """Columns that are missing, not read, or rivals of each other."""
        table, layout = self.table, self.span.layout
        for name, code, did in (
            ("date", "no-date", "The payments have no date."),
            ("payee", "no-payee-column", "The payments name nobody."),
        ):
            if name not in layout.columns:
                self.add(code, did)
        read = set(layout.columns.values())
        below = [row for i, row in enumerate(self.reader.rows[:2000]) if i not in self.reader.heads]
        width = max(len(self.span.headings), max(map(len, below), default=0))
        sampled = below[:200]
        table.unmapped = [
            at + self.grid.left
            for at in range(width)
            if at not in read and any(len(row) > at and text_of(row[at]) for row in sampled)
        ]
        if table.unmapped:
            names = [self._name(at) for at in table.unmapped]
            more = f" and {len(names) - 12} more" if len(names) > 12 else ""
            self.add("column-not-read", f"Did not read: {', '.join(names[:12])}{more}.", count=len(names))
        beyond, rows = len(self.span.headings), self.reader.rows
        ragged = [
            i
            for i, wide in enumerate(self.grid.widths[self.span.start : self.span.end])
            if wide > beyond > 0 and i not in self.reader.heads and any(text_of(c) for c in rows[i][beyond:])
        ]
        if ragged:
            did = "Did not read what stands beyond the last heading."
            self.add("ragged-records", did, self.first + ragged[0], count=len(ragged))
        if layout.people:
            names = [self._name(at + self.grid.left) for at in layout.people]
            self.add("person-column", f"Left out of what we publish: {', '.join(names)}.", count=len(names))
        for name in ("amount", "date"):
            self._rivals(name)

    def _name(self, at: int) -> str:
        text = self.table.headings[at] if at < len(self.table.headings) else ""
        return f"'{shown(' '.join(text.split()))}'" if text else f"column {at + 1}"

    def _rivals(self, name: str) -> None:
        """Two columns with the same claim: said, if they do not say the same."""
        chosen = self.span.layout.columns.get(name)
        for other in self.span.layout.rivals.get(name, [])[:3]:
            if chosen is None or other in self.span.layout.columns.values() or self._is_told_apart(chosen, other):
                continue
            lines = self.published
            left, right = self.reader.column(chosen), self.reader.column(other)
            differ = [i for i in lines if (one := text_of(left[i])) and (two := text_of(right[i])) and one != two]
            if differ:
                names = self._name(chosen + self.grid.left), self._name(other + self.grid.left)
                did = f"Read {names[0]}, not {names[1]}; they differ in {len(differ)} lines."
                self.add("columns-disagree", did, self.first + differ[0], name, count=len(differ))

    def _is_told_apart(self, chosen: int, other: int) -> bool:
        """Whether the headings say which is which: net and gross, or the days of payment and of the invoice."""
        headings = [self.span.headings[at] if at < len(self.span.headings) else "" for at in (chosen, other)]
        one, two = (next(iter(self.reader.look.senses(text)), None) for text in headings)
        if one is None or two is None or one.field != two.field:
            return False
        return one.rank != two.rank if one.field == "date" else bool(one.basis and two.basis and one.basis != two.basis)

    def amounts(self) -> None:
        """Amounts that could not be read, or only with help."""
        table = self.table
        cells = self.reader.column(self.span.layout.columns["amount"])
        pairs = list(zip(self.index, table.row_class, table.pence, strict=True))
        unread = [i for i, kind, _ in pairs if kind == "unreadable"]
        parts = self.reader.parts
        apart = self.reader.misplaced | parts
        self.lines(
            "amount-unreadable", "Kept the line apart as rejected; it is in no sum.", "amount",
            ((i, cells[i]) for i in unread if i not in apart),
        )  # fmt: skip
        self.lines(
            "cells-misplaced", "Kept the line apart as rejected; it is in no sum.", "amount",
            ((i, cells[i]) for i in unread if i in apart - parts),
        )  # fmt: skip
        self.lines(
            "record-incomplete", "Kept the line apart as rejected; it is in no sum.", "payee",
            ((i, self.columns.payee[i]) for i in unread if i in parts),
        )  # fmt: skip
        self.lines(
            "amount-blank", "Counted the line with no amount.", "payee",
            ((i, self.columns.payee[i]) for i, kind, pence in pairs if kind == "payment" and pence is None),
        )  # fmt: skip
        read = self.reader.amounts
        if found := self._published_among(read.finer, cells):
            did = "Rounded to whole pence, halves away from nought."
            self.add("amount-more-decimals", did, self.first + found[0][0], "amount", shown(found[0][1]), len(found))
        undone = self._published_among(read.undone, cells)
        self.lines("amount-was-a-date", "Took the date's day number as pounds.", "amount", undone)
        self.lines("amount-several", "Added them up.", "amount", self._published_among(read.joined, cells))
        if not table.amount_basis:
            self.add("basis-not-said", "Took the amounts as they are.", field="amount")

    def _published_among(self, odd: set[object], cells: list[object]) -> list[tuple[int, object]]:
        """Published lines whose cell is one of some; mostly there are none to look for."""
        return [(i, cells[i]) for i in self.published if cells[i] in odd] if odd else []

    def dates(self) -> None:
        """Dates that could not be read, and how the open ones were settled."""
        dates = self.columns.dates
        if dates is None:
            return
        lines = self.published
        cells = self.reader.column(self.span.layout.columns["date"])
        day = self.columns.day
        missing = [i for i in lines if not day[i][1]]
        self.lines(
            "date-unreadable", "Published the line without a date.", "date",
            ((i, cells[i]) for i in missing if text_of(cells[i])),
        )  # fmt: skip
        blank = [i for i in missing if not text_of(cells[i])]
        if blank:
            self.add(
                "date-blank", "Published the lines without a date.", self.first + blank[0], "date", count=len(blank)
            )
        said = {
            "month first": ("date-month-first", "Read all dates month first: no other order fits."),
            "mixed": ("date-order-mixed", "Read each date in the order that fits it and its neighbours."),
            "assumed": ("date-order-assumed", "Read the dates day first."),
        }.get(dates.order)
        if said:
            self.add(*said, field="date")
        if dates.period:
            self.add(
                "period-assumed", "Read them as months of the calendar year.", field="date", value=shown(dates.period)
            )
        if dates.serials:
            self.add(
                "date-serial", "Read bare numbers as a spreadsheet's day numbers.", field="date", count=dates.serials
            )
        if dates.months_only:
            self.add("date-month-only", "Published the month alone.", field="date", count=dates.months_only)
        self.lines("date-far", "Published as it stands.", "date", ((i, cells[i]) for i in self._far(lines)))

    def _far(self, lines: list[int]) -> Iterator[int]:
        """Lines dated more than two years from the middle one."""
        day = self.columns.day
        told = [month for i in lines if (month := day[i][1])]
        if not told or _month_number(max(told)) - _month_number(min(told)) <= FAR:
            return
        middle = _month_number(sorted(told)[len(told) // 2])
        for i in lines:
            month = self.columns.day[i][1]
            if month and abs(_month_number(month) - middle) > FAR:
                yield i

    def payees(self) -> None:
        """Payees that are blank or withheld."""
        lines = self.published
        if "payee" in self.span.layout.columns:
            payee = self.columns.payee
            if "" in payee and (blank := [i for i in lines if not payee[i]]):
                did = "Published the lines without a payee."
                self.add("payee-blank", did, self.first + blank[0], "payee", count=len(blank))
        given = set(self.reader.carried)
        if given and (carried := [i for i in lines if i in given]):
            did = "Took the name from the line above, as the file says."
            self.add("payee-carried-down", did, self.first + carried[0], "payee", count=len(carried))
        withheld = sum(self.table.is_redacted)
        if withheld:
            self.add(
                "payee-withheld",
                "Published the lines as payments to somebody not named.",
                field="payee",
                count=withheld,
            )

    def notes(self) -> None:
        """Lines between the payments that are none: perhaps a piece of one."""
        if not self.published or "note" not in self.table.row_class:
            return
        first = -1 if self.span.below else self.span.body - self.span.start - 1
        last = self.published[-1]
        between = [
            i for i, kind in zip(self.index, self.table.row_class, strict=True) if kind == "note" and first < i < last
        ]
        self.lines("line-left-out", "Left out.", "", ((i, self._words(i)) for i in between))

    def _words(self, i: int) -> str:
        return " | ".join(text for cell in self.reader.rows[i] if (text := text_of(cell)))

    def totals(self) -> None:
        """The file's own totals as check sums."""
        table = self.table
        sums = zip(table.record, table.row_class, table.pence, strict=True)
        found = [(n, p) for n, kind, p in sums if kind == "total" and p is not None]
        if not found:
            return
        self.lines("total-line", "Left out.", "", ((n - self.first, _pounds(p)) for n, p in found))
        agrees = [p for _, p in found if p == table.published.pence]
        table.stated_total = agrees[0] if agrees else found[-1][1]
        whole = self.earlier + table.published.pence
        off = {i: least for i, least in _unexplained(table.row_class, table.pence).items() if table.pence[i] != whole}
        differ = [(table.record[i], table.pence[i] or 0, least) for i, least in off.items()]
        for record, pence, least in differ[:MOST_NAMED]:
            did = f"Left the total out; its lines add up to {_pounds(pence - least)}, so {_pounds(abs(least))} are {'missing' if least > 0 else 'too many'}."
            self.add("total-disagrees", did, record, "amount", _pounds(pence))
        if len(differ) > MOST_NAMED:
            self.out[-1] = replace(self.out[-1], count=len(differ) - MOST_NAMED + 1)


def _unexplained(classes: list[str], pence: list[int | None]) -> dict[int, int]:
    """
    Totals that no run of lines adds up to, which ends or begins at them: index to what the nearest run lacks, in pence.

    A total may sum up the lines right above it, however many, those right below it, or the totals since some earlier one.
    The nearest run is looked for between totals and notes alone.
    """
    edges, before, starts = [0], [0], set[int]()
    totals: list[int] = []
    running = 0
    sums = [0]
    for kind, amount in zip(classes, pence, strict=True):
        running += (amount or 0) if kind in PUBLISHED else 0
        sums.append(running)
    for i, kind in enumerate(classes):
        if kind not in PUBLISHED:
            edges.append(i)
        if kind == "total" and pence[i] is not None:
            totals.append(i)
            before.append(before[-1] + (pence[i] or 0))
    edges.append(len(classes))
    out: dict[int, int] = {}
    starts.update(sums)
    earlier: set[int] = set()
    for n, i in enumerate(totals):
        amount, here = pence[i] or 0, sums[i]
        earlier.add(before[n])
        if here - amount in starts or here + amount in starts or before[n] - amount in earlier or amount == 0:
            continue
        at = bisect_left(edges, i)
        nearest = [here - sums[e] for e in edges[max(0, at - 40) : at]] + [here, sums[-1]]
        nearest += [sums[e] - here for e in edges[at : at + 40]]
        out[i] = min((amount - s for s in nearest), key=abs)
    return out


def _pounds(pence: int) -> str:
    return f"{'-' if pence < 0 else ''}£{abs(pence) / 100:,.2f}"


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7])


def table_problems(
    grid: Grid, span: Span, reader: LineReader, columns: Columns, table: TableReading, earlier: int = 0
) -> list[Problem]:
    """
    The problems of a table; notes also its stated total and the columns that are not read.

    Args:
        earlier: Pence of the tables before it in the same file: a total may sum up all.
    """
    troubles = Troubles(grid, span, reader, columns, table)
    troubles.earlier = earlier
    return troubles.all()
