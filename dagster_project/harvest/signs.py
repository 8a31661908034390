"""
Signs by which a link to a file of spending is told from all the other links of a body's website.

Read in order of trust: the link's text, the file's name, the headings above it, the page's title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from dagster_project.harvest.calendar import contradict, heading_year, period_of

FILE_ENDINGS = (".csv", ".xlsx", ".xls", ".ods", ".xlsm", ".zip", ".txt", ".tsv")
#: What catalogues call tables: words and media types.
TABLES = (
    "csv", "xls", "xlsx", "ods", "zip", "tsv", "excel", "text/csv", "text/tab-separated-values", "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.ms-excel.sheet.macroenabled.12", "application/zip",
)  # fmt: skip
#: What is not a table anybody can read; noticed, since a body that publishes nothing else should be told.
PAPER_ENDINGS = (".pdf", ".doc", ".docx", ".ppt", ".pptx")
OTHER_ENDINGS = (
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".svg",
    ".css",
    ".js",
    ".xml",
    ".rss",
    ".ics",
    ".mp4",
    ".json",
    ".ico",
)
#: An address without an ending that gives a file all the same: the link's text says which.
SAYS_FILE = re.compile(r"\b(csv|xlsx?|ods|excel|spread\s?sheet)\b", re.IGNORECASE)
SAYS_PAPER = re.compile(r"\b(pdf|word document|docx?)\b", re.IGNORECASE)
#: A folder named after a year, right above the file; of less trust than anything a person reads.
YEAR_FOLDER = re.compile(r"/(20[0-3]\d)/[^/]+$")
DOWNLOADS = re.compile(r"/(downloads?|media|file|files|asset|assets|document|documents)/|[?&](download|attachment)=|/:x:/", re.IGNORECASE)  # fmt: skip

SPENDING = re.compile(
    r"spend|expenditure|payments?\b.{0,30}\b(to\b.{0,12}suppliers?|over|exceeding|above|made|data)|supplier.{0,12}payments?"
    r"|creditor|invoices?\b.{0,20}\b(paid|over)|(over|exceeding|above|greater than|more than)[\s_+%-]{0,3}(£|gbp|ps)?\s?(250|500|1,?000|5,?000|25,?000|25k)\b"
    r"|£\s?(250|500|25,000|25k)\b|25k|transparency|purchas(e|ing)[\s_-]*cards?|procurement[\s_-]*cards?|p[\s_-]?cards?\b|gpc\b"
    r"|(corporate|credit|payment|government)[\s_-]*cards?|trade suppliers|payments?[\s_-]*\d|cost of council|gwariant",
    re.IGNORECASE,
)
CARDS = re.compile(r"(purchas(e|ing)|procurement|corporate|credit|payment|government|gpc|business)[\s_-]*cards?|\bp[\s_-]?cards?\b|\bgpc\b|\bcard (spend|transactions|payments)", re.IGNORECASE)  # fmt: skip
GRANTS = re.compile(r"\bgrants?\b", re.IGNORECASE)
CONTRACTS = re.compile(r"\bcontracts?\b|\btenders?\b|invitations? to tender", re.IGNORECASE)
#: Other things that the same pages list.
OTHER = re.compile(
    r"\bbudgets?\b(?! and spend)|statement of accounts|senior (salar|staff|manage)|pay policy|salar(y|ies)|land and (building|property)|assets? (register|list)|parking"
    r"|\bfraud\b|trade union|organi[sz]ation(al)? (chart|structure)|allowances|\bfoi\b|freedom of information|business rates|\bnndr\b"
    r"|metadata|guidance|glossary|notes? (on|to|for)\b|privacy|forward plan|election|council tax|social housing asset|constitution"
    r"|prompt payment|late payment|gender pay|facility time|waste contract|payment performance|paid on time|how to|hospitality|\bgifts\b|meetings|expenses|capital programme",
    re.IGNORECASE,
)
#: Words that differ between two copies of one file.
FORMAT_WORDS = re.compile(r"\b(csv|xlsx?|ods|excel|spread\s?sheet|format|file|version|download|[\d.,]+\s?[km]b)\b|[(),\-–]", re.IGNORECASE)  # fmt: skip
RANKED = ("csv", "tsv", "txt", "xlsx", "xlsm", "ods", "xls", "excel", "zip")


@dataclass(frozen=True)
class Anchor:
    """
    A link as it stands on a page: address, text, the headings above it (outermost first), the page's title.

    Attributes:
        framed: It stands in a menu, a header or a footer.
    """

    url: str
    text: str
    headings: tuple[str, ...] = ()
    title: str = ""
    framed: bool = False


@dataclass(frozen=True)
class Link:
    """
    A link to a file of spending.

    Attributes:
        period: What it speaks of, `""` where neither text, name nor headings say.
        dataset: `payments`, `cards`, `grants`, `contracts`.
        page: Where it was found.
        unsure: Sentences on what did not agree.
        others: Further addresses that the same file may have; asked in order until one is there.
    """

    url: str
    text: str
    period: str = ""
    dataset: str = "payments"
    page: str = ""
    unsure: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def file_name(url: str) -> str:
    """The last part of an address's path, as people read it."""
    return unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])


def ending(url: str) -> str:
    """The ending of an address's file name, `""` for none."""
    name = file_name(url).lower()
    return name[name.rindex(".") :] if "." in name[-6:] else ""


