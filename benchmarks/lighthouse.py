"""
What Lighthouse says of one page of each type of the sample's portal, served compressed, as a host would.

    make lighthouse                                   accessibility, best practices and SEO must be 100
    .venv/bin/python -m benchmarks.lighthouse --out build --goes 3    performance too, the median of three goes

Prints Markdown. The three scores that must be 100 do not depend on the machine; performance does.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.journeys.page_types import PAGES

HOUSE = Path(__file__).parents[1]
LIGHTHOUSE = HOUSE / "build/tools/lighthouse/node_modules/lighthouse/cli/index.js"
MUST = ("accessibility", "best-practices", "seo")
#: Written pages are one type: the others of it are left out.
LEFT_OUT = ("range", "corrections", "contribute", "authorities", "accessibility", "privacy", "takedown")
PAINT, SHIFT, BLOCKING = "largest-contentful-paint", "cumulative-layout-shift", "total-blocking-time"


class Compressed(SimpleHTTPRequestHandler):
    """Serves a folder as a host of static pages does: text compressed, files with a hash in their name kept."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a file, or say that it is not there."""
        path = Path(self.translate_path(self.path))
        file = path / "index.html" if path.is_dir() else path
        if not file.is_file():
            self.send_error(404)
            return
        data = file.read_bytes()
        is_packed = file.suffix in (".woff2", ".png", ".parquet", ".wasm")
        data = data if is_packed else gzip.compress(data, mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)) + ("" if is_packed else "; charset=utf-8"))
        self.send_header("Cache-Control", f"max-age={31_536_000 if file.parent.name == 'assets' else 600}")
        self.send_header("Content-Length", str(len(data)))
        if not is_packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def look(url: str, categories: tuple[str, ...]) -> dict[str, Any]:
    """One go of Lighthouse: its report."""
    node = Path(sys.executable).parent / "node"
    chrome = os.environ.get("CHROMIUM") or (HOUSE / "build/tools/chromium").read_text(encoding="utf-8").strip()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [node, LIGHTHOUSE, url, "--output=json", f"--output-path={report}", "--quiet", f"--only-categories={','.join(categories)}",
                   "--chrome-flags=--headless=new --no-sandbox"]  # fmt: skip
        subprocess.run([*map(str, command)], check=True, env={**os.environ, "CHROME_PATH": chrome})
        found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def scores(report: dict[str, Any]) -> dict[str, int]:
    """Points of each category, 0 to 100."""
    return {name: round((told["score"] or 0) * 100) for name, told in report["categories"].items()}


def faults(report: dict[str, Any]) -> list[str]:
    """What kept a category that must be 100 below it."""
    audits = report["audits"]
    return [
        f"{name}: {audits[ref['id']]['title']}"
        for name in MUST
        for ref in report["categories"][name]["auditRefs"]
        if ref["weight"] and audits[ref["id"]]["score"] not in (None, 1)
    ]


def row(name: str, address: str, goes: int) -> tuple[str, list[str]]:
    """A line of the table, and what is wrong with the page."""
    reports = [look(address, (*MUST, "performance") if goes else MUST) for _ in range(max(goes, 1))]
    found = [scores(report) for report in reports]
    cells = [name, *(str(min(one[category] for one in found)) for category in MUST)]
    if goes:
        middle = {part: statistics.median(report["audits"][part]["numericValue"] for report in reports)
                  for part in (PAINT, SHIFT, BLOCKING)}  # fmt: skip
        cells += [f"{statistics.median(one['performance'] for one in found):.0f}", f"{middle[PAINT] / 1000:.1f}",
                  f"{middle[SHIFT]:.3f}", f"{middle[BLOCKING]:.0f}"]  # fmt: skip
    return f"| {' | '.join(cells)} |", [f"{name}: {fault}" for report in reports[:1] for fault in faults(report)]


def main() -> None:
    """Look at one page of each type; end with 1 where a score that must be 100 is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default="build", help="Where the build lies.")
    parser.add_argument("--goes", type=int, default=0, help="Goes of performance; none by default.")
    parser.add_argument(
        "--only", nargs="*", default=[], help="Types of page, as tests/journeys/page_types.py names them."
    )
    told = parser.parse_args()
    handler = partial(Compressed, directory=f"{told.out}/portal")
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    head = ["page", *MUST] + (["performance", "largest paint, s", "shift", "blocking, ms"] if told.goes else [])
    print(f"| {' | '.join(head)} |\n| --- |{' ---: |' * (len(head) - 1)}", flush=True)
    wrong = []
    for name, path in PAGES.items():
        if name in told.only or (not told.only and name not in LEFT_OUT):
            line, found = row(name, f"http://127.0.0.1:{server.server_port}/{path}", told.goes)
            print(line, flush=True)
            wrong += found
    server.shutdown()
    if wrong:
        sys.exit("\n".join(["Below 100:", *wrong]))


if __name__ == "__main__":
    main()
