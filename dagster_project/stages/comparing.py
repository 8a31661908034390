"""
What a new release changes against an old one: which part of the version moves, and a changelog of rows and pounds.

MAJOR where a table or field is gone or of another type, MINOR where tables, fields or rows are new, PATCH for the rest.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from dagster_project.stages.engine import connect

PARTS = ("none", "patch", "minor", "major")
#: Columns by which a payment is the same payment, whatever was corrected in it.
ID, SUM = "payment_id", "amount"
PAYMENTS, FIGURES = "payments.parquet", "figures.parquet"


class NothingToCompare(Exception):
    """A folder holds no package; the message names it."""


@dataclass(frozen=True)
class Moved:
    """Payments of one body that were added, withdrawn or changed: rows and pounds of each."""

    publisher: str
    added: int
    added_pounds: Decimal
    withdrawn: int
    withdrawn_pounds: Decimal
    changed: int


@dataclass(frozen=True)
class FigureMoved:
    """A figure that was there before, is there now, or both, and says something else; `None` where it was not or is not."""

    figure_id: str
    publisher: str
    period: str
    measure: str
    status_before: str | None
    status_after: str | None
    low_before: float | None
    high_before: float | None
    low_after: float | None
    high_after: float | None

    @property
    def is_new(self) -> bool:
        """Whether it was not there before."""
        return self.status_before is None

    @property
    def is_gone(self) -> bool:
        """Whether it is not there now."""
        return self.status_after is None

    @property
    def by(self) -> float:
        """How far the middle of its range moved, in its own unit; 0 where it has none on one side."""
        ends = (self.low_before, self.high_before, self.low_after, self.high_after)
        if any(end is None for end in ends):
            return 0.0
        return (ends[2] + ends[3] - ends[0] - ends[1]) / 2  # type: ignore[operator]


@dataclass(frozen=True)
class Comparison:
    """
    What differs between two releases.

    Attributes:
        part: The highest part of the version that must move: `none`, `patch`, `minor`, `major`.
        broken: What somebody's program may stumble over, sentences.
        new: Tables and fields that are new, sentences.
        moved: Bodies whose payments differ, by slug.
        figures: Figures that differ, by publisher, measure and period.
    """

    part: str
    broken: tuple[str, ...]
    new: tuple[str, ...]
    moved: tuple[Moved, ...]
    figures: tuple[FigureMoved, ...]
    old_version: str
    new_version: str

    @property
    def is_told(self) -> bool:
        """Whether the version moved as far as it must."""
        return is_told(self.part, self.old_version, self.new_version)


def compare(old: Path, new: Path) -> Comparison:
    """
    Compare two packages of one name.

    Args:
        old, new: Folders with `datapackage.json` and tables in Parquet; of these `payments` and `figures` are compared
            row by row, where both packages have them.

    Raises:
        NothingToCompare: a folder holds no package.
    """
    before, after = _descriptor(old), _descriptor(new)
    broken, more = fields_moved(fields_of(before), fields_of(after))
    moved = _payments_moved(old / PAYMENTS, new / PAYMENTS) if _both(old, new, PAYMENTS) else []
    figures = figures_moved(old / FIGURES, new / FIGURES) if _both(old, new, FIGURES) else []
    part = part_of(broken, more, moved, figures)
    versions = str(before["version"]), str(after["version"])
    return Comparison(part, tuple(broken), tuple(more), tuple(moved), tuple(figures), *versions)


def part_of(
    broken: Collection[str], new: Collection[str], moved: Iterable[Moved], figures: Iterable[FigureMoved]
) -> str:
    """The part of a version that must move for such changes."""
    moved, figures = list(moved), list(figures)
    if broken:
        return "major"
    if new or any(one.added for one in moved) or any(one.is_new for one in figures):
        return "minor"
    return "patch" if moved or figures else "none"


def _both(old: Path, new: Path, name: str) -> bool:
    return (old / name).is_file() and (new / name).is_file()


def _descriptor(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NothingToCompare(f"{folder} holds no data package (no datapackage.json).") from error
    return found


def fields_of(descriptor: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Table to its fields and their types; of a table in two forms, the first."""
    found: dict[str, dict[str, str]] = {}
    for resource in descriptor["resources"]:
        name = resource["name"].removesuffix(f"-{resource['format']}")
        found.setdefault(name, {field["name"]: field["type"] for field in resource["schema"]["fields"]})
    return found


