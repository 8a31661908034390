"""Sources: where one body publishes, and its quirks with the reason; `datapackages/sources/SLUG.yaml`, one file each."""

from __future__ import annotations

import re
import string
from collections.abc import Container
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import field_validator, model_validator

from dagster_project.declare.errors import DeclarationError, did_you_mean
from dagster_project.declare.strict import Declared, load_folder
from dagster_project.model.periods import months_of

#: What stands between braces in an address of the kind `pattern`; of a quarter and a year, the month is the last one.
PLACES = (
    "yyyy", "yy", "mm", "m", "month", "Month", "MONTH", "mon", "Mon", "MON", "q", "fy", "fy_long", "fy_start", "fy_end",
    "first_month", "First_month", "first_mon", "First_mon", "last_month", "Last_month", "last_mon", "Last_mon",
)  # fmt: skip

#: Keys of a listing that belong to some kinds only, and which kinds.
BELONGS = {
    "depth": ("links",), "follow": ("links", "govuk"), "files": ("listed",), "variants": ("pattern",),
    "first": ("pattern",), "last": ("pattern",), "package": ("ckan", "dcat"), "search": ("ckan", "dcat"),
    "organization": ("ckan", "dcat"),
}  # fmt: skip
MONTH = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")
QUARTER = re.compile(r"([12][0-9]{3}-[0-9]{2})-Q[1-4]")
SHA256 = re.compile(r"[0-9a-f]{64}")

Dataset = Literal["payments", "cards", "grants", "contracts"]


def address_of(text: str) -> str:
    """
    An address of the web, as it stands.

    Raises:
        ValueError: it is none; the message says what to do.
    """
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or any(c.isspace() for c in text):
        raise ValueError(f"'{text}' is no address; expected one that begins with https:// and has no blanks (%20)")
    return text


def expression(text: str) -> str:
    """
    A regular expression, as it stands.

    Raises:
        ValueError: it cannot be compiled.
    """
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"'{text}' is no regular expression ({error}); mind brackets and backslashes") from error
    return text


def template(text: str) -> str:
    """
    An address with places for the period.

    Raises:
        ValueError: a brace is left open, a place is not known, or there is none.
    """
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise ValueError(f"'{text}': {error}; places stand between braces, such as {{yyyy}}") from error
    for name in names:
        if name not in PLACES:
            raise ValueError(f"`{{{name}}}` is not a place.{did_you_mean(name, PLACES)} Known: {', '.join(PLACES)}")
    if not names:
        raise ValueError(f"'{text}' has no place for the period, such as {{yyyy}}-{{mm}}; or use `kind: listed`")
    address_of(re.sub(r"\{\w+\}", "1", text))
    return text


def is_day(text: str) -> str:
    """
    A day or `never`, as it stands.

    Raises:
        ValueError: it is neither.
    """
    if text != "never":
        try:
            date.fromisoformat(text)
        except ValueError:
            raise ValueError(f"'{text}' is neither a day such as 2026-04-30 nor `never`") from None
    return text


def seconds(text: str) -> str:
    """
    A number of seconds, or nothing, as it stands.

    Raises:
        ValueError: it is neither.
    """
    if text and not re.fullmatch(r"[0-9]{1,3}(\.[0-9])?", text):
        raise ValueError(f"'{text}' is no number of seconds below 1000")
    return text


def is_period(text: str) -> bool:
    """Whether a text is a month, a quarter (`2023-24-Q1`) or a financial year (`2023-24`) that can be."""
    year = QUARTER.fullmatch(text)
    try:
        return bool(MONTH.fullmatch(text)) or bool(months_of(year[1] if year else text))
    except ValueError:
        return False


