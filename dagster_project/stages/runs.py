"""Runs of the harvest: a day and a number each, and what is known of addresses after them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dagster_project.archive.log import Row, decode, known_key, learn, log_key, saw_all
from dagster_project.store import Store

RUN = "archive/harvest/run.json"
#: Before all runs.
NEVER = "0000-00-00.0"


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


def close_run(store: Store, run: str) -> None:
    """All was asked in a run."""
    store.write_json(RUN, {"run": run, "open": False})


def order_of(run: str) -> tuple[str, int]:
    """By what runs are put in order."""
    return run[:10], int(run[11:])


def runs_of(store: Store) -> dict[str, list[str]]:
    """Runs in which each body and each register was asked, in order."""
    found: dict[str, list[str]] = {}
    for key in store.list("archive/harvest/log"):
        *_, run, name = key.split("/")
        found.setdefault(name.removesuffix(".jsonl"), []).append(run)
    return {publisher: sorted(runs, key=order_of) for publisher, runs in found.items()}


def all_runs(store: Store) -> list[str]:
    """Every run, in order."""
    return sorted({run for runs in runs_of(store).values() for run in runs}, key=order_of)


def last_asked(store: Store, publisher: str, runs: Iterable[str]) -> str:
    """The run in which a body was last asked, by its log or by what is known of it; `NEVER` where it was not."""
    try:
        through = str(store.read_json(known_key(publisher))["through"])
    except (FileNotFoundError, ValueError):
        through = NEVER
    return max([*runs, through], key=order_of)


def known_of(store: Store, publisher: str, runs: Iterable[str]) -> dict[str, Row]:
    """What is known of a body's addresses: what was written at the end of a run, and all rows since."""
    try:
        said = store.read_json(known_key(publisher))
    except (FileNotFoundError, ValueError):
        said = {"through": NEVER, "known": {}}
    known: dict[str, Row] = said["known"]
    for run in runs:
        if order_of(run) > order_of(said["through"]):
            learn(known, decode(store.read(log_key(run, publisher))))
    return known


def days_that_saw_all(store: Store, publisher: str, runs: Iterable[str]) -> list[str]:
    """
    Days of visits on which no file of a body could be missed, in order.

    By what was written down at the end of a run, and by the logs since: logs of long ago need not be at hand.
    """
    try:
        said = store.read_json(known_key(publisher))
    except (FileNotFoundError, ValueError):
        said = {}
    days = set(said.get("saw_all", ()))
    through = order_of(said["through"]) if "saw_all" in said else order_of(NEVER)
    days |= {
        run[:10] for run in runs if order_of(run) > through and saw_all(decode(store.read(log_key(run, publisher))))
    }
    return sorted(days)
