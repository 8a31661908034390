"""Class and body of a payee together: what a name says of itself, what registers say of it, and which of them counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dagster_project.match.classes import PERHAPS_A_PERSON, ClassWords, kind_of_name, payee_class
from dagster_project.match.decisions import decision_on, known_as
from dagster_project.match.matching import Match, MatchWords, match_names
from dagster_project.match.scoring import ACCEPTED, NONE
from dagster_project.match.times import Paid

#: Classes that are never looked up: nobody of that name in a register is who was paid.
NEVER_MATCHED = frozenset({"individual", "redacted", "unreadable", "tax", "pension", "precept_levy", "own_transfer"})


@dataclass(frozen=True, slots=True)
class Payee:
    """A payee to be named: as published, whether the name is withheld, the body that paid, by slug, and what else it says."""

    name: str
    is_redacted: bool = False
    publisher: str = ""
    paid: Paid = field(default_factory=Paid)


@dataclass(frozen=True, slots=True)
class Named:
    """
    Who a payee is.

    Attributes:
        payee_class: One of vocabulary/classes.csv.
        rule: The rule that decided the class.
        kind: Kind of body, as in vocabulary/entity_kinds.csv; `""` where nothing says.
        match: The body, or an honest none.
    """

    payee_class: str
    rule: str
    kind: str
    match: Match


def is_looked_up(payee: Payee, classes: ClassWords) -> bool:
    """Whether a payee is one whom registers are asked for: no person, no tax, no withheld name."""
    payee = _known(payee, classes)
    name, rule = payee_class(payee.name, payee.is_redacted, payee.publisher, classes)
    return name not in NEVER_MATCHED or rule == PERHAPS_A_PERSON


def settle(payee: Payee, match: Match, classes: ClassWords) -> Named:
    """Class and body of a payee, given what registers say of its name."""
    payee = _known(payee, classes)
    name, rule = payee_class(payee.name, payee.is_redacted, payee.publisher, classes)
    return _settle(payee, name, rule, match, classes)


def _known(payee: Payee, classes: ClassWords) -> Payee:
    """A payee under the name by which people said that it is known, unless they gave the published one a class."""
    if not classes.names or decision_on(payee.name, payee.publisher, classes.decided):
        return payee
    return replace(payee, name=known_as(payee.name, payee.publisher, classes.names))


def name_all(engine: Any, payees: Sequence[Payee], classes: ClassWords, words: MatchWords) -> list[Named]:
    """
    Name each payee.

    Args:
        engine: A connection to an index that `index.build_index` made; `None` where there is no register.
        payees: Each is answered in its place; equal names of which the same is said are looked up once.
    """
    if engine is None:
        return [settle(payee, Match(NONE), classes) for payee in payees]
    keys = [(known_as(payee.name, payee.publisher, classes.names), payee.paid) for payee in payees]
    asked = sorted({key for key, payee in zip(keys, payees, strict=True) if is_looked_up(payee, classes)})
    found = match_names(engine, [name for name, _ in asked], words, [paid for _, paid in asked]) if asked else []
    matches = dict(zip(asked, found, strict=True))
    return [settle(payee, matches.get(key, Match(NONE)), classes) for key, payee in zip(keys, payees, strict=True)]


def _settle(payee: Payee, name: str, rule: str, match: Match, classes: ClassWords) -> Named:
    says = kind_of_name(payee.name, classes.kinds)
    kind = says.kind if says else ""
    if rule == PERHAPS_A_PERSON:
        if not (match.outcome == ACCEPTED and match.body and match.body.kind != "company" and match.is_same_name):
            return Named(name, rule, "", Match(NONE))
        name, rule = "supplier", "a body is called so"
    elif name in NEVER_MATCHED:
        return Named(name, rule, "", Match(NONE))
    if match.body and match.outcome == ACCEPTED:
        kind = match.body.kind or kind
        if any(other.startswith(("GB-CHC-", "GB-SC-", "GB-NIC-")) for other in (match.body.id, *match.body.same_as)):
            kind = "charity" if kind != "university" else kind
        settled = next((known.payee_class for known in classes.kinds if known.kind == kind), "supplier")
        if settled == "public_body" and name == "supplier":
            return Named("public_body", f"registered as {kind}", kind, match)
        if settled == "supplier" and name == "public_body" and rule.startswith("name of a ") and match.is_same_name:
            return Named("supplier", f"registered as {kind}", kind, match)
    return Named(name, rule, kind, match)
