"""What people decided about payees: whom a name means, by what name it is known, and of what class it is; with who, when, why and evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
        kind: `match`, `alias` or `class`.
        says: What was decided: an org-id, or `none`; the name by which it is known; a class.
        who: Who decided; `when`, day; `why` and `evidence`, in words.
    """

    payee: str
    publisher: str
    kind: str
    says: str
    who: str
    when: str
    why: str
    evidence: str
    place: str


def load_matches(path: Path) -> tuple[Decision, ...]:
    """Whom names mean: matches.csv; `supplier_id` is an org-id, or `none` where nobody in a register is meant."""
    found = _load(path, "match", "supplier_id")
    for row, one in found:
        if one.says != "none" and not re.fullmatch(r"[A-Z]{2}-[A-Z]+-[A-Z0-9-]+", one.says):
            raise row.wrong(f"supplier_id is `{one.says}`; expected an org-id such as GB-COH-01234567, or none.")
    return tuple(one for _, one in found)


def load_aliases(path: Path) -> tuple[Decision, ...]:
    """By what names payees are known: aliases.csv; `known_as` is looked up instead of the name as published."""
    return tuple(one for _, one in _load(path, "alias", "known_as"))


def load_class_decisions(path: Path, classes: Iterable[str]) -> tuple[Decision, ...]:
    """Of what class names are: classes.csv."""
    known = list(classes)
    found = _load(path, "class", "payee_class")
    for row, _ in found:
        row.one_of("payee_class", known)
    return tuple(one for _, one in found)


def _load(path: Path, kind: str, column: str) -> list[tuple[Any, Decision]]:
    found = []
    for row in read_rows(path, ("payee", "publisher", column, *_ABOUT), ("payee", "publisher")):
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", row["when"]):
            raise row.wrong(f"when is `{row['when']}`; expected a day, YYYY-MM-DD.")
        about = (row.filled("who"), row["when"], row.filled("why"), row.filled("evidence"))
        place = f"{path.name}, line {row.line}"
        found.append((row, Decision(row.filled("payee"), row["publisher"], kind, row.filled(column), *about, place)))
    return found
