"""Measures of openness that only visits to websites tell: in time, links that last, licences, corrections owned up to."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from tests.recompute.asked import Figures
from tests.recompute.published import year_of
from tests.recompute.sums import Found

LICENCE = {"beside": Fraction(1), "site": Fraction(1, 2), "closed": Fraction(0)}
Row = Mapping[str, str]


def rows_of(path: Path) -> list[dict[str, str]]:
    """Rows of a table; none where there is no file."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def visit_figures(
    visits: Iterable[Row], years: set[tuple[str, str]], bodies: Mapping[str, Mapping[str, str]], due: Iterable[Row]
) -> Figures:
    """
    All of them, of years with payments.

    Args:
        years: Body and financial year of every payment.
        due: Rows of `datapackages/measures/due.csv`.
    """
    rules = {row["kind"]: row for row in due}
    of_body: dict[str, list[Row]] = {}
    for row in visits:
        of_body.setdefault(row["publisher"], []).append(row)
    found: Figures = {}
    for who, rows in of_body.items():
        mine = {period for body, period in years if body == who}
        answers = _of_links(rows) | {("t11-corrections", period): said for period, said in _changes(rows).items()}
        rule = rules.get(bodies[who]["kind"])
        elsewhere = set(filter(None, rule["not_in"].split("|"))) if rule else set()
        if rule and bodies[who]["region"][:3] not in elsewhere:
            answers |= {("t1-timeliness", period): _in_time(rows, period, rule["publish_by"]) for period in mine}
        for (measure, period), said in answers.items():
            if said and period in mine:
                found[measure, who, period] = _share(said)
    return found


def _share(said: list[Fraction | None]) -> Found:
    """A mean of ones, noughts and parts, some of them not known; counted in hundredths."""
    known = sum((one for one in said if one is not None), Fraction(0))
    unknown = said.count(None)
    low, high = known / len(said), (known + unknown) / len(said)
    status = "nothing-known" if (low, high) == (0, 1) else "ok"
    return Found(low, high, 100 * len(said), 100 * unknown, status, is_money=False)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _last_day(month: str, publish_by: str) -> date:
    """The last day on which a month is in time: the end of the next month, or of the month after its quarter."""
    year, number = int(month[:4]), int(month[5:])
    if publish_by == "quarter":
        number = (number + 2) // 3 * 3
    year, number = (year, number + 1) if number < 12 else (year + 1, 1)
    return date(year, number, monthrange(year, number)[1])


def _in_time(rows: list[Row], period: str, publish_by: str) -> list[Fraction | None]:
    since, until = _day(rows[0]["watched_since"]), _day(rows[0]["watched_until"])
    first = int(period[:4])
    said: list[Fraction | None] = []
    for month in [f"{first}-{n:02d}" for n in range(4, 13)] + [f"{first + 1}-{n:02d}" for n in range(1, 4)]:
        last = _last_day(month, publish_by)
        if last >= until:
            continue
        files = [row for row in rows if row["month"] == month]
        seen = min(files, key=lambda row: row["first_seen"], default=None)
        missed = (seen["missing_on"] and _day(seen["missing_on"])) if seen else until
        if last < since:
            said.append(None)
        elif seen and _day(seen["first_seen"]) <= last:
            said.append(Fraction(1))
        else:
            said.append(Fraction(0) if missed and missed > last else None)
    return said


def _of_links(rows: list[Row]) -> dict[tuple[str, str], list[Fraction | None]]:
    """Answers about each address, by measure and the year of its first month."""
    links: dict[str, list[Row]] = {}
    for row in rows:
        if row["month"]:
            links.setdefault(row["url"], []).append(row)
    found: dict[tuple[str, str], list[Fraction | None]] = {}
    for mine in links.values():
        row = min(mine, key=lambda one: one["month"])
        period = year_of(row["month"])
        found.setdefault(("t9-licence", period), []).append(LICENCE.get(row["licence"]))
        first = _day(row["first_seen"])
        leaps = (first.month, first.day) == (2, 29)
        a_year_on = date(first.year + 1, 3, 1) if leaps else first.replace(year=first.year + 1)
        if a_year_on > _day(row["watched_until"]):
            continue
        lasts = {"same": Fraction(1), "changed": Fraction(0), "gone": Fraction(0)}.get(row["answer"])
        asked_since = _day(row["last_asked"]) > a_year_on - timedelta(days=1)
        found.setdefault(("t8-persistence", period), []).append(lasts if asked_since else None)
    return found


def _changes(rows: list[Row]) -> dict[str, list[Fraction | None]]:
    """Whether each month that was published again says so, by year."""
    notes: dict[str, set[str]] = {}
    for row in rows:
        if row["month"] and row["published_again"] == "yes":
            notes.setdefault(row["month"], set()).add(row["note"])
    found: dict[str, list[Fraction | None]] = {}
    for month, said in notes.items():
        answer = Fraction(1) if "yes" in said else Fraction(0) if "no" in said else None
        found.setdefault(year_of(month), []).append(answer)
    return found
