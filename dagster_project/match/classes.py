"""What kind of payee a name is. The first rule that fires decides, and its name is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from dagster_project.match.names import name_key, plain_words
from dagster_project.match.persons import PersonWords, person_rule

#: Name key and publisher, `""` for all of them, to what was decided.
Decided = Mapping[tuple[str, str], Any]


@dataclass(frozen=True)
class EntityKind:
    """A kind of body: how registers say it, how names say it, and the class of a payee that is one."""

    kind: str
    payee_class: str
    register_says: re.Pattern[str]
    name_says: re.Pattern[str]


@dataclass(frozen=True)
class ClassWords:
    """
    What classing needs to know.

    Attributes:
        rules: Triples of rule, class and a compiled pattern over names in lower case, in order.
        bodies: Name key of every public body to its slugs.
        kinds: Kinds of body, in order.
        persons: Words by which people and organisations are told apart.
        decided: The classes that people gave, by name key and publisher; see `decisions.decided`.
        names: What people said that names mean, likewise.
    """

    rules: tuple[tuple[str, str, Any], ...]
    bodies: dict[str, frozenset[str]]
    kinds: tuple[EntityKind, ...] = ()
    persons: PersonWords = field(default_factory=PersonWords)
    decided: Decided = field(default_factory=dict)
    names: Decided = field(default_factory=dict)


#: A name that begins like a person's may be a body's; it is a person unless a register has a body of just that name.
PERHAPS_A_PERSON = "given name"


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


def kind_of_register(text: str, kinds: Iterable[EntityKind]) -> str:
    """Our word for a register's word for what a body is; `""` where the register has none."""
    folded = text.casefold()
    return next((kind.kind for kind in kinds if kind.register_says.search(folded)), "")


def kind_of_name(name: str, kinds: Iterable[EntityKind]) -> EntityKind | None:
    """The kind of body that a name says it is, `None` where it says nothing."""
    text = " ".join(plain_words(name))
    return next((kind for kind in kinds if kind.name_says.search(text)), None)


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
    if decision := words.decided.get((key, publisher)) or words.decided.get((key, "")):
        return decision.says, "decided by people"
    slugs = words.bodies.get(key, frozenset())
    if publisher in slugs:
        return "own_transfer", "own name"
    if found := _by_rule(words.rules, payee):
        return found
    if slugs:
        return "public_body", "name of a public body"
    if person := person_rule(payee, words.persons):
        return "individual", person
    kind = kind_of_name(payee, words.kinds)
    if kind and kind.payee_class != "supplier":
        return kind.payee_class, f"name of a {kind.kind}"
    return "supplier", "no other rule"
