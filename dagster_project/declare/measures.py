"""Measures: a three-valued question asked of every payment, or a form of its own, declared one file each."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import model_validator

from dagster_project.declare.strict import Declared, load_folder

FORMS = ("share", "total", "concentration")


class Example(Declared):
    """
    A worked example that the tests run and the method page prints.

    Attributes:
        payments: Pairs of an answer (`yes`, `no`, `unknown`; for other forms a payee) and pounds.
    """

    says: str
    payments: tuple[tuple[str, str], ...]
    low: str = ""
    high: str = ""
    status: str = "ok"


class Measure(Declared):
    """
    One measure.

    Attributes:
        form: How it is computed: a module of `measure/forms/`.
        base: A key of `vocabulary/denominators.csv`, worded there and nowhere else.
        yes: SQL condition over the enriched payments; NULL means not known. Only for shares.
        asked_of: `every body`, or `bodies with an area` (a national body has no "local").
        direction: `higher`, `lower`, or `none`: we do not judge.
        rank: Whether bodies are put in order by it.
    """

    id: str
    name: str
    question: str
    form: Literal["share", "total", "concentration"]
    unit: Literal["share", "pounds"]
    base: str
    yes: str = ""
    asked_of: Literal["every body", "bodies with an area"] = "every body"
    direction: Literal["higher", "lower", "none"] = "none"
    rank: bool = True
    formula: str
    why_it_matters: str
    left_out: tuple[str, ...] = ()
    assumes: str = ""
    caveats: tuple[str, ...] = ()
    source: str = ""
    author: str
    checker: str
    reviewed: str
    review_by: str
    status: Literal["draft", "preview", "published", "retired"]
    examples: tuple[Example, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> Measure:
        if (self.form == "share") != bool(self.yes):
            raise ValueError("`yes` is the condition of a share, and of nothing else")
        if self.author == self.checker:
            raise ValueError("author and checker are the same; another person checks")
        cases = {example.status for example in self.examples}
        wanted = {"ok", "no-base"} | ({"nothing-known"} if self.form == "share" else set())
        if missing := sorted(wanted - cases):
            raise ValueError(f"an example is missing for: {', '.join(missing)}")
        return self


def load_measures(folder: Path) -> tuple[Measure, ...]:
    """Every measure of `datapackages/measures/`, by id."""
    return load_folder(Measure, folder, "id")
