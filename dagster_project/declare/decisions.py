"""What people decided about payees: whom a name means, and of what class it is; with who, when, why and evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dagster_project.declare.vocabulary import read_rows

#: What every decision says about itself.
_ABOUT = ("who", "when", "why", "evidence")


@dataclass(frozen=True)
class Decision:
    """
    One decision.

    Attributes:
        payee: Name as published.
        publisher: Slug of the body it holds for; `""` for all, except those with a decision of their own.
        says: What was decided: an org-id, or `none`; a class.
        who: Who decided; `when`, day; `why` and `evidence`, in words.
    """

    payee: str
    publisher: str
    says: str
    who: str
    when: str
    why: str
    evidence: str
    place: str


def load_matches(path: Path) -> tuple[Decision, ...]:
    """Whom names mean: matches.csv; `supplier_id` is an org-id, or `none` where nobody in a register is meant."""
    return _load(path, "supplier_id", None)


def load_class_decisions(path: Path, classes: Iterable[str]) -> tuple[Decision, ...]:
    """Of what class names are: classes.csv."""
    return _load(path, "payee_class", list(classes))


def _load(path: Path, column: str, known: list[str] | None) -> tuple[Decision, ...]:
    found = []
    for row in read_rows(path, ("payee", "publisher", column, *_ABOUT), ("payee", "publisher")):
        says = row.filled(column) if known is None else row.one_of(column, known)
        if known is None and says != "none" and not re.fullmatch(r"[A-Z]{2}-[A-Z]+-[A-Z0-9-]+", says):
            raise row.wrong(f"{column} is `{says}`; expected an org-id such as GB-COH-01234567, or none.")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", row["when"]):
            raise row.wrong(f"when is `{row['when']}`; expected a day, YYYY-MM-DD.")
        about = (row.filled("who"), row["when"], row.filled("why"), row.filled("evidence"))
        found.append(Decision(row.filled("payee"), row["publisher"], says, *about, f"{path.name}, line {row.line}"))
    return tuple(found)
