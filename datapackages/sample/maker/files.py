"""From payments to a published file: cells, layouts, totals, and what the file truly holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from maker.containers import Cell, Rows
from maker.ledger import Payment, total

#: A layout is a list of (heading as published, what stands below it); see `cell`.
Layout = list[tuple[str, str]]
EXCEL_DAY_NOUGHT = date(1899, 12, 30)


@dataclass
class Published:
    """
    One file of one body, and what a careful reader finds in it.

    Attributes:
        path: Slug and file name.
        note: What is peculiar about it: the mess.
        payments: Lines in it, over all its tables.
        speaks: Its lines count; false for a file whose lines stand in a later, fuller or equal one.
    """

    path: str
    data: bytes
    note: str
    payments: list[Payment] = field(default_factory=list)
    status: str = "read"
    tables: int = 1
    speaks: bool = True
    kind: str = "payments"

    def row(self) -> list[str]:
        """The row of `truth_files.csv`."""
        redacted = sum(payment.is_withheld for payment in self.payments)
        counts = [self.tables if self.payments else 0, len(self.payments), total(self.payments), redacted]
        return [self.path, self.status, *map(str, counts), self.kind, self.note]


def amount(pence: int, form: str) -> Cell:
    """An amount in one of the forms that ledgers print."""
    sign, pounds, digits = "-" if pence < 0 else "", abs(pence) // 100, f"{abs(pence) % 100:02d}"
    bare, comma = f"{pounds}.{digits}", f"{pounds:,}.{digits}"
    forms: dict[str, Cell] = {"cell": pence / 100, "noise": pence / 100 + 1e-10, "plain": sign + bare,
                              "comma": sign + comma, "pound": f"{sign}£{comma}",
                              "spaced": f" {sign}{comma} ", "pound_spaced": f" {sign}£{comma} ",
                              "bracket": f"({comma})" if sign else comma, "trailing": f"{comma}{sign}",
                              "cr": f"{comma}CR" if sign else comma,
                              "pound_bracket": f"(£{comma})" if sign else f"£{comma}"}  # fmt: skip
    return forms[form]


def date_cell(payment: Payment, form: str) -> Cell:
    """A date in one of the forms that ledgers print."""
    if payment.day_text:
        return payment.day_text
    day = payment.day
    forms: dict[str, Cell] = {"cell": day, "serial": (day - EXCEL_DAY_NOUGHT).days,
                              "dmy": f"{day:%d/%m/%Y}", "mdy": f"{day:%m/%d/%Y}",
                              "dots": f"{day:%d.%m.%Y}", "short": f"{day:%d-%b-%y}",
                              "dmy2": f"{day:%d/%m/%y}", "long": f"{day.day} {day:%B %Y}",
                              "iso": day.isoformat(), "iso_time": f"{day.isoformat()} 00:00:00",
                              "slashed": f"{day:%d/%b/%Y} ", "dashes": f"{day:%d-%m-%Y}",
                              "period": str((day.year + (day.month > 3)) * 100 + (day.month - 4) % 12 + 1),
                              "month": f"{day:%b-%y}"}  # fmt: skip
    return forms[form]


def vat(payment: Payment) -> int:
    """Value added tax on a net amount: a fifth, but none where the payee is no company."""
    if payment.supplier is None or payment.supplier.is_charity:
        return 0
    return (abs(payment.pence) * 2 + 5) // 10 * (-1 if payment.pence < 0 else 1)


def cell(payment: Payment, spec: str) -> Cell:
    """
    What a payment shows in one column.

    Args:
        payment: The payment.
        spec: `date:FORM`, `amount:FORM`, `vat:FORM`, `gross:FORM`, `=TEXT` for a fixed text, or the name of a field.
    """
    what, _, form = spec.partition(":")
    if spec.startswith("="):
        return spec[1:]
    if what == "date":
        return date_cell(payment, form)
    if what in ("amount", "vat", "gross"):
        pence = {"amount": payment.pence, "vat": vat(payment), "gross": payment.pence + vat(payment)}[what]
        return amount(pence, form)
    texts = {"payee": payment.payee, "ref": payment.reference, "department": payment.department,
             "purpose": payment.purpose, "category": payment.category}  # fmt: skip
    return texts[what] if what in texts else number_cell(payment, what)


def number_cell(payment: Payment, what: str) -> Cell:
    """What a payment shows in a column of postcodes, company numbers or charity numbers."""
    supplier = payment.supplier
    if what == "postcode":
        return supplier.postcode if supplier and supplier.number[-1] != "3" else ""
    if payment.is_withheld:
        return "REDACTED"
    if supplier is None or supplier.is_charity != (what == "charity"):
        return "N/A"
    return supplier.number


def as_text(layout: Layout, date_form: str, amount_form: str) -> Layout:
    """A layout of typed cells with text in their place."""
    return [(heading, {"date:cell": date_form, "amount:cell": amount_form}.get(spec, spec)) for heading, spec in layout]


def fill(payments: Iterable[Payment], layout: Layout) -> Rows:
    """The rows of a table, without its headings."""
    return [[cell(payment, spec) for _, spec in layout] for payment in payments]


def headings(layout: Layout) -> list[Cell]:
    """The row of headings."""
    return [heading for heading, _ in layout]


def table(payments: Iterable[Payment], layout: Layout) -> Rows:
    """Headings and rows."""
    return [headings(layout), *fill(payments, layout)]


def total_row(payments: list[Payment], layout: Layout, word: str) -> list[Cell]:
    """A row with a word in the first column and the sum in the column of amounts."""
    row: list[Cell] = ["" for _ in layout]
    row[0] = word
    for at, (_, spec) in enumerate(layout):
        if spec.startswith("amount:"):
            row[at] = amount(total(payments), spec.partition(":")[2])
    return row


def pivot(payments: list[Payment]) -> Rows:
    """Sums by department as a spreadsheet makes them: a category summary, no payments."""
    sums: dict[str, int] = {}
    for payment in payments:
        sums[payment.department] = sums.get(payment.department, 0) + payment.pence
    rows: Rows = [["Row Labels", "Sum of Amount"]]
    rows += [[department, pence / 100] for department, pence in sorted(sums.items())]
    return [*rows, ["Grand Total", total(payments) / 100]]


def padded(rows: Rows, columns: int, blank_rows: int = 0) -> Rows:
    """The same rows with empty columns on the right and blank records below."""
    wide: Rows = [[*row, *[""] * columns] for row in rows]
    blank: list[Cell] = [""] * max(len(row) for row in wide)
    return [*wide, *[blank] * blank_rows]


def month_name(month: str, form: str = "%B %Y") -> str:
    """A month in words."""
    return f"{date.fromisoformat(month + '-01'):{form}}"


def quarters(months: list[str]) -> list[tuple[str, list[str]]]:
    """The quarters of a financial year with their months."""
    return [(f"Q{at // 3 + 1}", months[at : at + 3]) for at in range(0, 12, 3)]
