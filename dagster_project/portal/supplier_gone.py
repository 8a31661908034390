"""What stands at the address of a supplier that had a page once and has none now: an address never leads nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dagster_project.portal import formats, words
from dagster_project.portal import supplier_words as said_of
from dagster_project.portal.site import Shell, Site
from dagster_project.portal.stamp import Stamp
from dagster_project.portal.suppliers import LETTERS, address


def gone_pages(site: Site, shell: Shell, gone: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, bytes]]:
    """
    Path from the portal's root and bytes of a short page for each supplier that lost its own.

    Args:
        gone: `supplier_id`, `why` (a key of `supplier_words.GONE`), and of those that are still paid their row of
            `suppliers`.
    """
    stamp = Stamp(site, shell)
    for row in gone:
        supplier = row["supplier_id"]
        _, noun, number, _ = said_of.register_entry(supplier)
        name = formats.published(row.get("name") or f"{noun} {number}", LETTERS)
        yield f"{address(supplier)}index.html", stamp.page(
            "supplier_gone.html", address(supplier), words.SUPPLIERS, name, said_of.GONE_ABOUT.format(name=name),
            name=name, entry=f"{noun} {number}", row=row, why=said_of.GONE[row["why"]], said=said_of,
        )  # fmt: skip
