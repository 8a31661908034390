"""
The vocabulary a careful reader needs: what headings, withheld names, totals and troubles are called.

Declared in `datapackages/vocabulary/`, loaded by `declare.vocabulary`; the reader takes it as an argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: What a column can hold. The first three make a table; `TEXT_FIELDS` of `model.lines` are published as text; the
#: others are known so that they are not mistaken for something else.
PRIMARY_FIELDS = ("payee", "amount", "date")
OTHER_FIELDS = ("vat_amount", "unit_price", "person", "year", "commitment", "contract_life", "card", "credit", "other")

SEVERITIES = ("error", "warning", "note")
OWNERS = ("publisher", "us")

#: How a wording of a withheld name is looked for: anywhere as words, as the whole cell, or as its beginning.
WHERE = ("anywhere", "whole", "begins", "sign", "beside")


@dataclass(frozen=True)
class HeadingSense:
    """
    What a heading can mean.

    Attributes:
        field: One of `PRIMARY_FIELDS`, `TEXT_FIELDS` or `OTHER_FIELDS`.
        rank: Among headings for the same field in one table, the lower one speaks.
        basis: `net`, `gross` or `""`, for amounts.
    """

    field: str
    rank: int
    basis: str = ""


@dataclass(frozen=True)
class HeadingRule:
    """A sense that a heading has when its words hold all parts of `needs` and none of `bars`."""

    sense: HeadingSense
    needs: frozenset[str]
    bars: frozenset[str]


@dataclass(frozen=True)
class Redaction:
    """A wording that says that a name is withheld, and where in the cell it counts."""

    phrase: str
    where: str


@dataclass(frozen=True)
class ProblemKind:
    """
    What a code of trouble stands for.

    Attributes:
        severity: One of `SEVERITIES`.
        whose: One of `OWNERS`: who can mend it.
        title: What is wrong, a short sentence.
        could: What the publisher can do.
    """

    code: str
    severity: str
    whose: str
    title: str
    could: str


@dataclass(frozen=True)
class Words:
    """
    The whole vocabulary of reading.

    Attributes:
        phrases: Heading in normal form (see `tidy.headings.normal`) to its senses.
        parts: Word of a heading to the part it plays, such as `who`, `money`, `code`.
        rules: Senses by parts, for headings that are no known phrase.
        redactions: Wordings of withheld names; misspellings of single words are found without being listed.
        payee_words: Words that stand in names of payees and hardly elsewhere, such as `ltd`.
        innocents: Words that look like a wording of `redactions` and are not, such as `redactive`.
        totals: Wordings of total lines, in normal form.
        problems: Code to what it stands for.
        signs: Kind of a data set to words of headings, titles and names that tell it.
    """

    phrases: Mapping[str, tuple[HeadingSense, ...]]
    parts: Mapping[str, str]
    rules: tuple[HeadingRule, ...]
    redactions: tuple[Redaction, ...]
    payee_words: frozenset[str]
    innocents: frozenset[str]
    totals: frozenset[str]
    problems: Mapping[str, ProblemKind]
    signs: Mapping[str, tuple[str, ...]]
