"""The ways in which a payee's name can be read: whole, either side of `T/A`, without a site or a ledger's own number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dagster_project.match.names import key_of_words, plain_words, stem_and_form

#: How a reading came about. The order is that in which equal readings are kept.
WAYS = (
    "whole",
    "without code",
    "without brackets",
    "brackets inside",
    "to the form",
    "left of t/a",
    "right of t/a",
    "left of dash",
    "right of dash",
    "in brackets",
)

#: Printed names at least so long may have been cut off by a ledger.
LONG = 24
_FORM_CUT = re.compile(r"\s+(?:l|li|lim|limi|limit|limite|lt)$", re.IGNORECASE)
_TRADING = re.compile(
    r"(?<![a-z0-9])(?:t/a|t/as|t\.a\.|ta/|t\\a|trading as|d/b/a|dba|(?:a )?trading (?:name|division|arm) of|(?:a )?division of|via|c/o)(?![a-z0-9])",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)(?:[)\]}]|$)")
_FORM_AFTER_BRACKETS = re.compile(r"[)\]}]\W*(?:limited|ltd|limted|plc|llp|c\.?i\.?c|lp)\b", re.IGNORECASE)
_DASH = re.compile(r"\s+[-–—/|:]\s*|\s*[-–—/|:]\s+|\s{3,}|~|#|\*+|_+")
#: A token that a ledger adds: mostly digits, and no name by themselves. A year is part of a name.
_CODE = re.compile(
    r"(?!(?:19|20)\d\d$)(?:[a-z]{0,4}\d{4,}[a-z0-9*]*|[a-z]{1,3}\d{3,}[*]*|(?:acc|a/c|ac|ref|nr)\.?)", re.IGNORECASE
)
_LEDGER_SIGNS = re.compile(r"\s*(?:z{3,}|(?:x{2,}|\*+|do not use|closed|old|duplicate)\b)[\s:*-]*", re.IGNORECASE)
_FORM_INSIDE = re.compile(
    r"^(.*?\w.*?\b(?:limited|ltd|limted|plc|llp|c\.?i\.?c|cio)\b)\W*\w", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Reading:
    """
    One way to read a payee's name.

    Attributes:
        way: One of `WAYS`.
        key: See `names.name_key`.
        stem: See `names.stem_and_form`.
        form: The legal form, `""` where none is printed.
        is_cut: Whether the printed name is long enough, and ends in such a way, that it may have been cut off.
    """

    way: str
    key: str
    stem: str
    form: str
    is_cut: bool = False


def _without_code(name: str) -> str:
    kept = [token for token in name.split() if not _CODE.fullmatch(token.strip("()[],;#~-:"))]
    return _LEDGER_SIGNS.sub("", " ".join(kept), count=1) if _LEDGER_SIGNS.match(name) else " ".join(kept)


def _without_brackets(text: str) -> str:
    return " ".join(_BRACKETS.sub(" ", text).split())


def _parts(name: str) -> Iterator[tuple[str, str]]:
    name = name.replace("(", " (")
    yield "whole", name
    if len(name) >= LONG and (cut := _FORM_CUT.search(name)):
        yield "whole", f"{name[: cut.start()]} limited"
    bare = _without_code(name)
    yield "without code", bare
    sides = _TRADING.split(bare, maxsplit=1)
    if len(sides) == 2:
        yield "left of t/a", sides[0]
        yield "left of t/a", _without_brackets(sides[0])
        yield "right of t/a", sides[1]
        return
    # `Acme (Electrical) Ltd` is another company than Acme Ltd; `Acme Ltd (Electrical)` is a note.
    yield "brackets inside" if _FORM_AFTER_BRACKETS.search(bare) else "without brackets", _without_brackets(bare)
    if found := _FORM_INSIDE.match(bare):
        yield "to the form", found[1]
        yield "to the form", _without_brackets(found[1])
    pieces = [piece for piece in _DASH.split(bare) if piece.strip()]
    if len(pieces) > 1:
        yield "left of dash", pieces[0]
        yield "right of dash", " ".join(pieces[1:])
    for inside in _BRACKETS.findall(bare):
        if len(inside.split()) > 1:
            yield "in brackets", inside


def readings_of(name: str, spellings: Mapping[str, str]) -> list[Reading]:
    """
    Every way to read a name, each stem and form once.

    Args:
        name: As published.
        spellings: See `names.stem_and_form`.

    Returns:
        The whole name first; none for a name without a letter or digit.
    """
    found: dict[tuple[str, str], Reading] = {}
    is_cut = len(name.rstrip()) >= LONG
    for way, text in _parts(name):
        key = key_of_words(plain_words(text))
        if not key:
            continue
        stem, form = stem_and_form(key, spellings)
        if stem and (stem, form) not in found:
            found[stem, form] = Reading(way, key, stem, form, is_cut and not form and way == "whole")
    return list(found.values())
