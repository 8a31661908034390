"""What is published beside what comes out here, figure by figure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from tests.recompute.published import read
from tests.recompute.world import Row

#: Columns of a figure, in the order of a `Row`.
COLUMNS = (
    "low", "high", "outer_low", "outer_high", "base", "unknown", "months", "coverage", "effective_payees", "status",
    "not_ranked_because", "population", "rank_best", "rank_worst", "ranked_of", "not_separated", "near_rank_best",
    "near_rank_worst", "near_of",
)  # fmt: skip
KEYS = {
    "figures": ("measure", "publisher", "period"),
    "breakdowns": ("measure", "publisher", "period", "breakdown", "part"),
    "cluster_figures": ("measure", "cluster", "period"),
}


def published(package: Path, table: str) -> dict[tuple[str, ...], Row]:
    """Rows of a published table of figures."""
    frame = read(package, table)
    columns = [*COLUMNS, *(["bodies"] if table == "cluster_figures" else [])]
    for name in ("base", "unknown"):
        frame[name] = [int(pounds * 100) for pounds in frame[name]]
    keys = frame[list(KEYS[table])].itertuples(index=False, name=None)
    return dict(
        zip(keys, (tuple(map(_plain, row)) for row in frame[columns].itertuples(index=False, name=None)), strict=True)
    )


def _plain(value: object) -> object:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return int(value) if not isinstance(value, str | float | bool) else value


def differing(
    said: Mapping[tuple[str, ...], Row], mine: Mapping[tuple[str, ...], Row], columns: tuple[str, ...] = COLUMNS
) -> list[str]:
    """Every figure that only one has, or that differs in any column, in words."""
    odd = [
        f"{' '.join(key)}: only {'published' if key in said else 'recomputed'}" for key in sorted(set(said) ^ set(mine))
    ]
    for key in sorted(set(said) & set(mine)):
        for name, theirs, ours in zip((*columns, "bodies"), said[key], mine[key], strict=False):
            if theirs != ours:
                odd.append(f"{' '.join(key)}: {name} is {theirs}, recomputed {ours}")
    return odd


def counted(rows: Mapping[tuple[str, ...], Row]) -> Counter[str]:
    """How many figures of each measure."""
    return Counter(key[0] for key in rows)
