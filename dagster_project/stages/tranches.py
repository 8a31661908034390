"""
Publishers in tranches, each in a run of its own, on whatever machine.

A tranche goes through the stages that see one publisher; one run over all does afterwards what crosses publishers, and
finds the rest done. Runs share nothing but the store. A table lies under the key of all that it is made of, so two runs
that make the same one write the same bytes; only the note of what a run did has a name, and that is a tranche's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dagster_project.flow import StageRun
from dagster_project.stages.counting import count_payments, load_registers
from dagster_project.stages.naming import name_all_payees
from dagster_project.stages.plan import Plan
from dagster_project.stages.reading import archive_files, read_files

#: Stages that see one publisher, or none, in the order of the graph.
STAGES = (archive_files, read_files, count_payments, load_registers, name_all_payees)


def tranche_names(number: int) -> list[str]:
    """Names of the tranches that publishers are cut into: `1-of-4` and on."""
    return [f"{at}-of-{number}" for at in range(1, number + 1)]


def tranche_of(weights: Mapping[str, int], name: str) -> tuple[str, ...]:
    """
    Publishers of a tranche, in order.

    Args:
        weights: How much work each publisher is, in whatever unit; the heaviest are dealt out first, each to the
            lightest tranche so far.
        name: One of `tranche_names`.
    """
    at, number = map(int, name.split("-of-"))
    tranches: list[list[str]] = [[] for _ in range(number)]
    held = [0] * number
    for publisher in sorted(weights, key=lambda slug: (-weights[slug], slug)):
        lightest = held.index(min(held))
        tranches[lightest].append(publisher)
        held[lightest] += weights[publisher]
    return tuple(sorted(tranches[at - 1]))


def weights_of(plan: Plan, publishers: list[str]) -> dict[str, int]:
    """Bytes of the files of each publisher, where they lie in a folder; of others one each."""
    root = plan.folder / "spend" if (plan.folder / "spend").is_dir() else plan.folder
    return {
        slug: sum(path.stat().st_size for path in (root / slug).rglob("*") if path.is_file()) or 1
        for slug in publishers
    }


def build_tranche(plan: Plan, publishers: list[str], name: str) -> Iterator[StageRun]:
    """Take a tranche's publishers through the stages that see one; what each stage did, as it is done."""
    mine = tranche_of(weights_of(plan, publishers), name)
    if not mine:
        return
    one = replace(plan, only=mine, tranche=name)
    for stage in STAGES:
        yield stage(one)
