"""What the money of one public body was for: by what was bought, and service by service, over the years."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from dagster_project.model.figures import may_say
from dagster_project.portal import bars, breaks, facts, formats, payees, words
from dagster_project.portal.site import BodyFrames
from dagster_project.portal.stamp import Stamp

YEARS_SHOWN, MOVED_SHOWN, WIDEST = 5, 6, 0.9
REAL, LOCAL_SMALL, VOLUNTARY, SMALL = (
    "spend-real", "e8-local-small-and-medium", "e9-voluntary-and-social", "e7-small-and-medium",
)  # fmt: skip
#: Who a service's money went to, and how that is called.
REACHED = ((facts.LOCAL, words.REACHED_LOCAL), (LOCAL_SMALL, words.REACHED_SMALL), (VOLUNTARY, words.REACHED_VOLUNTARY))
#: A service's part, measure and year.
Parts = Mapping[tuple[str, str, str], Mapping[str, Any]]


def services_page(stamp: Stamp, about: dict[str, Any], frames: BodyFrames, payments: pd.DataFrame) -> bytes:
    """The page at `/bodies/SLUG/services/`; `about` is what all pages of the body say of it."""
    year = about["year"]
    bought, services = (_parts(stamp, frames.breakdowns, name) for name in ("bought", "service"))
    of_year = payments[(payments["year"] == year) & (payments["dataset_kind"] == "payments")]
    years = sorted({period for _, measure, period in services if measure == facts.SPEND})[-YEARS_SHOWN:]
    is_real = any(measure == REAL for _, measure, _ in services)
    table = _by_year(services, years, REAL if is_real else facts.SPEND)
    return stamp.page(
        "services.html", f"bodies/{about['slug']}/services/", words.BODIES,
        f"What the money of {about['name']} was for",
        f"What {about['name']} bought, from which service's money, and how much of it stayed in the area.",
        body=about,
        bought=_bought(bought, year),
        bought_heading=_heading(bought, year),
        years=years,
        year_breaks={period: figure["break_says"] for (_, _, period), figure in services.items()},
        prices_of=facts.declared(stamp.site)[REAL]["in_prices_of"] if is_real else "",
        table=table,
        moved=_moved(services, table, REAL if is_real else facts.SPEND),
        services=_each(services, of_year, about, frames, year),
    )  # fmt: skip


def _parts(stamp: Stamp, breakdowns: pd.DataFrame, name: str) -> Parts:
    """Figures by part, measure and year."""
    if breakdowns.empty:
        return {}
    measures = facts.declared(stamp.site)
    return {
        (row["part"], row["measure"], row["period"]): facts.figure(row, measures[row["measure"]]["unit"])
        for row in facts.rows(breakdowns[breakdowns["breakdown"] == name]) if row["measure"] in measures
    }  # fmt: skip


def _pounds(parts: Parts, year: str, measure: str = facts.SPEND) -> dict[str, float]:
    """What was spent in a year by part, the largest first."""
    found = {
        part: figure["low"] for (part, name, period), figure in parts.items()
        if (name, period) == (measure, year) and figure["low"] is not None
    }  # fmt: skip
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _bought(parts: Parts, year: str) -> list[dict[str, Any]]:
    """A row for each thing bought, what is not said last."""
    spent = _pounds(parts, year)
    total = sum(spent.values())
    rows = []
    for part in sorted(spent, key=lambda part: part == words.NOT_SAID):
        local = parts.get((part, facts.LOCAL, year))
        rows.append({
            "title": words.BOUGHT[part][0], "explains": words.BOUGHT[part][1], "is_unsaid": part == words.NOT_SAID,
            "pence": spent[part] * 100, "share": spent[part] / total if total > 0 and spent[part] >= 0 else None,
            "local": local if local and local["has_value"] else None,
            "bar": bars.table_bar(local["low"], local["high"]) if local and local["has_value"] else "",
            "small": parts.get((part, SMALL, year)), "voluntary": parts.get((part, VOLUNTARY, year)),
        })  # fmt: skip
    return rows


def _heading(parts: Parts, year: str) -> str:
    """What the largest part that is said takes, where more is said than not."""
    spent = {part: pounds for part, pounds in _pounds(parts, year).items() if pounds > 0}
    said = {part: pounds for part, pounds in spent.items() if part != words.NOT_SAID}
    total = sum(spent.values())
    if not said or sum(said.values()) * 2 < total:
        return "What was bought, as far as the files say"
    most = max(said, key=lambda part: said[part])
    return f"{words.BOUGHT[most][0]} take at least {formats.pence_ends(said[most] / total, 1)[0]} of every pound"


def _by_year(parts: Parts, years: list[str], measure: str) -> list[dict[str, Any]]:
    """A row a service: pounds of each year, `None` where there are none."""
    if not years:
        return []
    order = list(dict.fromkeys(part for year in reversed(years) for part in _pounds(parts, year, measure)))
    return [
        {
            "part": part, "name": _name(part), "is_unsaid": part == words.NOT_SAID,
            "pence": [_pence(parts.get((part, measure, year))) for year in years],
            "figures": [parts.get((part, measure, year)) for year in years],
        }
        for part in order
    ]  # fmt: skip


def _pence(figure: Mapping[str, Any] | None) -> float | None:
    return figure["low"] * 100 if figure and figure["low"] is not None else None


def _moved(parts: Parts, table: list[dict[str, Any]], measure: str) -> list[dict[str, Any]]:
    """
    What the services that moved most touched, between the last two years that both have all months, and no break between.

    For each: the change in pounds, and of the money that surely and at most reached the area, small firms of it and
    voluntary bodies, before and after; in the same prices.
    """
    found = []
    for row in table:
        whole = [figure for figure in row["figures"] if figure and figure["months"] == 12 and figure["low"] is not None]
        if len(whole) < 2 or row["is_unsaid"]:
            continue
        before, after = whole[-2:]
        if before["period"] not in breaks.comparable(whole):
            continue
        change = after["low"] - before["low"]
        touched = [
            _touched(title, *(_reached(parts, row["part"], name, measure, year["period"]) for year in (before, after)))
            for name, title in REACHED
        ]
        found.append({
            "name": row["name"], "before": before["period"], "after": after["period"], "pence": change * 100,
            "is_less": change < 0, "part": abs(change) / before["low"] if before["low"] > 0 else None,
            "touched": [said for said in touched if said],
        })  # fmt: skip
    return sorted(found, key=lambda row: -abs(row["pence"]))[:MOVED_SHOWN]


def _reached(parts: Parts, part: str, name: str, measure: str, year: str) -> tuple[float, float] | None:
    """Pounds that surely and at most reached somebody, in the prices of `measure`."""
    share, cash, paid = (parts.get((part, which, year)) for which in (name, facts.SPEND, measure))
    if not share or not _says_something(share) or not cash or not paid or not cash["low"]:
        return None
    prices = paid["low"] / cash["low"]
    base = share["base_pence"] / 100
    return share["low"] * base * prices, share["high"] * base * prices


def _touched(
    title: str, before: tuple[float, float] | None, after: tuple[float, float] | None
) -> dict[str, str] | None:
    if before is None or after is None or (before == after == (0, 0)):
        return None
    said = may_say(after, before)
    return {
        "title": title, "before": formats.money_range(*before), "after": formats.money_range(*after),
        "said": {"higher": "surely more", "lower": "surely less"}.get(said, "cannot tell apart"),
    }  # fmt: skip


def _each(
    parts: Parts, of_year: pd.DataFrame, about: dict[str, Any], frames: BodyFrames, year: str
) -> list[dict[str, Any]]:
    """Each service of the year, the largest first: what stayed, and who was paid most."""
    anchors: set[str] = set()
    key = of_year["department"].fillna("").str.strip().str.lower()
    found = []
    for part, pounds in _pounds(parts, year).items():
        lines = of_year[key == ("" if part == words.NOT_SAID else part.lower())]
        local = parts.get((part, facts.LOCAL, year))
        bar = ""
        if local and _says_something(local):
            stay, unknown, away = formats.parts_of_pound(local["low"], local["high"])
            bar = bars.pound_bar(
                local["low"], local["high"], words.SERVICE_BAR.format(stay=stay, unknown=unknown, away=away)
            )
        found.append({
            "name": _name(part), "anchor": _anchor(part, anchors), "pence": pounds * 100, "payments": len(lines),
            "is_unsaid": part == words.NOT_SAID, "local": local if bar else None, "bar": bar,
            "payees": payees.largest(lines, about, frames.supplier_pages) if len(lines) else None,
        })  # fmt: skip
    return found


def _says_something(share: Mapping[str, Any]) -> bool:
    """Whether the range of a share leaves out a tenth of what could be; a wider one is noise on a page of many."""
    return bool(share["is_known"]) and share["high"] - share["low"] <= WIDEST


def _name(part: str) -> str:
    return words.NO_SERVICE if part == words.NOT_SAID else formats.published(part, 120)


def _anchor(part: str, taken: set[str]) -> str:
    """An anchor in small letters that no other service of the page has."""
    plain = re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-")[:60] or "service"
    anchor = next(name for name in (plain, *(f"{plain}-{n}" for n in range(2, 99))) if name not in taken)
    taken.add(anchor)
    return f"s-{anchor}"
