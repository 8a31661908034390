"""
What a heading can mean: known phrases first, else the parts its words play, misspelt or not.

A heading only proposes; the values of its column decide (`columns.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from dagster_project.model.words import HeadingSense, Words
from dagster_project.tidy.decoding import DAMAGED_POUND
from dagster_project.tidy.grids import Row

LONGEST = 120
#: What a pound sign may stand beside.
MONEY = ("amount", "vat_amount", "unit_price", "commitment", "credit", "other")
SHORTEST_MISSPELT, MOST_REMEMBERED = 6, 50_000
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
NOT_WORDS = re.compile(r"[^0-9a-z£]+")
#: Words that are one though they are written as two, and the other way round.
JOINED = (
    (re.compile(r"\b(?:post|postal|zip) ?codes?\b"), "postcode"), (re.compile(r"\bcost ?cent(?:re|er)s?\b"), "costcentre"),
    (re.compile(r"\bpro ?class\b"), "proclass"), (re.compile(r"\bv a t\b"), "vat"), (re.compile(r"\bp ?card\b"), "p card"),
    (re.compile(r"\bg l\b"), "gl"), (re.compile(r"\bsub ?total\b"), "subtotal"), (re.compile(r"\bcard ?holders?\b"), "cardholder"),
    (re.compile(r"\bvat ?exclusive\b"), "vat excl"), (re.compile(r"\bex ?vat\b"), "ex vat"), (re.compile(r"\binc ?vat\b"), "inc vat"),
    (re.compile(r"\bnon ?recoverable\b"), "irrecoverable"), (re.compile(r"\birrec\b"), "irrecoverable"),
    (re.compile(r"\btransno\b"), "trans no"), (re.compile(r"\bin v(?:oice)?\b"), "invoice"),
    (re.compile(r"\bdocumentno\b"), "document no"), (re.compile(r"\bsuppliername\b"), "supplier name"),
    (re.compile(r"\bvendorname\b"), "vendor name"), (re.compile(r"\bmerchantname\b"), "merchant name"),
    (re.compile(r"\bpaymentdate\b"), "payment date"), (re.compile(r"\bpaiddate\b"), "paid date"),
    (re.compile(r"\binvoicedate\b"), "invoice date"), (re.compile(r"\bnetamount\b"), "net amount"),
    (re.compile(r"\bgrossamount\b"), "gross amount"), (re.compile(r"\btransactiondate\b"), "transaction date"),
)  # fmt: skip


def normal(heading: object) -> str:
    """
    A heading in its normal form: small letters and single spaces, no signs, `£` as the word `pound`.

    `"Net Amount(œ)"` gives `"net amount pound"`, `"PaymentDate"` gives `"payment date"`, `"Supplier(T)"` `"supplier t"`.
    """
    return _normal(heading) if isinstance(heading, str) else ""


@lru_cache(maxsize=MOST_REMEMBERED)
def _normal(heading: str) -> str:
    text = unicodedata.normalize("NFKC", heading.replace("\ufeff", "")).strip()[:LONGEST]
    text = DAMAGED_POUND.sub("£", text)
    text = re.sub(r"\(\s*[^\w\s()]\s*\)|(?<=\s)[œúÂ�](?=\s|$)", "£", text)
    text = NOT_WORDS.sub(" ", CAMEL.sub(" ", text).lower().replace("'", "").replace("’", ""))
    text = text.replace("£", " pound ")
    for pattern, word in JOINED:
        text = pattern.sub(word, " ".join(text.split()))
    return " ".join(text.split())


def _one_letter_less(word: str) -> list[str]:
    """A word and all that is left of it without one letter: two words share one if they differ by a slip."""
    return [word, *(word[:i] + word[i + 1 :] for i in range(len(word)))]


class Headings:
    """
    Looks up headings, and remembers what it found.

    Args:
        words: The vocabulary.
    """

    def __init__(self, words: Words) -> None:
        self.words = words
        self._near: dict[str, str] = {}
        for word, part in words.parts.items():
            if len(word) >= SHORTEST_MISSPELT:
                for variant in _one_letter_less(word):
                    self._near.setdefault(variant, part)
        self._parts: dict[str, str] = dict(words.parts)
        self._senses: dict[object, tuple[HeadingSense, ...]] = {}

    def senses(self, heading: object) -> tuple[HeadingSense, ...]:
        """All that a heading can mean, the likeliest first; nothing for what is no heading."""
        found = self._senses.get(heading)
        if found is None:
            if len(self._senses) > MOST_REMEMBERED:
                self._senses.clear()
            found = self._senses[heading] = self._look_up(normal(heading))
        return found

    def _look_up(self, phrase: str) -> tuple[HeadingSense, ...]:
        if not phrase:
            return ()
        phrases = self.words.phrases
        for form in (phrase, phrase.removesuffix(" t")):
            if form in phrases:
                return phrases[form]
        for form in (phrase.removesuffix(" pound"), phrase.removeprefix("pound ")):
            # A pound sign makes an amount of nothing else: "Paid (£)" is no date.
            if form in phrases and phrases[form][0].field in MONEY:
                return phrases[form]
        words = phrase.split()
        if len(words) > 14:
            return ()
        played = [self._part(word) for word in words]
        parts, unknown = set(played), played.count("")
        parts -= {"", "plain"}
        if not parts or unknown * 2 > len(words):
            return ()
        best: dict[str, HeadingSense] = {}
        for rule in self.words.rules:
            sense = rule.sense
            fits = rule.needs <= parts and not rule.bars & parts
            if fits and (sense.field not in best or sense.rank < best[sense.field].rank):
                best[sense.field] = sense
        return tuple(sorted(best.values(), key=lambda sense: sense.rank))

    def _part(self, word: str) -> str:
        """The part a word plays; a long word may be misspelt by a letter or two."""
        part = self._parts.get(word)
        if part is None:
            part = ""
            if len(word) >= SHORTEST_MISSPELT and word.isalpha():
                part = next((self._near[v] for v in _one_letter_less(word) if v in self._near), "")
            elif word.isdigit():
                part = "plain"
            if len(self._parts) < MOST_REMEMBERED:
                self._parts[word] = part
        return part

    def is_heading(self, cell: object) -> bool:
        """Whether a cell reads as a known heading."""
        return isinstance(cell, str) and bool(cell) and len(cell) <= LONGEST and bool(self.senses(cell))

    def fields(self, row: Iterable[object]) -> set[str]:
        """Fields that the cells of a record could head."""
        return {sense.field for cell in row if isinstance(cell, str) and cell for sense in self.senses(cell)[:2]}

    def known(self, row: Row) -> int:
        """How many different cells of a record read as headings."""
        return len({normal(cell) for cell in row if self.is_heading(cell)})
