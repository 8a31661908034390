"""Sheets of XLSX, XLS and ODS workbooks as grids, within bounded memory."""

from __future__ import annotations

import gzip
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

import python_calamine as calamine

from dagster_project.tidy.grids import Grid, Row, is_blank

#: The reader lays a sheet out as a full rectangle: a lone cell in the last corner would take all the memory there is.
MOST_CELLS = 60_000_000
MOST_SHEETS = 400
#: Bytes of a sheet looked at in one go, and those before a value among which its place is looked for.
PIECE, OVERLAP = 1 << 18, 4000
#: Times that deflated bytes can grow at most: a part too small to grow beyond the limit needs no look.
MOST_UNPACKED = 1032
#: What unpacking broken archives raises.
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, EOFError, OSError,
           RuntimeError, ValueError, LookupError)  # fmt: skip
#: How what a cell of a sheet's XML holds begins, and the cell's place; formatted empty ones close themselves.
VALUES = (b"<v>", b"<v ", b"<is>", b"<t>")
LAST_ROW = re.compile(rb"""r=["'][A-Z]{1,3}(\d{1,7})["']""")
WIDE_CELL = re.compile(rb"""r=["']([A-Z]{2,3})\d{1,7}["'][^>]*(?<!/)>""")
REPEATED = re.compile(rb'number-(columns|rows)-repeated="(\d+)"')


class Refused(Exception):
    """A file that is not read: `code` of the problem and a sentence for an officer."""

    def __init__(self, code: str, reason: str, status: str = "not_a_table") -> None:
        super().__init__(reason)
        self.code, self.reason, self.status = code, reason, status


@dataclass
class Workbook:
    """Grids of the visible sheets that hold something, and the names of the hidden ones that do."""

    grids: list[Grid]
    hidden: list[str] = field(default_factory=list)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_xlsx(data: bytes, most_bytes: int) -> None:
    """Refuse a workbook whose sheets would unpack, or be laid out, to more than a reader can hold."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(info.file_size for info in archive.infolist()) > most_bytes:
            raise Refused("too-large", f"The workbook unpacks to more than {most_bytes >> 20} MB, which is refused.")
        for info in archive.infolist():
            name = info.filename.lower()
            pieces = _pieces(archive, data, info, most_bytes)
            if "worksheets/" in name and name.endswith(".xml"):
                _check_sheet(pieces)
            elif name == "content.xml":
                _check_content(b"".join(pieces))
            elif info.compress_size * MOST_UNPACKED > most_bytes:
                for _ in pieces:
                    pass


def _pieces(archive: zipfile.ZipFile, data: bytes, info: zipfile.ZipInfo, most_bytes: int) -> Iterator[bytes]:
    """
    A part of the workbook piece by piece: pieces are quick to reach, and none is kept.

    All that its packed bytes unpack to, whatever size the directory claims: who opens the workbook goes by the bytes.
    """
    left = most_bytes
    for piece in _inflated(archive, data, info):
        left -= len(piece)
        if left < 0:
            raise Refused("too-large", f"The workbook unpacks to more than {most_bytes >> 20} MB, which is refused.")
        yield piece


def _inflated(archive: zipfile.ZipFile, data: bytes, info: zipfile.ZipInfo) -> Iterator[bytes]:
    if info.compress_type != zipfile.ZIP_DEFLATED or info.flag_bits & 1:
        with archive.open(info) as part:
            yield from iter(partial(part.read, PIECE), b"")
        return
    name, extra = struct.unpack_from("<HH", data, info.header_offset + 26)
    start = info.header_offset + 30 + name + extra
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    for at in range(start, start + info.compress_size, PIECE):
        packed = data[at : min(at + PIECE, start + info.compress_size)]
        while packed:
            if piece := inflate.decompress(packed, PIECE):
                yield piece
            packed = inflate.unconsumed_tail
    yield inflate.flush()
    if not inflate.eof:
        raise zipfile.BadZipFile(f"{info.filename} ends too early")


def _end(xml: bytes) -> bytes:
    """What the next piece goes on from: enough to find the place of a value, and a tag that is still open."""
    tag = max(xml.rfind(b"<"), len(xml) - PIECE)
    return xml[max(0, min(tag, len(xml) - OVERLAP)) :]


def _check_sheet(pieces: Iterable[bytes]) -> None:
    """Refuse a sheet of an XLSX workbook whose filled cells span too large a rectangle."""
    wide: set[bytes] = set()
    xml = last_held = b""
    unnumbered = 1
    for piece in pieces:
        kept = _end(xml)
        xml = kept + piece
        wide.update(WIDE_CELL.findall(xml))
        seam = max(0, len(kept) - 3)  # a mark may begin in the piece before
        if any(xml.find(mark, seam) >= 0 for mark in VALUES):
            last_held = xml
        if not LAST_ROW.search(xml):
            unnumbered += xml.count(b"<row")
    value = max(map(last_held.rfind, VALUES))
    if value < 0:
        return
    found = LAST_ROW.findall(last_held, max(0, value - OVERLAP), value) or LAST_ROW.findall(last_held, 0, value)
    last = int(found[-1]) if found else unnumbered
    width = max(map(_column, wide), default=26)
    if last * width > MOST_CELLS:
        raise Refused("too-large", f"A sheet spans {last:,} rows by {width:,} columns, which is refused.")


def _check_content(xml: bytes) -> None:
    """Refuse an ODS whose repeated cells and rows would unfold too far."""
    most = {b"columns": 1, b"rows": 1}
    for found in re.finditer(rb"<table:table-(?:cell|row)\b[^>]*>", xml):
        tag = found[0]
        repeat = REPEATED.search(tag)
        if not repeat:
            continue
        # An empty cell or row may be repeated to the end of the sheet: every office program writes that.
        follows = xml[found.end() : found.end() + 400]
        if tag.startswith(b"<table:table-cell") and (tag.endswith(b"/>") and b"office:value" not in tag):
            continue
        if tag.startswith(b"<table:table-row") and not re.search(
            rb"office:(?:string-)?value|<text:p", follows.split(b"</table:table-row>")[0]
        ):
            continue
        most[repeat[1]] = max(most[repeat[1]], int(repeat[2]))
    if most[b"rows"] * most[b"columns"] > MOST_CELLS // 8 or most[b"rows"] > 1_000_000:
        raise Refused("too-large", "A sheet repeats its cells beyond what a reader may unfold, which is refused.")


def gunzip(data: bytes, most_bytes: int) -> bytes:
    """
    Unpack a compressed file.

    Raises:
        Refused: damaged, or too large.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            content = packed.read(most_bytes + 1)
    except DAMAGED as trouble:
        raise Refused("damaged", "The compressed file is damaged and cannot be unpacked.") from trouble
    if len(content) > most_bytes:
        raise Refused("too-large", f"The file unpacks to more than {most_bytes >> 20} MB, which is refused.")
    return content


