"""Spending cut into parts: by what was bought, and by service."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd

from tests.recompute.published import SPACES, each, small


def bought_of(rules: Path, texts: pd.DataFrame) -> list[str]:
    """
    What payments were for.

    Args:
        rules: The declared words, in their order.
        texts: Category and purpose, the first of which that says it decides.
    """
    with rules.open(encoding="utf-8", newline="") as file:
        said = [(row["bought"], row["pattern"]) for row in csv.DictReader(file)]
    struck = re.compile("|".join(f"(?:{pattern})" for bought, pattern in said if bought == "nothing said"), re.ASCII)
    kept = [(bought, re.compile(pattern, re.ASCII)) for bought, pattern in said if bought != "nothing said"]

    def one(text: str) -> str:
        words = struck.sub(" ", small(text))
        return next((bought for bought, pattern in kept if pattern.search(words)), "")

    category, purpose = each(texts["category"], one), each(texts["purpose"], one)
    return list(category.where(category != "", purpose).replace("", "not said"))


def services_of(lines: pd.DataFrame) -> list[str]:
    """The body's twelve largest services, by pounds whatever their sign; the others as one, and those without a name."""
    spelt = each(lines["department"], lambda text: text.strip(SPACES))
    name = each(spelt, small)
    counted = lines.assign(spelt=spelt, service=name, size=lines["pence"].abs())
    counted = counted[counted["service"] != ""].groupby(["publisher", "service", "spelt"], as_index=False).agg(
        lines=("size", "size"), size=("size", "sum"))  # fmt: skip
    best = counted.sort_values(["lines", "spelt"]).groupby(["publisher", "service"]).agg(
        spelt=("spelt", "last"), size=("size", "sum")).reset_index()  # fmt: skip
    best = best.sort_values(["publisher", "size", "service"], ascending=[True, False, True])
    best["part"] = best["spelt"].where(best.groupby("publisher").cumcount() < 12, "all other services")
    part = {
        (body, service): said for body, service, said in best[["publisher", "service", "part"]].itertuples(index=False)
    }
    return [part.get(pair, "not said") for pair in zip(lines["publisher"], name, strict=True)]
