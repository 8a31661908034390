"""What was bought, as far as a payment's own words say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dagster_project.declare.buying import NOTHING_SAID

#: Where the words say nothing of it.
NOT_SAID = "not said"


def bought_sql(rules: Sequence[Any], columns: Sequence[str]) -> str:
    """
    SQL that gives what was bought, or `NOT_SAID`.

    Args:
        rules: `declare.buying.BoughtRule`, in their order.
        columns: Text columns; the first whose words say it decides.
    """
    struck = "|".join(f"(?:{rule.pattern})" for rule in rules if rule.bought == NOTHING_SAID)
    said = []
    for column in columns:
        words = f"regexp_replace(lower({column}), {_literal(struck)}, ' ', 'g')" if struck else f"lower({column})"
        cases = " ".join(
            f"WHEN regexp_matches({words}, {_literal(rule.pattern)}) THEN {_literal(rule.bought)}"
            for rule in rules if rule.bought != NOTHING_SAID
        )  # fmt: skip
        said.append(f"CASE {cases} END")
    return f"coalesce({', '.join(said)}, '{NOT_SAID}')"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
