"""What was asked to be taken down: fingerprints of payments and payees, so that the list itself names nobody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from dagster_project.declare.vocabulary import read_rows

COLUMNS = ("fingerprint", "publisher", "kind", "when", "why")
KINDS = ("payment", "payee")
#: Reasons that say nothing about anybody.
REASONS = ("personal data", "safety", "court order", "published by mistake")


@dataclass(frozen=True)
class Takedown:
    """
    One thing that is not shown any more.

    Attributes:
        fingerprint: SHA-256, 64 hex digits; of what, `stages.takedowns.fingerprint` says.
        publisher: Slug of the body whose lines it concerns; `""` for a payee of all bodies.
        kind: `payment` or `payee`.
        when: Day; `why` is one of `REASONS`.
    """

    fingerprint: str
    publisher: str
    kind: str
    when: str
    why: str


def load_takedowns(path: Path) -> tuple[Takedown, ...]:
    """Everything in `datapackages/decisions/takedowns.csv`, strictly."""
    found = []
    for row in read_rows(path, COLUMNS, ("fingerprint", "publisher")):
        if not re.fullmatch(r"[0-9a-f]{64}", row["fingerprint"]):
            raise row.wrong(f"fingerprint is `{row['fingerprint']}`; expected 64 hex digits. Use local-pound takedown.")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", row["when"]):
            raise row.wrong(f"when is `{row['when']}`; expected a day, YYYY-MM-DD.")
        kind, why = row.one_of("kind", KINDS), row.one_of("why", REASONS)
        if kind == "payment" and not row["publisher"]:
            raise row.wrong("a payment is one body's; give its publisher.")
        found.append(Takedown(row["fingerprint"], row["publisher"], kind, row["when"], why))
    return tuple(found)
