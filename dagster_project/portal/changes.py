"""What moved between the last release and this one: every figure that says something else, and payments by body."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
from lxml import etree
from lxml.builder import ElementMaker

from dagster_project.model.figures import may_say
from dagster_project.portal import facts, formats, words
from dagster_project.portal import page_words as said
from dagster_project.portal.site import Site, SiteFrames
from dagster_project.portal.stamp import Stamp

#: Rows of the page; the CSV has all.
SHOWN = 200
#: Where the feed of releases lies, and the names that its elements are of: RFC 4287.
FEED, ATOM = "changes/feed.xml", "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class Before:
    """
    The last release.

    Attributes:
        figures: Its table of figures, as published.
        version: Of its data package.
        payments: A row per body whose payments differ: `publisher`, how many payments it had and has (`was`, `is`), and
            their sums (`was_pence`, `is_pence`).
    """

    figures: pd.DataFrame
    version: str
    payments: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


def change_page(
    stamp: Stamp, frames: SiteFrames, bodies: Sequence[Mapping[str, Any]], before: Before | None
) -> dict[str, bytes]:
    """
    The page `changes/`, every figure that moved as CSV, and a feed; without a last release, a page that says so.

    The feed is there only where the portal has an address and its release a day: a feed cannot be without either.
    """
    measures = facts.declared(stamp.site)
    names = {body["slug"]: body for body in bodies}
    found = compared(before.figures, frames.figures, measures) if before else []
    rows = [row for row in found if row["publisher"] in names]
    moved = [row for row in rows if row["kind"] == "moved"]
    counts = {kind: sum(row["kind"] == kind for row in rows) for kind in ("moved", "new", "gone")}
    payments = [row for row in before.payments if row["publisher"] in names] if before else []
    has_feed = bool(stamp.site.address and stamp.site.release)
    page = stamp.page(
        "changes.html", "changes/", words.ABOUT, said.CHANGES_TITLE, said.CHANGES_ABOUT,
        has_feed=has_feed, before=before, names=names, measures=measures, counts=counts, moved=moved[:SHOWN], all_moved=len(moved),
        same=len(frames.figures) - counts["moved"] - counts["new"],
        payments=payments,
    )  # fmt: skip
    pages = {"changes/index.html": page}
    if has_feed:
        text = feed_text(before, counts, len(payments))
        pages = {"changes/index.html": _leads_to_feed(page), FEED: feed(stamp.site, text)}
    return pages | {"changes/changes.csv": _csv(rows)} if before else pages


def _leads_to_feed(page: bytes) -> bytes:
    """A page whose head names the feed, so that readers of feeds find it."""
    link = f'<link rel="alternate" type="application/atom+xml" title="{said.CHANGES_TITLE}" href="feed.xml">'
    return page.replace(b"</title>", b"</title>\n" + link.encode(), 1)


def feed_text(before: Before | None, counts: Mapping[str, int], bodies: int) -> str:
    """What moved, in a sentence or two."""
    if not before:
        return said.FEED_FIRST
    return said.FEED_MOVED.format(
        moved=formats.plural(counts["moved"], "figure says", "figures say"), before=before.version,
        new=formats.plural(counts["new"], "is", "are"), gone=formats.plural(counts["gone"], "is", "are"), bodies=formats.count(bodies),
    )  # fmt: skip


def feed(site: Site, text: str) -> bytes:
    """
    An Atom feed with this release as its one entry; see RFC 4287.

    The entry's id is made of the package's version and the release's day, so that the same release printed again is the
    same entry to a reader of feeds. Nothing in it is read off a clock.

    Args:
        site: Has an address, and a release.
        text: What moved.
    """
    make = ElementMaker(namespace=ATOM, nsmap={None: ATOM})
    there, place, day = urlsplit(site.address), site.address + "changes/", site.release[:10]
    updated = f"{day}T00:00:00Z"
    entry = make.entry(
        make.id(f"tag:{there.hostname},{day}:{there.path.strip('/')}/data-package/{site.version}"),
        make.title(said.FEED_ENTRY.format(version=site.version, day=formats.day(day))),
        make.updated(updated),
        make.link(rel="alternate", type="text/html", href=place),
        make.summary(text),
    )
    whole = make.feed(
        make.id(site.address + FEED), make.title(said.FEED_TITLE.format(site=words.SITE_NAME)), make.updated(updated),
        make.author(make.name(words.SITE_NAME)),
        make.link(rel="self", type="application/atom+xml", href=site.address + FEED),
        make.link(rel="alternate", type="text/html", href=place),
        entry,
    )  # fmt: skip
    return bytes(etree.tostring(whole, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def compared(
    before: pd.DataFrame, now: pd.DataFrame, measures: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """
    Figures that say something else than before, that are new, that are gone; unchanged ones are left out.

    Returns:
        `kind` (`moved`, `new`, `gone`), `figure_id`, `publisher`, `measure`, `period`, `was` and `is` in words, `surely`
        (`higher`, `lower`, or `""` where the ranges overlap), and both ends of both. Those that surely moved come first,
        then those whose ends moved most.
    """
    old, new = ({row["figure_id"]: row for row in facts.rows(frame)} for frame in (before, now))
    rows = []
    for figure_id in sorted({*old, *new}):
        was, now_is = old.get(figure_id), new.get(figure_id)
        known = now_is or was or {}
        unit = measures.get(known["measure"], {}).get("unit")
        if unit is None:
            continue
        texts = [_says(row, unit) for row in (was, now_is)]
        kind = "new" if was is None else "gone" if now_is is None else "moved" if texts[0] != texts[1] else ""
        if kind:
            ends = [_ends(row) for row in (was, now_is)]
            rows.append({
                "kind": kind, "figure_id": figure_id, "publisher": known["publisher"], "measure": known["measure"],
                "period": known["period"], "was": texts[0], "is": texts[1], "surely": _surely(*ends), "ends": ends,
                "far": _far(*ends),
            })  # fmt: skip
    return sorted(
        rows, key=lambda row: (not row["surely"], -row["far"], row["measure"], row["publisher"], row["period"])
    )


def _ends(row: Mapping[str, Any] | None) -> tuple[float, float] | None:
    """Both bounds, where the figure says something."""
    if row is None or row["status"] not in ("ok", "partial"):
        return None
    low, high = facts.number(row["low"]), facts.number(row["high"])
    return None if low is None or high is None else (low, high)


def _says(row: Mapping[str, Any] | None, unit: str) -> str:
    ends = _ends(row)
    return "" if row is None else formats.value_range(*ends, unit) if ends else words.NOT_KNOWN


def _surely(was: tuple[float, float] | None, now: tuple[float, float] | None) -> str:
    """Whether a figure is surely higher or lower than before; `""` where the ranges meet or one says nothing."""
    found = may_say(now, was) if was and now else ""
    return found if found in ("higher", "lower") else ""


def _far(was: tuple[float, float] | None, now: tuple[float, float] | None) -> float:
    """How far the ends moved, as a part of the larger of them."""
    if not was or not now:
        return 0.0
    size = max(abs(end) for end in (*was, *now))
    return max(abs(now[0] - was[0]), abs(now[1] - was[1])) / size if size else 0.0


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(
        ["change", "figure_id", "publisher", "measure", "period", "low_before", "high_before", "low", "high", "surely"]
    )
    for row in rows:
        ends = ["" if end is None else repr(end) for pair in row["ends"] for end in (pair or (None, None))]
        write.writerow([row["kind"], row["figure_id"], row["publisher"], row["measure"], row["period"],
                        *ends, row["surely"]])  # fmt: skip
    return out.getvalue().encode()
