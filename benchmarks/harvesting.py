"""
Harvest 400 sources of 12 files from a web of our own with 5 % faults, again unchanged, and once with 20 kills.

    .venv/bin/python benchmarks/harvesting.py [SOURCES]

Prints what was had, what each fault was recorded as, the pace that each host saw, bytes moved, and whether kills lost or
doubled anything. The figures are in benchmarks/harvesting.md.
"""

# ruff: noqa: E402 - the local web lies with the tests

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime
from itertools import pairwise
from pathlib import Path

HOUSE = Path(__file__).parents[1]
sys.path.insert(0, str(HOUSE / "tests" / "harvest"))

from local_web import (
    ERROR_PAGE,
    WALL_PAGE,
    FastClock,
    LocalWeb,
    Page,
    bomb,
    cut_short,
    dripping,
    failing,
    moved,
    page,
    silent,
)

from dagster_project.archive.log import decode, log_key
from dagster_project.declare.sources import Source
from dagster_project.harvest.fetching import Fetcher
from dagster_project.harvest.manners import Clock, Limits, PublicOnly, is_loopback
from dagster_project.stages.harvesting import archive_key, harvest, manifests, runs_of
from dagster_project.store import Store

FILES, SIZE, SHARE, KILLS = 12, 30_000, 0.05, 20
#: A website of the benchmark is asked five times a second; a real one once. Waits shrink alike.
LIMITS = Limits(delay=0.2, backoff=0.3, patience=5, whole=8, read=8, largest=2_000_000)
#: What a site does, and what must be recorded of it. `had` after trouble is a fault that patience mends.
FAULTS = {
    "404": (lambda _: Page(b"", status=404), "gone"),
    "200 with an error page": (lambda _: page(ERROR_PAGE), "page-instead"),
    "cookie wall": (lambda _: page(WALL_PAGE), "cookie-wall"),
    "cut short for good": (lambda data: cut_short(data=data), "truncated"),
    "cut short once": (lambda data: cut_short(times=1, data=data), "had"),
    "429 with Retry-After": (lambda data: failing(1, 429, {"Retry-After": "1"}, data), "had"),
    "503 twice": (lambda data: failing(2, 503, data=data), "had"),
    "500 for good": (lambda data: failing(999, 500, data=data), "broken"),
    "redirect loop": (lambda _: moved("/loop"), "redirect-loop"),
    "cookie loop": (lambda _: moved("/cookie"), "cookie-wall"),
    "gzip bomb": (lambda _: bomb(9_000_000), "too-large"),
    "slow drip": (lambda _: dripping(20, 0.05), "too-slow"),
    "empty": (lambda _: Page(b""), "empty"),
    "hangs up": (lambda _: silent(), "no-connection"),
    "into a private network": (lambda _: moved("http://10.0.0.1/"), "not-public"),
    "to a name that is nobody's": (lambda _: moved("http://nowhere.invalid/"), "no-address"),
    "forbidden by robots.txt": (Page, "robots"),
}


