"""
What reading a published file gives: tables, their columns, and a value per line and field.

One `FileReading` per file; within a table, values stand in columns (lists of equal length, one entry per record that
the table spans), so that a million lines need no million objects.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dagster_project.model.problems import Problem

#: Classes of a record within a table. `payment` and `credit` (below zero) are published, whether the payee is named
#: or withheld; `unreadable` records are rejected; the others are left out.
PUBLISHED_CLASSES = ("payment", "credit")
REJECTED_CLASSES = ("unreadable",)
LEFT_OUT_CLASSES = ("total", "note", "heading", "blank")

#: Our fields of a published line, in the order of published tables. Text as published, `""` where the cell is blank.
TEXT_FIELDS = (
    "payee", "reference", "department", "purpose", "category", "body", "payee_reference", "payee_postcode",
    "company_number", "charity_number", "vat_number", "payee_type", "contract_reference", "card_flag", "vcse_flag",
)  # fmt: skip

FILE_STATUSES = ("read", "not_spend", "not_a_table", "refused", "duplicate")


@dataclass
class Tally:
    """
    Rows and pence of one kind.

    Blank records are no rows. Pence are those of the table's amount column; a cell that states no amount adds nothing.
    """

    rows: int = 0
    pence: int = 0

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        self.rows += other.rows
        self.pence += other.pence


@dataclass
class TableReading:
    """
    One table of payments found in a file.

    Attributes:
        number: From 1, in the order of the file.
        member, sheet: Name of the zip member, of the worksheet; `""` where there is none.
        header_line: Record number of the (last) heading record; 0 where the table has none.
        headings: Text of the headings by position, as published.
        columns: Our field name to position from 0, e.g. `{"payee": 2, "amount": 5, "date": 0}`.
        unmapped: Positions of columns that hold something and are not read.
        dataset_kind: One of `model.ids.DATASET_KINDS`.
        amount_basis: `net`, `gross` or `""` where the file does not say.
        record: Record numbers, from 1.
        row_class: Class of each record.
        pence: Whole pence, or `None` where the cell states no amount.
        date: ISO date `2014-06-30`, `""` where none is readable or only the month is given.
        month: `2014-06`, `""` where not known.
        is_redacted: The payee's name is withheld, in whatever wording.
        text: Field name to a list of texts as published; only fields that the table has.
        found, published, rejected, left_out: The keel. `found` is counted independently, over the raw cells;
            it equals the sum of the other three, or the file is refused.
        stated_total: Pence of the file's own total line, if it has one.
        mended: Record number to its cells as they were read, where they did not stand below their headings.
    """

    number: int
    member: str = ""
    sheet: str = ""
    header_line: int = 0
    headings: list[str] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)
    unmapped: list[int] = field(default_factory=list)
    dataset_kind: str = "payments"
    amount_basis: str = ""
    record: list[int] = field(default_factory=list)
    row_class: list[str] = field(default_factory=list)
    pence: list[int | None] = field(default_factory=list)
    date: list[str] = field(default_factory=list)
    month: list[str] = field(default_factory=list)
    is_redacted: list[bool] = field(default_factory=list)
    text: dict[str, list[str]] = field(default_factory=dict)
    found: Tally = field(default_factory=Tally)
    published: Tally = field(default_factory=Tally)
    rejected: Tally = field(default_factory=Tally)
    left_out: Tally = field(default_factory=Tally)
    stated_total: int | None = None
    mended: dict[int, list[str]] = field(default_factory=dict)

    def balances(self) -> bool:
        """Whether every row and penny that was found is accounted for."""
        rows = self.published.rows + self.rejected.rows + self.left_out.rows
        pence = self.published.pence + self.rejected.pence + self.left_out.pence
        return (self.found.rows, self.found.pence) == (rows, pence)


@dataclass
class FileReading:
    """
    What a careful reader makes of one file.

    Attributes:
        name: As published.
        status: `read`, `not_spend` (opens, holds no table of payments), `not_a_table` (PDF, HTML, damaged), or
            `refused` (our own count does not balance: our fault, nothing of it is published).
        reason: Why not, a sentence that an officer understands; `""` when read.
        container: `csv`, `xlsx`, `xls`, `ods`, `zip`, `gzip`, `html`, `xml`, `pdf`, `unknown`.
        encoding, delimiter: How text was decoded and cut, `""` for workbooks.
        suppressed: How many cells the leak guard masked.
    """

    name: str
    status: str
    reason: str = ""
    container: str = ""
    encoding: str = ""
    delimiter: str = ""
    tables: list[TableReading] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    suppressed: int = 0
