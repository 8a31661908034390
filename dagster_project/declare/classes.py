"""Classes of payee, the rules that give them, and the denominators that rest on them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from dagster_project.declare.vocabulary import read_rows
from dagster_project.model.figures import Answer

SCOPES: dict[str, Answer] = {"yes": True, "no": False, "unknown": None}


@dataclass(frozen=True)
class PayeeClass:
    """A class of payee; `in_scope`: whether it counts as spending with suppliers, `None` where nobody can say."""

    name: str
    title: str
    title_plural: str
    in_scope: Answer
    explains: str


@dataclass(frozen=True)
class ClassRule:
    """A pattern over names in lower case, with a name that it takes and one that it must not."""

    rule: str
    payee_class: str
    pattern: re.Pattern[str]
    example: str
    counter_example: str


@dataclass(frozen=True)
class Denominator:
    """What a share is a share of: `condition` is SQL over payees of a year."""

    key: str
    title: str
    condition: str
    explains: str


def load_classes(path: Path) -> dict[str, PayeeClass]:
    """Classes by name, in the order of the file."""
    rows = read_rows(path, ("class", "title", "title_plural", "in_scope", "explains"), ("class",))
    return {
        row["class"]: PayeeClass(
            row["class"], row["title"], row["title_plural"], SCOPES[row.one_of("in_scope", SCOPES)], row["explains"]
        )
        for row in rows
    }


def load_class_rules(path: Path, classes: dict[str, PayeeClass]) -> tuple[ClassRule, ...]:
    """Rules in the order in which they are tried; the first that fires decides."""
    found = []
    for row in read_rows(path, ("rule", "class", "pattern", "example", "counter_example"), ("rule",)):
        try:
            pattern = re.compile(row.filled("pattern"))
        except re.error as error:
            raise row.wrong(f"pattern: {error}") from error
        found.append(
            ClassRule(
                row["rule"], row.one_of("class", classes), pattern, row.filled("example"), row.filled("counter_example")
            )
        )
    return tuple(found)


def load_denominators(path: Path) -> dict[str, Denominator]:
    """Denominators by key."""
    rows = read_rows(path, ("key", "title", "condition", "explains"), ("key",))
    return {row["key"]: Denominator(row["key"], row["title"], row.filled("condition"), row["explains"]) for row in rows}