def is_file(anchor: Anchor) -> bool:
    """Whether a link gives a table."""
    suffix = ending(anchor.url)
    if suffix in FILE_ENDINGS:
        return True
    if suffix in PAPER_ENDINGS + OTHER_ENDINGS or (
        SAYS_PAPER.search(anchor.text) and not SAYS_FILE.search(anchor.text)
    ):
        return False
    return bool(DOWNLOADS.search(anchor.url) and (SAYS_FILE.search(anchor.text) or "/:x:/" in anchor.url))


def is_paper(anchor: Anchor) -> bool:
    """Whether a link gives a document that no program reads as a table."""
    return ending(anchor.url) in PAPER_ENDINGS


def is_spending(anchor: Anchor) -> bool:
    """
    Whether a link to a file speaks of spending.

    What stands nearest decides: text and name, else the headings from the inside out, else the page's title.
    """
    near = f"{anchor.text} {file_name(anchor.url)}"
    for words in (near, *reversed(anchor.headings), anchor.title):
        spending, other = SPENDING.search(words), OTHER.search(words)
        if words is near and other and not spending:
            return False
        if spending and not other:
            return True
        if spending and other:
            return spending.start() <= other.start()
        if other:
            return False
    return False


def may_be_spending(anchor: Anchor) -> bool:
    """Whether a link to a file speaks of a period and of nothing else: enough where a source says what a page lists."""
    near = f"{anchor.text} {file_name(anchor.url)}"
    return not OTHER.search(near) and bool(period_named(anchor)[0])


def dataset_of(anchor: Anchor) -> tuple[str, str]:
    """Kind of data of a link, and a sentence where text and file name do not agree (`""` where they do)."""
    said = [_kind(anchor.text), _kind(file_name(anchor.url)), *(_kind(words) for words in reversed(anchor.headings))]
    found = next((kind for kind in (*said, _kind(anchor.title)) if kind), "payments")
    text, name = said[0], said[1]
    if text and name and text != name:
        return found, f"The link says {text}, the file name says {name}."
    return found, ""


def _kind(words: str) -> str:
    """Kind of data that words speak of; of payments and another, the one that is named first."""
    if CARDS.search(words):
        return "cards"
    spending = SPENDING.search(words)
    for kind, pattern in (("contracts", CONTRACTS), ("grants", GRANTS)):
        found = pattern.search(words)
        if found and not (spending and spending.start() < found.start()):
            return kind
    return "payments" if spending else ""


def period_named(anchor: Anchor) -> tuple[str, str]:
    """Period of a link, and a sentence where text and file name do not agree."""
    name = re.sub(r"\.\w{2,4}$", "", file_name(anchor.url))
    within = next((year for words in (*reversed(anchor.headings), anchor.title) if (year := heading_year(words))), "")
    text = period_of(anchor.text)
    named = period_of(name)
    found = text or named or period_of(anchor.text, within) or period_of(name, within)
    if not found:
        found = next((period for words in reversed(anchor.headings) if (period := period_of(words))), "")
    if not found and (folder := YEAR_FOLDER.search(urlsplit(anchor.url).path)):
        found = period_of(anchor.text, folder[1]) or period_of(name, folder[1])
    if contradict(text, named):
        return found, f"The link says {text}, the file name says {named}."
    return found, ""


def one_of_each(links: Iterable[Link]) -> list[Link]:
    """
    Links without second copies of a file in another format, in order; CSV goes before spreadsheets.

    Copies have the same period, kind and text once words of formats and sizes are taken out.
    """
    found: dict[tuple[str, ...], Link] = {}
    for link in links:
        text = FORMAT_WORDS.sub(" ", link.text).casefold()
        key: tuple[str, ...] = (link.period, link.dataset, " ".join(text.split()))
        if not link.period or (key in found and _rank(found[key]) == _rank(link)):
            key = (link.url,)
        if key not in found or _rank(link) < _rank(found[key]):
            found[key] = link
    return list(found.values())


def _rank(link: Link) -> int:
    said = ending(link.url).removeprefix(".") or (SAYS_FILE.search(link.text) or [""])[0].lower()
    return RANKED.index(said) if said in RANKED else 9


def straight(url: str) -> str:
    """
    The address of the file itself where a link leads to a program that shows it; the same address otherwise.

    SharePoint's links to shared documents (`/:x:/s/SITE/TOKEN`) show a page; its download address gives the file.
    """
    parts = urlsplit(url)
    shared = re.fullmatch(r"/:\w:/s/([^/]+)/([\w-]+)", parts.path)
    if (parts.hostname or "").endswith(".sharepoint.com") and shared:
        return f"{parts.scheme}://{parts.netloc}/sites/{shared[1]}/_layouts/15/download.aspx?share={shared[2]}"
    return url


def link_of(anchor: Anchor, page: str, dataset: str = "") -> Link:
    """
    What a link to a file says.

    Args:
        dataset: The kind of data where the source states it.
    """
    period, about_period = period_named(anchor)
    kind, about_kind = dataset_of(anchor)
    unsure = tuple(filter(None, (about_period, "" if dataset else about_kind)))
    url = straight(anchor.url)
    others = (anchor.url,) if url != anchor.url else ()
    return Link(url, anchor.text, period, dataset or kind, page, unsure, others)
