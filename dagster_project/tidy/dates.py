"""
A column of dates, decided as a whole.

Whether 04/05/2024 is in April or May is not a question about one cell: the column's other values, and the months they
fall in, decide it once for all. Months without a day stay months.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

#: `(date, month)`: ISO date or `""` where only the month is known; ISO month or `""` where nothing is.
Day = tuple[str, str]
NO_DAY: Day = ("", "")

NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FULL = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december")  # fmt: skip
MONTHS = {name: i + 1 for names in (NAMES, FULL) for i, name in enumerate(names)} | {"sept": 9, "febuary": 2}
EARLIEST, LATEST = 1990, 2060
#: Day numbers of a spreadsheet from 1990 to 2060.
SERIALS = range(32874, 58806)
EPOCH, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)

TIME = re.compile(
    r"[T ]+(?:at )?\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?\s*(?:[ap]m)?\s*(?:z|utc|gmt|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+", re.IGNORECASE)
NUMERIC = re.compile(r"(\d{1,2})\s*([/.\-\\ ])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})$")
ISO = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})$")
TIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ,]*([a-z]{3,9})\.?[-/. ,']*(\d{4}|\d{2})$", re.IGNORECASE)
NAMED_FIRST = re.compile(r"([a-z]{3,9})\.?[-/. ]*(\d{1,2})(?:st|nd|rd|th)?[-/. ,]+(\d{4})$", re.IGNORECASE)
NAMED_ISO = re.compile(r"(\d{4})[-/. ]([a-z]{3,9})[-/. ](\d{1,2})$", re.IGNORECASE)
DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]*([a-z]{3,9})\.?$", re.IGNORECASE)
MONTH_YEAR = re.compile(r"([a-z]{3,9})\.?[-/. ,']*(\d{4}|\d{2})$", re.IGNORECASE)
YEAR_MONTH = re.compile(r"(\d{4})[-/. ]?([a-z]{3,9})$", re.IGNORECASE)
ISO_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})$")
MONTH_ISO = re.compile(r"(\d{1,2})[-/.](\d{4})$")
MONTH_ONLY = re.compile(r"([a-z]{3,9})\.?$", re.IGNORECASE)
PERIOD = re.compile(r"(\d{4})(?:[-/. ]?[pm]?)(\d{2})$|(\d{2})[-/. ](\d{4})$", re.IGNORECASE)
NUMBER = re.compile(r"\s*\d+(?:\.\d*)?\s*$", re.ASCII)
PERIOD_ONLY = re.compile(r"(?:period|p|month|m)?\s*0?(\d{1,2})$", re.IGNORECASE)


@dataclass(frozen=True)
class Guess:
    """
    What one cell may say.

    Attributes:
        kind: `day` (certain), `order` (day and month may be swapped), `month`, `name` (a month without a year),
            `name day` (a day of it),
            `period` (year and number of a period), `number` (a period without a year), `none` or `unreadable`.
        a, b, year: Numbers of the case: for `order` the first and second number as written.
    """

    kind: str
    a: int = 0
    b: int = 0
    year: int = 0


BLANK, UNREADABLE = Guess("none"), Guess("unreadable")


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else 2000 + year if year < 80 else 1900 + year


def _day(year: int, month: int, day: int) -> Guess:
    """A certain day, or unreadable where the calendar lacks it."""
    if not EARLIEST <= year <= LATEST:
        return UNREADABLE
    try:
        date(year, month, day)
    except ValueError:
        return UNREADABLE
    return Guess("day", day, month, year)


def _serial(number: float, epoch: date = EPOCH) -> Guess:
    whole = int(number)
    if whole not in SERIALS:
        return UNREADABLE
    day = epoch + timedelta(days=whole)
    return Guess("day", day.day, day.month, day.year)


def guess(cell: object) -> Guess:
    """Read one cell as far as it goes alone."""
    if isinstance(cell, datetime):
        return _day(cell.year, cell.month, cell.day)
    if isinstance(cell, date):
        return _day(cell.year, cell.month, cell.day)
    if isinstance(cell, bool) or cell is None:
        return UNREADABLE if cell else BLANK
    if isinstance(cell, (int, float)):
        return _from_digits(str(int(cell))) if abs(cell) < 1e9 else UNREADABLE
    if not isinstance(cell, str):
        return UNREADABLE
    text = cell.replace("\xa0", " ").strip().strip("'`\"").strip()
    if not text or text in ("-", "N/A", "n/a", "NULL"):
        return BLANK
    if text.replace(".", "", 1).isdecimal() and text.isascii() and "." not in text[:4]:
        digits, _, part = text.partition(".")
        if not part or len(digits) == 5:
            return _from_digits(digits)
    return _from_text(WEEKDAY.sub("", TIME.sub("", text)).strip().rstrip(".,"))


def _from_digits(digits: str) -> Guess:
    """A bare number: a spreadsheet's day, 20240614, 14062024, a period 202401, or a period alone."""
    if len(digits) == 8:
        found = _day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        return found if found.kind == "day" else _day(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    if len(digits) == 5:
        return _serial(int(digits))
    if len(digits) == 6 and EARLIEST <= int(digits[:4]) <= LATEST and 1 <= int(digits[4:]) <= 14:
        return Guess("period", int(digits[4:]), 0, int(digits[:4]))
    if len(digits) == 6 and EARLIEST <= int(digits[2:]) <= LATEST and 1 <= int(digits[:2]) <= 14:
        return Guess("period", int(digits[:2]), 0, int(digits[2:]))
    if len(digits) <= 2 and 1 <= int(digits) <= 14:
        return Guess("number", int(digits))
    return UNREADABLE


def _from_text(text: str) -> Guess:
    """A day in words or figures, else a month, else a period."""
    found = _day_from_text(text)
    return _month_from_text(text) if found is None else found


def _day_from_text(text: str) -> Guess | None:
    if found := NUMERIC.match(text):
        return _ordered(int(found[1]), int(found[3]), _full_year(found[4]))
    if found := ISO.match(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    for pattern, day, month, year in ((NAMED, 1, 2, 3), (NAMED_FIRST, 2, 1, 3), (NAMED_ISO, 3, 2, 1)):
        if (found := pattern.match(text)) and found[month].lower() in MONTHS:
            return _day(_full_year(found[year]), MONTHS[found[month].lower()], int(found[day]))
    return None


def _month_from_text(text: str) -> Guess:
    for pattern, month, year in ((MONTH_YEAR, 1, 2), (YEAR_MONTH, 2, 1)):
        if (found := pattern.match(text)) and found[month].lower() in MONTHS:
            return Guess("month", 0, MONTHS[found[month].lower()], _full_year(found[year]))
    for pattern, month, year in ((ISO_MONTH, 2, 1), (MONTH_ISO, 1, 2)):
        if (found := pattern.match(text)) and 1 <= int(found[month]) <= 12 and EARLIEST <= int(found[year]) <= LATEST:
            return Guess("month", 0, int(found[month]), int(found[year]))
    if (found := MONTH_ONLY.match(text)) and found[1].lower() in MONTHS:
        return Guess("name", 0, MONTHS[found[1].lower()])
    if (found := DAY_MONTH.match(text)) and found[2].lower() in MONTHS and 1 <= int(found[1]) <= 31:
        return Guess("name day", int(found[1]), MONTHS[found[2].lower()])
    if (found := PERIOD.match(text)) and (found[1] or found[4]):
        in_year, period = (found[1], found[2]) if found[1] else (found[4], found[3])
        if EARLIEST <= int(in_year) <= LATEST and 1 <= int(period) <= 14:
            return Guess("period", int(period), 0, int(in_year))
    if (found := PERIOD_ONLY.match(text)) and 1 <= int(found[1]) <= 14:
        return Guess("number", int(found[1]))
    return UNREADABLE


def _ordered(first: int, second: int, year: int) -> Guess:
    """Two numbers and a year: certain only where one of them cannot be a month, or both are the same."""
    if not EARLIEST <= year <= LATEST:
        return UNREADABLE
    possible = [_day(year, second, first).kind == "day", _day(year, first, second).kind == "day"]
    return Guess("order", first, second, year) if any(possible) else UNREADABLE


@dataclass
class Dates:
    """
    What a column of dates says.

    Attributes:
        days: Cell to its day, for each different cell of the column.
        order: `day first`, `month first`, `mixed`, `assumed`, or `""` where no cell left a choice.
        months_only, serials, unreadable: Cells of that kind, as published.
        period: A period, like 202401, whose month nothing but custom tells; `""` if there is none.
    """

    days: dict[object, Day] = field(default_factory=dict)
    order: str = ""
    months_only: int = 0
    serials: int = 0
    unreadable: list[object] = field(default_factory=list)
    period: str = ""


def is_day_like(cell: object) -> bool:
    """Whether a cell alone says a day (not a mere number)."""
    if isinstance(cell, (date, datetime)):
        return True
    return isinstance(cell, str) and guess(cell).kind in ("day", "order") and not NUMBER.match(cell)


def _iso(year: int, month: int, day: int) -> Day:
    return (f"{year:04d}-{month:02d}-{day:02d}", f"{year:04d}-{month:02d}")


def _choose_order(guesses: Iterable[Guess], certain: set[tuple[int, int]], wanted: set[tuple[int, int]]) -> str:
    """
    Day first or month first, from cells in which only one order is possible, else from the months they would fall in.

    Args:
        certain: Year and month of cells that leave no choice.
        wanted: Year and month that the file's name or title tells.
    """
    open_cells = [g for g in guesses if g.kind == "order"]
    day_first = sum(1 for g in open_cells if g.b <= 12 < g.a)
    month_first = sum(1 for g in open_cells if g.a <= 12 < g.b)
    if day_first and month_first:
        return "mixed"
    if day_first or month_first:
        return "day first" if day_first else "month first"
    by_day = {(g.year, g.b) for g in open_cells}
    by_month = {(g.year, g.a) for g in open_cells}
    if by_day == by_month or not open_cells:
        return "day first" if open_cells else ""
    for known in (certain, wanted):
        if known and bool(by_day & known) != bool(by_month & known):
            return "day first" if by_day & known else "month first"
    # The same day of many months is rarer than many days of one month.
    return "month first" if len(by_month) < len(by_day) else "assumed"


def _resolve_mixed(g: Guess, near: Mapping[tuple[int, int], int]) -> Day:
    """A cell of a column that holds both orders: the order whose month has more of the certain cells."""
    if g.a > 12 or g.b > 12:
        return _iso(g.year, *(sorted((g.a, g.b))))
    day_first, month_first = near.get((g.year, g.b), 0), near.get((g.year, g.a), 0)
    return _iso(g.year, g.a, g.b) if month_first > day_first else _iso(g.year, g.b, g.a)


def read_dates(cells: Iterable[object], wanted: set[tuple[int, int]] | None = None, order: str = "") -> Dates:
    """
    Read a column of dates.

    Args:
        cells: The cells, in any order and number; counted by value.
        wanted: Year and month that the file's name, sheet or title tells, to settle what the values leave open.
        order: `day first` or `month first` where a source's own declaration settles it.
    """
    wanted = wanted or set()
    counts = Counter(cells)
    guesses = {cell: guess(cell) for cell in counts}
    certain = {(g.year, g.b) for g in guesses.values() if g.kind in ("day", "month")}
    chosen = order or _choose_order(guesses.values(), certain, wanted)
    near: dict[tuple[int, int], int] = {}
    for cell, g in guesses.items():
        if g.kind in ("day", "month"):
            near[g.year, g.b] = near.get((g.year, g.b), 0) + counts[cell]
        elif g.kind == "order" and (g.a > 12 or g.b > 12):
            near[g.year, min(g.a, g.b)] = near.get((g.year, min(g.a, g.b)), 0) + counts[cell]
    periods, is_told = _read_periods(guesses, wanted | (set(near) if near else set()))
    out = Dates(order=chosen)
    if not is_told:
        out.period = next(str(cell) for cell, g in guesses.items() if g.kind == "period")
    for cell, g in guesses.items():
        out.days[cell] = _settle(g, chosen, near, periods)
        if g.kind == "unreadable" or (g.kind not in ("none", "unreadable") and out.days[cell] == NO_DAY):
            out.unreadable.append(cell)
        elif g.kind == "day" and not isinstance(cell, (date, datetime)) and _is_serial(cell):
            out.serials += counts[cell]
        elif out.days[cell][1] and not out.days[cell][0]:
            out.months_only += counts[cell]
    return out


def _is_serial(cell: object) -> bool:
    return isinstance(cell, (int, float)) or (
        isinstance(cell, str) and cell.strip()[:5].isdecimal() and len(cell.strip()) == 5
    )


def _settle(g: Guess, order: str, near: Mapping[tuple[int, int], int], periods: Mapping[Guess, str]) -> Day:
    """The day of one guess, the order of the column being known."""
    if g.kind == "day":
        return _iso(g.year, g.b, g.a)
    if g.kind == "month":
        return ("", f"{g.year:04d}-{g.b:02d}")
    if g.kind == "name day":
        year = periods.get(g, "")[:4]
        is_day = year and _day(int(year), g.b, g.a).kind == "day"
        return _iso(int(year), g.b, g.a) if is_day else NO_DAY
    if g.kind in ("name", "period", "number"):
        told = periods.get(g, "")
        return ("", told) if told else NO_DAY
    if g.kind != "order":
        return NO_DAY
    if order == "mixed":
        return _resolve_mixed(g, near)
    day, month = (g.b, g.a) if order == "month first" else (g.a, g.b)
    if _day(g.year, month, day).kind != "day":
        return NO_DAY
    return _iso(g.year, month, day)


def financial_month(year: int, period: int) -> tuple[int, int]:
    """Year and month of a period of the financial year that begins in April of `year`; 13 and 14 close its March."""
    month = min(period, 12) + 3
    return (year, month) if month <= 12 else (year + 1, month - 12)


def _read_periods(guesses: Mapping[object, Guess], known: set[tuple[int, int]]) -> tuple[dict[Guess, str], bool]:
    """
    Months of periods and of month names; and whether the file tells what its periods count from.

    A period like 202401 is January 2024, or period 1 of the year 2024/25, or of 2023/24 where years are named after their
    end: the file's own months decide, and a period 13 gives it away; else it is read as a calendar month. Month names
    take the year that the file tells.
    """
    out: dict[Guess, str] = {}
    is_told = True
    several = {g for g in guesses.values() if g.kind == "period"}
    if several:
        readings = [
            {g: (g.year, g.a) for g in several},
            {g: financial_month(g.year, g.a) for g in several},
            {g: financial_month(g.year - 1, g.a) for g in several},
        ]
        if any(g.a > 12 for g in several):
            del readings[0]
        known_months = [sum(month in known for month in reading.values()) for reading in readings]
        chosen = readings[known_months.index(max(known_months))]
        is_told = known_months.count(max(known_months)) == 1
        out |= {g: f"{year:04d}-{month:02d}" for g, (year, month) in chosen.items()}
    years: dict[int, set[int]] = {}
    for year, month in known:
        years.setdefault(month, set()).add(year)
    for g in guesses.values():
        if g.kind in ("name", "name day") and len(years.get(g.b, ())) == 1:
            out[g] = f"{next(iter(years[g.b])):04d}-{g.b:02d}"
        elif g.kind == "number" and known:
            match = [(y, m) for y, m in known if financial_month(y if m >= 4 else y - 1, g.a) == (y, m)]
            if len(match) == 1:
                out[g] = f"{match[0][0]:04d}-{match[0][1]:02d}"
    return out, is_told


SPAN = re.compile(r"(20\d{2})\s*[-/_]+\s*(?:20)?(\d{2})(?!\d)")
LONE_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
SHORT = re.compile(
    r"(?<![a-z])(" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")[a-z]*\W{0,3}(?:20)?(\d{2})(?!\d)",
    re.IGNORECASE,
)
QUARTER = re.compile(r"(?<![a-z])q(?:uarter|tr)?[ ._-]{0,2}([1-4])(?!\d)", re.IGNORECASE)
COMPACT = re.compile(r"(?<!\d)(20[0-4]\d)[-_. ]?(0[1-9]|1[0-2])(?!\d)")


def months_told(*texts: str) -> set[tuple[int, int]]:
    """
    Year and month that names and titles tell.

    `Apr 24`, `2024-04`, the three of `Q1 2024-25`, or all twelve of `2024-25` or of `2024`. A quarter with its year speaks
    first, then the first text that tells a month; only if none does, the first that tells a year.
    """
    for text in texts:
        year, part = SPAN.search(text), QUARTER.search(text)
        if year and part and (int(year[1]) + 1) % 100 == int(year[2]):
            last = 3 * int(part[1])
            return {financial_month(int(year[1]), p) for p in range(last - 2, last + 1)}
    for text in texts:
        told = {(2000 + int(f[2]), MONTHS[f[1].lower()]) for f in SHORT.finditer(text.replace("_", " "))}
        told |= {(int(f[1]), int(f[2])) for f in COMPACT.finditer(text)}
        if told:
            return told
    for text in texts:
        for found in SPAN.finditer(text):
            if (int(found[1]) + 1) % 100 == int(found[2]):
                return {financial_month(int(found[1]), p) for p in range(1, 13)}
        if found_year := LONE_YEAR.search(text):
            return {(int(found_year[1]), m) for m in range(1, 13)}
    return set()
