"""What cells and columns look like, whatever their headings say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from dagster_project.model.words import Words
from dagster_project.tidy.amounts import read_amount
from dagster_project.tidy.dates import guess, is_day_like
from dagster_project.tidy.grids import Row

LETTERS = re.compile(r"[^\W\d_].*[^\W\d_]")
POSTCODE = re.compile(r"^[A-Z]{1,2}\d[A-Z\d]?(?:\s*\d[A-Z]{2})?$", re.IGNORECASE)
CODE = re.compile(r"0\d{2,}$")
LARGE = 10**11
DECIMALS = re.compile(r"\.\d{1,2}\)?-?$")
SAMPLE = 240
WORD = re.compile(r"[a-z]+")
T = TypeVar("T")
DAYS, MONTHS = ("day", "order"), ("month", "name", "period", "number")


@dataclass
class Profile:
    """
    What a column's cells look like, as shares (0 to 1) of those that hold something.

    Attributes:
        filled: Share of records in which the cell holds something.
        money, pennies: Reads as an amount; has decimals.
        day, month: Reads as a day; as a month or period.
        letters, firms: Holds two letters in a row; holds a word of a firm's name.
        codes: Is a single token with a digit.
        different: Different values among those that hold something.
    """

    filled: float = 0.0
    money: float = 0.0
    pennies: float = 0.0
    day: float = 0.0
    month: float = 0.0
    letters: float = 0.0
    firms: float = 0.0
    codes: float = 0.0
    postcodes: float = 0.0
    different: float = 0.0
    large: float = 0.0
    count: int = 0


#: Facts about one cell, in the order of `FACTS`.
Facts = tuple[int, int, int, int, int, int, int, int, int]
FACTS = ("money", "pennies", "day", "month", "letters", "firms", "codes", "postcodes", "large")


class Cells(dict[object, Facts]):
    """What single cells look like, each different one looked at once."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._payee_words = words.payee_words

    def __missing__(self, cell: object) -> Facts:
        found = self[cell] = self._text(cell.strip()) if isinstance(cell, str) else self._value(cell)
        return found

    def _value(self, cell: object) -> Facts:
        pence, kind = read_amount(cell), guess(cell).kind
        pennies = isinstance(cell, float) and not cell.is_integer()
        large = isinstance(pence, int) and abs(pence) >= LARGE
        return (isinstance(pence, int), pennies, kind in DAYS, kind in MONTHS, 0, 0, 0, 0, large)

    def _text(self, text: str) -> Facts:
        has_digit = any(map(str.isdigit, text))
        letters = bool(LETTERS.search(text))
        firms = letters and not self._payee_words.isdisjoint(WORD.findall(text.lower()))
        if not has_digit:
            kind = guess(text).kind if letters and len(text) < 12 else ""
            return (not letters and "-" in text, 0, 0, kind in MONTHS, letters, firms, 0, 0, 0)
        pence = read_amount(text) if len(text) < 30 else None
        is_amount = isinstance(pence, int)
        kind = guess(text).kind if len(text) < 40 else ""
        return (
            # A long row of digits is a number of something, not an amount; so is one that begins with nought.
            is_amount and not CODE.match(text), bool(DECIMALS.search(text)), kind in DAYS, kind in MONTHS, letters, firms,
            not is_amount and " " not in text, bool(POSTCODE.match(text)), isinstance(pence, int) and abs(pence) >= LARGE,
        )  # fmt: skip


def kind_of(cell: object, cells: Cells) -> str:
    """
    What a cell looks like, as one letter.

    `b` blank, `d` day, `p` amount with pennies, `n` bare number, `z` postcode, `c` code, `m` month, `t` text, `o` other.
    """
    if cell == "" or (cell.__class__ is str and cell.isspace()):
        return "b"
    money, pennies, day, month, letters, _, codes, postcodes, _ = cells[cell]
    if money and pennies:
        return "p"
    if day and is_day_like(cell):
        return "d"
    if money or day:
        return "n"
    if isinstance(cell, str) and cell.strip().isdecimal():
        return "n"
    return "z" if postcodes else "m" if month else "c" if codes else "t" if letters else "o"


def profile(held: Sequence[object], out_of: int, cells: Cells) -> Profile:
    """
    Look at one column (a sample of it will do).

    Args:
        held: Its cells that hold something.
        out_of: How many cells were looked at.
    """
    out = Profile(count=len(held))
    if held:
        out.filled = len(held) / out_of
        for name, sum_ in zip(FACTS, map(sum, zip(*map(cells.__getitem__, held), strict=True)), strict=True):
            setattr(out, name, sum_ / len(held))
        out.different = len(set(held)) / len(held)
    return out


def sample(rows: Sequence[T]) -> list[T]:
    """Records to judge columns by: from the beginning, the middle and the end, for files change their habits."""
    if len(rows) <= SAMPLE:
        return list(rows)
    step = len(rows) / (SAMPLE / 2)
    return [*rows[: SAMPLE // 2], *(rows[int(i * step)] for i in range(SAMPLE // 2))]


def profiles(rows: Sequence[Row], width: int, cells: Cells) -> list[Profile]:
    """Profiles of the columns of some records."""
    picked = sample(rows)
    columns = [[row[i] for row in picked if len(row) > i and row[i] != ""] for i in range(width)]
    return [
        profile([c for c in held if not (c.__class__ is str and c.isspace())], len(picked), cells) for held in columns
    ]
