"""
Reads one published file as a careful human would, or says exactly why not.

Whatever the bytes, an answer comes back: nothing in a published file is an exception here.
"""

from __future__ import annotations

import gc
import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from xml.parsers import expat

from dagster_project.model.lines import FileReading, TableReading
from dagster_project.model.problems import Problem
from dagster_project.model.words import Words
from dagster_project.tidy.amounts import Amounts
from dagster_project.tidy.columns import Layout
from dagster_project.tidy.dates import months_told
from dagster_project.tidy.decoding import decode
from dagster_project.tidy.delimited import NAMES, read_delimited
from dagster_project.tidy.grids import REASONS, SUFFIXES, Grid, is_blank, sniff, text_of
from dagster_project.tidy.headings import Headings
from dagster_project.tidy.kinds import not_payments, tell_basis, tell_kind
from dagster_project.tidy.lines import Columns, LineReader, guard, read_table
from dagster_project.tidy.markup import TooWide, read_page, read_sheets
from dagster_project.tidy.profiles import Cells
from dagster_project.tidy.redactions import Totals, Withheld
from dagster_project.tidy.repairs import Mended, mend, unmerge
from dagster_project.tidy.tables import Span, TableFinder
from dagster_project.tidy.troubles import MOST_NAMED, shown, table_problems
from dagster_project.tidy.workbooks import DAMAGED, Refused, gunzip, read_workbook

#: How much a file may hold, and may unpack to. The largest published file of payments known is a tenth of it.
MOST_BYTES = 512 << 20
MOST_MEMBERS = 500
MOST_KNOWN = 50_000
#: Lines with pounds and pence that make a sheet without a table worth a second look.
LOOKS_LIKE_MONEY = 4


def read_file(name: str, data: bytes, words: Words, hints: Mapping[str, str] | None = None) -> FileReading:
    """
    Read one published file.

    Args:
        name: As published; it may tell a period, never a kind.
        data: The bytes of the file.
        words: The vocabulary.
        hints: What the file itself cannot settle: `date_order` (`day first`, `month first`).

    Returns:
        Its tables and troubles. Status `refused` where our own counts differ, or our reader stumbled: our fault,
        nothing of it is published.
    """
    # Cells hold no cycles: looking for some among millions of them would take longer than reading.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _Reader(name, words, hints or {}).read(data)
    except MemoryError:
        return _refused(name, "too-large", "The file needs more memory than a reader may take.", "not_a_table")
    except Exception as trouble:  # noqa: BLE001  the last line of defence: published bytes never stop a run
        reason = f"Our reader stumbled over this file ({type(trouble).__name__}): our fault, please report it."
        return _refused(name, "reader-stumbled", reason, "refused")
    except BaseException as trouble:
        # The spreadsheet reader's own panics are no Exception.
        if type(trouble).__name__ != "PanicException":
            raise
        return _refused(
            name, "damaged", "The workbook is damaged: the spreadsheet reader gave up on it.", "not_a_table"
        )
    finally:
        if collecting:
            gc.enable()


def _refused(name: str, code: str, reason: str, status: str) -> FileReading:
    return FileReading(name, status, reason, "unknown", problems=[Problem(code, reason)])


