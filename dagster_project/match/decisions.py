"""Decisions by people: they override rules, hold for the whole country, and yield to one for the publisher alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dagster_project.match.classes import Decided
from dagster_project.match.matching import Body, Match
from dagster_project.match.names import name_key
from dagster_project.match.scoring import ACCEPTED, NONE


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
    return found


def decision_on(payee: str, publisher: str, decisions: Decided) -> Any | None:
    """What was decided about a payee of a publisher; `None` where nothing was."""
    if not decisions:
        return None
    key = name_key(payee)
    return decisions.get((key, publisher)) or decisions.get((key, ""))


def decided_match(decision: Any, bodies: Mapping[str, Body]) -> Match:
    """The match that a decision makes. A body that no register here holds is known by its number alone."""
    said = f"decided by {decision.who} on {decision.when}: {decision.why}"
    if decision.says == NONE:
        return Match(NONE, None, 0.0, said)
    body = bodies.get(decision.says) or Body(decision.says, decision.payee, "", "", "", "", "", ())
    return Match(ACCEPTED, body, 1.0, said)
