"""
Which period a link's text or a file's name speaks of: a month `2024-04`, a quarter `2024-25-Q1`, a year `2024-25`.

`""` where it does not say, or says two things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import unquote

from dagster_project.model.periods import financial_year, months_between, months_of, quarter

NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
#: Spellings seen in published file names.
ODD = {"sept": 9, "febuary": 2, "feburary": 2, "janurary": 1, "septmeber": 9, "setember": 9, "decmeber": 12, "agust": 8,
       "novemeber": 11, "ocotber": 10, "ebrill": 4, "ionawr": 1, "chwefror": 2, "mawrth": 3, "mehefin": 6,
       "gorffennaf": 7, "awst": 8, "medi": 9, "hydref": 10, "tachwedd": 11, "rhagfyr": 12}  # fmt: skip
WORDS = {
    **{name: n for n, name in enumerate(NAMES, 1)},
    **{name[:3]: n for n, name in enumerate(NAMES, 1)},
    **ODD,
}
_MONTH = "|".join(sorted(WORDS, key=len, reverse=True))
_YEAR = r"(?:20[0-3]\d)"
_SEP = r"[\s_\-–—.,'’/()]*"
_TO = r"\s*(?:-|–|—|to|/|_|and|&|until|thru)\s*"

#: 2023-24, 2023/24, 2023 to 2024, 2023_2024, 202324 (years that follow each other), fy23-24, 1314.
FINANCIAL = re.compile(rf"(?<!\d)({_YEAR}){_SEP}(?:to|and|-)?{_SEP}((?:20)?[0-3]\d)(?!\d)")
FINANCIAL_SHORT = re.compile(rf"(?<!\d)([0-3]\d){_TO}([0-3]\d)(?![\d])")
QUARTER = re.compile(r"(?<![a-z])(?:q|qtr|qrtr|quarter|chwarter)[\s_\-.]*0?([1-4])(?!\d)|(?<![a-z0-9])([1-4])(?:st|nd|rd|th)?[\s_\-]*(?:qtr|quarter)", re.IGNORECASE)  # fmt: skip
_LONG = "|".join(word for word in WORDS if len(word) > 5 or word in ("march", "april", "june", "july"))
#: Whole names also within a word (`aprilpayments`); short ones on their own.
NAMED = re.compile(rf"{_LONG}|(?<![a-z])(?:{_MONTH})(?![a-z])|^may(?=pay|spend|exp|trans|data)", re.IGNORECASE)
_DAY = r"(?:(?<!\d)[0-3]?\d(?:st|nd|rd|th)?\s+(?:of\s+)?)?"
RANGE = re.compile(rf"(?<![a-z])({_MONTH}){_SEP}((?:20)?[0-3]\d)?(?:{_TO})?{_DAY}({_MONTH})(?![a-z])", re.IGNORECASE)
AFTER = re.compile(rf"^[a-z]{{0,6}}{_SEP}({_YEAR}|[0-3]\d)(?!\d)", re.IGNORECASE)
BEFORE = re.compile(rf"(?<!\d)({_YEAR}|[0-3]\d){_SEP}$")
NUMERIC = (
    re.compile(rf"(?<!\d)({_YEAR})[\s_\-.]?(0[1-9]|1[0-2])(?![\d])(?![\s_\-.]?\d{{4}})"),
    re.compile(rf"(?<!\d)(0[1-9]|1[0-2])[\s_\-./]?({_YEAR})(?!\d)"),
    re.compile(rf"(?<!\d)({_YEAR})[_\-]([1-9])(?!\d)"),
)
#: `1314` and `2122` beside a quarter; 2021 is a year first.
GLUED = re.compile(r"(?<!\d)(?!2021)([12]\d)([123]\d)(?!\d)")
LONE = re.compile(rf"(?<!\d)({_YEAR})(?!\d)")
#: Amounts and thresholds are no years: £2,000, over 500, 25k.
NOT_DATES = re.compile(r"£\s?[\d,.]+k?|\b(?:over|exceeding|above|of)[\s_-]*[\d,]{3,7}\b(?!\s*(?:to|/))|\b\d+(?:kb|mb|k)\b|v\d+\b", re.IGNORECASE)  # fmt: skip
#: Days of upload folders and identifiers, which say nothing of the period.
HEX = re.compile(r"\b[0-9a-f]{12,}\b", re.IGNORECASE)


def four(year: str) -> int:
    """A year of two or four digits as a number."""
    return int(year) if len(year) == 4 else 2000 + int(year)


def period_of(text: str, within: str = "") -> str:
    """
    The period that a text speaks of.

    Args:
        within: A period that surrounds it (a heading `2023-24`), for texts such as `April`.
    """
    cleaned = HEX.sub(" ", NOT_DATES.sub(" ", unquote(unquote(text))))
    year = _financial(cleaned)
    found = _quarter(cleaned, year, within) or _range(cleaned, year, within) or _month(cleaned, year, within)
    return found or year


def _financial(text: str) -> str:
    found = {f"{four(a)}-{four(b) % 100:02d}" for a, b in FINANCIAL.findall(text) if four(b) == four(a) + 1} or {
        f"20{a}-{b}" for a, b in FINANCIAL_SHORT.findall(text) if int(b) == int(a) + 1
    }
    return found.pop() if len(found) == 1 else ""


def _quarter(text: str, year: str, within: str) -> str:
    found = {a or b for a, b in QUARTER.findall(text)}
    if len(found) != 1:
        return ""
    number = found.pop()
    if not year and (ranged := _range(text, "", within)):
        return ranged if ranged.endswith(number) else ""
    glued = [f"20{a}-{b}" for a, b in GLUED.findall(text) if int(b) == int(a) + 1]
    year = year or (glued[0] if glued else _year_of(within))
    # `Q1 2024` alone may be either kind of year: not said
    return f"{year}-Q{number}" if year else ""


def _range(text: str, year: str, within: str) -> str:
    """`April to June 2024`, `Oct 2023 - Dec 2023`, `1 April 2023 to 31 March 2024`."""
    found = RANGE.search(text)
    if not found:
        return ""
    first, last = WORDS[found[1].lower()], WORDS[found[3].lower()]
    after = AFTER.match(text[found.end() :])
    near = after or BEFORE.search(text[: found.start()])
    own = four(near[1]) if near and not year and _can_be(near[1]) else 0
    end = _calendar(last, own, year or _year_of(within))
    if not end:
        return ""
    start = f"{end - (first > last)}-{first:02d}"
    if found[2] and not year:
        start = f"{four(found[2])}-{first:02d}"
    return _span(start, f"{end}-{last:02d}")


def _span(first: str, last: str) -> str:
    """The period from one month to another, if it is one that has a name."""
    months = months_between(first, last)
    if len(months) == 1:
        return first
    if len(months) == 3 and quarter(first) == quarter(last):
        return quarter(first) or ""
    if len(months) == 12 and financial_year(first) == financial_year(last):
        return financial_year(first) or ""
    return ""


def _calendar(month: int, year: int, financial: str) -> int:
    """The calendar year of a month that is given with a year of its own, or lies in a financial year; 0 for neither."""
    if year:
        return year
    if financial:
        return int(months_of(financial)[(month - 4) % 12][:4])
    return 0


def _month(text: str, year: str, within: str) -> str:
    found = set(_named(text, year, within)) or set(_numeric(text))
    return found.pop() if len(found) == 1 else ""


def _named(text: str, year: str, within: str) -> Iterator[str]:
    matches = [match for match in NAMED.finditer(text) if match[0].lower() != "may" or _is_month_may(text, match)]
    lone = {four(y) for y in LONE.findall(text)}
    for match in matches:
        number = WORDS[match[0].lower()]
        after, before = AFTER.match(text[match.end() :]), BEFORE.search(text[: match.start()])
        own = next((four(near[1]) for near in (after, before) if near and _can_be(near[1])), 0)
        if year and (not own or f"{own}" in year or four(f"{own % 100:02d}") in (int(year[:4]), int(year[:4]) + 1)):
            own = 0 if not own or own not in lone or FINANCIAL.search(text) else own
        if not own and not year and len(lone) == 1:
            own = next(iter(lone))
        financial = year or (_year_of(within) if not own else "")
        calendar = _calendar(number, own, financial) or (int(within) if within.isdecimal() else 0)
        if calendar:
            yield f"{calendar}-{number:02d}"


def _can_be(year: str) -> bool:
    """Whether digits beside a month are a year rather than a day: two digits count from 2010 on."""
    return len(year) == 4 or 9 < int(year) < 40


def _is_month_may(text: str, match: re.Match[str]) -> bool:
    """`may` is a month when a year or nothing stands beside it, and a verb before `not`, `be`, `contain`."""
    return not re.match(r"\s+(not|be|have|contain|include|need|also|vary)\b", text[match.end() :], re.IGNORECASE)


def _numeric(text: str) -> Iterator[str]:
    for year, month in NUMERIC[0].findall(text):
        if int(month) != int(year) % 100 + 1:  # 2011-12 is a financial year first
            yield f"{year}-{month}"
    for month, year in NUMERIC[1].findall(text):
        yield f"{year}-{month}"
    for year, month in NUMERIC[2].findall(text):
        yield f"{year}-0{month}"


def _year_of(within: str) -> str:
    """The financial year of a surrounding period; `""` for a calendar year, which is none."""
    return within[:7] if re.fullmatch(r"\d{4}-\d\d(-Q[1-4])?", within) and is_year(within[:7]) else ""


def is_year(text: str) -> bool:
    """Whether a text is a financial year, and no month."""
    return bool(re.fullmatch(r"\d{4}-\d\d", text)) and (int(text[:4]) + 1) % 100 == int(text[5:])


def heading_year(text: str) -> str:
    """The financial or calendar year that a heading speaks of: `2023-24` or `2023`; `""` for none or several."""
    cleaned = NOT_DATES.sub(" ", text)
    if found := _financial(cleaned):
        return found
    years = set(LONE.findall(cleaned))
    return years.pop() if len(years) == 1 else ""


def months_in(period: str) -> list[str]:
    """The months of a period; empty for none."""
    if not period:
        return []
    if period.count("-") == 2:
        start = 3 * (int(period[-1]) - 1)
        return months_of(period[:7])[start : start + 3]
    return months_of(period) if is_year(period) else [period]


def contradict(one: str, other: str) -> bool:
    """Whether two periods have no month in common; not known contradicts nothing."""
    return bool(one and other) and not set(months_in(one)) & set(months_in(other))


def due(period: str, days: int) -> date:
    """The day by which a period's file is expected: some days after its last month."""
    last = months_in(period)[-1]
    year, month = int(last[:4]), int(last[5:7])
    end = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(end.toordinal() - 1 + days)