class _Known:
    """What was found out about single cells, kept from file to file: a small file has little that is new."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.look = Headings(words)
        self.cells = Cells(words)
        self.withheld, self.totals = Withheld(words), Totals(words)

    def trim(self) -> None:
        """Forget what has grown beyond bounds."""
        for store in (self.cells, self.withheld, self.totals):
            if len(store) > MOST_KNOWN:
                store.clear()


_KNOWN: list[_Known] = []


def _known(words: Words) -> _Known:
    if not _KNOWN or _KNOWN[0].words is not words:
        _KNOWN[:] = [_Known(words)]
    _KNOWN[0].trim()
    return _KNOWN[0]


class _Reader:
    """Reads one file; holds what is found out on the way."""

    def __init__(self, name: str, words: Words, hints: Mapping[str, str]) -> None:
        self.words, self.hints = words, hints
        self.out = FileReading(name, "read")
        known = _known(words)
        self.look = known.look
        self.amounts = Amounts()
        self.finder = TableFinder(known.look, self.amounts, known.cells)
        self.cells, self.withheld, self.totals = known.cells, known.withheld, known.totals
        self.layouts: list[Layout] = []
        self.why_not: list[tuple[str, str]] = []
        self.left_out: list[Problem] = []

    def read(self, data: bytes) -> FileReading:
        out = self.out
        try:
            for grid in self.grids(data):
                self.read_grid(grid)
        except Refused as refused:
            out.tables.clear()
            out.status, out.reason = refused.status, refused.reason
            out.problems.append(Problem(refused.code, refused.reason))
            return out
        if not out.tables:
            code, reason = self.why_not[0] if self.why_not else ("no-table", "No table of payments was found in it.")
            out.status, out.reason = "not_spend", reason
            out.problems.append(Problem(code, reason))
        else:
            out.problems.extend(self.left_out)
        off = [table.number for table in out.tables if not table.balances()]
        if off:
            out.status = "refused"
            out.reason = f"Our own two counts of table {off[0]} differ: our fault, nothing of this file is published."
            out.problems.append(Problem("our-count-differs", out.reason, off[0]))
        return out

    def grids(self, data: bytes) -> Iterator[Grid]:
        """The grids of a file, whatever it is packed in."""
        out, kind = self.out, sniff(data)
        if len(data) > MOST_BYTES:
            raise Refused("too-large", f"The file holds more than {MOST_BYTES >> 20} MB, which is refused.")
        if kind == "zip":
            yield from self._zip(data)
        elif kind == "gzip":
            out.container = "gzip"
            yield from self._member("", gunzip(data, MOST_BYTES))
        elif kind == "xls":
            out.container = "xls"
            yield from self._workbook("", data)
        elif kind == "text":
            out.container = "csv"
            yield self._text("", data)
        elif kind in ("html", "spreadsheetml"):
            out.container = "html" if kind == "html" else "xml"
            yield from self._markup("", data, kind)
        else:
            out.container = kind if kind == "pdf" else "unknown"
            code, reason = REASONS.get(kind, REASONS["binary"])
            raise Refused(code, reason)
        suffix = SUFFIXES.get(out.name.rpartition(".")[2].lower(), "")
        told = {"csv": "text", "gzip": "", "unknown": ""}.get(out.container, out.container)
        if suffix and told and suffix != told and {suffix, told} != {"xls", "xlsx"}:
            out.problems.append(Problem("wrong-suffix", f"Read as {out.container}, whatever the name says."))

    def _zip(self, data: bytes) -> Iterator[Grid]:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                names = set(archive.namelist())
                if any(n.startswith("xl/") for n in names):
                    self.out.container = "xlsx"
                elif "mimetype" in names and b"spreadsheet" in archive.read("mimetype")[:200]:
                    self.out.container = "ods"
                elif "word/document.xml" in names or "ppt/presentation.xml" in names or "mimetype" in names:
                    raise Refused("not-a-table", "This is an office document, but no spreadsheet.")
                else:
                    self.out.container = "zip"
                    yield from self._members(archive)
                    return
        except DAMAGED as trouble:
            raise Refused("damaged", "The archive or workbook is damaged and cannot be unpacked.") from trouble
        yield from self._workbook("", data)

    def _members(self, archive: zipfile.ZipFile) -> Iterator[Grid]:
        files = [i for i in archive.infolist() if not i.is_dir() and not i.filename.startswith("__MACOSX/")]
        if len(files) > MOST_MEMBERS or sum(i.file_size for i in files) > MOST_BYTES:
            raise Refused(
                "too-large", f"The archive claims to unpack to more than {MOST_BYTES >> 20} MB, which is refused."
            )
        seen: dict[bytes, str] = {}
        for info in files:
            if info.flag_bits & 1:
                raise Refused("password", "The archive is locked with a password and cannot be opened.")
            with archive.open(info) as member:
                content = member.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                raise Refused("too-large", f"The archive unpacks to more than {MOST_BYTES >> 20} MB, which is refused.")
            first = seen.setdefault(hashlib.sha256(content).digest(), info.filename)
            if first != info.filename:
                self.out.problems.append(Problem("member-twice", f"Read '{first}', not its copy '{info.filename}'."))
                continue
            yield from self._member(info.filename, content)

    def _member(self, member: str, content: bytes) -> Iterator[Grid]:
        """The grids of one packed file; what is not a table inside is noted and passed over."""
        kind = sniff(content)
        try:
            if kind == "text":
                yield self._text(member, content)
            elif kind in ("xls", "zip"):
                yield from self._workbook(member, content)
            elif kind in ("html", "spreadsheetml"):
                yield from self._markup(member, content, kind)
            else:
                self._leave_out(member, *REASONS.get(kind, REASONS["binary"]))
        except Refused as refused:
            if refused.code == "too-large":
                raise
            self._leave_out(member, refused.code, refused.reason)

    def _leave_out(self, member: str, code: str, reason: str) -> None:
        self.why_not.append((code, reason))
        self.out.problems.append(Problem(code, f"Left out '{member}': {reason}"))

    def _text(self, member: str, data: bytes) -> Grid:
        decoded = decode(data)
        cut = read_delimited(decoded.text)
        self.out.encoding, self.out.delimiter = decoded.encoding, cut.delimiter
        self.out.problems.extend(Problem(code, did) for code, did in decoded.troubles)
        if cut.delimiter != ",":
            self.out.problems.append(Problem("delimiter", f"Read with the {NAMES[cut.delimiter]} as delimiter."))
        for record in cut.repaired[:1]:
            did = "Read the lines behind the quotation mark as lines of their own."
            self.out.problems.append(Problem("quotes-broken", did, record=record, count=len(cut.repaired)))
        return Grid(list(cut.rows), member=member, titles=(member, self.out.name), delimiter=cut.delimiter)

    def _markup(self, member: str, data: bytes, kind: str) -> Iterator[Grid]:
        """The tables of a web page or of a workbook saved as XML; a page without payments is refused for what it is."""
        try:
            grids = read_page(decode(data).text) if kind == "html" else read_sheets(data)
        except TooWide as trouble:
            raise Refused(
                "too-large", "The file claims more cells than a reader may hold, which is refused."
            ) from trouble
        except expat.ExpatError as trouble:
            raise Refused("damaged", "The workbook, saved as XML, is damaged and cannot be read.") from trouble
        for grid in grids:
            grid.member, grid.titles = member, (grid.sheet, member, self.out.name)
        if kind == "html":
            if not any(self.finder.find(grid) for grid in grids):
                raise Refused(*REASONS["html"])
            self.out.problems.append(Problem("table-in-page", "Read the table in the page."))
        yield from grids

    def _workbook(self, member: str, data: bytes) -> Iterator[Grid]:
        book = read_workbook(data, MOST_BYTES)
        for grid in book.grids:
            grid.member, grid.titles = member, (grid.sheet, member, self.out.name)
        for sheet in book.hidden:
            self.out.problems.append(Problem("hidden-sheet", f"Did not read the hidden sheet '{sheet}'."))
        if not book.grids:
            self.why_not.append(("empty-file", "Every visible sheet of the workbook is empty."))
        yield from book.grids

    def read_grid(self, grid: Grid) -> None:
        """Read the tables of one grid into the answer."""
        spans = self.finder.find(grid)
        if not spans and self.layouts:
            spans = self.finder.go_on(grid, self.layouts)
        if not spans:
            code, reason = not_payments(grid, None, None, self.words, self.look)
            self.why_not.append((code, reason))
            self._pass_over(grid, code, reason)
            return
        rest: Span | None = None
        for span in spans:
            if rest:
                span.start = rest.start
            grid.rows = unmerge(grid, span.layout, span.body)
            mended = self._mend(grid, span)
            reader = LineReader(grid, span, self.withheld, self.totals, self.amounts, mended, self.look)
            columns = reader.read(self._wanted(grid, span), self.hints.get("date_order", ""))
            table = read_table(grid, span, reader, columns, len(self.out.tables) + 1)
            table.mended = {grid.first + i: list(map(text_of, row)) for i, row in mended.rows.items() if row}
            code, reason = not_payments(grid, span, table, self.words, self.look)
            if code:
                self.why_not.append((code, reason))
                # What is not a table of payments is a note of the next one.
                rest = span
                continue
            rest = None
            self.layouts.append(span.layout)
            self._finish(grid, span, reader, columns, table)
        if (
            rest
            and self.out.tables
            and self.out.tables[-1].sheet == grid.sheet
            and self.out.tables[-1].member == grid.member
        ):
            self._append_notes(grid, rest)

    def _pass_over(self, grid: Grid, code: str, reason: str) -> None:
        """Name a sheet or packed file that holds no table; one that looks like money is not passed over lightly."""
        if not grid.sheet and not grid.member:
            return
        where = f"Sheet '{grid.sheet}'" if grid.sheet else f"'{grid.member}'"
        pounds = sum(any(self.cells[c][1] for c in row if c != "") for row in grid.rows)
        is_open = code == "no-table" and pounds >= LOOKS_LIKE_MONEY
        code = "sheet-not-read" if is_open else "sheet-left-out"
        more = f" {pounds} of its lines hold pounds and pence." if is_open else ""
        self.left_out.append(Problem(code, f"{where}: {reason}{more}"))

    def _mend(self, grid: Grid, span: Span) -> Mended:
        """Set right the records whose cells do not stand where they belong, and say so."""
        heads = {*span.heads, *span.repeats}
        body = [i for i in range(0 if span.below else span.body, span.end) if i not in heads]
        mended = mend(grid, body, span.layout, self.cells, self.amounts)
        if mended.rows:
            grid.rows = [mended.rows.get(i, row) for i, row in enumerate(grid.rows)]
        number = len(self.out.tables) + 1
        for code, at, did in (
            ("credit-column", mended.taken_back, "Read the column for money back as amounts below nought."),
            ("record-broken", mended.joined, "Joined the pieces."),
            ("cells-run-together", mended.cut, "Cut apart the cells that ran together."),
            ("cells-beside-headings", mended.moved, "Moved the cells back below their headings."),
        ):
            named = sorted(at)[:MOST_NAMED]
            for i in named:
                value = shown(" | ".join(text for cell in mended.rows[i] if (text := text_of(cell))))
                count = 1 if i != named[-1] else len(at) - len(named) + 1
                self.out.problems.append(Problem(code, did, number, grid.first + i, value=value, count=count))
        return mended

    def _append_notes(self, grid: Grid, rest: Span) -> None:
        """Count what follows the last table, and is none, as its notes: nothing is dropped in silence."""
        table = self.out.tables[-1]
        for i in range(rest.start, rest.end):
            if not is_blank(grid.rows[i]):
                table.record.append(grid.first + i)
                table.row_class.append("note")
                table.pence.append(None)
                table.date.append("")
                table.month.append("")
                table.is_redacted.append(False)
                for texts in table.text.values():
                    texts.append("")
                table.found.rows += 1
                table.left_out.rows += 1

    def _wanted(self, grid: Grid, span: Span) -> set[tuple[int, int]]:
        """Year and month that sheet, notes above the headings, or file name tell."""
        above = grid.rows[span.start : span.heads[0]] if span.heads else []
        notes = [text_of(cell) for row in above[:30] for cell in row if cell != ""]
        sheet = [grid.sheet] if grid.sheet else []
        return months_told(*sheet, *notes, *(t for t in grid.titles if t != grid.sheet))

    def _finish(self, grid: Grid, span: Span, reader: LineReader, columns: Columns, table: TableReading) -> None:
        above = grid.rows[span.start : span.heads[0]] if span.heads else []
        notes = [text_of(cell) for row in above[:30] for cell in row if cell != ""]
        table.dataset_kind = tell_kind(table, (*notes, *grid.titles), self.words)
        table.amount_basis = table.amount_basis or tell_basis((*notes, *grid.titles))
        earlier = sum(t.published.pence for t in self.out.tables)
        self.out.problems.extend(table_problems(grid, span, reader, columns, table, earlier))
        masked = guard(table)
        if masked:
            self.out.suppressed += masked
            did = f"Masked {masked} cells in what we publish; the archived file is untouched."
            self.out.problems.append(Problem("personal-data", did, table.number, count=masked))
        self.out.tables.append(table)


def read_grids(name: str, data: bytes, words: Words) -> list[Grid]:
    """The grids of a file that can be read, in its order."""
    return list(_Reader(name, words, {}).grids(data))
