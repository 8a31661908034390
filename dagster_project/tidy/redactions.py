"""
Whether a payee's name is withheld, in whatever wording or misspelling, and whether a line is a total.

Firms called Redactive or Confidential Waste, and an oil company called Total, are neither.
"""

from __future__ import annotations

import re
import unicodedata

from dagster_project.model.words import Words

FORMS = ("ltd", "limited", "plc", "llp", "cic")
WORDS = re.compile(r"[^0-9a-z]+")
#: What every word near to `redacted` holds one of.
NEAR = ("red", "rea", "rda", "rec")
STARS = re.compile(r"^[\s*x#█■.\-–_]*$", re.IGNORECASE)
TOTAL_TAIL = re.compile(r"\b(?:sub|grand|overall)?\s*totals?(?: \d+ (?:items?|lines?|records?|payments?|invoices?|transactions?|rows?))?$|^(?:grand |sub ?|overall )?totals?\b(?: (?:for|of|spend|spending|payments?|expenditure|"
                        r"excluding|including|excl|incl|inc|ex|net|gross|amount|value|over|paid|invoices?|transactions?|cost|to|in|this|"
                        r"pound|vat|number|\d+|jan\w*|feb\w*|mar\w*|apr\w*|may|jun\w*|jul\w*|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*)\b.*)?$")  # fmt: skip


def plain(text: str) -> str:
    """Small letters and single spaces, signs left out."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("’", "")
    return " ".join(WORDS.split(text.lower().replace("'", ""))).strip()


def _is_near_redacted(word: str) -> bool:
    """Whether a word is `redacted` with a letter or two wrong, swapped, or one too many."""
    if not 6 <= len(word) <= 11 or not any(part in word for part in NEAR):
        return False
    target = "redacted"
    if word in target or sorted(word) == sorted(target):
        return word.startswith("redact") or sorted(word) == sorted(target)
    return _distance(word, target) <= 2 and word[-1] in "dte"


def _distance(a: str, b: str) -> int:
    """Levenshtein distance of two short words."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]


class Withheld(dict[str, bool]):
    """Answers whether a payee is withheld, each wording looked at once."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._whole = {r.phrase for r in words.redactions if r.where == "whole"}
        self._begins = tuple(f" {r.phrase} " for r in words.redactions if r.where == "begins")
        anywhere = (re.escape(f" {r.phrase} ") for r in words.redactions if r.where == "anywhere")
        self._anywhere = re.compile("|".join(anywhere) or "(?!)")
        self._signs = {r.phrase for r in words.redactions if r.where == "sign"}
        self._beside = {r.phrase for r in words.redactions if r.where == "beside"} | self._signs

    def __missing__(self, text: str) -> bool:
        found = self[text] = self._judge(text)
        return found

    def _judge(self, text: str) -> bool:
        if not text:
            return False
        if STARS.match(text):
            return len(text.strip()) >= 3 and any(c in "*xX#█■" for c in text)
        phrase = plain(text)
        if phrase in self._whole:
            return True
        padded = f" {phrase} "
        tokens = phrase.split()
        if not self._signs.isdisjoint(tokens) and all(token in self._beside or token.isdecimal() for token in tokens):
            return True
        if not self._words.innocents.isdisjoint(tokens) or self._is_firm(tokens):
            return False
        if self._anywhere.search(padded) or padded.startswith(self._begins):
            return True
        return any(part in phrase for part in NEAR) and any(map(_is_near_redacted, tokens))

    def _is_firm(self, tokens: list[str]) -> bool:
        """Whether a name that begins like a redaction goes on as a firm's: `Redaction Software Ltd`."""
        inner = tokens[:-1]
        return (
            len(tokens) >= 3
            and tokens[-1] in FORMS
            and tokens[0].startswith(("redact", "withheld"))
            and {"personal", "data", "information", "name", "ta", "by"}.isdisjoint(tokens)
            and not all(token in self._beside for token in inner)
        )


class Totals(dict[str, bool]):
    """Answers whether a text labels a total line."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._totals = words.totals

    def __missing__(self, text: str) -> bool:
        phrase = plain(text.replace("£", " pound "))
        found = self[text] = (
            bool(phrase) and len(phrase) < 80 and (phrase in self._totals or bool(TOTAL_TAIL.search(phrase)))
        )
        return found
