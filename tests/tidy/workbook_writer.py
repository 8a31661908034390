"""Workbooks for tests, written from plain lists: text like 2024-05-31 becomes a date cell."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

ISO = re.compile(r"\d{4}-\d{2}-\d{2}$")
Sheets = list[tuple[str, list[list[Any]]]]


def _value(cell: Any) -> Any:
    return date.fromisoformat(cell) if isinstance(cell, str) and ISO.match(cell) else cell


def write_xlsx(sheets: Sheets, hidden: tuple[str, ...] = ()) -> bytes:
    """An XLSX workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for i, row in enumerate(rows, 1):
            for j, cell in enumerate(row, 1):
                if cell is not None:
                    sheet.cell(i, j, _value(cell))
        if name in hidden:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_xls(sheets: Sheets, hidden: tuple[str, ...] = ()) -> bytes:
    """A binary XLS workbook."""
    book, day = xlwt.Workbook(), xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for name, rows in sheets:
        sheet = book.add_sheet(name)
        sheet.visibility = 1 if name in hidden else 0
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                value = _value(cell)
                if isinstance(value, date):
                    sheet.write(i, j, value, day)
                elif value is not None:
                    sheet.write(i, j, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_ods(sheets: Sheets) -> bytes:
    """An ODS workbook."""
    document = OpenDocumentSpreadsheet()
    for name, rows in sheets:
        table = Table(name=name)
        for row in rows:
            line = TableRow()
            for cell in row:
                value = _value(cell)
                if value is None:
                    line.addElement(TableCell())
                elif isinstance(value, date):
                    line.addElement(TableCell(valuetype="date", datevalue=value.isoformat()))
                elif isinstance(value, (int, float)):
                    line.addElement(TableCell(valuetype="float", value=str(value)))
                else:
                    filled = TableCell(valuetype="string")
                    filled.addElement(P(text=value))
                    line.addElement(filled)
            table.addElement(line)
        document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def write_book(kind: str, sheets: Sheets, hidden: tuple[str, ...] = ()) -> bytes:
    """A workbook of one of three kinds."""
    if kind == "ods":
        return write_ods(sheets)
    return (write_xls if kind == "xls" else write_xlsx)(sheets, hidden)
