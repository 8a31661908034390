"""
The graph, as Dagster sees it: assets, blocking checks, jobs and a schedule. The only module that imports dagster.

One asset a stage, over all publishers; its body does the publishers whose inputs changed, in a process pool. (A run for
each publisher and stage would cost more than the work.) The job `one_publisher`, partitioned by publisher, is a second
door: the same functions, one body again.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import dagster as dg

from dagster_project.flow import StageRun
from dagster_project.stages import checks
from dagster_project.stages.counting import count_payments, load_registers
from dagster_project.stages.measuring import compute_figures, make_league_tables
from dagster_project.stages.naming import name_all_payees
from dagster_project.stages.packaging import write_packages
from dagster_project.stages.plan import Plan
from dagster_project.stages.previews import preview
from dagster_project.stages.printing import print_portal
from dagster_project.stages.reading import archive_files, read_files
from dagster_project.stages.suppliers import gather_suppliers
from dagster_project.stages.tranches import build_tranche, tranche_names

PlanResource = dg.ResourceParam[Plan]


def told(plan: Plan, run: StageRun) -> dg.MaterializeResult[Any]:
    """What a person wants to know of a stage: how much, how much of it anew, and what happened to each part."""
    numbers = (
        "files",
        "bytes",
        "rows",
        "pence",
        "payees",
        "figures",
        "ranked",
        "organisations",
        "postcodes",
        "suppliers",
        "tables",
    )
    metadata: dict[str, Any] = {"parts": len(run.keys), "worked on": len(run.worked)}
    for name in numbers:
        values = [s[name] for s in run.summaries.values() if isinstance(s.get(name), int)]
        if values:
            metadata["pounds" if name == "pence" else name] = sum(values) / 100 if name == "pence" else sum(values)
    rows = [
        "| part | anew | " + " | ".join(numbers) + " |", "| --- " * (len(numbers) + 2) + "|",
        *(
            f"| {part} | {'yes' if part in set(run.worked) else ''} | "
            + " | ".join(str(s[n]) if isinstance(s.get(n), int) else "" for n in numbers) + " |"
            for part, s in list(run.summaries.items())[:500]
        ),
    ]  # fmt: skip
    metadata["ledger"] = dg.MetadataValue.md("\n".join(rows))
    if first := preview(plan, run):
        metadata["preview"] = dg.MetadataValue.md(first)
    return dg.MaterializeResult(metadata=metadata)


@dg.asset(group_name="archive")
def archived_files(plan: PlanResource) -> dg.MaterializeResult[Any]:
    """Every file that was found, kept for ever under the hash of its bytes."""
    return told(plan, archive_files(plan))


@dg.asset(deps=[archived_files], group_name="tidy")
def published_lines(plan: PlanResource) -> dg.MaterializeResult[Any]:
    """Every line of every file that could be read, and the reason why not for the others."""
    return told(plan, read_files(plan))


@dg.asset(deps=[published_lines], group_name="ledger")
def payments(plan: PlanResource) -> dg.MaterializeResult[Any]:
    """Published lines of every publisher, each payment once."""
    return told(plan, count_payments(plan))


@dg.asset(deps=[archived_files], group_name="match")
def organisations(plan: PlanResource) -> dg.MaterializeResult[Any]:
    """Registers: bodies and places that payees are looked up in."""
    return told(plan, load_registers(plan))


@dg.asset(deps=[payments, organisations], group_name="match")
def payees(plan: PlanResource) -> dg.MaterializeResult[Any]:
    """Who was paid: class, legal body where one bears exactly that name, area where it is known."""
    return told(plan, name_all_payees(plan))


@dg.asset(deps=[payees], group_name="match")
def suppliers(plan: PlanResource) -> dg.MaterializeResult[Any]:
    """Every organisation that was paid, over all bodies."""
    return told(plan, gather_suppliers(plan))


@dg.asset(deps=[payees], group_name="measure")
def figures(plan: PlanResource) -> dg.MaterializeResult[Any]:
    """Every measure of every body and year, with its bounds."""
    return told(plan, compute_figures(plan))


@dg.asset(deps=[figures], group_name="measure")
def league_tables(plan: PlanResource) -> dg.MaterializeResult[Any]:
    """Ranked measures in the order of their tables, ranks as ranges."""
    return told(plan, make_league_tables(plan))


@dg.asset(deps=[payees, suppliers, figures, league_tables], group_name="package")
def data_packages(plan: PlanResource) -> dg.MaterializeResult[Any]:
    """A Frictionless data package for each publisher, one for all and one of suppliers, checked row by row."""
    return told(plan, write_packages(plan))


@dg.asset(deps=[data_packages], group_name="portal")
def portal(plan: PlanResource) -> dg.MaterializeResult[Any]:
    """The portal: a page for every body, tables, downloads; only what changed is printed."""
    return told(plan, print_portal(plan))


def verdict(broken: list[str]) -> dg.AssetCheckResult:
    """A check's result, with the first twenty breaks in words."""
    return dg.AssetCheckResult(passed=not broken, metadata={"broken": len(broken), "first": "\n".join(broken[:20])})


