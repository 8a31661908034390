"""
How numbers are written, for people. Pure; every rule of rounding stands here once.

Money to three significant figures; bounds outward, the low one down and the high one up; a share is never shown as 0%
or 100% unless it is exactly that; a true minus, an en dash between ends.
"""

from __future__ import annotations

import math
import re
from datetime import date

#: Units of measures that are neither shares nor money, as they stand behind a number.
MEASURED = {"points": "points", "days": "days", "tonnes": "tonnes of CO₂e", "kilograms": "kg of CO₂e"}
MINUS, DASH, NARROW = "\u2212", "\u2013", "\u00a0"
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
#: Characters that no page may carry: controls, and marks that change the direction of what follows them.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


def count(number: float) -> str:
    """A whole number with commas: `46210` is `"46,210"`."""
    return f"{int(number):,}".replace("-", MINUS)


def plural(number: float, one: str, many: str = "") -> str:
    """A number and its noun: `plural(1, "file")` is `"1 file"`, `plural(12, "file")` is `"12 files"`."""
    return f"{count(number)} {one if int(number) == 1 else many or one + 's'}"


def _three_figures(pence: int, rounding: str) -> str:
    """Non-negative pence to three significant figures: nearest, `down` or `up`."""
    if pence and pence < 100:
        return f"{pence}p"
    if pence == 0:
        return "£0"
    step = 10 ** max(len(str(pence)) - 3, 0) if pence >= 100_000 else 100
    rounded = {"down": pence // step, "up": -(-pence // step)}.get(rounding, (pence + step // 2) // step) * step
    pounds = rounded / 100
    for size, sign in ((1e9, "bn"), (1e6, "m")):
        if pounds >= size:
            return f"£{_short(pounds / size)}{sign}"
    return f"£{rounded // 100:,}"


def _short(value: float) -> str:
    """Three significant figures of 1 to 9999, no trailing noughts after the point."""
    text = f"{value:.{max(2 - int(math.log10(value)), 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else f"{int(text):,}"


def money(pence: float, rounding: str = "nearest") -> str:
    """
    Pence as pounds to three significant figures, never a false nought.

    Args:
        pence: Whole pence, below nought for refunds.
        rounding: `nearest`, `down` or `up`; towards the lower or the higher amount, also below nought.
    """
    whole = int(pence)
    if whole < 0:
        return MINUS + _three_figures(-whole, {"down": "up", "up": "down"}.get(rounding, rounding))
    return _three_figures(whole, rounding)


def exact(pence: float) -> str:
    """One payment, to the penny: `-120450` is `"−£1,204.50"`."""
    whole = int(pence)
    return f"{MINUS if whole < 0 else ''}£{abs(whole) // 100:,}.{abs(whole) % 100:02d}"


def _hundredths(share: float, rounding: str) -> int:
    """Whole hundredths of a share; nine decimals are kept first, so that 0.29 is 29 and not 28."""
    value = round(share * 100, 9)
    return {"down": math.floor, "up": math.ceil}.get(rounding, lambda v: math.floor(v + 0.5))(value)


def _end(share: float, rounding: str, unit: str) -> str:
    value = _hundredths(share, rounding)
    top = f"99{unit}" if unit == "%" else "99p"
    if value <= 0 and share > 0:
        return f"under 1{unit}"
    if value >= 100 and share < 1:
        return f"over {top}"
    return f"{value}{unit}"


def share(value: float) -> str:
    """A share without doubt, to the whole per cent: `0.4127` is `"41%"`."""
    return _end(value, "nearest", "%")


def tenths(value: float) -> str:
    """A share to the tenth of a per cent, for how well something was measured: `0.9702` is `"97.0%"`."""
    return f"{value * 100:.1f}%"


def share_range(low: float, high: float) -> str:
    """Both bounds of a share, outward: `"41–64%"`; one number where they are equal."""
    if low == high:
        return share(low)
    first, last = _end(low, "down", "%"), _end(high, "up", "%")
    if first == last:
        return first
    plain = first.rstrip("%").isdigit() and last.rstrip("%").isdigit()
    return f"{first.rstrip('%')}{DASH}{last}" if plain else f"{first} to {last}"


def share_least(value: float) -> str:
    """A lower bound by itself, rounded down: `0.4127` is `"41%"`."""
    return _end(value, "down", "%")


def share_most(value: float) -> str:
    """An upper bound by itself, rounded up: `0.6301` is `"64%"`."""
    return _end(value, "up", "%")


def pence_ends(low: float, high: float) -> tuple[str, str]:
    """Both bounds as pence in the pound, outward: `("41p", "64p")`."""
    if low == high:
        return _end(low, "nearest", "p"), _end(high, "nearest", "p")
    return _end(low, "down", "p"), _end(high, "up", "p")


def pence_between(low: float, high: float) -> str:
    """Bounds in a sentence: `"between 41p and 64p"`, or `"41p"` where there is no doubt."""
    first, last = pence_ends(low, high)
    return first if low == high or first == last else f"between {first} and {last}"


def parts_of_pound(low: float, high: float) -> tuple[int, int, int]:
    """Whole pence that surely stayed, are not known, surely left; they add to 100 and agree with the bounds."""
    rounding = "nearest" if low == high else "down"
    stay = _hundredths(low, rounding)
    most = stay if low == high else _hundredths(high, "up")
    return stay, most - stay, 100 - most


def money_range(low: float, high: float) -> str:
    """Bounds in pounds: `"£1.2m–£1.3m"`, or one amount where they are equal. Takes pounds."""
    if low == high:
        return money(round(low * 100))
    first, last = money(round(low * 100), "down"), money(round(high * 100), "up")
    return first if first == last else f"{first}{DASH}{last}"


def value_range(low: float, high: float, unit: str) -> str:
    """Bounds in the unit of their measure: `share`, `pounds`, one of `MEASURED`, or `count`."""
    if unit == "share":
        return share_range(low, high)
    if unit == "pounds":
        return money_range(low, high)
    if unit in MEASURED:
        first, last = (f"{end:.3g}" if abs(end) < 1000 else count(round(end)) for end in (low, high))
        return f"{first if first == last else f'{first}{DASH}{last}'} {MEASURED[unit]}"
    return count(low) if low == high else f"{count(math.floor(low))}{DASH}{count(math.ceil(high))}"


def ordinal(place: float) -> str:
    """`1` is `"1st"`, `12` is `"12th"`, `22` is `"22nd"`."""
    number = int(place)
    last = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{last}"


def rank(best: float, worst: float) -> str:
    """A range of places: `"7th to 28th"`, or `"3rd"`."""
    return ordinal(best) if best == worst else f"{ordinal(best)} to {ordinal(worst)}"


def year(period: str) -> str:
    """A financial year for people: `"2023-24"` is `"2023–24"`; other texts stay."""
    return re.sub(r"^(\d{4})-(\d{2})$", rf"\1{DASH}\2", period)


def year_words(period: str) -> str:
    """`"2023-24"` is `"April 2023 to March 2024"`."""
    start = int(period[:4])
    return f"April {start} to March {start + 1}"


def month(text: str) -> str:
    """`"2023-11"` is `"November 2023"`; what is no month stays."""
    return f"{MONTHS[int(text[5:7]) - 1]} {text[:4]}" if re.fullmatch(r"\d{4}-\d{2}", text) else text


def day(value: object) -> str:
    """An ISO date or a date as `"18 November 2024"`; blank where there is none; other texts stay."""
    text = "" if value is None else str(value)[:10]
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return "" if text in ("NaT", "nan", "<NA>", "None") else text
    when = date.fromisoformat(text)
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def size(number: float) -> str:
    """Bytes as `"18 KB"`, `"3.1 MB"`."""
    for unit, step in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if number >= step:
            return f"{number / step:.1f}".rstrip("0").rstrip(".") + f" {unit}"
    return plural(number, "byte")


def published(text: object, longest: int = 300) -> str:
    """
    Text as published, fit for a page: no control or direction marks, cut where it is endless.

    Escaping is not done here: templates escape everything.
    """
    clean = UNPRINTABLE.sub("", str(text)).strip()
    return clean if len(clean) <= longest else f"{clean[:longest].rstrip()}… ({len(clean):,} characters)"


def listed(items: list[str], word: str = "and") -> str:
    """`["a", "b", "c"]` is `"a, b and c"`."""
    return f" {word} ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
