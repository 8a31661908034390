"""
From the places where bodies publish to archived bytes, with a log of every attempt.

A run that is killed goes on where it was: what is in the log of the same run is not asked again. A run is a day and a
number; the next one asks only whether what we have has changed.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from dagster_project.archive import archive_key
from dagster_project.archive.log import Row, decode, encode, known_key, learn, log_key, manifest_of
from dagster_project.archive.warc import write_warc
from dagster_project.declare.sources import Correction, Source
from dagster_project.harvest.fetching import Attempt, Fetcher, host_of, stamp
from dagster_project.harvest.listings import Answer, Found, discover
from dagster_project.harvest.manners import PublicOnly, is_loopback
from dagster_project.harvest.outcomes import WELL
from dagster_project.harvest.signs import Link
from dagster_project.harvest.status import STATES, status_of
from dagster_project.model.ids import sha256
from dagster_project.stages.plan import Plan
from dagster_project.store import Store

#: Bodies that are asked at a time. Each host is asked by one of them at a time.
AT_ONCE = 16
#: A file whose website cannot say whether it changed, and an address that was never there, are asked for again after
#: so many days.
PATIENCE = 28
#: The switch of tests: with it, this machine is reached, and nothing else.
LOCAL_WEB = "LOCAL_POUND_LOCAL_WEB"
RUN = "archive/harvest/run.json"


def default_fetcher() -> Fetcher:
    """Asks the public web; with the tests' switch this machine alone."""
    return Fetcher(backend=PublicOnly(is_loopback)) if os.environ.get(LOCAL_WEB) == "1" else Fetcher()


@dataclass
class Diary:
    """
    The log of one body in one run, and what is known of its addresses.

    Attributes:
        rows: What happened in this run so far, also before a kill.
    """

    store: Store
    run: str
    source: Source
    fetcher: Fetcher
    rows: list[Row] = field(default_factory=list)
    known: dict[str, Row] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day of the run."""
        return date.fromisoformat(self.run[:10])

    @property
    def is_done(self) -> bool:
        """Whether this body is done in this run."""
        return bool(self.rows) and self.rows[-1]["purpose"] == "end"

    def add(self, row: Row) -> None:
        """One more row."""
        self.rows.append({"run": self.run, "publisher": self.source.slug, "number": len(self.rows) + 1, **row})

    def save(self) -> None:
        """Write the log, whole."""
        self.store.write(log_key(self.run, self.source.slug), encode(self.rows))

    def note(self, purpose: str, **more: Any) -> None:
        """A row of our own."""
        self.add({"purpose": purpose, "at": stamp(self.fetcher.clock.utc()), **more})

    def answered(self, url: str) -> Row | None:
        """The last row of an address that was asked in this run already."""
        return next((row for row in reversed(self.rows) if row.get("url") == url and row.get("last")), None)

    def ask(self, url: str, want: str, **more: Any) -> Row:
        """Ask for an address, once in a run; its last row."""
        if (before := self.answered(url)) is not None:
            return before
        entry = self.known.get(url, {})
        purpose = "file" if want == "file" else "listing"
        attempts: list[Attempt] = []
        last = self.fetcher.fetch(url, attempts.append, entry.get("validators"), want)
        for attempt in attempts:
            mine = purpose if attempt.url == url else "robots"
            self._attempt(attempt, mine, attempt is last, entry, more if mine == purpose else {})
        learn(self.known, self.rows[-1:])
        self.save()
        return self.rows[-1]

    def _attempt(self, attempt: Attempt, purpose: str, is_last: bool, entry: Row, more: dict[str, Any]) -> None:
        digest, editions = "", entry.get("editions", [])
        if attempt.data:
            digest = sha256(attempt.data)
            self.store.create(archive_key(digest), attempt.data)
        elif attempt.outcome == "unchanged" and editions:
            digest = editions[-1]["sha256"]
        self.add(
            {
                "purpose": purpose, "url": attempt.url, "final_url": attempt.final_url, "hops": list(attempt.hops),
                "at": attempt.at, "outcome": attempt.outcome, "status": attempt.status, "elapsed": attempt.elapsed,
                "wire": attempt.wire, "bytes": len(attempt.data), "sha256": digest, "headers": dict(attempt.headers),
                "error": attempt.error, "last": is_last,
                "new": attempt.outcome == "had" and digest not in {one["sha256"] for one in editions}, **more,
            }
        )  # fmt: skip

    def page(self, url: str, want: str) -> Answer | None:
        """A page or a catalogue's answer: what is had now, or what was archived where it has not changed."""
        row = self.ask(url, want)
        if row["outcome"] not in WELL or not row["sha256"]:
            return None
        return Answer(row["final_url"], self.store.read(archive_key(row["sha256"])))


