"""Decisions by people: they override rules, hold for the whole country, and yield to one for the publisher alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dagster_project.match.classes import Decided
from dagster_project.match.matching import Body, Match
from dagster_project.match.names import name_key
from dagster_project.match.numbers import NUMBER
from dagster_project.match.scoring import ACCEPTED, NONE

#: How a match that people made was found.
DECISION = "decision"


class DecisionsDisagree(ValueError):
    """Two decisions about one name say different things."""


def decided(decisions: Iterable[Any]) -> dict[tuple[str, str], Any]:
    """
    Decisions by name and publisher.

    Raises:
        DecisionsDisagree: two spellings of one name were decided differently for the same publisher.
    """
    found: dict[tuple[str, str], Any] = {}
    for one in decisions:
        key = name_key(one.payee), one.publisher
        other = found.setdefault(key, one)
        if other.says != one.says:
            raise DecisionsDisagree(
                f"{one.place}: `{one.payee}` is decided as {one.says}, but as {other.says} by {other.place}; "
                "keep one, or give one of them a publisher"
            )
    aliases = {key[0]: one for key, one in found.items() if one.kind == "alias"}
    for one in aliases.values():
        if other := aliases.get(name_key(one.says)):
            raise DecisionsDisagree(
                f"{one.place}: `{one.payee}` is an alias of `{one.says}`, which {other.place} calls an alias of "
                f"`{other.says}`; say the last name in both"
            )
    return found


def decision_on(payee: str, publisher: str, decisions: Decided) -> Any | None:
    """What was decided about a payee of a publisher; `None` where nothing was."""
    if not decisions:
        return None
    key = name_key(payee)
    return decisions.get((key, publisher)) or decisions.get((key, ""))


def known_as(payee: str, publisher: str, decisions: Decided) -> str:
    """The name by which people said that a payee is known; as published where nobody did."""
    decision = decision_on(payee, publisher, decisions)
    return str(decision.says) if decision and decision.kind == "alias" else payee


def decision_on_body(payee: str, publisher: str, decisions: Decided) -> Any | None:
    """What was decided about the body that a payee, or the name by which it is known, means; `None` for nothing."""
    decision = decision_on(known_as(payee, publisher, decisions), publisher, decisions)
    return decision if decision and decision.kind == "match" else None


def decided_match(decision: Any, bodies: Mapping[str, Body], against: Match | None = None) -> Match:
    """
    The match that a decision makes. A body that no register here holds is known by its number alone.

    Args:
        against: What was found without the decision; where a number that the publisher printed says otherwise, the
            evidence says so.
    """
    said = f"decided by {decision.who} on {decision.when}: {decision.why}"
    printed = against.body if against and against.method == NUMBER else None
    if printed and decision.says not in (printed.id, *printed.same_as):
        said += f"; but the publisher printed the number of {printed.id}"
    if decision.says == NONE:
        return Match(NONE, None, 0.0, said, method=DECISION)
    body = bodies.get(decision.says) or Body(decision.says, decision.payee, "", "", "", "", "", ())
    return Match(ACCEPTED, body, 1.0, said, method=DECISION)
