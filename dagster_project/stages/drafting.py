"""Drafts a source file from a page or a file, and says what it was unsure of."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from dagster_project.declare.publishers import Publisher
from dagster_project.declare.sources import Listing
from dagster_project.harvest.calendar import months_in, period_of
from dagster_project.harvest.contents import is_page
from dagster_project.harvest.dcat import is_feed
from dagster_project.harvest.fetching import Attempt, Fetcher
from dagster_project.harvest.listings import Answer, Found, discover, fill
from dagster_project.harvest.outcomes import OUTCOMES, WELL
from dagster_project.harvest.signs import FILE_ENDINGS, Link, ending, file_name

#: Shares of links above which a doubt is said.
MANY = 0.2


class CannotDraft(Exception):
    """Nothing can be drafted; the message says why and what to do."""


@dataclass(frozen=True)
class Draft:
    """
    A source file to be looked over by a person.

    Attributes:
        text: The file.
        seen: What was found, sentences.
        unsure: What to look at, sentences.
    """

    slug: str
    text: str
    seen: tuple[str, ...]
    unsure: tuple[str, ...]


def draft(url: str, publishers: Mapping[str, Publisher], fetcher: Fetcher, slug: str = "") -> Draft:
    """
    Look at an address and draft the source file of the body whose website it is on.

    Args:
        slug: The body, where the website does not tell.

    Raises:
        CannotDraft: the body is not known, or the address gives nothing.
    """
    slug = slug or owner(url, publishers.values())
    if slug not in publishers:
        raise CannotDraft(
            f"It is not clear whose {url} is. Say it: local-pound add-source {url} --publisher SLUG, with a slug of "
            "datapackages/publishers.csv."
        )
    listing, links, found = look(url, fetcher)
    unsure = [*doubts(links, found), *guesses(listing)]
    every = rhythm(links)
    if not every and links:
        unsure.append("How often the body publishes could not be told: add `expect: {every: month}` if you know.")
    lines = [f"slug: {slug}", "listings:", f"  - kind: {listing.kind}"]
    said = {key: getattr(listing, key) for key in ("url", "package", "first")}
    lines.extend(f"    {key}: {quoted(value)}" for key, value in said.items() if value)
    lines.extend(["    files:", *(f"      - {quoted(file)}" for file in listing.files)] if listing.files else [])
    lines.extend([f"expect: {{every: {every}}}"] if every else [])
    day = fetcher.clock.utc().date().isoformat()
    lines.extend([f"evidence: Looked at on {day}; {len(links)} files were listed.", "verified: never"])
    lines.extend(f"# unsure: {sentence}" for sentence in unsure)
    return Draft(slug, "\n".join(lines) + "\n", tuple(seen(links)), tuple(unsure))


def owner(url: str, publishers: Iterable[Publisher]) -> str:
    """The slug of the one living body whose website an address is on; `""` for none or several."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    found = []
    for publisher in publishers:
        parts = urlsplit(publisher.website)
        mine = (parts.hostname or "").removeprefix("www.")
        page = parts.path.strip("/")
        if mine and not publisher.end and (host == mine or host.endswith(f".{mine}")) and not page:
            found.append(publisher.slug)
    return found[0] if len(found) == 1 else ""


def look(url: str, fetcher: Fetcher) -> tuple[Listing, list[Link], Found]:
    """What kind of place an address is, and the files found there."""
    listing = kind_of(url)
    attempts: dict[str, Attempt] = {}

    def ask(page: str, want: str) -> Answer | None:
        last = attempts[page] = fetcher.fetch(page, lambda _: None, want=want)
        return Answer(last.final_url, last.data) if last.outcome in WELL else None

    if listing.kind == "links":
        first = ask(url, "page")
        if first is None:
            raise CannotDraft(f"{url}: {OUTCOMES[attempts[url].outcome].title}. {attempts[url].error}".strip())
        if is_feed(first.data):
            listing = Listing(kind="dcat", url=url)
        elif not is_page(first.data):
            listing = Listing(kind="listed", files=(url,))
    found = discover(listing, ask, fetcher.clock.utc().date())
    if not found.pages and found.missed:
        last = attempts[found.missed[0]]
        raise CannotDraft(f"{found.missed[0]}: {OUTCOMES[last.outcome].title}. {last.error}".strip())
    if listing.kind == "listed" and (pattern := pattern_of(url, fetcher.clock.utc().date())):
        listing = pattern
    return listing, found.links, found


