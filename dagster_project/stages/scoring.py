"""How often the matcher is right: on a list that people audited, and on numbers that bodies printed in this build."""

from __future__ import annotations

import json
from typing import Any

from dagster_project.flow import table_key
from dagster_project.match import scoreboard
from dagster_project.stages.counting import REGISTERS
from dagster_project.stages.naming import HIDDEN, PAYEES
from dagster_project.stages.plan import ROOT, Plan

#: Written by benchmarks/matching_scores.py.
AUDITED = ROOT / "benchmarks" / "matching.json"


def matching_scores(plan: Plan) -> dict[str, Any]:
    """
    What the page of methods says of the matcher.

    Returns:
        `audited`: the scores on the audited list, `{}` where they are not at hand; `printed`: rows of
        `match.scoreboard`, none where no body printed a number that a register here holds; `registers`: each declared
        one with its `rows` here, nought where it is not at hand.
    """
    audited = json.loads(AUDITED.read_text(encoding="utf-8")) if AUDITED.is_file() else {}
    keys = plan.recall(PAYEES).keys
    frames = [plan.store.read_frame(table_key(PAYEES, slug, key, HIDDEN)) for slug, key in sorted(keys.items())]
    return {
        "audited": audited, "printed": scoreboard(frames).to_dict("records"), "registers": _registers(plan),
    }  # fmt: skip


def _registers(plan: Plan) -> list[dict[str, Any]]:
    rows = plan.recall(REGISTERS).summaries["all"]["registers"]
    return [
        {"name": one.name, "publisher": one.publisher, "origin": one.origin, "rows": int(rows.get(one.slug, 0)),
         "tried": one.tried, "tried_on": one.tried_on}
        for one in sorted(plan.register_declarations, key=lambda one: one.name)
        if one.gives != "boundaries"
    ]  # fmt: skip
