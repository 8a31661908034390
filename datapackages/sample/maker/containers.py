"""Bytes of published files. Nothing of the machine, the clock or the writer's mood gets into them."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass, field
from datetime import date

import odf.opendocument
import odf.table
import odf.text
import openpyxl
import xlwt

Cell = str | int | float | date | None
Rows = list[list[Cell]]
LONG_AGO = (2024, 4, 30, 12, 0, 0)


def text_of(cell: Cell) -> str:
    """A cell as text."""
    return "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)


def delimited(rows: Rows, delimiter: str = ",", line_end: str = "\r\n", encoding: str = "utf-8") -> bytes:
    """A delimited text file; `utf-16` and `utf-8-sig` begin with a byte order mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=line_end)
    writer.writerows([text_of(cell) for cell in row] for row in rows)
    if encoding == "utf-16":
        return b"\xff\xfe" + out.getvalue().encode("utf-16-le")
    return out.getvalue().encode(encoding)


def zipped(members: list[tuple[str, bytes]], *, stored_first: bool = False) -> bytes:
    """A zip whose members carry a fixed date; the first one uncompressed if an ODS asks for it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, (name, data) in enumerate(members):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if stored_first and number == 0 else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=9)
    return out.getvalue()


def unzipped(data: bytes) -> list[tuple[str, bytes]]:
    """Members of a zip, in the order of its directory."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


@dataclass
class Sheet:
    """One worksheet: its rows, whether people see it, and the ranges that are merged (`A1:F1`)."""

    name: str
    rows: Rows
    hidden: bool = False
    merged: list[str] = field(default_factory=list)


def xlsx(sheets: list[Sheet]) -> bytes:
    """An XLSX workbook. Text is written as text, even where it begins with `=`."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.creator, book.properties.lastModifiedBy = "Sample", "Sample"
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.sheet_state = "hidden" if sheet.hidden else "visible"
        for at, row in enumerate(sheet.rows, 1):
            for column, value in enumerate(row, 1):
                if value in (None, ""):
                    continue
                cell = page.cell(at, column, value)
                if isinstance(value, str):
                    cell.data_type = "s"
                elif isinstance(value, date):
                    cell.number_format = "DD/MM/YYYY"
        for span in sheet.merged:
            page.merge_cells(span)
    out = io.BytesIO()
    book.save(out)
    moment = "2024-04-30T12:00:00Z"
    members = dict(unzipped(out.getvalue()))
    members["docProps/core.xml"] = without_clock(members["docProps/core.xml"], moment)
    return zipped(list(members.items()))


def without_clock(core: bytes, moment: str) -> bytes:
    """The core properties of a workbook with both times set to one moment."""
    text = core.decode()
    for tag in ("created", "modified"):
        start = text.index(">", text.index(f"<dcterms:{tag}")) + 1
        text = text[:start] + moment + text[text.index("<", start) :]
    return text.encode()


def xls(sheets: list[Sheet]) -> bytes:
    """A binary workbook as Excel 97 wrote it."""
    book = xlwt.Workbook(encoding="cp1252")
    dates = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        page.visibility = 1 if sheet.hidden else 0
        for at, row in enumerate(sheet.rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write(at, column, value, dates)
                elif value not in (None, ""):
                    page.write(at, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods_cell(value: Cell) -> odf.table.TableCell:
    """One cell of an OpenDocument sheet, with its type."""
    if value in (None, ""):
        return odf.table.TableCell()
    if isinstance(value, date):
        cell = odf.table.TableCell(valuetype="date", datevalue=value.isoformat())
    elif isinstance(value, str):
        cell = odf.table.TableCell(valuetype="string")
    else:
        cell = odf.table.TableCell(valuetype="float", value=value)
    cell.addElement(odf.text.P(text=text_of(value)))
    return cell


def ods(sheets: list[Sheet]) -> bytes:
    """An OpenDocument spreadsheet."""
    book = odf.opendocument.OpenDocumentSpreadsheet()
    for sheet in sheets:
        page = odf.table.Table(name=sheet.name)
        for row in sheet.rows:
            line = odf.table.TableRow()
            for value in row:
                line.addElement(ods_cell(value))
            page.addElement(line)
        book.spreadsheet.addElement(page)
    out = io.BytesIO()
    book.write(out)
    members = unzipped(out.getvalue())
    members.sort(key=lambda member: member[0] != "mimetype")
    return zipped(members, stored_first=True)


def pdf(lines: list[str]) -> bytes:
    """A one-page PDF with some lines of text."""
    shown = " T* ".join("(" + line.replace("\\", "").replace("(", "\\(").replace(")", "\\)") + ") Tj" for line in lines)
    stream = f"BT /F1 10 Tf 40 800 Td 14 TL {shown} ET"
    fonts = "<< /Font << /F1 5 0 R >> >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources {fonts} >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    text, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(text))
        text += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(text)
    text += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    text += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return text.encode("latin-1")