class Listing(Declared):
    """
    One place where a body's files can be found.

    Attributes:
        kind: `links`, a page with links to files; `listed`, the files themselves; `pattern`, an address that follows
            the calendar; `ckan`, a catalogue with its answers; `dcat`, a portal's feed in DCAT-US 1.1 (ArcGIS Hub, Socrata,
            Opendatasoft); `govuk`, a page of GOV.UK, asked through its content API.
        url: The page, the address with places in braces, the catalogue's root, the feed itself, or the page of GOV.UK;
            none for `listed`.
        dataset: What is published there, where all of it is of one kind; empty where link and file must say.
        depth: How many pages below the first are looked at: 0 that page alone.
        follow: Links to follow beside those that general rules find; a regular expression over text and address.
        only, leave_out: Which files count, where general rules take too many; over link text and address.
        files: Addresses of `listed`.
        variants: Further forms that the same period's address has had; they are tried in order.
        first, last: Months between which a `pattern` is asked for; `last` is empty while it goes on.
        package, search, organization: A data set by name, or a search, in a catalogue. Of a feed: by its `identifier`, by
            words that its title or keywords have, by the `name` of its `publisher`; none of them looks through all of it.
        why: Why there is a `follow`, an `only` or a `leave_out`.
    """

    kind: Literal["links", "listed", "pattern", "ckan", "dcat", "govuk"]
    url: str = ""
    dataset: Dataset | Literal[""] = ""
    depth: Literal["0", "1", "2", "3"] = "1"
    follow: str = ""
    only: str = ""
    leave_out: str = ""
    files: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    package: str = ""
    search: str = ""
    organization: str = ""
    why: str = ""

    @field_validator("follow", "only", "leave_out")
    @classmethod
    def _compiles(cls, text: str) -> str:
        return expression(text)

    @field_validator("files")
    @classmethod
    def _are_addresses(cls, files: tuple[str, ...]) -> tuple[str, ...]:
        for url in files:
            address_of(url)
            if files.count(url) > 1:
                raise ValueError(f"{url} is given twice; keep one")
        return files

    @field_validator("variants")
    @classmethod
    def _are_templates(cls, variants: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(template(text) for text in variants)

    @field_validator("first", "last")
    @classmethod
    def _is_month(cls, text: str) -> str:
        if text and not MONTH.fullmatch(text):
            raise ValueError(f"'{text}' is no month; expected the form 2024-04")
        return text

    @model_validator(mode="after")
    def _is_whole(self) -> Listing:
        for key in sorted(self.model_fields_set & set(BELONGS)):
            if self.kind not in BELONGS[key]:
                raise ValueError(
                    f"`{key}` does not belong to `kind: {self.kind}`, only to {' and '.join(BELONGS[key])}"
                )
        if (self.kind == "listed") == bool(self.url):
            raise ValueError("`url` is missing" if self.kind != "listed" else "`listed` has `files`, and no `url`")
        if self.kind == "pattern":
            template(self.url)
            if not self.first:
                raise ValueError("`first` is missing: the first month to ask for, such as 2019-04")
        elif self.url:
            address_of(self.url)
        if self.kind == "listed" and not self.files:
            raise ValueError("`files` is missing: the addresses of the files")
        if (self.follow or self.only or self.leave_out) and not self.why:
            raise ValueError(
                "`why` is missing: the reason for `follow`, `only` or `leave_out`, so that it can go later"
            )
        return self

    @model_validator(mode="after")
    def _says_which_data_sets(self) -> Listing:
        searched = bool(self.search or self.organization)
        if self.kind == "ckan" and bool(self.package) == searched:
            raise ValueError("name a `package`, or a `search` or `organization`")
        if self.kind == "dcat" and self.package and searched:
            raise ValueError("`package` names one data set: leave out `search` and `organization`, or it")
        return self


class Expectation(Declared):
    """
    What a careful observer expects of this body.

    Attributes:
        every: How often it publishes; `""` where not known.
        days: Days after the end of a period within which its file is there; empty where not known.
        first, last: First and last period that was seen or can be.
        threshold: Pounds from which payments are listed; empty where not known.
    """

    every: Literal["month", "quarter", "year", ""] = ""
    days: str = ""
    first: str = ""
    last: str = ""
    threshold: str = ""

    @field_validator("days", "threshold")
    @classmethod
    def _is_number(cls, text: str) -> str:
        if text and not text.isdecimal():
            raise ValueError(f"'{text}' is no whole number")
        return text

    @field_validator("first", "last")
    @classmethod
    def _is_period(cls, text: str) -> str:
        if text and not is_period(text):
            raise ValueError(f"'{text}' is no period; expected a month 2024-04, a quarter 2024-25-Q1 or a year 2024-25")
        return text


class Guard(Declared):
    """What must still be so for a correction to hold: the file's hash, or the link's text."""

    sha256: str = ""
    text: str = ""

    @model_validator(mode="after")
    def _is_one(self) -> Guard:
        if bool(self.sha256) == bool(self.text):
            raise ValueError("a guard is the `sha256` of the file or the `text` of its link, one of them")
        if self.sha256 and not SHA256.fullmatch(self.sha256):
            raise ValueError("`sha256` has 64 hex digits")
        return self


class Correction(Declared):
    """
    What we know better than the page does, of one file.

    Attributes:
        url: The file.
        guard: Without it a correction would outlive the mistake it corrects.
    """

    url: str
    period: str = ""
    dataset: Dataset | Literal[""] = ""
    leave_out: Literal["yes", ""] = ""
    reason: str
    guard: Guard

    @model_validator(mode="after")
    def _says_something(self) -> Correction:
        address_of(self.url)
        if not (self.period or self.dataset or self.leave_out):
            raise ValueError("a correction states `period`, `dataset` or `leave_out: yes`")
        if self.period and not is_period(self.period):
            raise ValueError(f"'{self.period}' is no period; expected 2024-04, 2024-25-Q1 or 2024-25")
        return self


class Source(Declared):
    """
    Where one body publishes.

    Attributes:
        slug: The body; the file's name.
        evidence: What shows that this is so, and when it was seen.
        licence: Where an open licence is stated: `beside` the files, or elsewhere on the `site`; `closed` where the terms
            forbid reuse; `""` where nobody looked or found a word of it.
        delay: Seconds between two requests, where a body asks for more than our own; with `why`.
        verified: Day of the run that proved it, or `never`.
    """

    slug: str
    listings: tuple[Listing, ...]
    expect: Expectation = Expectation()
    corrections: tuple[Correction, ...] = ()
    delay: str = ""
    why: str = ""
    licence: Literal["", "beside", "site", "closed"] = ""
    evidence: str
    quirks: tuple[str, ...] = ()
    verified: str

    _is_seconds = field_validator("delay")(seconds)
    _is_day = field_validator("verified")(is_day)

    @model_validator(mode="after")
    def _is_whole(self) -> Source:
        if not self.listings:
            raise ValueError("`listings` is empty: name at least one place")
        if self.delay and not self.why:
            raise ValueError("`why` is missing: the reason for `delay`, so that it can go later")
        return self


def load_sources(folder: Path, slugs: Container[str] = ()) -> tuple[Source, ...]:
    """
    Every source of a folder, by slug.

    Args:
        slugs: Known bodies; where given, others are refused.

    Raises:
        DeclarationError: with file, line, what was found and what to do.
    """
    found = load_folder(Source, folder, "slug")
    for source in found:
        if slugs and source.slug not in slugs:
            known = list(slugs) if isinstance(slugs, dict | list | tuple | set) else []
            raise DeclarationError(
                folder / f"{source.slug}.yaml",
                1,
                f"`{source.slug}` is no body in publishers.csv.{did_you_mean(source.slug, known)} Add its row first.",
            )
    return found