def _open(data: bytes) -> calamine.CalamineWorkbook:
    try:
        return calamine.load_workbook(io.BytesIO(data))
    except calamine.PasswordError as trouble:
        raise Refused("password", "The workbook is locked with a password and cannot be opened.") from trouble
    except Exception as trouble:
        text = str(trouble)
        if "password" in text.lower() or "encrypt" in text.lower():
            raise Refused("password", "The workbook is locked with a password and cannot be opened.") from trouble
        raise Refused(
            "damaged", "The workbook is damaged: no spreadsheet program's parts were found in it."
        ) from trouble


def _rows_of(sheet: calamine.CalamineSheet) -> tuple[list[Row], int, int]:
    """Rows of a sheet without what is empty around them, the number of the first, and columns cut off at the left."""
    start, end = sheet.start, sheet.end
    if start is None or end is None:
        return [], 1, 0
    if (end[0] - start[0] + 1) * (end[1] - start[1] + 1) > MOST_CELLS:
        raise Refused("too-large", f"Sheet '{sheet.name}' spans more cells than a reader may hold, which is refused.")
    rows: list[Row] = list(sheet.to_python(skip_empty_area=True))
    while rows and is_blank(rows[-1]):
        rows.pop()
    return rows, start[0] + 1, start[1]


def _merged(sheet: calamine.CalamineSheet, top: int, left: int) -> tuple[tuple[int, int, int, int], ...]:
    """Cells of a sheet that are merged over several rows."""
    return tuple(
        (a[0] - top, a[1] - left, b[0] - top, b[1] - left)
        for a, b in sheet.merged_cell_ranges or ()
        if b[0] > a[0] >= top and a[1] >= left
    )


def read_workbook(data: bytes, most_bytes: int) -> Workbook:
    """
    Read the sheets of a workbook.

    Args:
        most_bytes: How much the workbook may unpack to.

    Returns:
        Grids of the visible sheets that hold something, in their order; hidden sheets that hold something by name
        only: what was hidden was not meant to be published.

    Raises:
        Refused: damaged, locked, or too large.
    """
    if data[:2] == b"PK":
        try:
            _check_xlsx(data, most_bytes)
        except DAMAGED as trouble:
            raise Refused("damaged", "The workbook is damaged: its parts cannot be unpacked.") from trouble
    book = _open(data)
    out = Workbook([])
    for meta in book.sheets_metadata[:MOST_SHEETS]:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        visible = meta.visible == calamine.SheetVisibleEnum.Visible
        try:
            sheet = book.get_sheet_by_name(meta.name)
            rows, first, left = _rows_of(sheet)
        except Refused:
            raise
        except Exception as trouble:
            raise Refused("damaged", f"Sheet '{meta.name}' of the workbook is damaged and cannot be read.") from trouble
        if not rows:
            continue
        if visible:
            out.grids.append(Grid(rows, first, left, sheet=meta.name, merged=_merged(sheet, first - 1, left)))
        else:
            out.hidden.append(meta.name)
    return out
