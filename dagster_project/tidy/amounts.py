"""
One cell to whole pence, in every style that British public bodies write amounts.

Never a float in between: a workbook's numbers are floats already and are rounded to pence from their shortest text.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from dagster_project.model.money import MOST_PENCE, round_to_pence


class Stated(Enum):
    """What a cell says that states no readable amount."""

    UNREADABLE = "unreadable"


#: Pence, `None` where the cell states no amount, `UNREADABLE` where it states something that we cannot tell.
Reading = int | None | Stated

#: Pound signs, and what bad decoding makes of them; a note mark behind the number.
SIGNS = re.compile(r"£|￡|gbp|[ÂÃâ‚ł�œú\x9c]", re.IGNORECASE)
#: Signs and brackets around a number; a credit is marked by any of minus, bracket or CR.
FRAME = re.compile(
    r"(?P<open>[-+]?\s*[(\[]?\s*[-+]?)\s*(?P<number>[\d.,](?:.*[\d.,])?)\s*"
    r"(?P<close>[-+]?\s*[)\]]?\s*[-+]?\s*(?:[cd]\s*r?)?)$",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
GROUPED = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d*)?$", re.ASCII)
LOOSE_GROUPS = re.compile(r"\d{1,3}(?:,\d{1,3})+\.\d{1,2}$", re.ASCII)
PLAIN = re.compile(r"(?:\d+\.?\d*|\.\d+)$", re.ASCII)
CONTINENTAL = re.compile(r"\d{1,3}(?:\.\d{3})+,\d{1,2}$|\d+,\d{1,2}$", re.ASCII)
COMMAS_ONLY = re.compile(r"(\d{1,3}(?:,\d{3})+),(\d{2})$", re.ASCII)
SPACED = re.compile(r"\d{1,3}(?: \d{3})+(?:\.\d*)?$", re.ASCII)
APOSTROPHES = re.compile(r"\d{1,3}(?:['’]\d{3})+(?:\.\d*)?$", re.ASCII)
EXPONENT = re.compile(r"\d+(?:\.\d+)?e[+-]?\d{1,2}$", re.IGNORECASE | re.ASCII)
#: How nearly all amounts are written; read without further ado.
COMMON = re.compile(r"\s*(-?)£?(-?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d\d?))?\s*$", re.ASCII)
NOTHING = frozenset(("", "n/a", "na", "nil", "none", "null", "tbc", "#n/a", "redacted", "."))
DASHES = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "\xa0": " ", "\u202f": " ", "\u2009": " "})


def _pence(number: str) -> int | Stated:
    """Whole pence of digits with at most one point."""
    whole, _, part = number.partition(".")
    if len(part) <= 2:
        pence = int(whole or "0") * 100 + int((part + "00")[:2])
    else:
        pence, _ = round_to_pence(Decimal(number))
    return pence if pence <= MOST_PENCE else Stated.UNREADABLE


def read_plain(cell: object) -> int | None:
    """Pence of an amount that is written, or counted by a workbook, as nearly all are; `None` for a closer look."""
    if isinstance(cell, float):
        scaled = cell * 100
        if -1e13 < scaled < 1e13:
            pence = round(scaled)
            return pence if -1e-4 < scaled - pence < 1e-4 else None
    elif isinstance(cell, str) and (common := COMMON.match(cell)):
        before, behind, whole, part = common.groups("")
        if len(whole) < 15:
            pence = int(whole.replace(",", "")) * 100 + (int(part) if len(part) == 2 else int(part or "0") * 10)
            return -pence if before or behind else pence
    return None


def read_text(cell: str) -> Reading:
    """
    Read one published amount.

    Args:
        cell: As published, e.g. `"£1,204.50"`, `"(12.00)"`, `"12.00CR"`, `"1204.50-"`.

    Returns:
        Whole pence, negative for money coming back; 0 for an accountant's dash. `None` where the cell states no
        amount (blank, `"n/a"`), `Stated.UNREADABLE` where it states something that we cannot tell.
    """
    if (plain := read_plain(cell)) is not None:
        return plain
    text = "".join(" " if c.isspace() else c for c in cell.translate(DASHES)).strip().lstrip("'`").strip()
    if text.lower() in NOTHING:
        return None
    text = SIGNS.sub("", text).strip().rstrip("*").strip()
    if not any(c.isalnum() for c in text):
        # A spreadsheet shows nought as a dash; any other lone sign, or nothing beside a pound sign, says nothing.
        return 0 if text and not text.strip("-. ") and "-" in text else None
    if "|" in text:
        return _several(text)
    frame = FRAME.match(text)
    if not frame:
        return Stated.UNREADABLE
    before, after = frame["open"], frame["close"].lower()
    if ("(" in before) != (")" in after) or ("[" in before) != ("]" in after):
        return Stated.UNREADABLE
    number = frame["number"]
    reading = _number(re.sub(r"\s*([,.])\s*", r"\1", number) if number.split() != [number] else number)
    if not isinstance(reading, int):
        return reading
    is_credit = "-" in before or "-" in after or "(" in before or "[" in before or "c" in after
    return -reading if is_credit else reading


def _number(text: str) -> int | Stated:
    """Pence of an unsigned number in one of the known groupings."""
    if PLAIN.match(text):
        return _pence(text)
    if GROUPED.match(text) or LOOSE_GROUPS.match(text):
        return _pence(text.replace(",", ""))
    if CONTINENTAL.match(text):
        return _pence(text.replace(".", "").replace(",", "."))
    if found := COMMAS_ONLY.match(text):
        return _pence(found[1].replace(",", "") + "." + found[2])
    if SPACED.match(text):
        return _pence(text.replace(" ", ""))
    if APOSTROPHES.match(text):
        return _pence(text.replace("'", "").replace("’", ""))
    if EXPONENT.match(text):
        return _pence(format(Decimal(text), "f"))
    return Stated.UNREADABLE


def _several(text: str) -> Reading:
    """The sum of amounts that were joined into one cell with upright strokes."""
    total = 0
    for part in text.split("|"):
        pence = read_text(part)
        if not isinstance(pence, int):
            return Stated.UNREADABLE
        total += pence
    return total


def read_number(cell: float) -> Reading:
    """Pence of a workbook's number: the float's shortest text, rounded half away from nought."""
    if (plain := read_plain(cell)) is not None:
        return plain
    if math.isnan(cell) or abs(cell) > MOST_PENCE // 100:
        return Stated.UNREADABLE
    if isinstance(cell, int):
        return cell * 100
    pence, _ = round_to_pence(Decimal(repr(float(cell))))
    return pence


def read_amount(cell: object) -> Reading:
    """Read one cell of whatever type, see `read_text` and `read_number`."""
    if isinstance(cell, str):
        return read_text(cell)
    if isinstance(cell, bool):
        return Stated.UNREADABLE
    if isinstance(cell, (int, float)):
        return read_number(cell)
    if isinstance(cell, (date, datetime)):
        return Stated.UNREADABLE
    return None if cell is None else Stated.UNREADABLE


DATE_TEXT = re.compile(r"(\d{2})/(\d{2})/(\d{4})$", re.ASCII)


def undo_date(cell: object) -> Reading:
    """
    Pence of an amount that a spreadsheet turned into a date: its day number is the amount in pounds.

    To be asked only about the amount column of a table; elsewhere a date is a date.
    """
    if isinstance(cell, str) and (found := DATE_TEXT.match(cell.strip())):
        try:
            cell = date(int(found[3]), int(found[2]), int(found[1]))
        except ValueError:
            return Stated.UNREADABLE
    if isinstance(cell, datetime):
        cell = cell.date()
    return (cell - date(1899, 12, 30)).days * 100 if isinstance(cell, date) else Stated.UNREADABLE


class Amounts(dict[object, Reading]):
    """
    Remembers what it read: a column of a million cells holds far fewer different ones.

    Attributes:
        undone: Cells that were dates and are amounts again.
        finer: Cells that state fractions of a penny.
        joined: Cells that hold several amounts, added up.
    """

    def __init__(self) -> None:
        super().__init__()
        self.undone: set[object] = set()
        self.finer: set[object] = set()
        self.joined: set[object] = set()

    def __missing__(self, cell: object) -> Reading:
        reading: Reading = read_plain(cell)
        if reading is None:
            reading = self._look(cell)
        self[cell] = reading
        return reading

    def _look(self, cell: object) -> Reading:
        """Read a cell that is not plain, and note what is peculiar about it."""
        reading = read_amount(cell)
        if reading is Stated.UNREADABLE:
            reading = undo_date(cell)
            if isinstance(reading, int):
                self.undone.add(cell)
        if has_more_decimals(cell):
            self.finer.add(cell)
        if isinstance(cell, str) and "|" in cell:
            self.joined.add(cell)
        return reading


def has_more_decimals(cell: object) -> bool:
    """Whether an amount states fractions of a penny, beyond the noise of binary numbers."""
    if isinstance(cell, float):
        scaled = cell * 100
        return abs(scaled) < 1e13 and abs(scaled - round(scaled)) > 1e-4
    if isinstance(cell, str):
        if cell[-3:-2] == ".":
            return False
        found = re.search(r"\.\d{3,}", cell)
        part = float(found[0]) * 100 if found else 0.0
        return abs(part - round(part)) > 1e-4
    return False
