"""What the portal is told and what its shell is: plain values that travel between processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from dagster_project.portal import words

Download = dict[str, Any]


@dataclass(frozen=True)
class Site:
    """
    What is the same on every page.

    Attributes:
        origin: `sample` (invented bodies), `folder` (a set of files) or `live` (harvested).
        is_complete: The folder says that it is everything those bodies published.
        release: ISO date of the newest retrieval, `""` where none is known.
        address: Canonical base, ending in a slash, or `""`. Links are relative all the same.
        words: Vocabulary as plain tables: `kinds`, `classes`, `problems`, `denominators`.
        measures: Every `measures/*.yaml` as a mapping.
        schemas: Every `schemas/*.yaml` as a mapping.
        version: Of the data packages, for citations.
    """

    origin: str
    is_complete: bool
    release: str
    address: str
    words: dict[str, list[dict[str, str]]]
    measures: tuple[dict[str, Any], ...]
    schemas: tuple[dict[str, Any], ...]
    version: str = ""

    def kind_name(self, kind: str) -> str:
        """One body of a kind, as the vocabulary says: `"Metropolitan borough"`."""
        return words.first_of(self.words.get("kinds", []), kind).get("title") or kind.replace("_", " ").capitalize()

    def kinds_name(self, kind: str) -> str:
        """Bodies of a kind: `"Metropolitan boroughs"`."""
        return words.first_of(self.words.get("kinds", []), kind).get("title_plural") or self.kind_name(kind)


@dataclass(frozen=True)
class Shell:
    """
    The printed page that data pages are stamped into.

    Attributes:
        pages: Section to its printed page, with `cut.HEAD`, `cut.CONTENT` and `cut.BASE` in it.
        templates: Name of a template to its text.
        written: Addresses of the written pages, such as `about/`.
        key: Hash of all of that: a stamped page depends on nothing else of the shell.
    """

    pages: dict[str, str]
    templates: dict[str, str]
    written: tuple[str, ...]
    key: str


#: A body that said nothing and was not asked.
NO_STATEMENT: Mapping[str, Any] = {"paragraphs": (), "asked": ""}


@dataclass
class BodyFrames:
    """
    The tables of one body, columns as in `datapackages/schemas`, money as `*_pence`.

    Attributes:
        supplier_pages: Ids of its suppliers that have a page.
        breakdowns: Its figures by what was bought and by service.
        late, gone: Months that are due and were not found, and months of files that it listed before and lists no more, at
            the last visit.
        breaks: Breaks of its series: `month`, `kind`, `how` and `says`.
        pooled: `slug` and `name` of the cluster that pools it with those before or after it; empty where there is none.
        statement: `paragraphs`, `by`, `when` and `address` of what it says, or `asked`.
        lines_shown: How many payments the page of a year's largest payments shows at most.
        undecided: Its payees that could be placed by a decision, the weightiest first: `payee`, `amount_pence`,
            `registered_name`, `candidate_id`, `confidence`, `evidence`, and `share` of what it paid suppliers.
    """

    payments: pd.DataFrame
    files: pd.DataFrame
    problems: pd.DataFrame
    coverage: pd.DataFrame
    figures: pd.DataFrame
    payees: pd.DataFrame
    downloads: list[Download] = field(default_factory=list)
    supplier_pages: frozenset[str] = frozenset()
    undecided: pd.DataFrame = field(default_factory=pd.DataFrame)
    breakdowns: pd.DataFrame = field(default_factory=pd.DataFrame)
    statement: Mapping[str, Any] = field(default_factory=lambda: NO_STATEMENT)
    breaks: Sequence[Mapping[str, Any]] = ()
    late: Sequence[str] = ()
    gone: Sequence[str] = ()
    pooled: Mapping[str, str] = field(default_factory=dict)
    lines_shown: int = 200


#: What is counted of suppliers.
NO_SUPPLIERS = (
    "organisations",
    "registered",
    "pages",
    "no_room",
    "registered_pence",
    "named_pence",
    "left_out",
    "left_out_pence",
)


@dataclass
class SupplierFrames:
    """
    Some suppliers, and all that their pages are printed from.

    Attributes:
        suppliers: Their rows of `suppliers`.
        names: A row per supplier, spelling and way in which it was tied: `payee`, `method`, `confidence`, `evidence`,
            `payments`, and `weight_pence`, its amounts without their signs.
        years: A row per supplier and financial year: `payments`, `pence`, `bodies` that ever paid it, how many of these are
            `whole` (all twelve months here) and `silent` (none) in that year.
        payers: A row per supplier and body that paid it, the largest first and so many as a page shows: `payments`, `pence`,
            `first` and `last` month, the service that it `mostly` pays for, and of all of them how many `payers` there
            are and `least_pence`.
        services: The largest services of each supplier: `publisher`, `department`, `payments`, `pence`.
        largest: The largest payments to each: `publisher`, `payment_id`, `date`, `month`, `period`, `amount_pence`,
            `department`, `purpose`, `line_id`, and `is_shown`: it stands on the page of its body's year.
        bodies: Slug of a public body to its name.
        places: District code to name.
        own_pages: Id of a legal body to the slug of the public body that it is.
        files: Supplier to the download of its payments; none where the portal has no room for them.
        names_file: Address of the file of all names from the portal's root, `""` where the portal does not carry it.
    """

    suppliers: pd.DataFrame
    names: pd.DataFrame
    years: pd.DataFrame
    payers: pd.DataFrame
    services: pd.DataFrame
    largest: pd.DataFrame
    bodies: Mapping[str, str]
    places: Mapping[str, str] = field(default_factory=dict)
    own_pages: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Download] = field(default_factory=dict)
    names_file: str = ""


@dataclass
class SupplierList:
    """
    All suppliers that have pages, or would have one if there were room.

    Attributes:
        suppliers: Their rows of `suppliers`; `has_page` tells.
        spellings: Supplier to its names as published.
        places: District code to name.
        totals: `organisations`, `registered`, `pages` and `no_room` as counts, `registered_pence`, `named_pence`, `left_out_pence`,
            and `left_out`, payments to nobody who may be named.
        downloads: Of the package of suppliers.
    """

    suppliers: pd.DataFrame = field(default_factory=pd.DataFrame)
    spellings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(NO_SUPPLIERS, 0))
    places: Mapping[str, str] = field(default_factory=dict)
    downloads: Sequence[Download] = ()


@dataclass
class SiteFrames:
    """
    The tables of all bodies together.

    Attributes:
        payees_top: The largest payees of each body, columns as in `payees`.
        totals: One row per body: `publisher`, `files`, `files_read`, `rows_in`, `rows_published`, `rows_rejected`,
            `rows_left_out`, `payments`, `payees`, `amount_pence`, `first_month`, `last_month`, `status` (`published`,
            `partly read`, `not read`, `no files`).
        clusters: Figures of clusters, columns as in `figures` with `name` and `bodies`; may be empty.
        visits: How the last visit to each body's website went; see `harvest.status.status_of`. None without a harvest.
        registers: Rows of the table of registers, `stages.register_harvest.write_table`. None without a harvest.
        downloads: Each with `title`, `href` (from the portal's root), `bytes`, `rows`, `format`, and `is_carried` where
            a file is too large for these pages.
        suppliers: Suppliers that have pages.
        replied: Bodies that sent a statement about their figures.
        sectors: Postcode sectors by district: `outward`, `sector` (a digit), `lad_code`, `postcodes`.
        has_search: The search over words is printed beside.
        matching: How often the matcher is right: `audited`, scores by name, and `printed`, a row per kind of number.
    """

    publishers: pd.DataFrame
    files: pd.DataFrame
    coverage: pd.DataFrame
    figures: pd.DataFrame
    payees_top: pd.DataFrame
    totals: pd.DataFrame
    downloads: list[Download] = field(default_factory=list)
    clusters: pd.DataFrame = field(default_factory=pd.DataFrame)
    matching: dict[str, Any] = field(default_factory=dict)
    suppliers: SupplierList = field(default_factory=SupplierList)
    replied: frozenset[str] = frozenset()
    sectors: pd.DataFrame = field(default_factory=pd.DataFrame)
    has_search: bool = False
    visits: Sequence[Mapping[str, Any]] = ()
    registers: Sequence[Mapping[str, Any]] = ()
