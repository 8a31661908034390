"""Which of several sources of one month speaks: a later or fuller one, where they give the same payments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: Words by which publishers say that a file replaces an earlier one.
REVISED = re.compile(
    r"(?:^|[^a-z])(v\d+|version \d+|amended|amendment|revised|revision|corrected|updated|republished)(?:[^a-z]|$)",
    re.IGNORECASE,
)

#: A source is another edition of one that has this share of its lines.
SAME_PAYMENTS = 0.5
#: Fewer lines than these can agree by chance: the other must have all of them, or this share where its name says that it
#: is a new edition.
A_FEW, OF_A_FEW = 10, 0.75
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


def gives_the_same(source: Source, other: Source, common: int) -> bool:
    """Whether a source, `common` lines of which another has, is an edition of the same list."""
    if source.rows >= A_FEW:
        return common >= SAME_PAYMENTS * source.rows
    newer = edition(other.name) > edition(source.name)
    return common >= (OF_A_FEW if newer else 1) * source.rows


def silent_sources(sources: list[Source], common: Mapping[tuple[int, int], int]) -> dict[int, int]:
    """
    Sources of a month that another one speaks for.

    A source falls silent only where the speaker itself has enough of its lines: a list that shares lines with two others
    does not make these two editions of each other.

    Args:
        common: Lines that two sources share, by their numbers, the smaller number first.

    Returns:
        Number of each silent source to the number of its speaker.
    """

    def shared(a: Source, b: Source) -> int:
        return common[min(a.number, b.number), max(a.number, b.number)]

    silent: dict[int, int] = {}
    left = sorted(sources, key=lambda source: (-source.rows, source.number))
    while left:
        seed = left[0]
        alike = [s for s in left if s is seed or gives_the_same(s, seed, shared(seed, s))]
        speaks = speaker(alike)
        gone = [s for s in alike if s is not speaks and gives_the_same(s, speaks, shared(speaks, s))]
        silent |= {source.number: speaks.number for source in gone}
        left = [source for source in left if source is not speaks and source not in gone]
    return silent
