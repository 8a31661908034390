"""An invented body, its site and its source, and the ways in which tests harvest it."""

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

from local_web import FastClock, page
from warcio.archiveiterator import ArchiveIterator

from dagster_project.archive.log import decode, log_key
from dagster_project.declare.sources import Source
from dagster_project.stages.harvesting import harvest, manifests

HOST = "northbeck.test"
HOUSE = Path(__file__).parents[2]


def csv_of(month, pounds="1204.50"):
    return f"Supplier,Date,Amount\r\nAcme Care Ltd,14/{month:02d}/2025,{pounds}\r\nBeck Ltd,15/{month:02d}/2025,700\r\n".encode()


def listing(*months, title="Spending over £500"):
    links = "".join(f'<li><a href="/f/spend-{m:02d}-2025.csv">Spend {m:02d}/2025</a></li>' for m in months)
    return page(f"<!DOCTYPE html><html><body><h1>{title}</h1><ul>{links}</ul></body></html>".encode())


def source(web, slug="northbeck", **more):
    said = {"kind": "links", "url": web.url(HOST, "/spend")}
    return Source(**{"slug": slug, "listings": [said], "evidence": "Invented.", "verified": "never"} | more)


def run(web, store, *sources, day="2025-04-30", **options):
    fetcher = web.fetcher(FastClock(day), **options)
    states = harvest(store, sources, fetcher)
    fetcher.close()
    return {state["publisher"]: state for state in states}


def held(store, *sources):
    return {name: [(row["name"], row["retrieved"]) for row in rows] for name, rows in manifests(store, sources).items()}


def log_rows(store, run_, slug="northbeck"):
    return decode(store.read(log_key(run_, slug)))


def read_warc(data):
    for record in ArchiveIterator(BytesIO(data)):
        if record.rec_type != "warcinfo":
            yield record.rec_headers["WARC-Target-URI"], record.rec_type, record.content_stream().read()


def live(*arguments, check=True):
    settings = {**os.environ, "LOCAL_POUND_LOCAL_WEB": "1", "DAGSTER_DISABLE_TELEMETRY": "1", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "dagster_project.cli", *map(str, arguments)]
    done = subprocess.run(command, cwd=HOUSE, env=settings, capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


def declare(folder, web, slug="northbeck"):
    """What CONTRIBUTING asks of a new publisher: its row, and one file."""
    folder.mkdir()
    (folder / "publishers.csv").write_text(
        f"slug,name,kind,lad_code,region\n{slug},Northbeck Council,district,E07000999,TLD\n"
    )
    (folder / f"{slug}.yaml").write_text(
        f"slug: {slug}\nlistings:\n  - kind: links\n    url: {web.url('127.0.0.1', '/spend')}\nevidence: Invented.\nverified: never\n"
    )
    return folder
