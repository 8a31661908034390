"""Asks one body for its files: each address once in a run, every answer in the log, the bytes in the archive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from dagster_project.archive import archive_key
from dagster_project.archive.log import Row, encode, known_key, learn, log_key
from dagster_project.declare.sources import Source
from dagster_project.harvest.calendar import period_of
from dagster_project.harvest.fetching import Attempt, Fetcher, host_of, stamp
from dagster_project.harvest.listings import Answer, Found, discover
from dagster_project.harvest.outcomes import WELL
from dagster_project.harvest.signs import Link, file_name
from dagster_project.model.ids import sha256
from dagster_project.stages.runs import days_that_saw_all
from dagster_project.store import Store

#: A file whose website cannot say whether it changed, and an address that was never there, are asked for again after
#: so many days.
PATIENCE = 28
#: How often an address is tried that failed in an earlier run too.
AGAIN = 2


class OutOfTime(Exception):
    """The time of this run is up; what is left is asked in the next."""


@dataclass
class Diary:
    """
    The log of one body, or of one register, in one run, and what is known of its addresses.

    Attributes:
        slug: Whose log it is.
        rows: What happened in this run so far, also before a kill.
        deadline: When to stop, by the fetcher's clock.
    """

    store: Store
    run: str
    slug: str
    fetcher: Fetcher
    rows: list[Row] = field(default_factory=list)
    known: dict[str, Row] = field(default_factory=dict)
    deadline: float = float("inf")

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
        self.rows.append({"run": self.run, "publisher": self.slug, "number": len(self.rows) + 1, **row})

    def save(self) -> None:
        """Write the log, whole."""
        self.store.write(log_key(self.run, self.slug), encode(self.rows))

    def note(self, purpose: str, **more: Any) -> None:
        """A row of our own."""
        self.add({"purpose": purpose, "at": stamp(self.fetcher.clock.utc()), **more})

    def end(self) -> None:
        """All was asked: close the log, and write down what is known now."""
        if not self.is_done:
            self.note("end")
        self.save()
        days = days_that_saw_all(self.store, self.slug, [self.run])
        self.store.write_json(known_key(self.slug), {"through": self.run, "known": self.known, "saw_all": days})

    def answered(self, url: str) -> Row | None:
        """The last row of an address that was asked in this run already."""
        return next((row for row in reversed(self.rows) if row.get("url") == url and row.get("last")), None)

    def ask(self, url: str, want: str, **more: Any) -> Row:
        """
        Ask for an address, once in a run; its last row.

        Raises:
            OutOfTime: it was not asked.
        """
        if (before := self.answered(url)) is not None:
            return before
        if self.fetcher.clock.now() > self.deadline:
            raise OutOfTime
        entry = self.known.get(url, {})
        purpose = "file" if want == "file" else "listing"
        attempts: list[Attempt] = []
        tries = AGAIN if entry.get("failed", "") and entry["failed"] < self.run[:10] else 0
        last = self.fetcher.fetch(url, attempts.append, entry.get("validators"), want, tries)
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


def harvest_source(diary: Diary, source: Source) -> None:
    """Look at every listing of one body, and have what is new or changed."""
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
    learn(diary.known, [row for row in diary.rows if row["purpose"] == "list"])
    diary.end()


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
        if diary.answered(url) is None and need_not_ask(diary.known.get(url), diary.today):
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
    return period_of(file_name(link.url).rpartition(".")[0] or file_name(link.url))


def need_not_ask(entry: Row | None, today: date) -> bool:
    """Whether an address is asked another day: its website cannot say what changed, or has nothing there."""
    if entry is None:
        return False
    recent = (today - timedelta(days=PATIENCE)).isoformat()
    if entry["editions"]:
        return not entry["validators"] and not entry["failed"] and entry["checked"] > recent
    return bool(entry["outcome"] == "gone" and entry["asked"] > recent and entry["failed"] < entry["asked"])
