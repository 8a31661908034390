"""How much room the portal has for suppliers and for lines of payments: GitHub Pages take a gigabyte, and all else needs its part."""

from __future__ import annotations

#: Bytes of suppliers' pages in all, and of one that many bodies pay; `benchmarks/portal.md` has what was measured.
PAGES_AT_MOST, A_PAGE = 240_000_000, 24_000
#: How many suppliers have a page: those paid most.
PAGES = PAGES_AT_MOST // A_PAGE
#: Bytes of suppliers' files of payments in all.
FILES_AT_MOST = 100_000_000
#: Bytes of a row of such a file; the size from which a file is packed; how many times smaller it is then.
A_ROW, PLAIN, PACKING = 320, 100_000, 6
#: Bytes of pages of a year's largest payments in all; of one payment on them.
LINES_AT_MOST, A_LINE = 140_000_000, 700
#: How many payments such a page may show: the most that there is room for, in steps, so that it rarely changes.
LINES = (200, 100, 50, 25)


def lines_shown(pages: int) -> int:
    """How many payments each of so many pages of a year's largest payments shows."""
    return next((lines for lines in LINES if pages * lines * A_LINE <= LINES_AT_MOST), LINES[-1])
