"""
Loads the vocabulary of reading from its CSV files, strictly.

Standard library only, so that `local-pound check` starts at once. A file that says something unknown stops the run:
with its name, line, and what to do.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path

from dagster_project.model.lines import TEXT_FIELDS
from dagster_project.model.words import (
    OTHER_FIELDS,
    OWNERS,
    PRIMARY_FIELDS,
    SEVERITIES,
    WHERE,
    HeadingRule,
    HeadingSense,
    ProblemKind,
    Redaction,
    Words,
)

FIELDS = (*PRIMARY_FIELDS, *TEXT_FIELDS, *OTHER_FIELDS)
BASES = ("", "net", "gross")
KINDS = ("cards", "grants", "contracts")


class VocabularyError(ValueError):
    """A vocabulary file says something that cannot be: names the file, the line and what to do."""


class _Row(dict[str, str]):
    """One row of a vocabulary file, which knows where it stands."""

    def __init__(self, values: dict[str, str], path: Path, line: int) -> None:
        super().__init__(values)
        self.path, self.line = path, line

    def wrong(self, what: str) -> VocabularyError:
        """An exception that says where."""
        return VocabularyError(f"{self.path}, line {self.line}: {what}")

    def one_of(self, column: str, known: Iterable[str]) -> str:
        """The value of a column that must be one of a closed set."""
        value, known = self[column], list(known)
        if value in known:
            return value
        near = difflib.get_close_matches(value, [k for k in known if k], 1)
        hint = f" Did you mean `{near[0]}`?" if near else ""
        raise self.wrong(f"`{value}` is not a {column}.{hint} Known: {', '.join(k or '(empty)' for k in known)}.")

    def whole(self, column: str) -> int:
        """The value of a column that must be a whole number from 0."""
        if not self[column].isdecimal():
            raise self.wrong(f"{column} is `{self[column]}`; expected a whole number from 0.")
        return int(self[column])

    def filled(self, column: str) -> str:
        """The value of a column that must not be empty."""
        if not self[column]:
            raise self.wrong(f"{column} is empty; give it a value or take the row out.")
        return self[column]


def read_rows(path: Path, columns: tuple[str, ...], key: tuple[str, ...]) -> Iterator[_Row]:
    """
    Read the rows of one vocabulary file.

    Args:
        columns: The columns it must have, in this order.
        key: Columns that together may not be given twice.

    Raises:
        VocabularyError: the file is missing, has other columns, a ragged row or a key twice.
    """
    if not path.is_file():
        raise VocabularyError(
            f"{path} is missing; a vocabulary needs it, if only with its heading {','.join(columns)}."
        )
    seen: dict[tuple[str, ...], int] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            found = tuple(next(reader, []))
            if found != columns:
                raise VocabularyError(f"{path}, line 1: columns are {','.join(found)}; expected {','.join(columns)}.")
            for cells in reader:
                if not cells:
                    continue
                if len(cells) != len(columns):
                    raise VocabularyError(
                        f"{path}, line {reader.line_num}: {len(cells)} cells where {len(columns)} are expected; "
                        "put a text that holds a comma in double quotes."
                    )
                row = _Row(dict(zip(columns, (c.strip() for c in cells), strict=True)), path, reader.line_num)
                twin = tuple(row[k] for k in key)
                if twin in seen:
                    raise row.wrong(f"`{' '.join(twin)}` is given twice, first on line {seen[twin]}; keep one.")
                seen[twin] = row.line
                yield row
        except (csv.Error, UnicodeDecodeError) as trouble:
            raise VocabularyError(f"{path}, line {reader.line_num}: {trouble}; save it as UTF-8 CSV.") from trouble


def _phrases(folder: Path) -> dict[str, tuple[HeadingSense, ...]]:
    phrases: dict[str, list[HeadingSense]] = {}
    for row in read_rows(folder / "headings.csv", ("heading", "field", "rank", "basis"), ("heading", "field")):
        sense = HeadingSense(row.one_of("field", FIELDS), row.whole("rank"), row.one_of("basis", BASES))
        phrases.setdefault(row.filled("heading"), []).append(sense)
    return {heading: tuple(senses) for heading, senses in phrases.items()}


def _parts(folder: Path) -> dict[str, str]:
    rows = read_rows(folder / "heading_words.csv", ("word", "part"), ("word",))
    return {row.filled("word"): row.filled("part") for row in rows}


def _rules(folder: Path, parts: dict[str, str]) -> tuple[HeadingRule, ...]:
    known, rules = set(parts.values()), []
    columns = ("field", "rank", "basis", "needs", "bars")
    for row in read_rows(folder / "heading_rules.csv", columns, columns):
        needs, bars = row.filled("needs").split(), row["bars"].split()
        for part in (*needs, *bars):
            if part not in known:
                raise row.wrong(f"no word in heading_words.csv plays the part `{part}`; add one or mend the rule.")
        sense = HeadingSense(row.one_of("field", FIELDS), row.whole("rank"), row.one_of("basis", BASES))
        rules.append(HeadingRule(sense, frozenset(needs), frozenset(bars)))
    return tuple(rules)


def _words(path: Path) -> frozenset[str]:
    return frozenset(row.filled("wording") for row in read_rows(path, ("wording",), ("wording",)))


def _signs(folder: Path) -> dict[str, tuple[str, ...]]:
    signs: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for row in read_rows(folder / "kinds.csv", ("wording", "kind"), ("wording", "kind")):
        signs[row.one_of("kind", KINDS)].append(row.filled("wording"))
    return {kind: tuple(words) for kind, words in signs.items()}


def load_problems(folder: Path) -> dict[str, ProblemKind]:
    """Load `problems.csv`: code to severity, owner, title and advice."""
    columns = ("code", "severity", "whose", "title", "could")
    problems = {}
    for row in read_rows(folder / "problems.csv", columns, ("code",)):
        problems[row.filled("code")] = ProblemKind(
            row["code"],
            row.one_of("severity", SEVERITIES),
            row.one_of("whose", OWNERS),
            row.filled("title"),
            row.filled("could"),
        )
    return problems


def load_words(folder: Path) -> Words:
    """
    Load the vocabulary of reading.

    Args:
        folder: Normally `datapackages/vocabulary`.

    Raises:
        VocabularyError: a file is missing or says something that cannot be.
    """
    parts = _parts(folder)
    redactions = tuple(
        Redaction(row.filled("wording"), row.one_of("where", WHERE))
        for row in read_rows(folder / "redactions.csv", ("wording", "where"), ("wording", "where"))
    )
    return Words(
        phrases=_phrases(folder),
        parts=parts,
        rules=_rules(folder, parts),
        redactions=redactions,
        payee_words=_words(folder / "payee_words.csv"),
        innocents=_words(folder / "not_redactions.csv"),
        totals=_words(folder / "totals.csv"),
        problems=load_problems(folder),
        signs=_signs(folder),
    )
