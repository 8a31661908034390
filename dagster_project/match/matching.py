"""Payees' names against an index of registers: for each name the body that it means, with a confidence, or none."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import repeat
from typing import Any

import pyarrow as pa

from dagster_project.match.classes import EntityKind, kind_of_name, kind_of_register
from dagster_project.match.comparing import FEATURES, compare
from dagster_project.match.index import Found, RegisterName, find_candidates
from dagster_project.match.readings import Reading, readings_of
from dagster_project.match.scoring import NONE, Weights, confidences, outcome, support
from dagster_project.match.times import Paid, had_ended, had_not_begun, was_given_up, was_not_taken

_AT = {feature: at for at, feature in enumerate(FEATURES)}
_TIMES = slice(_AT["had not begun"], _AT["name long given up"] + 1)
#: Kinds of body that no limited company is, and that no name without their words is taken for.
_PUBLIC = frozenset({"nhs", "council", "police", "government", "school", "gp practice"})
_PRIVATE = frozenset({"company", "charity", "mutual", "housing association", "university"})
_TEACHING = frozenset({"school", "academy trust"})
_COMPANY_FORMS = frozenset({"ltd", "plc", "llp", "lp", "unltd"})


@dataclass(frozen=True)
class MatchWords:
    """
    What matching needs to know besides the registers.

    Attributes:
        spellings: See `names.stem_and_form`.
        kinds: In order; the first that a register's or a payee's words fit decides.
        weights: See `scoring.Weights`.
        group_words: Words by which companies of one group tell themselves apart, as stems.
    """

    spellings: Mapping[str, str]
    kinds: tuple[EntityKind, ...]
    weights: Weights
    group_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Body:
    """A body in the index; attributes as in `index.Entity`, `kind` in our words."""

    id: str
    name: str
    kind: str
    status: str
    start: str
    end: str
    postcode: str
    same_as: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """
    A payee's name beside one body.

    Attributes:
        reading: The reading that fits best, `name` the register name that it fits.
        values: Their features, in the order of `comparing.FEATURES`.
        support: See `scoring.support`.
        twins: Ids of the same body in other registers, known by its name alone.
    """

    body: Body
    reading: Reading
    name: RegisterName
    values: tuple[float, ...]
    support: float
    twins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """
    What became of one payee's name.

    Attributes:
        outcome: `accepted`, `review` or `none`.
        body: The likeliest body, `None` where none comes into question.
        confidence: How likely it is that body, 0 to 1.
        evidence: Why, in the words of the features, the weightiest first.
        rivals: How many other bodies come into question, at a tenth of the confidence or more.
        twins: Ids of the same body in other registers, known by its name alone.
        is_same_name: Whether the register has the name just as published, legal form and signs aside.
        method: By what it was found: `printed number`, `decision`, or what the name has in common with the register's:
            `same name`, `same but for spelling`, `former name`, `trading name`, `part of the name`, `near name`.
    """

    outcome: str
    body: Body | None = None
    confidence: float = 0.0
    evidence: str = ""
    rivals: int = 0
    is_same_name: bool = False
    method: str = ""
    twins: tuple[str, ...] = ()


def candidate_pairs(
    engine: Any, names: Sequence[str], words: MatchWords, paid: Sequence[Paid] = ()
) -> Iterator[list[Pair]]:
    """
    The bodies that each name may mean, likeliest first.

    Args:
        engine: A connection to an index that `index.build_index` made.
        names: As published.
        paid: What is printed beside each, in their order; nothing where it is empty.
    """
    readings: list[Reading] = []
    spans: list[range] = []
    for name in names:
        mine = readings_of(name, words.spellings)
        spans.append(range(len(readings), len(readings) + len(mine)))
        readings += mine
    found = find_candidates(engine, [reading.stem for reading in readings])
    bodies = bodies_of(engine, {name.body for names in found.candidates.values() for name in names}, words.kinds)
    for span, when in zip(spans, paid or repeat(Paid(), len(names)), strict=True):
        looked_up = [(readings[at], found.candidates.get(at, []), found.crowd.get(at, 0)) for at in span]
        yield _pairs_of_name(looked_up, bodies, found, words, when)


def _pairs_of_name(
    looked_up: Sequence[tuple[Reading, Sequence[RegisterName], int]],
    bodies: Mapping[int, Body], found: Found, words: MatchWords, paid: Paid,
) -> list[Pair]:  # fmt: skip
    best: dict[str, Pair] = {}
    kind = kind_of_name(looked_up[0][0].key, words.kinds) if looked_up else None
    says = kind.kind if kind else ""
    has_form = any(reading.form in _COMPANY_FORMS for reading, _, _ in looked_up)
    for reading, names, crowd in looked_up:
        for name in names:
            body = bodies[name.body]
            _, values = compare(reading, name, found.surprise, found.size, words.group_words)
            values[_AT["crowd"]] = math.log1p(crowd) / 3
            values[_AT["ended"]] = float(_has_ended(body, paid))
            values[_AT["kind agrees"]] = float(
                body.kind != "company" and (says == body.kind or {says, body.kind} <= _TEACHING)
            )
            values[_AT["kind clashes"]] = float(
                (body.kind in _PUBLIC and (has_form or says != body.kind))
                or (says in _PUBLIC and body.kind == "company" and not has_form)
            )
            values[_TIMES] = map(float, _out_of_time(body, name, paid))
            values[_AT["postcode agrees"]] = float(body.postcode in paid.postcodes)
            pair = Pair(body, reading, name, tuple(values), support(values, words.weights))
            known = best.get(body.id)
            if known is None or pair.support > known.support:
                best[body.id] = pair
    return _without_twins(sorted(best.values(), key=lambda pair: (-pair.support, pair.body.id)))


def _without_twins(pairs: Sequence[Pair]) -> list[Pair]:
    """
    Pairs without those of a body that stands in two registers under one name.

    A charity and a company of just one name, legal form and all, are one body with two numbers: a company is called so
    only if it is the charity. Anything less needs a register that states the other's number.
    """
    kept: dict[str, Pair] = {}
    first_of: dict[str, str] = {}
    for pair in pairs:
        first = first_of.setdefault(pair.name.key, pair.body.id) if pair.values[0] else pair.body.id
        if first == pair.body.id or not _are_twins(kept[first], pair):
            kept[pair.body.id] = pair
        else:
            kept[first] = replace(kept[first], twins=(*kept[first].twins, pair.body.id))
    return list(kept.values())


def _are_twins(one: Pair, other: Pair) -> bool:
    kinds = {one.body.kind or "company", other.body.kind or "company"}
    return len(kinds) == 2 and "charity" in kinds and kinds <= _PRIVATE


def _out_of_time(body: Body, name: RegisterName, paid: Paid) -> tuple[bool, bool, bool, bool]:
    """In the order of `comparing.FEATURES`, from `had not begun`."""
    return had_not_begun(body, paid), had_ended(body, paid), was_not_taken(name, paid), was_given_up(name, paid)


def _has_ended(body: Body, paid: Paid) -> bool:
    if body.end and paid.last:
        return body.end < paid.last
    return bool(body.end) or body.status.casefold().startswith(
        ("dissolved", "closed", "removed", "converted", "abolished")
    )


def bodies_of(engine: Any, numbers: Iterable[int], kinds: tuple[EntityKind, ...]) -> dict[int, Body]:
    """The bodies of an index by their numbers. An id that another row names as its own is read as that row's."""
    wanted = sorted(numbers)
    engine.register("wanted", pa.table({"body": pa.array(wanted, pa.int32())}))
    rows = engine.execute(
        "SELECT body, coalesce(aliases.id, bodies.id), name, kind, status, start, end_, postcode, same_as FROM bodies JOIN wanted USING (body) "
        "LEFT JOIN aliases ON aliases.other = bodies.id"
    ).fetchall()
    engine.unregister("wanted")
    kind = lru_cache(lambda text: kind_of_register(text, kinds))
    return {
        body: Body(id_, name, kind(said), status, start, end, postcode, tuple(filter(None, same.split("|"))))
        for body, id_, name, said, status, start, end, postcode, same in rows
    }


