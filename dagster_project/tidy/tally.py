"""
The independent count: rows and pence over the raw cells, read by other code than the reader's own.

It knows one thing from the reader, which column holds the amounts, and takes every record that is not blank. What it
counts must be what was published, rejected and left out, to the penny.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from operator import mul

from dagster_project.model.lines import Tally
from dagster_project.model.money import MOST_PENCE
from dagster_project.tidy.grids import Row, is_blank, pick

POUNDS = "£￡âã‚ł�œú\x9c"
DASHES, SPACES, QUOTES = "−–—‐‑", "\xa0\u202f\u2009", "'’"
NO_DIGITS = dict.fromkeys(map(ord, "0123456789"))
SIMPLE = {sign + commas + point for sign in ("", "-") for commas in ("", ",", ",,") for point in ("", ".")}
SILENT = ("n/a", "na", "nil", "none", "null", "tbc", "#n/a", "redacted")
OPENING = {a + b + c for a in ("", "-", "+") for b in ("", "(", "[") for c in ("", "-", "+")}
CLOSING = {
    a + b + c + d
    for a in ("", "-", "+")
    for b in ("", ")", "]")
    for c in ("", "-", "+")
    for d in ("", "c", "cr", "d", "dr")
}
DAY_NOUGHT = date(1899, 12, 30).toordinal()
PENNY = Decimal("0.01")


def count_pence(cell: object) -> int:
    """
    Pence that one raw cell states, 0 where it states none.

    Written apart from `amounts`, on decimals instead of digits and patterns: two mistakes would have to agree.
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        number = repr(cell)
        whole, _, part = number.partition(".")
        is_short = len(part) <= 2 and len(whole) < 14 and part.isdigit()
        return int(whole + part.ljust(2, "0")) if is_short else _whole(number, 1)
    if isinstance(cell, date):
        return (cell.toordinal() - DAY_NOUGHT) * 100
    return _count_text(cell) if isinstance(cell, str) else 0


def _whole(number: str, sign: int) -> int:
    with localcontext() as context:
        context.prec = 60
        try:
            value = Decimal(number)
            if not value.is_finite() or value.adjusted() > 20:
                return 0
            pence = int(value.quantize(PENNY, rounding=ROUND_HALF_UP).scaleb(2))
        except InvalidOperation:
            return 0
    return sign * pence if abs(pence) <= MOST_PENCE else 0


def _count_text(cell: str) -> int:
    plain = cell.strip().removeprefix("£")
    if plain.isascii() and plain.translate(NO_DIGITS) in SIMPLE:
        whole, _, part = plain.partition(".")
        first, *groups = whole.removeprefix("-").split(",")
        is_short = len(part) <= 2 and first.isdecimal() and len(whole) < 16
        if is_short and (not groups or (len(first) <= 3 and {*map(len, groups)} == {3})):
            pence = int(first + "".join(groups) + (part + "00")[:2])
            return -pence if plain[0] == "-" else pence
    if len(plain) == 10 and plain[2] == plain[5] == "/" and _digits(plain[:2] + plain[3:5] + plain[6:]):
        try:  # an amount that a spreadsheet turned into a date
            return (date(int(plain[6:]), int(plain[3:5]), int(plain[:2])).toordinal() - DAY_NOUGHT) * 100
        except ValueError:
            return 0
    text = _bare(cell)
    if "|" in text:
        counted = [_count_one(_bare(part)) for part in text.split("|")]
        return 0 if None in counted else sum(c for c in counted if c is not None)
    return _count_one(text) or 0


def _bare(cell: str) -> str:
    """A cell without pound signs, note marks and the quotes that spreadsheets put before text."""
    text = (
        "".join("-" if c in DASHES else " " if c in SPACES or c.isspace() else c for c in cell)
        .strip()
        .lstrip("'`")
        .strip()
        .lower()
    )
    if text in SILENT:
        return ""
    return "".join(c for c in text if c not in POUNDS).replace("gbp", "").strip().rstrip("*").strip()


