"""
Months, financial years, quarters.

A month is the text `"2023-04"`, a financial year `"2023-24"` (1 April to 31 March, by date of payment), a quarter
`"2023-24-Q1"` (April to June). Text sorts in time order. Not known is `None`, never a guess.
"""

from __future__ import annotations

import re

MONTH = re.compile(r"^\d{4}-(0[1-9]|1[0-2])$")
YEAR = re.compile(r"^(\d{4})-(\d{2})$")


def financial_year(month: str | None) -> str | None:
    """The financial year of a month: `"2024-03"` is in `"2023-24"`."""
    if not month:
        return None
    year, number = int(month[:4]), int(month[5:7])
    start = year if number >= 4 else year - 1
    return f"{start}-{(start + 1) % 100:02d}"


def next_year(year: str) -> str:
    """The financial year after: `"2023-24"` gives `"2024-25"`."""
    return f"{int(year[:4]) + 1}-{(int(year[:4]) + 2) % 100:02d}"


def quarter(month: str | None) -> str | None:
    """The quarter of a month: `"2024-03"` is in `"2023-24-Q4"`."""
    if not month:
        return None
    return f"{financial_year(month)}-Q{(int(month[5:7]) - 4) % 12 // 3 + 1}"


def months_of(year: str) -> list[str]:
    """
    The twelve months of a financial year, April first.

    Raises:
        ValueError: `year` is not of the form `2023-24`, or its two halves do not follow each other.
    """
    found = YEAR.match(year)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        raise ValueError(f"'{year}' is not a financial year; expected the form 2023-24")
    start = int(found[1])
    return [f"{start}-{m:02d}" for m in range(4, 13)] + [f"{start + 1}-{m:02d}" for m in range(1, 4)]


def next_month(month: str) -> str:
    """The month after: `"2023-12"` gives `"2024-01"`."""
    year, number = int(month[:4]), int(month[5:7])
    return f"{year + 1}-01" if number == 12 else f"{year}-{number + 1:02d}"


def months_between(first: str, last: str) -> list[str]:
    """Every month from `first` to `last`, both included; empty where `first` is later."""
    months = []
    while first <= last:
        months.append(first)
        first = next_month(first)
    return months