def decide(pairs: Sequence[Pair], weights: Weights) -> Match:
    """What becomes of a name, given the bodies that it may mean."""
    if not pairs:
        return Match(NONE)
    shares = confidences([pair.support for pair in pairs])
    first = pairs[0]
    rivals = sum(share >= shares[0] / 10 for share in shares[1:])
    is_same = bool(first.values[_AT["same name"]])
    why = explain(first, weights)
    said = outcome(shares[0], weights)
    return Match(said, first.body, shares[0], why, rivals, is_same, method_of(first), first.twins)


def method_of(pair: Pair) -> str:
    """What a name and the register's have in common, in two or three words; see `Match`."""
    if pair.name.is_previous:
        return "former name"
    if pair.reading.way in ("left of t/a", "right of t/a"):
        return "trading name"
    if pair.reading.way not in ("whole", "without code"):
        return "part of the name"
    if pair.values[_AT["same name"]]:
        return "same name"
    is_spelling = pair.values[_AT["same but for spaces"]] or pair.values[_AT["same but for spelling"]]
    return "same but for spelling" if is_spelling else "near name"


def explain(pair: Pair, weights: Weights) -> str:
    """The weightiest features of a pair, in words."""
    told = [(weight * value, feature) for weight, value, feature in zip(weights.of, pair.values, FEATURES, strict=True)]
    told = sorted((part for part in told if abs(part[0]) >= 0.3), key=lambda part: -abs(part[0]))[:4]
    return "; ".join(("" if worth > 0 else "but ") + feature for worth, feature in told)


#: Names that are looked up together; more would need more memory, fewer more time.
TOGETHER = 20_000


def match_names(engine: Any, names: Sequence[str], words: MatchWords, paid: Sequence[Paid] = ()) -> list[Match]:
    """Match each name, some thousands at a time; see `candidate_pairs`."""
    found: list[Match] = []
    for start in range(0, len(names), TOGETHER):
        part = slice(start, start + TOGETHER)
        pairs_of_each = candidate_pairs(engine, names[part], words, paid[part])
        found += [decide(pairs, words.weights) for pairs in pairs_of_each]
    return found