def harvest_source(diary: Diary) -> None:
    """Look at every listing of one body, and have what is new or changed."""
    source = diary.source
    if source.delay:
        for listing in source.listings:
            for url in (listing.url, *listing.files[:1]):
                if url and "{" not in url.partition("//")[2].partition("/")[0]:
                    diary.fetcher.turns.slow_down(host_of(url), float(source.delay))
    for number, listing in enumerate(source.listings):
        found = discover(listing, diary.page, diary.today)
        kept = sum(_have(diary, link, guess=listing.kind == "pattern") for link in found.links)
        if not any(row["purpose"] == "list" and row["listing"] == number for row in diary.rows):
            _note_list(diary, number, listing.url, found, kept)
    diary.note("end")
    learn(diary.known, [row for row in diary.rows if row["purpose"] == "list"])
    diary.save()
    diary.store.write_json(known_key(source.slug), {"through": diary.run, "known": diary.known})


def _note_list(diary: Diary, number: int, url: str, found: Found, kept: int) -> None:
    diary.note(
        "list", listing=number, url=url, urls=[link.url for link in found.links], papers=found.papers,
        missed=found.missed, trouble=found.trouble, kept=kept,
    )  # fmt: skip


def _have(diary: Diary, link: Link, *, guess: bool) -> int:
    """Have one file, under the first of its addresses that is there; 1 where it was not asked since there is no need."""
    urls = sorted((link.url, *link.others), key=lambda url: not diary.known.get(url, {}).get("editions"))
    name_tells = not link.period or link.period == _period_of_name(link)
    for url in urls:
        if diary.answered(url) is None and _need_not_ask(diary.known.get(url), diary.today):
            if diary.known[url]["editions"]:
                return 1
            continue
        row = diary.ask(
            url, "file", text=link.text, page=link.page, period=link.period, dataset=link.dataset,
            unsure=list(link.unsure), guess=guess, period_in_name=name_tells,
        )  # fmt: skip
        if row["outcome"] != "gone":
            break
    return 0


def _period_of_name(link: Link) -> str:
    from dagster_project.harvest.calendar import period_of
    from dagster_project.harvest.signs import file_name

    return period_of(file_name(link.url).rpartition(".")[0] or file_name(link.url))


def _need_not_ask(entry: Row | None, today: date) -> bool:
    if entry is None:
        return False
    recent = (today - timedelta(days=PATIENCE)).isoformat()
    if entry["editions"]:
        return not entry["validators"] and not entry["failed"] and entry["checked"] > recent
    return bool(entry["outcome"] == "gone" and entry["asked"] > recent and entry["failed"] < entry["asked"])


# --- all bodies ---


def open_run(store: Store, today: date) -> str:
    """The run that was begun today and not ended, or a new one."""
    try:
        before = store.read_json(RUN)
    except FileNotFoundError:
        before = {"run": "", "open": False}
    day, _, number = before["run"].partition(".")
    if before["open"] and day == today.isoformat():
        return str(before["run"])
    run = f"{today.isoformat()}.{int(number) + 1 if day == today.isoformat() else 1}"
    store.write_json(RUN, {"run": run, "open": True})
    return run


def runs_of(store: Store) -> dict[str, list[str]]:
    """Runs in which each body was asked, in order."""
    found: dict[str, list[str]] = {}
    for key in store.list("archive/harvest/log"):
        *_, run, name = key.split("/")
        found.setdefault(name.removesuffix(".jsonl"), []).append(run)
    return {publisher: sorted(runs, key=_order) for publisher, runs in found.items()}


def _order(run: str) -> tuple[str, int]:
    return run[:10], int(run[11:])


def known_of(store: Store, publisher: str, runs: Iterable[str]) -> dict[str, Row]:
    """What is known of a body's addresses: what was written at the end of a run, and all rows since."""
    try:
        said = store.read_json(known_key(publisher))
    except (FileNotFoundError, ValueError):
        said = {"through": "0000-00-00.0", "known": {}}
    known: dict[str, Row] = said["known"]
    for run in runs:
        if _order(run) > _order(said["through"]):
            learn(known, decode(store.read(log_key(run, publisher))))
    return known


def harvest(
    store: Store, sources: Iterable[Source], fetcher: Fetcher, report: Any = None, at_once: int = AT_ONCE
) -> list[Row]:
    """
    Ask every source, each once in this run.

    Returns:
        The state of each, by slug (`status_of`).
    """
    sources = list(sources)
    run = open_run(store, fetcher.clock.utc().date())
    runs, states, stop = runs_of(store), {}, threading.Event()

    def one(source: Source) -> Row:
        if stop.is_set():
            return {}
        mine = runs.get(source.slug, [])
        diary = Diary(store, run, source, fetcher, known=known_of(store, source.slug, mine))
        if run in mine:
            diary.rows = decode(store.read(log_key(run, source.slug)))
        if not diary.is_done:
            harvest_source(diary)
        return status_of(source, diary.rows, diary.known, diary.today)

    with ThreadPoolExecutor(at_once) as pool:
        waiting = {pool.submit(one, source): source.slug for source in sources}
        try:
            for done in as_completed(waiting):
                states[waiting[done]] = done.result()
                if report:
                    report("harvest", len(states), len(sources), {}, True)
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    found = [states[slug] for slug in sorted(states)]
    write_tables(store, run, found)
    store.write_json(RUN, {"run": run, "open": False})
    return found


