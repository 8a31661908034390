"""Links of a web page, with what stands around them."""

from __future__ import annotations

import re
from urllib.parse import quote, urldefrag, urljoin, urlsplit, urlunsplit

from lxml import etree, html

from dagster_project.harvest.signs import Anchor

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
#: Elements whose text labels what is in them or follows them.
LABELS = (*HEADINGS, "summary", "caption", "legend", "dt")
#: Navigation and footers repeat on all pages of a site; their links are no listing.
FRAMES = ("nav", "footer", "header")
BLANKS = re.compile(r"[\s\u200b\xa0]+")
LONGEST = 300


def clean(text: str) -> str:
    """A text on one line."""
    return BLANKS.sub(" ", text).strip()[:LONGEST]


def address(base: str, href: str) -> str:
    """An absolute address without fragment, blanks and umlauts escaped as browsers do; `""` for what is none."""
    try:
        url = urldefrag(urljoin(base, href.strip()))[0]
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    path, query = (quote(part, safe="/%:=&;,+!*'()@~$?-._") for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme, parts.netloc, path or "/", query, ""))


def anchors(data: bytes, url: str) -> list[Anchor]:
    """
    Links of a page in order, each address once with its most telling text.

    Args:
        url: Where the page was had, after redirects.
    """
    try:
        tree = html.document_fromstring(data, parser=html.HTMLParser(encoding=_encoding(data)))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    base = next((e.get("href", "") for e in tree.iter("base") if e.get("href")), "")
    base = urljoin(url, base) if base else url
    title = clean(tree.findtext(".//title") or "")
    found: dict[str, Anchor] = {}
    levels: dict[int, str] = {}
    rows: dict[html.HtmlElement, str] = {}
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag in LABELS:
            level = HEADINGS.index(element.tag) if element.tag in HEADINGS else len(HEADINGS)
            levels = {known: text for known, text in levels.items() if known < level}
            levels[level] = clean(element.text_content())
        if element.tag != "a" or not element.get("href"):
            continue
        target = address(base, element.get("href", ""))
        text = clean(element.text_content()) or clean(element.get("title") or element.get("aria-label") or "")
        framed = _framed(element)
        if not target or (target in found and (framed, -len(text)) >= (found[target].framed, -len(found[target].text))):
            continue
        row = _row_text(element, rows)
        labels = tuple(filter(None, (*(levels[level] for level in sorted(levels)), row if row != text else "")))
        found[target] = Anchor(target, text, labels, title, framed)
    return list(found.values())


def _encoding(data: bytes) -> str | None:
    """UTF-8 where the bytes are that, else what the page says of itself (`None`)."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _framed(element: html.HtmlElement) -> bool:
    return any(parent.tag in FRAMES for parent in element.iterancestors())


def _row_text(element: html.HtmlElement, known: dict[html.HtmlElement, str]) -> str:
    """
    The first cell of a table's row, or the item's own text: a link may only say `CSV`.

    Args:
        known: Rows that were looked at, since thousands of links may stand in one.
    """
    for parent in element.iterancestors():
        if parent.tag in ("tr", "li"):
            if parent not in known:
                cell = next((found for tag in ("th", "td") if (found := parent.find(tag)) is not None), parent)
                text = BLANKS.sub(" ", cell.text_content()).strip()
                known[parent] = text if len(text) < LONGEST else ""
            return known[parent]
    return ""
