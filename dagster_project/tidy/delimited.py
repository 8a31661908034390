"""Text to records: finds the delimiter, survives broken quotes and any line ends. One record is what `csv.reader` calls one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat

DELIMITERS = (",", ";", "\t", "|")
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
#: A quoted cell that holds more lines than this, each cut like a record, is an unclosed quote.
MOST_LINES_IN_CELL = 3
FIELD_LIMIT = 2**27
MOST_REPAIRS = 200


@dataclass
class Delimited:
    """Records of a delimited text; `repaired` are numbers of records whose quotes were broken."""

    rows: list[list[str]]
    delimiter: str
    repaired: tuple[int, ...] = ()


def find_delimiter(text: str) -> str:
    """
    The character that cuts the text into cells: the one that cuts most of its first lines into the same number.

    A comma, where nothing cuts anything.
    """
    sample = text[:65536]
    lines = re.split(r"\r\n|\r|\n", sample)
    if len(sample) < len(text):
        lines = lines[:-1] or lines
    if lines[0].lower().startswith("sep=") and lines[0][4:5] in DELIMITERS:
        return lines[0][4]
    best, best_score = ",", 0.0
    for delimiter in (mark for mark in DELIMITERS if mark in sample):
        widths: dict[int, int] = {}
        try:
            for row in csv.reader([line for line in lines[:400] if line.strip()], delimiter=delimiter):
                if len(row) - row.count("") > 1:
                    widths[len(row)] = widths.get(len(row), 0) + 1
        except csv.Error:
            continue
        # Two lines of nine cells tell more than three of two: prose is full of commas.
        score = max((count * (width - 1) ** 0.5 for width, count in widths.items()), default=0.0)
        if score > best_score * 1.1:
            best, best_score = delimiter, score
    return best


def _lines_of(cell: str) -> list[str]:
    return re.split(r"\r\n|\r|\n", cell)


def _looks_unclosed(row: list[str], width: int) -> bool:
    """Whether a record swallowed others: one of its cells holds many lines that are themselves cut like records."""
    for cell in row:
        if len(cell) > 60 and ("\n" in cell or "\r" in cell):
            lines = [line for line in _lines_of(cell) if line.strip()]
            cut = sum(1 for line in lines[1:] if line.count(",") + line.count("\t") + line.count(";") >= width - 1)
            if cut > MOST_LINES_IN_CELL or (cut and cut >= len(lines) - 1 and cut > 1):
                return True
    return False


def _may_be_unclosed(row: list[str], width: int, delimiter: str) -> bool:
    """Whether a record of several lines is worth a closer look: cells too few or too many, or cells in a cell."""
    held = [cell for cell in row if "\n" in cell or "\r" in cell]
    return bool(held) and (
        len(row) != width
        or any('"' in cell or max(map(str.count, _lines_of(cell), repeat(delimiter))) > 1 for cell in held)
    )


def _ends_open(text: str) -> bool:
    """Whether the last line has a quotation mark too many."""
    return _lines_of(text[-10_000:].rstrip())[-1].count('"') % 2 == 1


def _swallows(lines: list[str], row: list[str], width: int, delimiter: str) -> bool:
    """
    Whether a record of several lines is several records, the first of which opens a quotation mark in vain.

    So it is where its first line, its quotes not believed, has as many cells as records have, and either the record has
    not, or something stands between a closing quote and the next delimiter.
    """
    is_open = len(lines) == 1 and lines[0].count('"') % 2 == 1 and len(row) < width
    if not (is_open or len(lines) > 1) or len(_plain_cells(lines[0], delimiter)) != width:
        return False
    if len(row) != width:
        return True
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return True
    return False


def _plain_cells(line: str, delimiter: str) -> list[str]:
    """Cut one line whose quotes cannot be trusted: as well as quotes allow within the line, else without them."""
    line = line.rstrip("\r\n")
    if line.count('"') % 2 == 0:
        return next(csv.reader([line], delimiter=delimiter), [])
    return [cell.strip('"') for cell in next(csv.reader([line], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])]


def _read_carefully(text: str, delimiter: str, width: int) -> tuple[list[list[str]], tuple[int, ...]]:
    """Read record by record; where one swallowed others, cut its first line alone and go on behind it."""
    lines = io.StringIO(text, newline="").readlines()
    rows: list[list[str]] = []
    repaired: list[int] = []
    at = 0
    while at < len(lines):
        start = at
        reader = csv.reader(_lines_from(lines, start), delimiter=delimiter)
        for row in reader:
            own = lines[at : start + reader.line_num]
            if _looks_unclosed(row, width) or _swallows(own, row, width, delimiter):
                rows.append(_plain_cells(lines[at], delimiter))
                repaired.append(len(rows))
                at += 1
                break
            rows.append(row)
            at = start + reader.line_num
        if len(repaired) > MOST_REPAIRS:  # not a few slips but another format: cut all that is left line by line
            rows.extend(_plain_cells(line, delimiter) for line in lines[at:])
            break
    return rows, tuple(repaired)


def _lines_from(lines: list[str], start: int) -> Iterator[str]:
    for index in range(start, len(lines)):
        yield lines[index]


def read_delimited(text: str) -> Delimited:
    """
    Cut a text into records.

    Returns:
        Records as `csv.reader` yields them, blank ones too, so that record numbers agree with anyone's. Where a
        quotation mark is opened and not closed, the lines behind it are records of their own again.
    """
    delimiter = find_delimiter(text)
    csv.field_size_limit(FIELD_LIMIT)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    breaks = text.count("\n") or text.count("\r")
    if '"' in text and (breaks + (text[-1:] not in ("\n", "\r")) > len(rows) or _ends_open(text)):
        widths: dict[int, int] = {}
        for row in rows[:500]:
            widths[len(row)] = widths.get(len(row), 0) + 1
        width = max(widths, key=lambda w: widths[w]) if widths else 1
        if width > 1 and (
            _ends_open(text)
            or any(_looks_unclosed(row, width) or _may_be_unclosed(row, width, delimiter) for row in rows)
        ):
            rows, repaired = _read_carefully(text, delimiter, width)
            return Delimited(rows, delimiter, repaired)
    return Delimited(rows, delimiter)