def write_tables(store: Store, run: str, states: list[Row]) -> None:
    """The states and the log of the last run as tables of ours."""
    rows = [
        {
            **row,
            "headers": str(row["headers"]),
            "hops": " ".join(row["hops"]),
            "unsure": " ".join(row.get("unsure", ())),
        }
        for state in states
        for row in decode(store.read(log_key(run, state["publisher"])))
        if row["purpose"] in ("robots", "listing", "file")
    ]
    store.write_frame("tables/harvest/sources.parquet", pd.DataFrame(states))
    store.write_frame("tables/harvest/attempts.parquet", pd.DataFrame(rows))


def harvested(plan: Plan) -> dict[str, list[Row]]:
    """
    Ask the websites of a plan's bodies; the manifest of each body that anything is held of.

    What could not be had this time is in the archive from another time, or missing: the log and the states say which.
    """
    fetcher = default_fetcher()
    try:
        harvest(plan.store, plan.declared_sources, fetcher, plan.report)
    finally:
        fetcher.close()
    found = manifests(plan.store, plan.declared_sources)
    if not found:
        raise NothingHad("Nothing could be had from any website, and nothing is held from before.\n" + said(plan.store))
    return found


class NothingHad(Exception):
    """No file at all; the message says what became of each source."""


def states_of(store: Store) -> list[Row]:
    """The state of each source in the last harvest, by slug; none before the first."""
    try:
        rows = store.read_frame("tables/harvest/sources.parquet").to_dict("records")
    except FileNotFoundError:
        return []
    return [{str(name): value for name, value in row.items()} for row in rows]


def said(store: Store) -> str:
    """What became of each source in the last harvest, in lines for people; the worst first."""
    states = sorted(states_of(store), key=lambda row: (-STATES.index(row["state"]), row["publisher"]))
    counts = [f"{count} {state}" for state in STATES if (count := sum(row["state"] == state for row in states))]
    lines = [f"Sources: {', '.join(counts)}."]
    for row in states:
        if row["state"] in ("ok", "unchanged"):
            continue
        since = f" since {row['since']}" if row["since"] else ""
        missing = f" Missing: {row['missing']}." if row["missing"] else ""
        lines.append(f"  {row['publisher']} {row['state']}{since}: {row['trouble']}{missing}"[:400])
    return "\n".join(lines)


# --- what the archive holds ---


def export_warc(store: Store, place: Path) -> int:
    """Write all harvests of all bodies as one WARC file, in order of run and body; how many records it has."""
    runs = {run: [slug for slug, mine in runs_of(store).items() if run in mine] for run in _all_runs(store)}
    rows = (
        row for run, slugs in runs.items() for slug in sorted(slugs) for row in decode(store.read(log_key(run, slug)))
    )
    with place.open("wb") as out:
        return write_warc(out, rows, lambda digest: store.read(archive_key(digest)), "The Local Pound")


def _all_runs(store: Store) -> list[str]:
    return sorted({run for runs in runs_of(store).values() for run in runs}, key=_order)


def manifests(store: Store, sources: Iterable[Source]) -> dict[str, list[Row]]:
    """Rows of the manifest of each body that anything is held of, corrections applied while their guards hold."""
    runs, found = runs_of(store), {}
    for source in sources:
        known = known_of(store, source.slug, runs.get(source.slug, []))
        rows = [row for row in manifest_of(source.slug, known) if not _left_out(row, known, source)]
        if rows:
            found[source.slug] = [_corrected(row, known, source) for row in rows]
    return found


def _holding(row: Row, known: dict[str, Row], source: Source) -> list[Correction]:
    """Corrections of a file whose guards hold."""
    found = []
    for correction in source.corrections:
        entry = known.get(correction.url)
        if entry and any(edition["sha256"] == row["sha256"] for edition in entry["editions"]):
            guard = correction.guard
            if guard.sha256 == row["sha256"] or (guard.text and guard.text == entry["text"]):
                found.append(correction)
    return found


def _left_out(row: Row, known: dict[str, Row], source: Source) -> bool:
    return any(correction.leave_out for correction in _holding(row, known, source))


def _corrected(row: Row, known: dict[str, Row], source: Source) -> Row:
    for correction in _holding(row, known, source):
        said = {"period": correction.period, "dataset": correction.dataset}
        row = row | {key: value for key, value in said.items() if value}
    return row
