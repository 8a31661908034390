"""Boundaries of districts that are at hand: found by what they hold, looked over, and made paths of a drawing."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from dagster_project.declare.registers import Register
from dagster_project.match import WrongLayout
from dagster_project.match.registers import vintage
from dagster_project.portal import page_words as said
from dagster_project.portal.boundaries import Ground
from dagster_project.portal.outlines import NotBoundaries, chosen, districts_of, outlines_of
from dagster_project.stages.plan import Plan


def find_boundaries(registers: Sequence[Any], folder: Path | None) -> list[tuple[Register, Path]]:
    """
    Files of TopoJSON that hold the collection of a declared register, in order of name; one at most: the last.

    Raises:
        WrongLayout: a file is called as a register's are, and has not its collection.
    """
    found = []
    declared = [one for one in registers if one.gives == "boundaries"]
    for path in sorted(folder.rglob("*.topojson")) if folder and declared else ():
        text = path.read_text(encoding="utf-8", errors="replace")
        for register in declared:
            lacks = [one for one in register.recognised_by if f'"{one}"' not in text]
            if not lacks:
                found.append((register, path))
            elif register.named and path.name.startswith(register.named):
                raise _wrong(register, path, f"has no collection '{lacks[0]}'")
    return found[-1:]


def read_boundaries(register: Register, path: Path) -> dict[str, Any]:
    """
    A file of boundaries as parsed, looked over.

    Raises:
        WrongLayout: it is not what its declaration says.
    """
    try:
        topology: dict[str, Any] = json.loads(path.read_text(encoding="utf-8-sig"))
        _districts(register, topology)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise _wrong(register, path, f"is no JSON ({error})") from error
    except NotBoundaries as error:
        raise _wrong(register, path, str(error)) from error
    except (AttributeError, TypeError, KeyError, ValueError) as error:
        raise _wrong(register, path, f"is no TopoJSON ({error})") from error
    return topology


def check_boundaries(plan: Plan) -> None:
    """
    Look at boundaries before anything is built.

    Raises:
        WrongLayout: they are not what their declaration says.
    """
    for register, path in find_boundaries(plan.register_declarations, plan.registers_folder):
        read_boundaries(register, path)


def ground_of(plan: Plan, codes: Collection[str]) -> Ground | None:
    """Boundaries of some districts for the portal; `None` where none of them is at hand."""
    for register, path in find_boundaries(plan.register_declarations, plan.registers_folder):
        topology = read_boundaries(register, path)
        outlines = outlines_of(topology, chosen(_districts(register, topology), codes))
        source = said.MAP_INVENTED if plan.origin == "sample" else notice(register, path)
        return Ground(outlines, source) if outlines.paths else None
    return None


def notice(register: Register, path: Path) -> str:
    """What has to be said beside a register's data, with the year of its edition where its file says it."""
    year = "".join(sign for sign in vintage(path.name) if sign.isdigit())[:4]
    return register.notice.format(year=year).replace(" .", ".")


def _districts(register: Register, topology: dict[str, Any]) -> Any:
    columns = register.columns
    return districts_of(topology, register.recognised_by[0], columns["lad_code"], columns["end"], register.recoded)


def _wrong(register: Register, path: Path, what: str) -> WrongLayout:
    return WrongLayout(
        f"{register.name}, vintage {vintage(path.name) or 'unknown'}: {path.name} {what}. If the register changed its "
        f"layout, mend datapackages/registers/{register.slug}.yaml; else take the file out of the folder or fetch it again"
    )
