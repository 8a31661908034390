"""
A record of invented visits to some bodies' websites, each Monday from February 2023 to October 2024.

In the columns that a harvest fills: when each file was first there, whether its link lasts, where a licence stands, and
which months were published again. Files of before 2023 are left out, so that the sample stays small.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from maker.bodies import Body
from maker.dice import Dice
from maker.files import Published

HEADINGS = ("publisher", "url", "month", "first_seen", "missing_on", "last_asked", "answer", "published_again", "note",
            "licence", "watched_since", "watched_until")  # fmt: skip
FIRST_MONTH = "2023-01"
SINCE, UNTIL, WEEK = date(2023, 2, 6), date(2024, 10, 28), timedelta(days=7)
REVISED = re.compile(r"amended|\bv2\b")


@dataclass(frozen=True)
class Habit:
    """
    How a body looks after its files.

    Attributes:
        soonest, latest: Days after the last month of a file until it is there.
        licence: Where one is stated.
        rebuilt: Day when the website was rebuilt, and every link to a file from before broke.
        corrected: Share of files that gave other bytes later, under the same address.
        owns_up: Share of those beside which it says so.
    """

    soonest: int = 12
    latest: int = 45
    licence: str = "beside"
    rebuilt: date | None = None
    corrected: float = 0.0
    owns_up: float = 0.0


HABITS = {
    "northbeck": Habit(8, 26, corrected=0.1, owns_up=1.0),
    "saltmere": Habit(20, 60, licence="site", corrected=0.15, owns_up=0.5),
    "dunmere": Habit(40, 200, licence="", rebuilt=date(2023, 9, 4)),
    "kelderby": Habit(15, 110, corrected=0.2),
    "oxenhythe": Habit(25, 80, licence="closed"),
    "marrowshire": Habit(20, 40, licence="site"),
    "department-for-ferries": Habit(20, 75, corrected=0.1, owns_up=0.5),
}


def record(body: Body, files: Iterable[Published]) -> list[list[str]]:
    """Rows of one body; files in the order in which it published them."""
    if not (habit := HABITS.get(body.slug)):
        return []
    rows, there, dice = list[list[str]](), dict[str, date](), Dice(f"visits to {body.slug}")
    for file in files:
        months = _months(file)
        if file.kind != "payments" or not months or months[0] < FIRST_MONTH:
            continue
        last = date(int(months[-1][:4]), int(months[-1][5:]), 1) + timedelta(days=31)
        on = last.replace(day=1) + timedelta(days=dice.between(habit.soonest, habit.latest))
        later = [there[month] for month in months if month in there and file.status != "duplicate"]
        on = max([on, *(day + timedelta(days=20) for day in later)])
        seen = max(SINCE, on + timedelta(days=-on.weekday() % 7))
        if seen > UNTIL:
            continue
        changed = dice.chance(habit.corrected)
        notes = dice.chance(habit.owns_up)
        again = changed or bool(later)
        note = ("yes" if REVISED.search(file.path) or (changed and notes) else "no") if again else ""
        is_broken = habit.rebuilt is not None and seen < habit.rebuilt
        answer = "gone" if is_broken else "changed" if changed else "unsure" if dice.chance(0.02) else "same"
        url = f"https://www.{body.slug}.invalid/{file.path.partition('/')[2].replace(' ', '%20')}"
        for month in months:
            there.setdefault(month, seen)
            rows.append([
                body.slug, url, month, seen.isoformat(), (seen - WEEK).isoformat() if seen > SINCE else "",
                UNTIL.isoformat(), answer, "yes" if again else "no", note, habit.licence, SINCE.isoformat(),
                UNTIL.isoformat(),
            ])  # fmt: skip
    return rows


def _months(file: Published) -> list[str]:
    """Months that the file's link would say: those of more than a few of its lines, or of its name where it is no table."""
    lines = Counter(line.month for line in file.payments if line.month)
    months = {month for month, count in lines.items() if 5 * count > max(lines.values())}
    return sorted(months or {"-".join(found) for found in re.findall(r"(20\d\d)-(0[1-9]|1[0-2])\.", file.path)})