def fields_moved(
    before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]
) -> tuple[list[str], list[str]]:
    """What breaks and what is new between the fields of two packages, sentences."""
    broken = [f"The table `{table}` is gone." for table in before if table not in after]
    new = [f"The table `{table}` is new." for table in after if table not in before]
    for table in before:
        if table not in after:
            continue
        for field, type_ in before[table].items():
            if field not in after[table]:
                broken.append(f"`{table}.{field}` is gone.")
            elif after[table][field] != type_:
                broken.append(f"`{table}.{field}` was {type_} and is {after[table][field]}.")
        new.extend(f"`{table}.{field}` is new." for field in after[table] if field not in before[table])
    return broken, new


def _payments_moved(old: Path, new: Path) -> list[Moved]:
    with connect() as engine:
        before, after = engine.read_parquet(str(old)), engine.read_parquet(str(new))
        shared = [column for column in before.columns if column in after.columns and column != "line_id"]
        same = " AND ".join(f'o."{column}" IS NOT DISTINCT FROM n."{column}"' for column in shared)
        engine.register("before", before)
        engine.register("after", after)
        rows = engine.execute(
            f"""
            SELECT coalesce(n.publisher, o.publisher),
                count(*) FILTER (o.{ID} IS NULL), coalesce(sum(n.{SUM}) FILTER (o.{ID} IS NULL), 0),
                count(*) FILTER (n.{ID} IS NULL), coalesce(sum(o.{SUM}) FILTER (n.{ID} IS NULL), 0),
                count(*) FILTER (o.{ID} IS NOT NULL AND n.{ID} IS NOT NULL AND NOT ({same}))
            FROM before o FULL JOIN after n ON o.{ID} = n.{ID}
            GROUP BY 1 ORDER BY 1
            """
        ).fetchall()
    found = [Moved(str(r[0]), r[1], Decimal(r[2]), r[3], Decimal(r[4]), r[5]) for r in rows]
    return [one for one in found if one.added or one.withdrawn or one.changed]


#: Figures are compared to this many places: what differs less is noise of adding up.
PLACES = 9


def figures_moved(old: Path, new: Path) -> list[FigureMoved]:
    """Figures whose status or range differs between two tables of figures."""
    told = ("status", "low", "high")
    differs = " OR ".join(
        f"round(o.{one}, {PLACES}) IS DISTINCT FROM round(n.{one}, {PLACES})" if one != "status"
        else f"o.{one} IS DISTINCT FROM n.{one}"
        for one in told
    )  # fmt: skip
    with connect() as engine:
        engine.register("before", engine.read_parquet(str(old)))
        engine.register("after", engine.read_parquet(str(new)))
        rows = engine.execute(
            f"""
            SELECT figure_id, coalesce(n.publisher, o.publisher), coalesce(n.period, o.period),
                coalesce(n.measure, o.measure), o.status, n.status, o.low, o.high, n.low, n.high
            FROM before o FULL JOIN after n USING (figure_id)
            WHERE {differs}
            ORDER BY 2, 4, 3
            """
        ).fetchall()
    return [FigureMoved(*row) for row in rows]


def is_told(part: str, old: str, new: str) -> bool:
    """Whether a version moved as far as a change demands."""
    return PARTS.index(part) <= PARTS.index(_moved_part(old, new))


def _moved_part(old: str, new: str) -> str:
    """The part of the version that moved; before 1.0 the second number stands for the first, as semver has it."""
    before, after = ([int(n) for n in version.split(".")] for version in (old, new))
    if after[0] > before[0] or (before[0] == 0 and after[:2] > before[:2]):
        return "major"
    if after[:2] > before[:2]:
        return "minor"
    return "minor" if before[0] == 0 and after > before else "patch" if after > before else "none"
