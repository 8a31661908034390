"""Trouble in published data is a row: a code, where, what was found, what we did. It never stops a run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """
    One trouble in one file.

    Attributes:
        code: A row of `datapackages/vocabulary/problems.csv`, which words severity, whose it is, and what could be done.
        did: What we did about it, a sentence with the case's own facts.
        table, record: Where; 0 where it concerns the whole file or table.
        field: Our name of the column concerned, `""` for none.
        value: The text as published, shortened; masked where the leak guard says so.
        count: How many lines it concerns; one row stands for a repeated trouble.
    """

    code: str
    did: str
    table: int = 0
    record: int = 0
    field: str = ""
    value: str = ""
    count: int = 1
