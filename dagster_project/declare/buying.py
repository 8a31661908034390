"""Rules that say from a payment's own words what was bought: goods, services, works, or nothing that one buys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from dagster_project.declare.vocabulary import read_rows

GOODS, SERVICES, WORKS, NOTHING_BOUGHT = BOUGHT = ("goods", "services", "works", "nothing bought")
#: Of words that say nothing, such as "goods and services": they are struck out before the others are looked at.
NOTHING_SAID = "nothing said"


@dataclass(frozen=True)
class BoughtRule:
    """
    A pattern over words in lower case, with words that it takes and words that it must not.

    Attributes:
        bought: One of `BOUGHT`, or `NOTHING_SAID`.
        pattern: In the common part of Python's and RE2's syntax.
    """

    rule: str
    bought: str
    pattern: str
    example: str
    counter_example: str


def load_bought_rules(path: Path) -> tuple[BoughtRule, ...]:
    """Rules in the order in which they are tried; the first that fires decides."""
    found = []
    for row in read_rows(path, ("rule", "bought", "pattern", "example", "counter_example"), ("rule",)):
        try:
            re.compile(row.filled("pattern"))
        except re.error as error:
            raise row.wrong(f"pattern: {error}") from error
        found.append(
            BoughtRule(
                row["rule"], row.one_of("bought", (*BOUGHT, NOTHING_SAID)), row["pattern"], row.filled("example"),
                row.filled("counter_example"),
            )
        )  # fmt: skip
    return tuple(found)
