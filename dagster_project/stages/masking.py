"""What was asked to be taken down is masked where files are read, now and whenever they are published again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from dagster_project.declare.takedowns import Takedown, load_takedowns
from dagster_project.match.names import name_key
from dagster_project.model.ids import sha256
from dagster_project.model.problems import Problem
from dagster_project.stages.plan import DECLARED
from dagster_project.tidy.leaks import MASK

LIST = DECLARED / "decisions" / "takedowns.csv"
#: Fields of a line that can tell who was paid. What the body's own money was for stays.
TELLING = (
    "payee", "reference", "purpose", "payee_reference", "payee_postcode", "company_number", "charity_number", "vat_number",
    "contract_reference",
)  # fmt: skip


def fingerprint(publisher: str, payee: str, day: str = "", pence: int | None = None) -> str:
    """
    What stands in the list for a payee of a body (`publisher` may be empty), or for one payment of it.

    It is made of the name as it is matched, so that a line that is published again, in other letters or in another
    file, is masked again. Who has the name can check it; who has not learns nothing from the list.
    """
    said = (publisher, name_key(payee)) if pence is None else (publisher, name_key(payee), day, str(pence))
    return sha256("\n".join(said).encode())


@lru_cache
def declared_takedowns(path: Path = LIST) -> tuple[Takedown, ...]:
    """The list, loaded once in each process."""
    return load_takedowns(path)


def concerning(publisher: str, takedowns: Iterable[Takedown]) -> tuple[Takedown, ...]:
    """Those that may touch a body's lines."""
    return tuple(one for one in takedowns if one.publisher in ("", publisher))


def hits(lines: pd.DataFrame, publisher: str, takedowns: Sequence[Takedown]) -> pd.Series:
    """
    For each published line what takes it down, `None` where nothing does.

    Args:
        lines: Columns `payee`, `date`, `month` and `pence`.
    """
    payees = {(one.publisher, one.fingerprint): one for one in takedowns if one.kind == "payee"}
    payments = {one.fingerprint: one for one in takedowns if one.kind == "payment"}
    by_name = {
        name: next(
            (payees[key] for key in ((whose, fingerprint(whose, name)) for whose in (publisher, "")) if key in payees), None
        )
        for name in lines["payee"].unique()
    } if payees else {}  # fmt: skip
    found = lines["payee"].map(by_name).astype(object).where(lines["payee"].isin(by_name), None)
    if payments:
        days = lines["date"].where(lines["date"] != "", lines["month"])
        own = [
            payments.get(fingerprint(publisher, name, day, pence))
            for name, day, pence in zip(lines["payee"], days, lines["pence"], strict=True)
        ]
        found = found.where(found.notna(), pd.Series(own, index=lines.index, dtype=object))
    return found.where(found.notna(), None)


@dataclass(frozen=True)
class Masked:
    """Lines of a file after what was taken down is masked, and what is said of it."""

    lines: pd.DataFrame
    problems: list[Problem]
    cells: int


def mask_lines(
    lines: pd.DataFrame, problems: Sequence[Problem], publisher: str, takedowns: Sequence[Takedown]
) -> Masked:
    """
    Mask what was taken down, in published lines and wherever a problem quotes them.

    Returns:
        The amount, the day and the service stay; a problem row by each line says that something was, and when.
    """
    takedowns = concerning(publisher, takedowns)
    taken = hits(lines, publisher, takedowns) if takedowns and len(lines) else pd.Series([], dtype=object)
    rows = taken[taken.notna()].index
    if not len(rows):
        return Masked(lines, list(problems), 0)
    lines, cells = lines.copy(), 0
    for name in TELLING:
        filled = rows[lines.loc[rows, name] != ""]
        lines.loc[filled, name] = MASK
        cells += len(filled)
    where = zip(lines.loc[rows, "table"].astype(int), lines.loc[rows, "record"].astype(int), strict=True)
    places = dict(zip(where, taken[rows], strict=True))
    kept = [_silenced(one) if (one.table, one.record) in places else one for one in problems]
    kept += [
        Problem("taken-down", f"Masked since {one.when}: {one.why}. The amount is counted.", table, record)
        for (table, record), one in places.items()
    ]  # fmt: skip
    return Masked(lines, kept, cells)


def _silenced(problem: Problem) -> Problem:
    """A problem that does not quote the line any more."""
    if not problem.value:
        return problem
    quoted = problem.did.replace(problem.value, MASK) if len(problem.value) > 2 else problem.did
    return replace(problem, value=MASK, did=quoted)
