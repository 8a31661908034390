"""The first rows of what a stage wrote, for people who look at the graph."""

from __future__ import annotations

from dagster_project.flow import StageRun, table_key
from dagster_project.stages.plan import Plan

#: Stage to the table of it that is worth a look.
TABLES = {
    "published_lines": "lines", "payments": "payments", "payees": "payees", "suppliers": "suppliers", "figures": "figures",
    "league_tables": "league_tables", "organisations": "registers",
}  # fmt: skip
ROWS, COLUMNS, WIDTH = 8, 12, 40


def preview(plan: Plan, run: StageRun) -> str:
    """A Markdown table of the first rows of a stage's first part that has any; `""` where there is nothing to see."""
    if run.stage not in TABLES:
        return ""
    for part, key in run.keys.items():
        frame = plan.store.read_frame(table_key(run.stage, part, key, TABLES[run.stage])).head(ROWS)
        if len(frame):
            break
    else:
        return ""
    names = [str(name) for name in frame.columns[:COLUMNS]]
    lines = [f"First rows of {part}", "", "| " + " | ".join(names) + " |", "| --- " * len(names) + "|"]
    for row in frame[names].itertuples(index=False):
        cells = (" ".join(str(value)[:WIDTH].replace("|", "/").split()) for value in row)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
