"""Which figures a build moved against the one before in the same folder."""

import pandas as pd
import pytest

from dagster_project.flow import StageRun, table_key
from dagster_project.stages.measuring import BEFORE, FIGURES
from dagster_project.stages.moving import said_moved
from dagster_project.stages.plan import Plan


def build(plan, key, **ranges):
    """Leave what a build leaves: figures of E1 under a key, by body."""
    rows = [
        {"figure_id": f"f-{body}", "publisher": body, "period": "2023-24", "measure": "e1", "status": "known", "low": low, "high": high}
        for body, (low, high) in ranges.items()
    ]  # fmt: skip
    plan.store.write_frame(table_key(FIGURES, "all", key, "figures"), pd.DataFrame(rows))
    plan.keep(StageRun(FIGURES, {}, {"all": key}))


def test_figures_that_a_decision_moved_are_named_those_first_that_moved_most(tmp_path):
    plan = Plan(out=str(tmp_path))
    build(plan, "1", alder=(0.2, 0.8), birch=(0.5, 0.6), cedar=(0.1, 0.2))
    assert said_moved(plan, 9) == "There was no build before this one here, so nothing moved."
    build(plan, "2", alder=(0.4, 0.8), birch=(0.1, 0.3), cedar=(0.1, 0.2))
    plan.store.write_json(BEFORE, {"all": "1"})
    said = said_moved(plan, 9).splitlines()
    assert said[2] == "2 moved, 0 are new, 0 are gone."
    assert [line.split(" | ")[0].strip("| ") for line in said[6:8]] == ["birch", "alder"]
    assert "| 0.5 to 0.6 | 0.1 to 0.3 |" in said[6]
    assert len(said_moved(plan, 1).splitlines()) < len(said)


def test_what_was_never_built_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match="run `local-pound build` first"):
        said_moved(Plan(out=str(tmp_path)), 9)
