"""How a source is doing, in words people can use: ok, unchanged, late, partial, failed since; and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from dagster_project.declare.sources import Expectation, Source
from dagster_project.harvest.calendar import due, months_in
from dagster_project.harvest.outcomes import OUTCOMES, WELL
from dagster_project.model.periods import months_between, quarter

#: From best to worst.
STATES = ("ok", "unchanged", "late", "partial", "failed")
#: Days after the end of a period within which a file is due where a source does not say: the Transparency Code's month
#: after a quarter, the Treasury's end of the following month; a year's list in half a year.
DAYS = {"month": 31, "quarter": 31, "year": 184}


def status_of(
    source: Source, rows: Iterable[Mapping[str, Any]], known: Mapping[str, Mapping[str, Any]], today: date,
    months: Iterable[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """
    The state of one source after a harvest.

    Args:
        rows: Its rows in the log of the last harvest.
        known: What is known of its addresses.
        months: Months that its files are known to hold, beside those that links and names speak of.

    Returns:
        `state`; `since` (ISO, of a failure); `next_expected` (ISO, `""` where not known); `missing` periods; counts of
        files `had` now, `unchanged`, `failed`, `known` and `withdrawn` (listed before, and no more), with their periods in
        `gone`; `found` links;
        `papers`; `trouble`, sentences.
    """
    rows = list(rows)
    lists = [row for row in rows if row["purpose"] == "list"]
    asked = {row["url"]: row for row in rows if row["purpose"] == "file" and row["last"]}
    wrong = {url: row for url, row in asked.items() if row["outcome"] not in WELL and not _was_a_guess(row)}
    new = [row for row in asked.values() if row["outcome"] == "had" and row.get("new")]
    files = {url: entry for url, entry in known.items() if entry["purpose"] == "file" and entry["editions"]}
    gone = _not_listed(lists, files)
    missing = missing_periods(source.expect, files.values(), today, months)
    trouble = [*_troubles(lists), *_words(wrong.values()), *_unsure(files.values())]
    fewer = _listing_changed(lists, files)
    state = "ok" if new else "unchanged"
    if missing:
        state = "late"
    if wrong or fewer or any(row["missed"] for row in lists):
        state = "partial"
    nothing = not any(row["outcome"] in WELL for row in asked.values()) and not any(row.get("kept") for row in lists)
    if nothing and (wrong or any(row["missed"] for row in lists) or not files):
        state = "failed"
    since = (
        min((entry["failed"] for entry in known.values() if entry["failed"]), default="") if state == "failed" else ""
    )
    return {
        "publisher": source.slug, "state": state, "since": since or (today.isoformat() if state == "failed" else ""),
        "next_expected": next_expected(source.expect, files.values(), today), "missing": " ".join(missing),
        "found": sum(len(row["urls"]) for row in lists), "had": len(new),
        "unchanged": len(asked) - len(wrong) - len(new), "failed": len(wrong), "known": len(files),
        "withdrawn": len(gone), "gone": " ".join(sorted({files[url]["period"] for url in gone} - {""})), "papers": sum(row["papers"] for row in lists), "trouble": " ".join([*([fewer] if fewer else []), *trouble])[:2000],
        "verified": source.verified,
    }  # fmt: skip


def _was_a_guess(row: Mapping[str, Any]) -> bool:
    """A form of an address that was tried, beside another that was there; or a period that a pattern has not got yet."""
    return row["outcome"] == "gone" and bool(row.get("guess"))


def _troubles(lists: Iterable[Mapping[str, Any]]) -> list[str]:
    said = []
    for row in lists:
        said.extend(row["trouble"])
        said.extend(f"{url} could not be had." for url in row["missed"][:3])
        if not row["urls"] and row["papers"]:
            said.append(
                f"{row['url']} lists {row['papers']} documents that no program can read as a table, and no tables."
            )
    return said


def _words(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["outcome"]] = counts.get(row["outcome"], 0) + 1
    return [f"{OUTCOMES[outcome].title}: {count}." for outcome, count in sorted(counts.items())]


def _unsure(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    return [f"{entry['name']}: {sentence}" for entry in entries for sentence in entry["unsure"] or ()]


def _not_listed(lists: Iterable[Mapping[str, Any]], files: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Files that a page led to before and none leads to now; nothing where a page could not be had."""
    lists = list(lists)
    if not lists or any(row["missed"] for row in lists):
        return []
    found = {url for row in lists for url in row["urls"]}
    return [url for url, entry in files.items() if entry["page"] and url not in found]


def _listing_changed(lists: Iterable[Mapping[str, Any]], files: Mapping[str, Mapping[str, Any]]) -> str:
    """A sentence where pages lead to fewer than half of the files that they led to before."""
    lists = list(lists)
    found = {url for row in lists for url in row["urls"]}
    before = [url for url, entry in files.items() if entry["page"] or url in found]
    gone = _not_listed(lists, files)
    if not lists or len(before) < 4 or len(gone) * 2 <= len(before):
        return ""
    return (
        f"The listing changed: {len(before) - len(gone)} of {len(before)} files that were listed before are listed now. "
        f"Look at {lists[0]['url']} and mend the source file."
    )


def _wanted(expect: Expectation, first: str, today: date) -> list[str]:
    """Periods from the first on, whether due or not, to the one that today lies in."""
    months = months_between(first, f"{today.year}-{today.month:02d}")
    if expect.every == "month":
        return months
    spans = dict.fromkeys((quarter(month) or "")[: 10 if expect.every == "quarter" else 7] for month in months)
    return list(spans)


def _first(expect: Expectation, held: set[str]) -> str:
    said = months_in(expect.first)[:1]
    return said[0] if said else min(held, default="")


def _held(entries: Iterable[Mapping[str, Any]], months: Iterable[str]) -> set[str]:
    return {month for entry in entries for month in months_in(entry["period"])} | set(months)


def missing_periods(
    expect: Expectation, entries: Iterable[Mapping[str, Any]], today: date, months: Iterable[str] = ()
) -> list[str]:
    """Periods that are due and of which no month is held; none where it is not said how often a body publishes."""
    held = _held(entries, months)
    if not expect.every or not (first := _first(expect, held)):
        return []
    days = int(expect.days or DAYS[expect.every])
    last = months_in(expect.last)[-1:] or ["9999-12"]
    return [
        period
        for period in _wanted(expect, first, today)
        if due(period, days) < today and not held & set(months_in(period)) and months_in(period)[0] <= last[0]
    ]


def next_expected(expect: Expectation, entries: Iterable[Mapping[str, Any]], today: date) -> str:
    """The day by which the next file is due, ISO; `""` where it is not said how often a body publishes."""
    if not expect.every or (expect.last and months_in(expect.last)[-1] < f"{today.year}-{today.month:02d}"):
        return ""
    days, held = int(expect.days or DAYS[expect.every]), _held(entries, ())
    first = _first(expect, held) or f"{today.year}-{today.month:02d}"
    coming = (due(period, days) for period in _wanted(expect, first, today) if not held & set(months_in(period)))
    return min((day for day in coming if day >= today), default=today).isoformat()
