"""What kind of payee a name is. The first rule that fires decides, and its name is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dagster_project.match.names import name_key


@dataclass(frozen=True)
class ClassWords:
    """
    What classing needs to know.

    Attributes:
        rules: Pairs of rule and class with a compiled pattern over names in lower case, in order.
        bodies: Name key of every public body to its slugs.
    """

    rules: tuple[tuple[str, str, Any], ...]
    bodies: dict[str, frozenset[str]]


def bodies_by_name(publishers: Iterable[Any]) -> dict[str, frozenset[str]]:
    """
    Name keys of public bodies to slugs.

    Only full names that say what they are: a bare place (`Kent`) is too often something else.
    """
    found: dict[str, set[str]] = {}
    for publisher in publishers:
        for name in (publisher.name, *(n for n in publisher.alternative_names if len(n.split()) > 1)):
            found.setdefault(name_key(name), set()).add(publisher.slug)
    return {key: frozenset(slugs) for key, slugs in found.items() if key}


@lru_cache(maxsize=200_000)
def _by_rule(rules: tuple[tuple[str, str, Any], ...], name: str) -> tuple[str, str] | None:
    folded = " ".join(name.casefold().split())
    return next(((payee_class, rule) for rule, payee_class, pattern in rules if pattern.search(folded)), None)


def payee_class(payee: str, is_redacted: bool, publisher: str, words: ClassWords) -> tuple[str, str]:
    """
    Class and rule of a payee.

    Args:
        payee: Name as published.
        publisher: Slug of the body that paid.
    """
    if is_redacted:
        return "redacted", "name withheld"
    key = name_key(payee)
    if not key:
        return "unreadable", "no name"
    slugs = words.bodies.get(key, frozenset())
    if publisher in slugs:
        return "own_transfer", "own name"
    if found := _by_rule(words.rules, payee):
        return found
    return ("public_body", "name of a public body") if slugs else ("supplier", "no other rule")