def _count_one(text: str) -> int | None:
    """Pence of one number with what stands around it; `None` where it is none."""
    where = [i for i, c in enumerate(text) if c in "0123456789.,"]
    if not where or not any(text[i] not in ".," for i in where):
        return 0 if text and not text.strip("-. ") and "-" in text else None
    before = "".join(text[: where[0]].split())
    after = "".join(text[where[-1] + 1 :].split())
    if before not in OPENING or after not in CLOSING:
        return None
    if ("(" in before) != (")" in after) or ("[" in before) != ("]" in after):
        return None
    number = _plain_number(text[where[0] : where[-1] + 1])
    if number is None:
        return None
    marks = before + after
    return _whole(number, -1 if "-" in marks or "(" in marks or "[" in marks or "c" in marks else 1)


def _plain_number(text: str) -> str | None:
    """Digits with at most one point, out of any grouping that has one meaning; `None` for others."""
    for mark in ",.":
        text = mark.join(part.strip() for part in text.split(mark))
    mantissa, power, exponent = text.partition("e")
    if power:
        whole, _, part = mantissa.partition(".")
        good = _digits(whole) and ((part == "" and "." not in mantissa) or _digits(part))
        return text if good and _digits(exponent.lstrip("+-")[:3]) and 1 <= len(exponent.lstrip("+-")) <= 2 else None
    head, point, tail = text.rpartition(".") if text.count(".") == 1 else (text, "", "")
    if tail and not _digits(tail):
        return _continental(text)
    if not head and point:
        return "0." + tail if tail else None
    for mark in (",", " ", "'", "’"):
        if mark in head:
            return _ungrouped(head.split(mark), mark, point, tail) or _continental(text)
    return (head + point + tail) if _digits(head) else None


def _digits(text: str) -> bool:
    return text.isdecimal() and text.isascii()


def _ungrouped(groups: Sequence[str], mark: str, point: str, tail: str) -> str | None:
    """A number whose thousands are set apart by one mark."""
    if not all(_digits(group) for group in groups) or len(groups[0]) > 3:
        return None
    sizes = [len(group) for group in groups[1:]]
    exact = all(size == 3 for size in sizes)
    if mark == ",":
        if not point and len(sizes) > 1 and sizes[-1] == 2 and all(size == 3 for size in sizes[:-1]):
            return "".join(groups[:-1]) + "." + groups[-1]
        exact = sizes[-1] == 3 and all(2 <= size <= 3 for size in sizes)
        if not exact and 1 <= len(tail) <= 2:
            exact = all(1 <= size <= 3 for size in sizes)
    return "".join(groups) + point + tail if exact else None


def _continental(text: str) -> str | None:
    """A number with a comma before the pennies, and perhaps points between the thousands."""
    head, comma, tail = text.rpartition(",")
    if not comma or not _digits(tail) or len(tail) > 2 or "," in head:
        return None
    groups = head.split(".")
    if not all(_digits(group) for group in groups):
        return None
    if len(groups) > 1 and (len(groups[0]) > 3 or any(len(group) != 3 for group in groups[1:])):
        return None
    return "".join(groups) + "." + tail


def count(rows: Sequence[Row], amount: int) -> Tally:
    """
    Count the records of a table that are not blank, and the pence of its amount column.

    Args:
        amount: Position of the amount column; a record that ends before it states nothing.
    """
    cells = pick(rows, amount)
    times = Counter(cells)
    # Only a record without an amount can be blank; a blank one adds nothing.
    silent = {cell for cell in times if isinstance(cell, str) and not cell.strip()}
    blank = sum(cell in silent and is_blank(row) for row, cell in zip(rows, cells, strict=True)) if silent else 0
    return Tally(len(rows) - blank, sum(map(mul, map(count_pence, times), times.values())))
