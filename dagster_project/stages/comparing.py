"""
What a new release changes against an old one: which part of the version moves, and a changelog of rows and pounds.

MAJOR where a table or field is gone or of another type, MINOR where tables, fields or rows are new, PATCH for the rest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from dagster_project.stages.engine import connect

PARTS = ("none", "patch", "minor", "major")
#: Columns by which a payment is the same payment, whatever was corrected in it.
ID, SUM = "payment_id", "amount"


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
class Comparison:
    """
    What differs between two releases.

    Attributes:
        part: The highest part of the version that must move: `none`, `patch`, `minor`, `major`.
        broken: What somebody's program may stumble over, sentences.
        new: Tables and fields that are new, sentences.
        moved: Bodies whose payments differ, by slug.
    """

    part: str
    broken: tuple[str, ...]
    new: tuple[str, ...]
    moved: tuple[Moved, ...]
    old_version: str
    new_version: str

    @property
    def is_told(self) -> bool:
        """Whether the version moved as far as it must."""
        return PARTS.index(self.part) <= PARTS.index(_moved_part(self.old_version, self.new_version))


def compare(old: Path, new: Path) -> Comparison:
    """
    Compare two packages for all.

    Args:
        old, new: Folders with `datapackage.json` and the tables in Parquet.

    Raises:
        NothingToCompare: a folder holds no package.
    """
    before, after = _descriptor(old), _descriptor(new)
    broken, more = _fields_moved(_fields(before), _fields(after))
    moved = _payments_moved(old / "payments.parquet", new / "payments.parquet")
    part = "none"
    if any(one.withdrawn or one.changed for one in moved):
        part = "patch"
    if more or any(one.added for one in moved):
        part = "minor"
    if broken:
        part = "major"
    return Comparison(part, tuple(broken), tuple(more), tuple(moved), str(before["version"]), str(after["version"]))


def _descriptor(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NothingToCompare(f"{folder} holds no data package (no datapackage.json).") from error
    return found


def _fields(descriptor: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Table to its fields and their types; every table is there as CSV."""
    return {
        resource["name"]: {field["name"]: field["type"] for field in resource["schema"]["fields"]}
        for resource in descriptor["resources"]
        if resource["format"] == "csv"
    }


def _fields_moved(
    before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]
) -> tuple[list[str], list[str]]:
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


def _moved_part(old: str, new: str) -> str:
    """The part of the version that moved; before 1.0 the second number stands for the first, as semver has it."""
    before, after = ([int(n) for n in version.split(".")] for version in (old, new))
    if after[0] > before[0] or (before[0] == 0 and after[:2] > before[:2]):
        return "major"
    if after[:2] > before[:2]:
        return "minor"
    return "minor" if before[0] == 0 and after > before else "patch" if after > before else "none"


def changelog(found: Comparison) -> str:
    """The changes in Markdown; pounds are sums of the rows named."""
    lines = [f"## {found.new_version}", "", f"Against {found.old_version}: {found.part}.", ""]
    for title, said in (("Breaks what was there", found.broken), ("New", found.new)):
        lines.extend([f"### {title}", "", *(f"- {sentence}" for sentence in said), ""] if said else [])
    if found.moved:
        lines.extend(
            [
                "### Payments",
                "",
                "| body | added | £ | withdrawn | £ | changed |",
                "| --- | --: | --: | --: | --: | --: |",
            ]
        )
        lines.extend(
            f"| {one.publisher} | {one.added:,} | {one.added_pounds:,.2f} | {one.withdrawn:,} | {one.withdrawn_pounds:,.2f} "
            f"| {one.changed:,} |"
            for one in found.moved
        )
    else:
        lines.append("No payment was added, withdrawn or changed.")
    return "\n".join(lines) + "\n"
