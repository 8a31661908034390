"""
Feeds of data portals in the Project Open Data metadata schema 1.1, also called DCAT-US 1.1, and the files they name.

Layout: "DCAT-US Schema v1.1 (Project Open Data Metadata Schema)", resources.data.gov/resources/dcat-us. Who has a feed:

- ArcGIS Hub, at `SITE/api/feed/dcat-us/1.1.json`, before 2022 at `SITE/data.json`: "Federate data with external
  catalogs", doc.arcgis.com/en/hub/content/federate-data-with-external-catalogs.htm. The program that writes it,
  github.com/koopjs/koop-output-dcat-us-11, gives files an `accessURL` with a media type, and no `downloadURL`.
- Opendatasoft, at `SITE/api/v2/catalog/exports/data.json`: "Exporting a catalog in Data.json" of its Explore API,
  github.com/opendatasoft/ods-documentation-explore-api, source/includes/v2/_catalog.md.
- Socrata, as a site's "data.json output": "Configuring Custom Metadata for data.json",
  support.socrata.com/hc/en-us/articles/1500008662522, which does not state the address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from dagster_project.declare.sources import Listing
from dagster_project.harvest.pages import address, clean
from dagster_project.harvest.signs import FILE_ENDINGS, FORMAT_WORDS, TABLES, Anchor, ending, is_paper

#: Services for programs and for maps, which give another part of the data to each question.
SERVICE = re.compile(r"/(Feature|Map|Image)Server\b|[?&]service=|/(wms|wfs|odata)\b", re.IGNORECASE)
#: Maps, also where they are packed; what a table of payments never is.
MAP = re.compile(r"\b(shape\s?files?|shp|geojson|km[lz]|geodatabase|gdb|geopackage|gpkg|wms|wfs)\b", re.IGNORECASE)

Entry = dict[str, Any]


def datasets(feed: Any) -> list[Entry] | None:
    """The data sets of a feed; `None` for JSON of another layout."""
    found = feed.get("dataset") if isinstance(feed, dict) else None
    if not isinstance(found, list):
        return None
    titled = [one for one in found if isinstance(one, dict) and _text(one, "title")]
    return titled if titled or not found else None


def is_feed(data: bytes) -> bool:
    """Whether bytes are such a feed."""
    try:
        return datasets(json.loads(data)) is not None
    except ValueError:
        return False


def is_asked_for(dataset: Entry, listing: Listing) -> bool:
    """Whether a listing asks for a data set: by its identifier, or by words of title and keywords and its publisher."""
    if listing.package:
        return _text(dataset, "identifier") == listing.package
    publisher = dataset.get("publisher")
    name = _text(publisher, "name") if isinstance(publisher, dict) else _text(dataset, "publisher")
    if listing.organization and name.casefold() != listing.organization.casefold():
        return False
    said = " ".join((_text(dataset, "title"), *map(str, _list(dataset.get("keyword"))))).casefold()
    return all(re.search(rf"(?<!\w){re.escape(word)}", said) for word in listing.search.casefold().split())


def page_of(dataset: Entry, base: str) -> str:
    """The page of a data set for people; the feed itself where it names none."""
    page = _text(dataset, "landingPage")
    return (address(base, page) if page else "") or base


def files(dataset: Entry, base: str) -> Iterator[tuple[Anchor, bool]]:
    """
    Tables and documents of a data set, as links: the distribution's title, and above it the data set's.

    Args:
        base: Where the feed was had; relative addresses, though not allowed, are relative to it.

    Yields:
        The link, and whether it gives a table.
    """
    title = clean(_text(dataset, "title"))
    for one in _list(dataset.get("distribution")):
        said = (_text(one, "downloadURL") or _text(one, "accessURL")) if isinstance(one, dict) else ""
        url = address(base, said) if said else ""
        if not url:
            continue
        name = clean(_text(one, "title"))
        forms = {_text(one, "format").lower().lstrip("."), _text(one, "mediaType").lower().partition(";")[0].strip()}
        if SERVICE.search(url) or MAP.search(" ".join((name, *forms))):
            continue
        # a portal names all its distributions alike, by their format
        plain = not FORMAT_WORDS.sub("", name).strip()
        anchor = Anchor(url, (f"{title} ({name})" if name else title) if plain else name, (title,))
        if ending(url) in FILE_ENDINGS or not forms.isdisjoint(TABLES):
            yield anchor, True
        elif is_paper(anchor) or not forms.isdisjoint(("pdf", "application/pdf")):
            yield anchor, False


def _text(entry: Entry, key: str) -> str:
    """A text of an entry; `""` where it is missing, null or no text."""
    value = entry.get(key)
    return value.strip() if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    """A list; what stands alone where a list should stand is a list of one."""
    return value if isinstance(value, list) else [] if value is None else [value]