def invented(source: int, month: int) -> bytes:
    """A file of invented payments, the same each time."""
    dice = random.Random(source * 100 + month)
    lines = (
        f"Payee {dice.randrange(10**9)} Ltd,{day:02d}/{month:02d}/2025,{dice.randrange(50000, 10**7) / 100:.2f}"
        for day in range(1, 29)
    )
    text = "Supplier,Date,Amount\r\n" + "\r\n".join(lines) + "\r\n"
    return (text * (SIZE // len(text) + 1))[:SIZE].encode()


def sources(count: int, port: int) -> list[Source]:
    """The declarations of so many sites."""
    return [
        Source(
            slug=f"site-{n:03d}", evidence="Invented.", verified="never",
            listings=[{"kind": "links", "url": f"http://site-{n:03d}.test:{port}/spend"}],
        )
        for n in range(count)
    ]  # fmt: skip


def build_web(web: LocalWeb, count: int) -> dict[str, tuple[str, str]]:
    """Sites and their faults; address to the fault's name and what must be recorded."""
    dice = random.Random(16)
    places = [(n, month) for n in range(count) for month in range(1, FILES + 1)]
    chosen = dice.sample(places, round(len(places) * SHARE))
    faulty = {place: list(FAULTS)[number % len(FAULTS)] for number, place in enumerate(chosen)}
    faults = {}
    for n in range(count):
        host, pages, forbidden = f"site-{n:03d}.test", {}, []
        links = "".join(
            f'<li><a href="/f/spend-{m:02d}-2025.csv">Spend {m:02d}/2025</a></li>' for m in range(1, FILES + 1)
        )
        for month in range(1, FILES + 1):
            path, name = f"/f/spend-{month:02d}-2025.csv", faulty.get((n, month), "")
            data = invented(n, month)
            pages[path] = FAULTS[name][0](data) if name else Page(data)
            if name:
                faults[web.url(host, path)] = (name, FAULTS[name][1])
            if name == "forbidden by robots.txt":
                forbidden.append(f"Disallow: {path}\n")
        pages["/spend"] = Page(
            f"<html><body><h1>Spending over £500</h1><ul>{links}</ul></body></html>".encode(), "text/html"
        )
        pages["/loop"], pages["/cookie"] = moved("/loop"), moved("/cookie", headers={"Set-Cookie": "a=1"})
        pages["/robots.txt"] = Page(f"User-agent: *\n{''.join(forbidden)}".encode(), "text/plain")
        web.site(host, pages)
    return faults


def child(out: str, count: int, port: int, day: str) -> None:
    """One harvest, in a process of its own that can be killed."""

    class Today(Clock):
        def utc(self) -> datetime:
            """That day."""
            return FastClock(day).utc()

    web = LocalWeb.__new__(LocalWeb)
    web.sites, web.private = {f"site-{n:03d}.test": {} for n in range(count)}, {}
    fetcher = Fetcher(LIMITS, Today(), PublicOnly(is_loopback, web.resolve))
    print("begun", flush=True)
    harvest(Store(out), sources(count, port), fetcher, at_once=64)
    print("ended", flush=True)


def start(out: Path, count: int, port: int, day: str) -> subprocess.Popen[str]:
    """Begin a harvest in a process of its own."""
    command = [sys.executable, __file__, "--child", str(out), str(count), str(port), day]
    began = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HOUSE)
    assert began.stdout
    assert began.stdout.readline() == "begun\n"
    return began


def finish(running: subprocess.Popen[str]) -> None:
    """Wait for its end."""
    assert running.stdout
    assert running.stdout.readline() == "ended\n", "the harvest failed"
    running.wait()


def rows_of(out: Path, run: str) -> list[dict]:
    """The log of a run, all bodies."""
    store = Store(str(out))
    return [
        row for slug, runs in runs_of(store).items() if run in runs for row in decode(store.read(log_key(run, slug)))
    ]


def held(out: Path, count: int, port: int) -> dict[str, str]:
    """Address to hash of all that is held, each looked at in the archive."""
    store, found = Store(str(out)), {}
    for rows in manifests(store, sources(count, port)).values():
        for row in rows:
            assert row["source_url"] not in found, "a file is held twice"
            assert store.sha256(archive_key(row["sha256"])) == row["sha256"]
            found[row["source_url"]] = row["sha256"]
    return found


def pace(web: LocalWeb) -> tuple[float, int]:
    """Shortest pause between two requests to one host, and how many requests overlapped one another."""
    by_host: dict[str, list] = {}
    for asked in sorted(web.asked, key=lambda one: one.began):
        by_host.setdefault(asked.host, []).append(asked)
    pauses = [later.began - earlier.began for those in by_host.values() for earlier, later in pairwise(those)]
    return min(pauses), sum(pause <= 0 for pause in pauses)


def judge(out: Path, faults: dict[str, tuple[str, str]], count: int, port: int) -> dict:
    """What the first harvest came to."""
    rows = rows_of(out, "2026-04-30.1")
    last = {row["url"]: row["outcome"] for row in rows if row["purpose"] == "file" and row["last"]}
    wrong = {url: (name, last.get(url)) for url, (name, outcome) in faults.items() if last.get(url) != outcome}
    found = held(out, count, port)
    could = {url for url in last if faults.get(url, ("", "had"))[1] == "had"}
    return {
        "files listed": len(last), "could be had": len(could), "held": len(found),
        "missing": len(could - set(found)), "not expected": len(set(found) - could),
        "faults": len(faults), "recorded otherwise": wrong, "attempts": len(rows),
        "outcomes": dict(sorted(Counter(row["outcome"] for row in rows if row.get("outcome")).items())),
    }  # fmt: skip


def main(count: int) -> None:
    """Measure."""
    web, place = LocalWeb(), Path(tempfile.mkdtemp())
    faults = build_web(web, count)
    began = time.monotonic()
    finish(start(place / "a", count, web.port, "2026-04-30"))
    took, first = time.monotonic() - began, web.moved
    report = judge(place / "a", faults, count, web.port)
    shortest, overlapping = pace(web)
    served = Counter((one.host, one.path) for one in web.asked)
    twice = sum(
        times > 1
        for (host, path), times in served.items()
        if path.startswith("/f/") and web.url(host, path) not in faults
    )
    report |= {"seconds": round(took, 1), "bytes moved": first, "asked twice without need": twice,
               "shortest pause": round(shortest, 3), "overlapping": overlapping, "requests": len(web.asked)}  # fmt: skip
    print(json.dumps(report, indent=1))

    well = held(place / "a", count, web.port)
    before = web.moved
    began = time.monotonic()
    finish(start(place / "a", count, web.port, "2026-05-07"))
    again = [row for row in rows_of(place / "a", "2026-05-07.1") if row["purpose"] != "robots"]
    clean = sum(row.get("wire", 0) for row in again if row.get("url") and row["url"] not in faults)
    print(json.dumps({"again, seconds": round(time.monotonic() - began, 1), "bytes moved": web.moved - before,
                      "of that for addresses without a fault": clean, "share of the first": round((web.moved - before) / first, 5),
                      "share without faults": round(clean / first, 5)}, indent=1))  # fmt: skip

    with web.lock:
        web.counts.clear()
    dice, kills = random.Random(20), 0
    for _ in range(KILLS):
        running = start(place / "b", count, web.port, "2026-04-30")
        time.sleep(dice.uniform(0.05, took / 12))
        if running.poll() is None:
            running.send_signal(signal.SIGKILL)
            kills += 1
        running.wait()
    finish(start(place / "b", count, web.port, "2026-04-30"))
    after = held(place / "b", count, web.port)
    rows = rows_of(place / "b", "2026-04-30.1")
    finals = Counter(row["url"] for row in rows if row["purpose"] == "file" and row["last"])
    print(json.dumps({"kills": kills, "held alike": after == well, "lost": len(set(well) - set(after)),
                      "runs": sorted({row["run"] for row in rows}), "addresses answered twice": sum(n > 1 for n in finals.values())}, indent=1))  # fmt: skip
    web.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 400)