def blocking(asset: Any, name: str, description: str, breaks: Callable[[Plan], list[str]]) -> dg.AssetChecksDefinition:
    """A check that stops what comes after its asset."""

    @dg.asset_check(asset=asset, name=name, description=description, blocking=True)
    def check(plan: PlanResource) -> dg.AssetCheckResult:
        return verdict(breaks(plan))

    return check


CHECKS = [
    blocking(published_lines, "keel_balances", "Every row and penny found is published, rejected or left out.",
             checks.keel_breaks),
    blocking(payments, "counted_once", "No payment is counted twice, none appears from nowhere.", checks.double_counts),
    blocking(data_packages, "packages_valid", "Every package is what its descriptor says.", checks.invalid_packages),
    blocking(portal, "links_resolve", "Every link of every page leads somewhere.", checks.dead_links),
]  # fmt: skip
ASSETS = [
    archived_files,
    published_lines,
    payments,
    organisations,
    payees,
    suppliers,
    figures,
    league_tables,
    data_packages,
    portal,
]

everything = dg.define_asset_job("everything", selection=dg.AssetSelection.all(), description="The whole way through.")


def plan_from_environment() -> Plan:
    """The plan that Dagster's own commands work by: the sample, unless LOCAL_POUND_FROM, _OUT and so on say otherwise."""
    return Plan(
        source=os.environ.get("LOCAL_POUND_FROM", "sample"),
        registers=os.environ.get("LOCAL_POUND_REGISTERS", ""),
        out=os.environ.get("LOCAL_POUND_OUT", "build"),
        workers=int(os.environ.get("LOCAL_POUND_WORKERS", "0")) or None,
    )


def slugs(plan: Plan) -> list[str]:
    """Publishers that a plan's files are of; all that it knows where its folder is not there."""
    root = plan.folder / "spend" if (plan.folder / "spend").is_dir() else plan.folder
    found = sorted(path.name for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    return [slug for slug in found if slug in plan.publishers] or sorted(plan.publishers)


#: How many tranches publishers are cut into; a launcher runs each wherever it likes.
TRANCHES = int(os.environ.get("LOCAL_POUND_TRANCHES", "4"))
publisher_partitions = dg.StaticPartitionsDefinition(slugs(plan_from_environment()))


@dg.op
def build_again(context: dg.OpExecutionContext, plan: PlanResource) -> None:
    """One publisher again, through the same functions as everybody."""
    one = replace(plan, only=(context.partition_key,))
    for stage in (archive_files, read_files, count_payments, load_registers, name_all_payees, gather_suppliers, compute_figures,
                  make_league_tables, write_packages, print_portal):  # fmt: skip
        run = stage(one)
        context.log.info("%s: %d parts, %d anew", run.stage, len(run.keys), len(run.worked))


@dg.job(partitions_def=publisher_partitions, description="One publisher again; the others stay as they are.")
def one_publisher() -> None:
    """The second door."""
    build_again()


@dg.op
def build_one_tranche(context: dg.OpExecutionContext, plan: PlanResource) -> None:
    """The publishers of one tranche, as far as each is looked at alone."""
    for run in build_tranche(plan, slugs(plan), context.partition_key):
        context.log.info("%s: %d parts, %d anew", run.stage, len(run.keys), len(run.worked))


@dg.job(
    partitions_def=dg.StaticPartitionsDefinition(tranche_names(TRANCHES)),
    description="Publishers in tranches, each in a run of its own; `everything` afterwards finds their work done.",
)
def tranches() -> None:
    """The third door, for more than one machine."""
    build_one_tranche()


weekly = dg.ScheduleDefinition(
    name="weekly", job=everything, cron_schedule="0 4 * * 1", execution_timezone="Europe/London",
    description="Mondays at four in the morning.",
)  # fmt: skip

defs = dg.Definitions(
    assets=ASSETS,
    asset_checks=CHECKS,
    jobs=[everything, one_publisher, tranches],
    schedules=[weekly],
    resources={"plan": plan_from_environment()},
    executor=dg.in_process_executor,
)


def run_everything(plan: Plan) -> tuple[bool, list[str]]:
    """
    Materialise the graph in this process.

    Returns:
        Whether all went well, and what broke, in words.
    """
    result = dg.materialize(
        [*ASSETS, *CHECKS],
        instance=dg.DagsterInstance.ephemeral(),
        resources={"plan": plan},
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        raise_on_error=False,
    )
    broken = [
        f"{check.check_name}: {check.metadata['first'].value}"
        for check in result.get_asset_check_evaluations()
        if not check.passed
    ]
    for event in result.all_events:
        error = getattr(event.event_specific_data, "error", None) if event.is_step_failure else None
        if error is not None and not broken:
            cause = error.cause or error
            broken.append(f"{event.step_key}: {cause.message.strip()}")
    return result.success, broken


__all__ = ["defs", "run_everything"]
