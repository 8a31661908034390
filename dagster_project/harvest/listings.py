"""
Finds the files that a body publishes: one way for each kind of place.

Layouts: CKAN's action API (`package_show`, `package_search`, docs.ckan.org/en/latest/api), the GOV.UK content API
(content-api.publishing.service.gov.uk), feeds of data portals (`dcat`); pages by general rules (`signs`), never by rules about one body.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from string import Formatter
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from dagster_project.declare.sources import Listing
from dagster_project.harvest import dcat
from dagster_project.harvest.calendar import NAMES, heading_year, months_in, period_of
from dagster_project.harvest.pages import address, anchors
from dagster_project.harvest.signs import (
    FILE_ENDINGS,
    OTHER,
    SPENDING,
    TABLES,
    Anchor,
    Link,
    ending,
    is_file,
    is_paper,
    is_spending,
    link_of,
    may_be_spending,
    one_of_each,
)
from dagster_project.model.ids import COUNTED_KINDS
from dagster_project.model.periods import months_between, quarter

#: Pages of one listing that are looked at, at most.
MOST_PAGES = 120
#: Data sets in one answer of a catalogue.
AT_ONCE = 100
PAGED = re.compile(r"[?&](page|p|start|offset|pg)=\d+|/page/\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What a page or a catalogue said: where it was had, after redirects, and its bytes."""

    url: str
    data: bytes


#: Asks for a page (`page`) or an answer of a catalogue (`json`); `None` where it could not be had.
Ask = Callable[[str, str], Answer | None]


@dataclass
class Found:
    """
    What a listing gave.

    Attributes:
        pages: Addresses that were looked at.
        papers: How many links led to documents that no program can read as a table.
        missed: Addresses of pages that could not be had: the list may be short.
        trouble: Sentences.
    """

    links: list[Link] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    papers: int = 0
    missed: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    def ask(self, ask: Ask, url: str, want: str) -> Answer | None:
        """Ask, and note what came of it."""
        answer = ask(url, want)
        (self.pages if answer else self.missed).append(url)
        return answer


def discover(listing: Listing, ask: Ask, today: date) -> Found:
    """
    The files of one listing, each address once, in the order in which they are listed.

    Args:
        today: Periods that have not ended are not asked for.
    """
    found = Found()
    links = WAYS[listing.kind](listing, ask, found, today)
    kept: dict[str, Link] = {}
    for link in links:
        said = f"{link.text} {link.url}"
        if not listing.dataset and link.dataset not in COUNTED_KINDS:
            continue
        if listing.only and not re.search(listing.only, said):
            continue
        if listing.leave_out and re.search(listing.leave_out, said):
            continue
        kept.setdefault(link.url, link)
    found.links = one_of_each(kept.values())
    return found


def _pages(listing: Listing, ask: Ask, found: Found, _today: date) -> Iterator[Link]:
    """A page, pages below it down to a depth, and the further pages of each."""
    waiting, seen = [(listing.url, 0)], {listing.url}
    while waiting:
        if len(found.pages) >= MOST_PAGES:
            found.trouble.append(f"More than {MOST_PAGES} pages; the rest was not looked at.")
            return
        url, depth = waiting.pop(0)
        answer = found.ask(ask, url, "page")
        if answer is None:
            continue
        there = anchors(answer.data, answer.url)
        yield from _files(there, answer.url, listing, found)
        for anchor in there:
            step = 0 if _goes_on(anchor, url) else 1
            if anchor.url in seen or depth + step > int(listing.depth) or (step and not _leads_on(anchor, listing)):
                continue
            seen.add(anchor.url)
            waiting.append((anchor.url, depth + step))


def _files(there: Iterable[Anchor], page: str, listing: Listing, found: Found) -> Iterator[Link]:
    for anchor in there:
        if anchor.framed:
            continue
        if is_file(anchor):
            if is_spending(anchor) or (listing.dataset and may_be_spending(anchor)):
                yield link_of(anchor, page, listing.dataset)
        elif is_paper(anchor) and is_spending(anchor):
            found.papers += 1


def _goes_on(anchor: Anchor, page: str) -> bool:
    """Whether a link leads to the next part of the same page's list."""
    here, there = urlsplit(page), urlsplit(anchor.url)
    same = (here.netloc, here.path.rstrip("/")) == (there.netloc, there.path.rstrip("/"))
    return bool(same and PAGED.search(anchor.url))


