"""How much room the portal has for suppliers: GitHub Pages take a gigabyte, and bodies and downloads need their part."""

from __future__ import annotations

#: Bytes of suppliers' pages in all, and of one that many bodies pay; `benchmarks/portal.md` has what was measured.
PAGES_AT_MOST, A_PAGE = 240_000_000, 24_000
#: How many suppliers have a page: those paid most.
PAGES = PAGES_AT_MOST // A_PAGE
#: Bytes of suppliers' files of payments in all.
FILES_AT_MOST = 100_000_000
#: Bytes of a row of such a file; the size from which a file is packed; how many times smaller it is then.
A_ROW, PLAIN, PACKING = 320, 100_000, 6
