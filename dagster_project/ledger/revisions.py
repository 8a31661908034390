"""Which of several sources of one month speaks: a later or fuller one, where they give the same payments."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Words by which publishers say that a file replaces an earlier one.
REVISED = re.compile(
    r"(?:^|[^a-z])(v\d+|version \d+|amended|amendment|revised|revision|corrected|updated|republished)(?:[^a-z]|$)",
    re.IGNORECASE,
)

#: Two sources give the same payments when this share of the smaller one's lines stands in the other too.
SAME_PAYMENTS = 0.5
#: A file that says it is revised speaks, unless it has less than this share of the fullest one's lines: then it is a
#: list of corrections, not a new edition.
WHOLE_EDITION = 0.8


@dataclass(frozen=True)
class Source:
    """
    One table of one file, as far as it concerns one month.

    Attributes:
        number: Its place among the publisher's sources, files by name.
        name: Name of the file.
        retrieved: ISO date, `""` where not known.
        rows: Lines of the month.
    """

    number: int
    name: str
    retrieved: str
    rows: int


def edition(name: str) -> int:
    """How far a file's name says that it is a new edition: 0 not at all, 1 `amended`, n for `v<n>` above 1."""
    found = REVISED.search(name.rsplit(".", 1)[0].replace("_", " "))
    if not found:
        return 0
    digits = re.sub(r"\D", "", found[1])
    return max(int(digits[:4]) - 1, 0) if digits else 1


def speaker(sources: list[Source]) -> Source:
    """
    The source that speaks for a month, of several that give the same payments.

    Retrieved later comes first, then a name that says it is a new edition (and is one), then more lines; among equals the
    last by name, so that the answer does not depend on the order in which they were met.
    """
    fullest = max(source.rows for source in sources)

    def rank(source: Source) -> tuple[str, int, int, str, int]:
        whole = source.rows >= WHOLE_EDITION * fullest
        return (
            source.retrieved if whole else "",
            edition(source.name) if whole else 0,
            source.rows,
            source.name,
            -source.number,
        )

    return max(sources, key=rank)


def clusters(numbers: list[int], alike: set[tuple[int, int]]) -> list[list[int]]:
    """Groups of sources that are connected by pairs giving the same payments, each sorted, first member first."""
    group = {number: number for number in numbers}

    def root(number: int) -> int:
        while group[number] != number:
            number = group[number]
        return number

    for a, b in sorted(alike):
        low, high = sorted((root(a), root(b)))
        group[high] = low
    found: dict[int, list[int]] = {}
    for number in sorted(numbers):
        found.setdefault(root(number), []).append(number)
    return list(found.values())