def _leads_on(anchor: Anchor, listing: Listing) -> bool:
    """Whether a link leads to another page of the listing."""
    if ending(anchor.url) in FILE_ENDINGS or is_file(anchor) or is_paper(anchor):
        return False
    if listing.follow and re.search(listing.follow, f"{anchor.text} {anchor.url}"):
        return True
    here, there = urlsplit(listing.url), urlsplit(anchor.url)
    if here.netloc != there.netloc:
        return False
    below = there.path.startswith(f"{here.path.rstrip('/')}/")
    beside = there.path.startswith(f"{here.path.rstrip('/').rpartition('/')[0]}/") and here.path.count("/") > 1
    dated = bool(heading_year(anchor.text) or period_of(anchor.text))
    spending = bool(SPENDING.search(anchor.text)) and not OTHER.search(anchor.text)
    if anchor.framed:  # menus lead to the rest of the site, and sometimes to the years of this very list
        return below and dated
    return (below and (dated or spending)) or (beside and dated and (spending or _is_only_date(anchor.text)))


def _is_only_date(text: str) -> bool:
    words = re.sub(r"[^a-z ]", " ", text.lower()).split()
    return all(word in NAMES or word in ("financial", "year", "to", "and", "fy", "quarter") for word in words)


def _listed(listing: Listing, _ask: Ask, _found: Found, _today: date) -> Iterator[Link]:
    for url in listing.files:
        yield link_of(Anchor(address(url, url), ""), "", listing.dataset)


# --- addresses that follow the calendar ---


def _patterns(listing: Listing, _ask: Ask, _found: Found, today: date) -> Iterator[Link]:
    for period in periods(listing, today):
        urls = [fill(template, period) for template in (listing.url, *listing.variants)]
        first, *others = dict.fromkeys(address(url, url) for url in urls)
        yield Link(first, "", period, listing.dataset or "payments", "", (), tuple(others))


def periods(listing: Listing, today: date) -> list[str]:
    """Periods that a pattern is asked for, first to last; their length follows from its places."""
    places = {name for _, name, _, _ in Formatter().parse(listing.url) if name}
    ended = f"{today.year - (today.month == 1)}-{(today.month - 2) % 12 + 1:02d}"
    months = months_between(listing.first, min(listing.last or ended, ended))
    if places & {"mm", "m", "month", "Month", "MONTH", "mon", "Mon", "MON"}:
        return months
    quarters = places & {"q"} or any("first_" in p or "last_" in p or p.startswith(("First", "Last")) for p in places)
    spans = dict.fromkeys((quarter(month) or "")[: 10 if quarters else 7] for month in months)
    return [span for span in spans if months_in(span)[-1] <= ended]


def fill(template: str, period: str) -> str:
    """An address with a period in its places; of a quarter or a year, years and months are those of its end."""
    months = months_in(period)
    first, last = months[0], months[-1]
    start = int(quarter(last)[:4])  # type: ignore[index]
    values = {
        "yyyy": last[:4], "yy": last[2:4], "mm": last[5:], "m": str(int(last[5:])), "q": (quarter(last) or "")[-1],
        "fy": f"{start}-{(start + 1) % 100:02d}", "fy_long": f"{start}-{start + 1}",
        "fy_start": str(start), "fy_end": str(start + 1),
    }  # fmt: skip
    for place, month in (("", last), ("first_", first), ("last_", last)):
        name = NAMES[int(month[5:]) - 1]
        for long, word in (("month", name), ("mon", name[:3])):
            values[f"{place}{long}"] = word
            values[f"{place}{long}".capitalize()] = word.capitalize()
            values[f"{place}{long}".upper()] = word.upper()
    return template.format_map(values)


# --- catalogues ---


def _catalogue(listing: Listing, ask: Ask, found: Found, today: date) -> Iterator[Link]:
    root = listing.url.rstrip("/") + "/api/3/action/"
    if listing.package:
        answer = _json(ask, found, f"{root}package_show?{urlencode({'id': listing.package})}")
        packages = [answer["result"]] if _is_well(answer, found) else []
        if answer is None:  # CKAN's own robots.txt keeps programs out of its API, and lets them read the page
            page = urljoin(listing.url.rstrip("/") + "/", f"dataset/{listing.package}")
            inner = Listing(kind="links", url=page, dataset=listing.dataset, depth="0")
            yield from _pages(inner, ask, found, today)
    else:
        packages = list(_search(listing, ask, found, root))
    for package in packages:
        yield from _resources(package, listing, found)


def _search(listing: Listing, ask: Ask, found: Found, root: str) -> Iterator[dict[str, Any]]:
    """Every data set that a search gives, all pages of it."""
    start = 0
    while True:
        query = {"q": listing.search, "rows": str(AT_ONCE), "start": str(start)}
        if listing.organization:
            query["fq"] = f"organization:{listing.organization}"
        answer = _json(ask, found, f"{root}package_search?{urlencode({k: v for k, v in query.items() if v})}")
        if not _is_well(answer, found):
            return
        results = answer["result"].get("results", [])
        yield from results
        start += len(results)
        if not results or start >= int(answer["result"].get("count", 0)):
            return


