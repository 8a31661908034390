"""What matching payees goes by: spellings, kinds of body, names of people, and what each feature weighs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from dagster_project.declare.vocabulary import read_rows


@dataclass(frozen=True)
class KindOfBody:
    """A kind of body: how registers say it, how names say it, the class of a payee that is one, and an example."""

    kind: str
    payee_class: str
    register_says: re.Pattern[str]
    name_says: re.Pattern[str]
    example: str


@dataclass(frozen=True)
class PersonNames:
    """Names of people, and words that no person is called; all in lower case."""

    given: frozenset[str]
    family: frozenset[str]
    organisation: frozenset[str]
    titles: frozenset[str]
    after: frozenset[str]


def load_spellings(path: Path) -> dict[str, str]:
    """Word to what stands for it, `""` where it tells nothing apart; name_words.csv."""
    return {row.filled("word"): row["stands_for"] for row in read_rows(path, ("word", "stands_for"), ("word",))}


def load_kinds(path: Path, classes: dict[str, object]) -> tuple[KindOfBody, ...]:
    """Kinds of body in the order in which they are tried; entity_kinds.csv."""
    columns = ("kind", "payee_class", "register_says", "name_says", "example")
    found = []
    for row in read_rows(path, columns, ("kind",)):
        try:
            patterns = re.compile(row.filled("register_says")), re.compile(row.filled("name_says"))
        except re.error as error:
            raise row.wrong(f"a pattern: {error}") from error
        found.append(KindOfBody(row["kind"], row.one_of("payee_class", classes), *patterns, row.filled("example")))
    return tuple(found)


def load_person_names(names: Path, organisation_words: Path) -> PersonNames:
    """Names of people; person_names.csv and organisation_words.csv."""
    parts: dict[str, set[str]] = {"given": set(), "family": set(), "title": set(), "after": set()}
    for row in read_rows(names, ("name", "part"), ("name", "part")):
        parts[row.one_of("part", parts)].add(row.filled("name"))
    words = {row.filled("word") for row in read_rows(organisation_words, ("word",), ("word",))}
    return PersonNames(frozenset(parts["given"]), frozenset(parts["family"]), frozenset(words),
                       frozenset(parts["title"]), frozenset(parts["after"]))  # fmt: skip


def load_group_words(path: Path) -> frozenset[str]:
    """Words by which companies of one group tell themselves apart; group_words.csv."""
    return frozenset(row.filled("word") for row in read_rows(path, ("word",), ("word",)))


def load_weights(path: Path) -> dict[str, float]:
    """Feature to weight; match_weights.csv, fitted by benchmarks/matching_fit.py within the bounds that it declares."""
    weights = {}
    for row in read_rows(path, ("feature", "weight", "at_least", "at_most", "explains"), ("feature",)):
        try:
            weights[row.filled("feature")] = float(row.filled("weight"))
        except ValueError as error:
            raise row.wrong(f"weight is `{row['weight']}`; expected a number.") from error
    return weights
