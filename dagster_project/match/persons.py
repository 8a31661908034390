"""Whether a payee's name reads as that of a person. People are counted, and never looked up, listed or given a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dagster_project.match.names import FORMS, plain_words

#: `Lund, Hester` and `LUND E J`: a family name, and what belongs before it.
_FAMILY_FIRST = re.compile(r"[^\W\d_]{3,}(?:, ?[^\W\d_]{3,}|,?(?: [A-Z]\.?){2,3})")
_BRACKETS = re.compile(r"\([^)]*\)?|\[[^\]]*\]?")


@dataclass(frozen=True)
class PersonWords:
    """
    Words by which people and organisations are told apart.

    Attributes:
        given: Given names in lower case.
        family: Family names.
        organisation: Words that no person is called, though some are names too.
        titles: `mr`, `dr` and the like.
        after: What stands behind a person's name or beside it: `jnr`, `mbe`, `partners`.
    """

    given: frozenset[str] = frozenset()
    family: frozenset[str] = frozenset()
    organisation: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()


def person_rule(name: str, words: PersonWords) -> str:
    """
    By which rule a name reads as a person's, `""` where it does not.

    Returns:
        `title`, `initials and family name`, `given and family name`, or `given name`, the weakest: a body may be called
        after a person.
    """
    if _FAMILY_FIRST.fullmatch(name.strip()) and not words.organisation.intersection(plain_words(name)):
        return "given name"
    found = plain_words(_BRACKETS.sub(" ", name))
    while found and (found[-1].isdigit() or (found[-1] in words.after and found[-1] != "and")):
        found = found[:-1]
    if not 1 < len(found) <= 9 or any(not word.isalpha() for word in found):
        return ""
    titled = found[0] in words.titles or (len(found) <= 4 and found[-1] in words.titles - {"sister", "master", "judge"})
    rest = [word for word in found if word not in words.titles and word not in words.after]
    if not rest:
        return ""
    if titled and found[0] in ("dr", "doctor", "drs") and ("partners" in found or "partner" in found):
        return "title"
    # Hill and Hall are names too, where they come last.
    telling = rest[:-1] if rest[-1] in words.family and len(rest) > 1 else rest
    if any(word in words.organisation or word in FORMS or word == "the" for word in telling):
        return ""
    if titled:
        return "title" if len(rest) <= 7 and "messrs" not in found else ""
    return "" if "messrs" in found else _untitled(rest, "and" in found, words)


def _untitled(rest: Sequence[str], is_pair: bool, words: PersonWords) -> str:
    first, last = rest[0], rest[-1]
    if not 2 <= len(rest) <= 4:
        return ""
    if all(len(word) <= 2 for word in rest[:-1]) and last in words.family and len(last) > 2:
        return "initials and family name"
    if is_pair:
        return ""  # Gray and Kelly are a firm
    if (
        all(len(word) <= 2 for word in rest[1:])
        and first in words.family
        and last not in ("uk", "gb", "co", "it", "hq")
    ):
        return "initials and family name"
    middle = all(word in words.given or word in words.family or len(word) <= 2 for word in rest[1:-1])
    if first in words.given and middle:
        if last in words.family:
            return "given and family name"
        return "given name" if len(rest) <= 3 and len(last) > 2 else ""
    if first in words.family and last in words.given and len(rest) <= 3:
        return "given and family name"
    return ""
