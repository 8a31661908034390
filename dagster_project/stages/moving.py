"""Which figures the last build in a folder moved: what a decision, a new file or a new rule does to them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from dagster_project.flow import table_key
from dagster_project.stages.changelogs import figures_said
from dagster_project.stages.comparing import figures_moved
from dagster_project.stages.measuring import BEFORE, FIGURES
from dagster_project.stages.plan import Plan


def said_moved(plan: Plan, most: int) -> str:
    """
    Figures that differ from those of the build before in the same store, as a table in Markdown.

    Args:
        most: How many are named, those that moved furthest first.

    Raises:
        FileNotFoundError: nothing was built there.
    """
    now = plan.recall(FIGURES).keys["all"]
    try:
        before = plan.store.read_json(BEFORE)["all"]
    except FileNotFoundError:
        return "There was no build before this one here, so nothing moved."
    with tempfile.TemporaryDirectory() as scratch:
        old, new = (Path(scratch) / f"{name}.parquet" for name in ("old", "new"))
        for path, key in ((old, before), (new, now)):
            path.write_bytes(plan.store.read(table_key(FIGURES, "all", key, "figures")))
        moved = figures_moved(old, new)
    return "\n".join(figures_said(moved, most)) if moved else "No figure moved."