def kind_of(url: str) -> Listing:
    """The kind of place, from its address."""
    parts = urlsplit(url)
    if ending(url) in FILE_ENDINGS:
        return Listing(kind="listed", files=(url,))
    if parts.hostname == "www.gov.uk" and parts.path.startswith("/government/"):
        return Listing(kind="govuk", url=url)
    dataset = re.fullmatch(r"(.*)/dataset/([^/]+)/?", parts.path)
    if dataset:
        return Listing(kind="ckan", url=f"{parts.scheme}://{parts.netloc}{dataset[1]}", package=dataset[2])
    return Listing(kind="links", url=url)


def pattern_of(url: str, today: date) -> Listing | None:
    """A pattern that gives this very address for the period that its name speaks of; `None` where there is none."""
    period = period_of(file_name(url).rpartition(".")[0])
    if not period:
        return None
    folder, slash, name = url.rpartition("/")
    ends = ("First_month", "Last_month", "first_month", "last_month", "First_mon", "Last_mon", "first_mon", "last_mon")
    places = (*(ends if len(months_in(period)) > 1 else ()), "fy_long", "fy", "Month", "month", "MONTH", "Mon", "mon", "MON",
              "yyyy", "mm", "q")  # fmt: skip
    for place in places:
        value = fill(f"{{{place}}}", period)
        edges = r"(?<!\d){}(?!\d)" if place in ("mm", "q") else "{}"
        part = re.sub(edges.format(re.escape(value)), f"{{{place}}}", re.sub(r"\{[^}]*\}", lambda m: m[0], name))
        if part != name and name.count("{") == part.count("{") - 1:
            name = part
    template = f"{folder}{slash}{name}"
    if "{" not in name or "{" in folder or fill(template, period) != url or months_in(period)[-1] > f"{today:%Y-%m}":
        return None
    told = re.search(r"\{(yyyy|fy|fy_long)\}", name)
    return Listing(kind="pattern", url=template, first=months_in(period)[0]) if told else None


def rhythm(links: Iterable[Link]) -> str:
    """How often a body publishes, from the periods of its links; `""` where they do not tell."""
    counts = Counter(len(months_in(link.period)) for link in links if link.period)
    common = counts.most_common(1)
    known = {1: "month", 3: "quarter", 12: "year"}
    return (
        known.get(common[0][0], "") if common and common[0][1] >= 3 and common[0][1] > sum(counts.values()) / 2 else ""
    )


def seen(links: Iterable[Link]) -> list[str]:
    """What was found, in words."""
    links = list(links)
    months = sorted(month for link in links for month in months_in(link.period))
    kinds = Counter(link.dataset for link in links)
    said = [
        f"{len(links)} files: {', '.join(f'{count} {kind}' for kind, count in kinds.most_common())}."
        if links
        else "No files."
    ]
    return [*said, *([f"From {months[0]} to {months[-1]}."] if months else [])]


def doubts(links: list[Link], found: Found) -> list[str]:
    """What a person should look at."""
    said = [*found.trouble, *(f"{url} could not be had." for url in found.missed)]
    if not links:
        said.append("No file was found: are the links put in by a script, or on a page further down?")
    if found.papers and found.papers > len(links):
        said.append(f"{found.papers} documents were left aside that no program can read as a table.")
    without = [link for link in links if not link.period]
    if len(without) > MANY * len(links):
        said.append(f"{len(without)} files do not say their period, such as '{without[0].text or without[0].url}'.")
    said.extend(f"{link.text or link.url}: {sentence}" for link in links for sentence in link.unsure)
    return said


def guesses(listing: Listing) -> list[str]:
    """What was guessed about the place."""
    if listing.kind == "pattern":
        return ["The address seems to follow the calendar: compare with a second one, and give the first month."]
    if listing.kind == "listed":
        return ["A single file is not a listing: give the page that leads to it if there is one."]
    if listing.kind == "dcat":
        return ["The whole feed is looked through: if other bodies publish there too, add this one's `organization`."]
    return []


def quoted(text: str) -> str:
    """A text as YAML wants it."""
    return json.dumps(text, ensure_ascii=False) if re.search(r"[{}\[\]#]|: ", text) else text
