"""
A grid: records of cells, the one form that text files, sheets and members of archives are brought into.

Knows also what kind of thing some bytes are, whatever their name says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest

#: Text cells as published; workbooks also give numbers, dates and booleans. An empty cell is `""`.
Row = Sequence[object]

HTML = re.compile(
    rb"^\s*(?:<!--.*?-->\s*)*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body|table|script|title|meta|div)\b",
    re.IGNORECASE | re.DOTALL,
)
XML = re.compile(rb"^\s*<\?xml|^\s*<[a-z][\w:.-]*[\s>]", re.IGNORECASE)
JSON = re.compile(rb'^\s*(?:\{\s*"|\[\s*\{\s*")')
MAGIC = (
    (b"%PDF", "pdf"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"), (b"{\\rtf", "rtf"), (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image"),
    (b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!", "rar"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"),
)  # fmt: skip
#: Records that are laid out by column at a time: few enough to stay at hand, many enough to be worth the while.
CHUNK = 500
#: Why bytes of a kind hold no table: code of the problem and a sentence.
REASONS = {
    "pdf": ("pdf", "This is a PDF. Payments in it cannot be read reliably; please publish the spreadsheet behind it."),
    "html": ("html-page", "This is a web page, not a data file: perhaps a page that says the file was not found."),
    "empty": ("empty-file", "The file is empty."),
    "xml": ("not-a-table", "This is an XML document, not a table."),
    "json": ("not-a-table", "This is a JSON document, not a table."),
    "rtf": ("not-a-table", "This is a word processor's document, not a table."),
    "image": ("not-a-table", "This is an image, not a table."),
    "binary": ("damaged", "These bytes are no file format that holds tables; the file may be damaged."),
}
#: What the ending of a name promises.
SUFFIXES = {
    "csv": "text",
    "txt": "text",
    "tsv": "text",
    "xlsx": "xlsx",
    "xls": "xls",
    "ods": "ods",
    "pdf": "pdf",
    "zip": "zip",
}


@dataclass
class Grid:
    """
    Records of one text file or sheet.

    Attributes:
        rows: The records that are kept; blank ones at the far end may be missing.
        first: Number of the first record, from 1: a sheet may begin further down.
        left: Number of columns that were cut off at the left because they are empty all the way.
        member, sheet: Where it lies.
        titles: Names that may tell the period: of the file, the member, the sheet.
        merged: Cells merged in a sheet: top, left, bottom, right, as positions in `rows`.
        delimiter: What cut the text into cells; `""` for sheets.
    """

    rows: list[Row]
    first: int = 1
    left: int = 0
    member: str = ""
    sheet: str = ""
    titles: tuple[str, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    delimiter: str = ""
    _of: list[Row] | None = field(default=None, init=False, repr=False, compare=False)
    _columns: dict[int, list[object]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _widths: list[int] = field(default_factory=list, init=False, repr=False, compare=False)

    def lay_out(self, wanted: Iterable[int]) -> None:
        """
        Lay out columns that will be asked for, in one walk through the records.

        A walk through a hundred thousand records costs more than what is done with a cell, so each is taken once.
        """
        if self._of is not self.rows:
            self._of, self._columns, self._widths = self.rows, {}, []
        new: dict[int, list[object]] = {at: [] for at in wanted if at not in self._columns}
        needs_widths = not self._widths
        if not new and not needs_widths:
            return
        for start in range(0, len(self.rows), CHUNK):
            part = self.rows[start : start + CHUNK]
            if needs_widths:
                self._widths.extend(map(len, part))
            for at, cells in enumerate(islice(zip_longest(*part, fillvalue=""), max(new, default=-1) + 1)):
                if at in new:
                    new[at].extend(cells)
            for column in new.values():  # beyond the end of every record of the part
                column.extend([""] * (start + len(part) - len(column)))
        self._columns |= new

    def column(self, at: int) -> list[object]:
        """The cells of one column; a record that ends before it has an empty one."""
        if self._of is not self.rows or at not in self._columns:
            self.lay_out((at,))
        return self._columns[at]

    @property
    def widths(self) -> list[int]:
        """How many cells each record has."""
        if self._of is not self.rows:
            self.lay_out(())
        return self._widths


def is_blank(row: Row) -> bool:
    """Whether no cell of a record holds anything but white space."""
    for cell in row:  # noqa: SIM110  a loop ends at the first filled cell, and costs half of `all`
        if cell != "" and (not isinstance(cell, str) or not cell.isspace()):
            return False
    return True


def pick(rows: Sequence[Row], at: int) -> list[object]:
    """The cells of one column; a record that ends before it has an empty one."""
    try:
        return [row[at] for row in rows]
    except IndexError:
        return [row[at] if len(row) > at else "" for row in rows]


def text_of(cell: object) -> str:
    """A cell as text: a workbook's 4137911.0 is the number 4137911, a date is ISO."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float):
        return str(int(cell)) if -1e15 < cell < 1e15 and cell.is_integer() else repr(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    iso = getattr(cell, "isoformat", None)
    text = str(iso()) if iso else str(cell)
    return text.removesuffix("T00:00:00")


def sniff(data: bytes) -> str:
    """
    What some bytes are, by their content: `pdf`, `xls` (any OLE file), `zip`, `gzip`, `html`, `text`, `empty` ...

    `binary` is what is none of these and not text either.
    """
    head = data[:8192]
    if not head.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        return "empty" if not data.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe") else "text"
    bare = head.lstrip(b"\xef\xbb\xbf")
    for magic, kind in MAGIC:
        if bare.startswith(magic):
            return kind
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if HTML.match(bare) or (b"<html" in head.lower() and b"</" in data[-2048:] and bare.lstrip().startswith(b"<")):
        return "html"
    if XML.match(bare):
        return "spreadsheetml" if b"urn:schemas-microsoft-com:office:spreadsheet" in head else "xml"
    if JSON.match(bare):
        return "json"
    return "text" if _is_text(head) else "binary"


def _is_text(head: bytes) -> bool:
    """Whether bytes read as text: few control characters, unless every other byte is zero (UTF-16)."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    half = max(len(head) // 2, 1)
    if head[1::2].count(0) > half * 0.7 or head[0::2].count(0) > half * 0.7:
        return True
    control = sum(head.count(bytes([b])) for b in range(32) if b not in (0, 9, 10, 11, 12, 13, 26, 27, 28, 29, 30, 31))
    return control <= len(head) * 0.01 and head.count(0) <= len(head) * 0.3
