"""Finding a supplier: the largest, lists by letter, and small files of names that the search box reads."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dagster_project.portal import bars, facts, formats, words
from dagster_project.portal import supplier_words as said_of
from dagster_project.portal.assets import for_scripts
from dagster_project.portal.site import SupplierList
from dagster_project.portal.stamp import Stamp
from dagster_project.portal.suppliers import address, slug

LARGEST, ON_ONE_PAGE, LETTERS = 100, 600, 120
#: Words that stand in so many names that nobody looks for one by them, unless it begins with them.
COMMON = 200
_FORMS = frozenset(["ltd", "limited", "plc", "llp", "cic", "uk", "the", "and", "of", "for", "co", "company", "inc"])
#: Letters of a word that say in which file its names are.
BEGINNING = 3


def list_pages(stamp: Stamp, suppliers: SupplierList) -> dict[str, bytes]:
    """
    The page of all suppliers, those of each letter, and the files of names.

    Returns:
        Path from the portal's root to the bytes.
    """
    rows = sorted(facts.rows(suppliers.suppliers), key=lambda row: (row["name"].casefold(), row["supplier_id"]))
    for row in rows:
        row["shown"] = formats.published(row["name"], LETTERS)
        row["href"] = address(row["supplier_id"]) if row["has_page"] else ""
        row["pence"] = row["amount_pence"] if row["payments"] else row["card_amount_pence"]
    groups = by_letters(rows)
    pages = {"suppliers/index.html": _index(stamp, suppliers, [row for row in rows if row["has_page"]], groups)}
    for part, group in groups.items():
        path = f"suppliers/a-z/{part.lower()}/"
        for row in group:  # the search box leads to a page, or to the list that has the figures
            row["place"] = slug(row["supplier_id"]) if row["has_page"] else f"a-z/{part.lower()}"
        pages[f"{path}index.html"] = stamp.page(
            "suppliers_letter.html", path, words.SUPPLIERS, said_of.LETTER_TITLE.format(letters=part),
            said_of.LETTER_ABOUT.format(letters=part), rows=group, part=part, parts=list(groups),
            said=said_of, paged=sum(row["has_page"] for row in group), totals=suppliers.totals,
        )  # fmt: skip
    return pages | name_files(rows, suppliers.spellings)


def by_letters(rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Suppliers by the first letter of their names, by the first two where there are many, in the order of letters."""
    first = Counter(_beginning(row["name"], 1) for row in rows)
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        one = _beginning(row["name"], 1)
        groups.setdefault(_beginning(row["name"], 2) if first[one] > ON_ONE_PAGE else one, []).append(row)
    return dict(sorted(groups.items()))


def _beginning(name: str, letters: int) -> str:
    """The first letters of a name in capitals; `0-9` for one that begins with none."""
    found = plain(name).replace(" ", "")[:letters]
    return found.upper() if found[:1].isalpha() else "0-9"


def plain(text: str) -> str:
    """A text as the search box compares it: small letters without accents and signs."""
    apart = unicodedata.normalize("NFD", text.lower())
    return re.sub(r"[^a-z0-9]+", " ", re.sub("[\u0300-\u036f]", "", apart)).strip()


def _index(stamp: Stamp, suppliers: SupplierList, rows: Sequence[dict[str, Any]], groups: Mapping[str, Any]) -> bytes:
    largest = sorted(rows, key=lambda row: (-row["pence"], row["supplier_id"]))[:LARGEST]
    most = float(largest[0]["pence"]) if largest else 0.0
    classes = stamp.site.words.get("classes", [])
    return stamp.page(
        "suppliers.html", "suppliers/", words.SUPPLIERS, said_of.SUPPLIERS_TITLE, said_of.SUPPLIERS_ABOUT,
        rows=[
            {**row, "bar": bars.size_bar(float(row["pence"]), most), "place": suppliers.places.get(row["lad_code"] or "", ""),
             "class_title": words.first_of(classes, row["payee_class"]).get("title") or row["payee_class"]}
            for row in largest
        ],
        parts=list(groups),
        totals=suppliers.totals,
        said=said_of,
        downloads=list(suppliers.downloads),
    )  # fmt: skip


def name_files(rows: Sequence[dict[str, Any]], spellings: Mapping[str, Sequence[str]]) -> dict[str, bytes]:
    """
    Files of names by the first letters of their words, and the list of these beginnings.

    Each entry is name, place below `suppliers/`, bodies, pounds as people write them, and other names as published.
    """
    said = {
        row["supplier_id"]: [plain(row["shown"]), *(plain(name) for name in spellings.get(row["supplier_id"], ()))]
        for row in rows
    }
    counts = Counter(word for names in said.values() for word in {word for name in names for word in name.split()})
    files: dict[str, list[list[Any]]] = {}
    for row in rows:
        names = list(dict.fromkeys(name[:LETTERS] for name in said[row["supplier_id"]] if name))
        told = set(names[0].split()) if names else set()
        others = sorted({word for name in names[1:] for word in name.split()} - told - _FORMS)
        entry = [row["shown"], row["place"], row["bodies"], formats.money(row["pence"]), " ".join(others)]
        for beginning in sorted(_beginnings(names, counts)):
            files.setdefault(beginning, []).append(entry)
    found = {f"suppliers/names/{part}.json": for_scripts(entries) for part, entries in files.items()}
    return found | {"suppliers/names/list.json": for_scripts(sorted(files))}


def _beginnings(names: Sequence[str], counts: Mapping[str, int]) -> set[str]:
    found = set()
    for name in names:
        for at, word in enumerate(name.split()):
            if len(word) >= BEGINNING and word not in _FORMS and (at == 0 or counts[word] <= COMMON):
                found.add(word[:BEGINNING])
    return found