def _resources(package: dict[str, Any], listing: Listing, found: Found) -> Iterator[Link]:
    title = str(package.get("title") or package.get("name") or "")
    page = urljoin(listing.url.rstrip("/") + "/", f"dataset/{package.get('name') or package.get('id')}")
    for resource in package.get("resources", []):
        url = address(listing.url, str(resource.get("url") or ""))
        text = " ".join(filter(None, (str(resource.get("name") or ""), str(resource.get("description") or ""))))[:300]
        anchor = Anchor(url, text, (title,))
        if not url or resource.get("state", "active") != "active":
            continue
        form = str(resource.get("format") or "").lower().lstrip(".")
        if form not in TABLES and ending(url) not in FILE_ENDINGS:
            found.papers += is_paper(anchor) or form == "pdf"
            continue
        if listing.package or is_spending(anchor):
            yield link_of(anchor, page, listing.dataset)


def _json(ask: Ask, found: Found, url: str) -> Any:
    return _parsed(found.ask(ask, url, "json"), url, found)


def _parsed(answer: Answer | None, url: str, found: Found) -> Any:
    if answer is None:
        return None
    try:
        return json.loads(answer.data)
    except ValueError:
        found.trouble.append(f"{url} answered, but not in JSON.")
        return None


def _is_well(answer: Any, found: Found) -> bool:
    """Whether a catalogue's answer is one; what it says is wrong is noted."""
    if answer is None:
        return False
    if not isinstance(answer, dict) or not answer.get("success") or not isinstance(answer.get("result"), dict):
        said = answer.get("error") if isinstance(answer, dict) else "no object"
        found.trouble.append(f"The catalogue says that it failed: {json.dumps(said)[:200]}")
        return False
    return True


# --- feeds ---


def _feed(listing: Listing, ask: Ask, found: Found, _today: date) -> Iterator[Link]:
    """Files of the data sets of a feed that a listing asks for."""
    answer = found.ask(ask, listing.url, "json")
    feed = _parsed(answer, listing.url, found)
    if answer is None or feed is None:
        return
    there = dcat.datasets(feed)
    if there is None:
        found.trouble.append(f"{listing.url} is no feed of DCAT-US 1.1: it has no list `dataset` of titled data sets.")
        return
    wanted = [dataset for dataset in there if dcat.is_asked_for(dataset, listing)]
    if there and not wanted:
        found.trouble.append(f"None of the feed's {len(there)} data sets is one that the source asks for.")
    for dataset in wanted:
        for anchor, is_table in dcat.files(dataset, answer.url):
            stated = listing.package or (listing.dataset and listing.search and may_be_spending(anchor))
            if not stated and not is_spending(anchor):
                continue
            if is_table:
                yield link_of(anchor, dcat.page_of(dataset, answer.url), listing.dataset)
            else:
                found.papers += 1


# --- GOV.UK ---


def _govuk(listing: Listing, ask: Ask, found: Found, _today: date) -> Iterator[Link]:
    """A publication, or the publications of a collection."""
    item = _json(ask, found, _content(listing.url))
    if not isinstance(item, dict):
        return
    yield from _attachments(item, listing, found)
    documents = item.get("links", {}).get("documents", []) if item.get("document_type") == "document_collection" else []
    for document in documents:
        title, path = str(document.get("title", "")), str(document.get("base_path", ""))
        if not path or document.get("withdrawn"):
            continue
        wanted = listing.follow and re.search(listing.follow, f"{title} {path}")
        if wanted or is_spending(Anchor(urljoin(listing.url, path), title)):
            inner = _json(ask, found, _content(urljoin(listing.url, path)))
            if isinstance(inner, dict):
                yield from _attachments(inner, listing, found)


def _content(url: str) -> str:
    """The address of a page's content in GOV.UK's content API."""
    path = urlsplit(url).path
    return urljoin(url, path if path.startswith("/api/content/") else f"/api/content{path}")


def _attachments(item: dict[str, Any], listing: Listing, found: Found) -> Iterator[Link]:
    """Files of a publication: from its attachments, else from the page's own text, as older ones have it."""
    details = item.get("details", {})
    title, page = str(item.get("title", "")), urljoin(listing.url, str(item.get("base_path", "")))
    there = [
        Anchor(address(page, str(one.get("url", ""))), str(one.get("title") or one.get("filename") or ""), (title,))
        for one in details.get("attachments", [])
        if isinstance(one, dict) and one.get("attachment_type", "file") == "file"
    ]
    if not there:
        parts = [part for part in details.get("documents", []) if isinstance(part, str) and "<" in part]
        parts.append(str(details.get("body") or ""))
        there = [Anchor(a.url, a.text, (title, *a.headings)) for a in anchors("".join(parts).encode(), page)]
    yield from _files(there, page, listing, found)


WAYS: dict[str, Callable[[Listing, Ask, Found, date], Iterator[Link]]] = {
    "links": _pages,
    "listed": _listed,
    "pattern": _patterns,
    "ckan": _catalogue,
    "dcat": _feed,
    "govuk": _govuk,
}
