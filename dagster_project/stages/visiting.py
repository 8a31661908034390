"""What visits to websites showed of each file: when it was first there, whether its link lasts, who owns up to changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from dagster_project.archive.log import Row
from dagster_project.declare.sources import Source
from dagster_project.declare.vocabulary import read_rows
from dagster_project.harvest.calendar import months_in
from dagster_project.harvest.outcomes import WELL
from dagster_project.ledger.revisions import REVISED
from dagster_project.measure.knowing import VISITED
from dagster_project.stages.plan import DECLARED, Plan
from dagster_project.stages.reading import files_of
from dagster_project.stages.runs import days_that_saw_all, known_of, runs_of
from dagster_project.store import Store

#: A record of visits that travels with a folder of files, in the columns of `measure.knowing.VISITED`.
RECORD = "visits.csv"
#: Outcomes after which a link leads to its file no more. Faults of an hour say nothing of that.
GONE = ("gone", "page-instead", "empty", "no-address", "not-public", "redirect-loop")

Visit = tuple[str, ...]


def visits_of(plan: Plan) -> list[Visit]:
    """
    Rows of the table `visits`, in the columns of `VISITED`, in order.

    A live build has them from what its harvests know; a folder only where a record lies in it. None otherwise: of a set
    of files nobody knows when each was there.
    """
    if plan.source != "live":
        path = plan.folder / RECORD
        columns = tuple(VISITED)
        rows = read_rows(path, columns, ("publisher", "url", "month")) if path.is_file() else ()
        return sorted(tuple(row[name] for name in columns) for row in rows if row["publisher"] in plan.publishers)
    first_months = {
        publisher: dict(zip(frame["name"], frame["first_month"], strict=True)) for publisher, frame in files_of(plan).items()
    }  # fmt: skip
    return live_visits(plan.store, plan.declared_sources, first_months)


def live_visits(
    store: Store, sources: Iterable[Source], first_months: Mapping[str, Mapping[str, str]]
) -> list[Visit]:  # fmt: skip
    """
    Rows of `visits` from what harvests know.

    Args:
        first_months: By body and name of a file, the first month that it pays in: for links that say no period.
    """
    runs, found = runs_of(store), list[Visit]()
    for source in sources:
        mine = runs.get(source.slug, [])
        known, days = known_of(store, source.slug, mine), days_that_saw_all(store, source.slug, mine)
        found += visits_known(source, known, days, first_months.get(source.slug, {}))
    return sorted(found)


def duties_of(plan: Plan) -> list[tuple[str, str]]:
    """By when each body publishes: `month` (the end of the next month) or `quarter` (a month after it); others are left out."""
    columns = ("kind", "publish_by", "not_in", "source")
    due = {row["kind"]: row for row in read_rows(DECLARED / "measures" / "due.csv", columns, ("kind",))}
    return sorted(
        (body.slug, due[body.kind]["publish_by"]) for body in plan.publishers.values()
        if body.kind in due and not (body.region and body.region[:3] in due[body.kind]["not_in"].split("|"))
    )  # fmt: skip


def visits_known(
    source: Source, known: Mapping[str, Row], days: Sequence[str], first_months: Mapping[str, str]
) -> list[Visit]:
    """
    Rows of `visits` of one body.

    Args:
        known: What its harvests know of addresses, see `archive.log.learn`.
        days: On which no file of it could be missed, in order; without any, nothing is said.
        first_months: By file, the first month that it pays in: for links that say no period.
    """
    files = {
        url: entry for url, entry in known.items()
        if entry["purpose"] == "file" and entry["editions"] and entry["dataset"] in ("", "payments")
    }  # fmt: skip
    if not days or not files:
        return []
    since, until = min(entry["editions"][0]["day"] for entry in files.values()), days[-1]
    covers = {url: _months_of(entry, first_months) for url, entry in files.items()}
    of_month: dict[str, list[Row]] = {}
    for url, entry in files.items():
        for month in covers[url]:
            of_month.setdefault(month, []).append(entry)
    rows = []
    for url, entry in files.items():
        first = entry["editions"][0]["day"]
        missing = max((day for day in days if day < first), default="")
        for month in covers[url]:
            again = bool(month) and _is_again(entry, of_month[month], until)
            row = {
                "publisher": source.slug, "url": url, "month": month, "first_seen": first, "missing_on": missing,
                "last_asked": entry["asked"], "answer": _answer(entry), "published_again": "yes" if again else "no",
                "note": ("yes" if _says_revised(entry) else "no") if again else "", "licence": source.licence,
                "watched_since": since, "watched_until": until,
            }  # fmt: skip
            rows.append(tuple(row[name] for name in VISITED))
    return rows


def _months_of(entry: Row, first_months: Mapping[str, str]) -> list[str]:
    """Months that link and name say; the first that its lines are of, where they say none, or a calendar year."""
    months = [month for month in months_in(entry["period"]) if len(month) == len("2024-04")]
    return months or [first_months.get(entry["name"], "")]


def _answer(entry: Row) -> str:
    if entry["outcome"] in WELL:
        return "same" if len(entry["editions"]) == 1 else "changed"
    return "gone" if entry["outcome"] in GONE else "unsure"


def _is_again(entry: Row, of_month: Iterable[Row], until: str) -> bool:
    """
    Whether a file gives a month anew: other bytes under its address; or another address that came later.

    A later address counts where it says that it is a revision, or where no page leads to the earlier one any more: many
    bodies publish a month in several files.
    """
    if len(entry["editions"]) > 1:
        return True
    first, bytes_of = entry["editions"][0]["day"], {edition["sha256"] for edition in entry["editions"]}
    earlier = [
        other for other in of_month
        if other is not entry and other["editions"][0]["day"] < first
        and not bytes_of & {edition["sha256"] for edition in other["editions"]}
    ]  # fmt: skip
    return any(_says_revised(entry) or other["listed"] < until for other in earlier)


def _says_revised(entry: Row) -> bool:
    """Whether link or name say that the file takes an earlier one's place."""
    name = re.sub(r"\.[A-Za-z0-9]+$", "", entry["name"].rpartition("/")[2])
    return any(REVISED.search(text.replace("_", " ")) for text in (entry["text"], name))
