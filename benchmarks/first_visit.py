"""
What a first visit on a phone loads, page by page, of a build's portal.

    .venv/bin/python -m benchmarks.first_visit [OUT]

Compressed bytes, fonts as they are, of the files that the browser asked for. Prints Markdown; the journeys hold the same
figures to the budgets of the design.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.journeys.conftest import chromium, serving
from tests.journeys.page_types import PAGES
from tests.journeys.test_gates import first_visit

SHOWN = ("home", "find", "body", "year of a body", "payments", "league of shares", "league of a year", "supplier", "beside others",
         "compare", "map", "query", "about")  # fmt: skip


def main() -> None:
    """Visit, weigh and print."""
    portal = Path(sys.argv[1] if sys.argv[1:] else "build") / "portal"
    print("| page | HTML, KB | all, KB | requests |\n| --- | ---: | ---: | ---: |")
    with serving(portal) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for name in SHOWN:
            sizes = list(first_visit(browser, address, portal, PAGES[name]).values())
            print(f"| {name} | {sizes[0] / 1000:.1f} | {sum(sizes) / 1000:.0f} | {len(sizes)} |")
        browser.close()


if __name__ == "__main__":
    main()
