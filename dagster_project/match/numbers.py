"""Numbers that a body printed beside a payee's name: looked up first, and held against the name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa

from dagster_project.match.comparing import align
from dagster_project.match.matching import Body, Match, MatchWords, bodies_of
from dagster_project.match.readings import readings_of
from dagster_project.match.registers import company_id
from dagster_project.match.scoring import ACCEPTED, REVIEW
from dagster_project.match.times import Paid, had_ended, had_not_begun

#: Confidence in a printed number whose body has a name that shares most with the printed one, and in one that has not.
AGREES, DIFFERS = 0.99, 0.5
#: How a match by a printed number was found.
NUMBER = "printed number"
#: Part of the payee's words that the body's name must share, so that number and name agree.
SHARED = 0.5


def printed_ids(company: str, charity: str) -> list[str]:
    """The org-ids that printed numbers may mean; a charity's figures alone do not say which register."""
    ids = [company_id(company)] if company else []
    number = re.sub(r"\W", "", charity).upper()
    if re.fullmatch(r"SC\d{6}", number):
        ids.append(f"GB-SC-{number}")
    elif re.fullmatch(r"NIC?\d{6}", number):
        ids.append(f"GB-NIC-{number.lstrip('NIC')}")
    elif re.fullmatch(r"0*[1-9]\d{4,6}", number):
        ids.append(f"GB-CHC-{number.lstrip('0')}")
    return [one for one in ids if one]


def match_numbers(
    engine: Any, asked: Iterable[tuple[str, str, str]], words: MatchWords, paid: Mapping[str, Paid] | None = None
) -> dict[tuple[str, str, str], Match]:
    """
    Match payees by the numbers that were printed beside their names.

    Args:
        engine: A connection to an index that `index.build_index` made.
        asked: Name, company number and charity number as published.
        paid: Name to when it was paid.

    Returns:
        Only payees whose number is in a register; accepted where the names agree, for review where they do not, where
        the body was not there when it was paid, or where two numbers are of two bodies and only one has the name.
    """
    rows = [(one, number) for one in asked for number in printed_ids(one[1], one[2])]
    if not rows:
        return {}
    engine.register("printed", pa.table({"id": pa.array(sorted({number for _, number in rows}), pa.string())}))
    held = engine.execute(
        "SELECT bodies.id, names.body, names.stem FROM printed JOIN bodies ON bodies.id = printed.id "
        "JOIN names USING (body) ORDER BY names.name_id"
    ).fetchall()
    engine.unregister("printed")
    stems: dict[str, list[str]] = {}
    at: dict[str, int] = {}
    for number, body, stem in held:
        stems.setdefault(number, []).append(stem)
        at[number] = body
    bodies = bodies_of(engine, set(at.values()), words.kinds)
    found: dict[tuple[str, str, str], Match] = {}
    for one, number in rows:
        if number in stems:
            judged = _judged(one[0], bodies[at[number]], stems[number], words, (paid or {}).get(one[0], Paid()))
            found[one] = _together(found[one], judged) if one in found else judged
    return found


def _together(one: Match, other: Match) -> Match:
    """What two printed numbers say: the first, unless they are of two bodies of which only one has the name."""
    if one.outcome == other.outcome or one.body == other.body:
        return one
    first = one if one.outcome == ACCEPTED else other
    return replace(
        first, outcome=REVIEW, confidence=DIFFERS, evidence="two numbers printed by the publisher; but of two bodies"
    )


def bodies_by_id(engine: Any, ids: Iterable[str], words: MatchWords) -> dict[str, Body]:
    """The bodies of an index that have some ids."""
    engine.register("printed", pa.table({"id": pa.array(sorted(set(ids)), pa.string())}))
    at = dict(
        engine.execute(
            "SELECT bodies.id, min(body) FROM printed JOIN bodies ON bodies.id = printed.id GROUP BY ALL"
        ).fetchall()
    )
    engine.unregister("printed")
    bodies = bodies_of(engine, at.values(), words.kinds)
    return {number: bodies[body] for number, body in at.items()}


def _judged(name: str, body: Body, stems: list[str], words: MatchWords, paid: Paid) -> Match:
    said = "number printed by the publisher; "
    if had_not_begun(body, paid) or had_ended(body, paid):
        return Match(REVIEW, body, DIFFERS, said + "but the body was not there when it was paid", method=NUMBER)
    best = 0.0
    for reading in readings_of(name, words.spellings):
        for stem in stems:
            met = align(reading.stem.split(), stem.split(), {}, words.group_words, reading.is_cut)
            best = max(best, met.met / (met.met + met.missing or 1.0))
    if best >= SHARED:
        return Match(ACCEPTED, body, AGREES, said + "the names agree", method=NUMBER)
    return Match(REVIEW, body, DIFFERS, said + "but the names differ", method=NUMBER)
