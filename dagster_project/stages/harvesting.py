"""
From the places where bodies publish to archived bytes, with a log of every attempt.

A run that is killed goes on where it was: what is in the log of the same run is not asked again. A run is a day and a
number; the next one asks only whether what we have has changed.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import pandas as pd

from dagster_project.archive import archive_key
from dagster_project.archive.log import Row, decode, log_key, manifest_of
from dagster_project.archive.warc import write_warc
from dagster_project.declare.sources import Correction, Source
from dagster_project.harvest.fetching import Fetcher, host_of
from dagster_project.harvest.manners import Limits, PublicOnly, is_loopback
from dagster_project.harvest.status import STATES, status_of
from dagster_project.stages.asking import Diary, OutOfTime, harvest_source
from dagster_project.stages.plan import Plan
from dagster_project.stages.register_harvest import (
    LIMITS,
    declarations,
    harvest_registers,
    put_at_hand,
    registers_said,
)
from dagster_project.stages.runs import all_runs, close_run, known_of, last_asked, open_run, order_of, runs_of
from dagster_project.store import Store

#: Bodies that are asked at a time; many of them wait for their turn at a host that they share.
AT_ONCE = 48
#: The switch of tests: with it, this machine is reached, and nothing else.
LOCAL_WEB = "LOCAL_POUND_LOCAL_WEB"
#: Where a website's keeper can complain: said with every request.
CONTACT = "LOCAL_POUND_CONTACT"
#: Minutes after which no more is asked, for machines that are taken away; 0 asks nothing and builds from the archive.
MINUTES = "LOCAL_POUND_HARVEST_MINUTES"
#: Share of these minutes that registers may take.
FOR_REGISTERS = 0.25


def default_fetcher(limits: Limits | None = None) -> Fetcher:
    """Asks the public web; with the tests' switch this machine alone."""
    backend = PublicOnly(is_loopback) if os.environ.get(LOCAL_WEB) == "1" else None
    return Fetcher(limits, backend=backend, contact=os.environ.get(CONTACT, ""))


def harvest(
    store: Store, sources: Iterable[Source], fetcher: Fetcher, report: Any = None, at_once: int = AT_ONCE,
    minutes: float | None = None,
) -> list[Row]:  # fmt: skip
    """
    Ask every source, each once in this run; those first that were not asked for longest.

    Args:
        minutes: When to stop; what is left is asked first the next time.

    Returns:
        The state of each, by slug (`status_of`).
    """
    run = open_run(store, fetcher.clock.utc().date())
    runs, states, stop = runs_of(store), {}, threading.Event()
    deadline = float("inf") if minutes is None else fetcher.clock.now() + minutes * 60
    sources = list(sources)
    asked = {source.slug: order_of(last_asked(store, source.slug, runs.get(source.slug, ()))) for source in sources}
    shared = Counter(_first_host(source) for source in sources)
    # those with a website of their own first: who waits for a shared one would keep others from asking
    order = sorted(sources, key=lambda s: (asked[s.slug], shared[_first_host(s)], s.slug))

    def one(source: Source) -> Row:
        return {} if stop.is_set() else harvest_one(store, run, source, fetcher, runs.get(source.slug, []), deadline)

    with ThreadPoolExecutor(at_once) as pool:
        waiting = {pool.submit(one, source): source.slug for source in order}
        try:
            for done in as_completed(waiting):
                states[waiting[done]] = done.result()
                if report:
                    report("harvest", len(states), len(waiting), {}, True)
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    found = [states[slug] for slug in sorted(states)]
    write_tables(store, run, found)
    close_run(store, run)
    return found


def _first_host(source: Source) -> str:
    first = source.listings[0]
    return host_of(first.url or first.files[0])


def harvest_one(store: Store, run: str, source: Source, fetcher: Fetcher, runs: list[str], deadline: float) -> Row:
    """Ask one source what was not asked in this run yet; its state."""
    diary = Diary(store, run, source.slug, fetcher, known=known_of(store, source.slug, runs), deadline=deadline)
    if run in runs:
        diary.rows = decode(store.read(log_key(run, source.slug)))
    late = {}
    if not diary.is_done:
        try:
            harvest_source(diary, source)
        except OutOfTime:
            late = {
                "state": "partial",
                "trouble": "Not all was asked, since the time was up; the rest is asked first next time.",
            }
    return status_of(source, diary.rows, diary.known, diary.today) | late


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
        if store.exists(log_key(run, state["publisher"]))
        for row in decode(store.read(log_key(run, state["publisher"])))
        if row["purpose"] in ("robots", "listing", "file")
    ]
    store.write_frame("tables/harvest/sources.parquet", pd.DataFrame(states))
    store.write_frame("tables/harvest/attempts.parquet", pd.DataFrame(rows))


def ask(plan: Plan) -> None:
    """
    Ask for registers and the websites of a plan's bodies, as long as the time allows.

    Registers are not asked for where single bodies are built, or where a folder of them is given.
    """
    said = os.environ.get(MINUTES)
    minutes = float(said) if said else None
    if minutes == 0:
        return
    started = time.monotonic()
    if not plan.only and not plan.registers:
        fetcher = default_fetcher(LIMITS)
        run = open_run(plan.store, fetcher.clock.utc().date())
        try:
            harvest_registers(
                plan.store, run, declarations(plan), fetcher, minutes * FOR_REGISTERS if minutes else None
            )
        finally:
            fetcher.close()
    left = minutes and max(minutes - (time.monotonic() - started) / 60, 0)
    fetcher = default_fetcher()
    try:
        harvest(plan.store, plan.declared_sources, fetcher, plan.report, minutes=left)
    finally:
        fetcher.close()


def harvested(plan: Plan) -> dict[str, list[Row]]:
    """
    Ask the websites of a plan's bodies; the manifest of each body that anything is held of.

    What could not be had this time is in the archive from another time, or missing: the log and the states say which.
    """
    ask(plan)
    if not plan.registers:
        put_at_hand(plan.store, declarations(plan), plan.live_registers)
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
    lines = [registers] if (registers := registers_said(store)) else []
    lines.append(f"Sources: {', '.join(counts)}.")
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
    runs = {run: [slug for slug, mine in runs_of(store).items() if run in mine] for run in all_runs(store)}
    rows = (
        row for run, slugs in runs.items() for slug in sorted(slugs) for row in decode(store.read(log_key(run, slug)))
    )
    with place.open("wb") as out:
        return write_warc(out, rows, lambda digest: store.read(archive_key(digest)), "The Local Pound")


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
