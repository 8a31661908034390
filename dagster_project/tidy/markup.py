"""
Tables in web pages and in spreadsheets saved as XML, which office programs open as if they were workbooks.

Only what stands in cells is read; scripts, styles and links are not followed, entities of a document's own are refused.
"""

from __future__ import annotations

import re
from html import unescape
from xml.parsers import expat

from dagster_project.tidy.grids import Grid, Row

SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
MOST_CELLS = 20_000_000
TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9:]*)[^>]*>?")
COLSPAN = re.compile(r"colspan\s*=\s*[\"']?(\d{1,6})", re.IGNORECASE)
SILENT = ("script", "style")


class TooWide(ValueError):
    """A table claims more cells than a reader may hold."""


class _Page:
    """
    Collects the tables of a web page; one within another is read as a table of its own.

    Cut at every `<`, once: the standard library's parser takes hours over a page of unclosed quotes.
    """

    def __init__(self) -> None:
        self.tables: list[list[Row]] = []
        self._open: list[list[Row]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span, self._cells = 1, 0

    def read(self, text: str) -> None:
        """Read a whole page."""
        silent = ""
        for part in text.split("<")[1:]:
            found = TAG.match(part)
            if not found:
                if self._cell is not None and not silent:
                    self._cell.append("<" + part)
                continue
            end, tag, said = found[1] == "/", found[2].lower(), part[found.end() :]
            if silent:
                silent = "" if end and tag == silent else silent
                continue
            if tag in SILENT and not end:
                silent = tag
                continue
            self._tag(tag, part[: found.end()], end=end)
            if self._cell is not None:
                self._cell.append(said)
        while self._open:
            self._close_table()

    def _tag(self, tag: str, said: str, *, end: bool) -> None:
        if tag == "table":
            if end:
                self._close_table()
            else:
                self._close_row()
                self._open.append([])
        elif tag == "tr":
            self._close_row()
            self._row = None if end or not self._open else []
        elif tag in ("td", "th"):
            self._close_cell()
            if not end and self._open:
                self._row = [] if self._row is None else self._row
                span = COLSPAN.search(said)
                self._cell, self._span = [], min(int(span[1]), MOST_COLUMNS) if span else 1
        elif self._cell is not None:
            self._cell.append(" ")

    def _close_table(self) -> None:
        self._close_row()
        if self._open:
            self.tables.append(self._open.pop())

    def _close_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        self._cells += max(self._span, 1)
        if self._cells > MOST_CELLS:
            raise TooWide
        self._row.append(" ".join(unescape("".join(self._cell)).split()))
        self._row.extend([""] * (self._span - 1))
        self._cell = None

    def _close_row(self) -> None:
        self._close_cell()
        if self._row is not None and self._open:
            self._open[-1].append(self._row)
        self._row = None


def read_page(text: str) -> list[Grid]:
    """
    The tables of a web page, of two columns and rows at least.

    Raises:
        TooWide: it claims more cells than a reader may hold.
    """
    page = _Page()
    page.read("".join(part.partition("-->")[2] if n else part for n, part in enumerate(text.split("<!--"))))
    tables = [rows for rows in page.tables if len(rows) > 1 and max(map(len, rows)) > 1]
    return [Grid(rows, sheet=f"table {n}" if len(tables) > 1 else "") for n, rows in enumerate(tables, 1)]


class _Sheets:
    """Collects the sheets of a workbook saved as XML, cell by cell."""

    def __init__(self) -> None:
        self.grids: list[Grid] = []
        self._rows: list[Row] = []
        self._row: list[object] = []
        self._text: list[str] | None = None
        self._row_after: list[str] = []
        self._type, self._cells = "", 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.EntityDeclHandler = self._entity

    def _entity(self, *_: object) -> None:
        raise TooWide

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if space != SPREADSHEET:
            return
        told = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if tag == "Worksheet":
            self._rows = []
            self.grids.append(Grid(self._rows, sheet=told.get("Name", "")))
        elif tag == "Row":
            self._skip_to(self._rows, told.get("Index"), MOST_ROWS)
            self._row = []
        elif tag == "Cell":
            self._skip_to(self._row, told.get("Index"), MOST_COLUMNS)
            self._row.append("")
            across = told.get("MergeAcross", "0")
            self._row_after = [""] * (min(int(across), MOST_COLUMNS) if across.isdecimal() else 0)
        elif tag == "Data":
            self._text, self._type = [], told.get("Type", "String")

    def _skip_to(self, held: list[object] | list[Row], index: str | None, most: int) -> None:
        """Leave out blank rows or cells that the next one's index skips."""
        gap = int(index) - 1 - len(held) if index and index.isdecimal() else 0
        if gap > most or self._cells + gap > MOST_CELLS:
            raise TooWide
        self._cells += max(gap, 0) + 1
        held.extend([() if held is self._rows else ""] * max(gap, 0))

    def _end(self, name: str) -> None:
        space, _, tag = name.rpartition(" ")
        if space != SPREADSHEET:
            return
        if tag == "Data" and self._text is not None:
            self._row = self._row or [""]
            self._row[-1] = _value("".join(self._text), self._type)
            self._text = None
        elif tag == "Cell":
            self._row.extend(self._row_after)
        elif tag == "Row":
            self._rows.append(self._row)

    def _data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)


def _value(text: str, kind: str) -> object:
    """A cell's value: numbers as numbers, days without a midnight, all else as text."""
    if kind == "Number":
        try:
            return float(text)
        except ValueError:
            return text
    return text.removesuffix(".000").removesuffix("T00:00:00") if kind == "DateTime" else text


def read_sheets(data: bytes) -> list[Grid]:
    """
    The sheets of a workbook saved as XML (SpreadsheetML 2003) that hold something.

    Raises:
        TooWide: it claims more cells than a reader may hold, or declares entities.
        expat.ExpatError: it is no well-formed XML.
    """
    sheets = _Sheets()
    sheets.parser.Parse(data, True)
    return [grid for grid in sheets.grids if grid.rows]
