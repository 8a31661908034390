"""Commands of those who publish: harvest, sources, packs, catalogue, compare, moved. Loaded by `cli`, which has the others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

publishing = typer.Typer()

USED_WRONGLY, BROKEN = 2, 1

Out = Annotated[str, typer.Option("--out", help="Where the build lies: a folder, or an object store's address.")]


def stop(message: str, code: int = USED_WRONGLY) -> typer.Exit:
    """Say why on stderr; to be raised."""
    typer.echo(message, err=True)
    return typer.Exit(code)


@publishing.command()
def sources(
    out: Out = "build",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a source, for programs.")] = False,
    tend: Annotated[
        bool, typer.Option("--tend", help="Open, update and close an issue for each broken source.")
    ] = False,
) -> None:
    """How each source was doing in the last harvest: ok, unchanged, late, partial or failed, and what comes next."""
    from dagster_project.stages.harvesting import said, states_of
    from dagster_project.stages.plan import Plan
    from dagster_project.stages.register_harvest import states_for_issues
    from dagster_project.stages.tending import tend as tend_issues

    store = Plan(out=out).store
    states = states_of(store)
    if not states:
        raise stop(f"Nothing was harvested into {out} yet: local-pound build --from live --out {out}")
    typer.echo("\n".join(json.dumps(state, ensure_ascii=False) for state in states) if as_json else said(store))
    if tend:
        for step in tend_issues([*states, *states_for_issues(store)]):
            typer.echo(f"gh {step[0]} {step[1]} {step[2]}")


@publishing.command()
def moved(
    most: Annotated[int, typer.Option(help="How many figures to name.")] = 50,
    out: Out = "build",
) -> None:
    """Which figures the last build moved, against the build before in the same folder: what a decision does, say."""
    from dagster_project.stages.moving import said_moved
    from dagster_project.stages.plan import Plan

    try:
        typer.echo(said_moved(Plan(out=out), most))
    except FileNotFoundError as error:
        raise stop(str(error)) from error


@publishing.command()
def harvest(
    sources: Annotated[str, typer.Option(help="A folder of source files in place of our own.")] = "",
    out: Out = "build",
) -> None:
    """Ask registers and the bodies' websites, and build nothing yet."""
    from dagster_project.declare.errors import DeclarationError
    from dagster_project.harvest import NotASource
    from dagster_project.progress import Progress
    from dagster_project.stages.harvesting import ask, said
    from dagster_project.stages.plan import Plan

    with Progress() as progress:
        plan = Plan("live", sources=sources, out=out, report=progress.report)
        try:
            _ = plan.declared_sources, plan.register_declarations
        except (NotASource, DeclarationError) as error:
            raise stop(str(error)) from error
        ask(plan)
    typer.echo(said(plan.store))


@publishing.command()
def packs(
    what: Annotated[str, typer.Argument(help="save, restore, or warc.")],
    folder: Annotated[Path, typer.Argument(help="Folder of packs; for warc the file to write, ending in .warc.gz.")],
    release: Annotated[str, typer.Option(help="Tag of the GitHub release in which packs lie between runs.")] = "",
    whole: Annotated[bool, typer.Option("--all", help="Restore everything, not only what a build needs.")] = False,
    sources: Annotated[str, typer.Option(help="A folder of source files in place of our own.")] = "",
    out: Out = "build",
) -> None:
    """Carry the archive from one run to the next as tar files, or write it as web archives read it."""
    from dagster_project.stages.harvesting import export_warc
    from dagster_project.stages.packs import DamagedPack
    from dagster_project.stages.plan import Plan
    from dagster_project.stages.restoring import Release, keep, restore

    plan = Plan("live", sources=sources, out=out)
    lies = Release(release, folder) if release else None
    if what == "save":
        saved = keep(plan.store, folder, lies)
        typer.echo("\n".join([*saved.new, *(f"{name} is no longer needed." for name in saved.dropped)]))
    elif what == "restore":
        try:
            typer.echo(f"{restore(plan, folder, lies, whole=whole)} restored.")
        except DamagedPack as error:
            raise stop(str(error), BROKEN) from error
    elif what == "warc":
        try:
            typer.echo(f"{export_warc(plan.store, folder)} records. {folder}")
        except FileNotFoundError as error:
            folder.unlink(missing_ok=True)
            raise stop(
                f"The archive here lacks {error.filename or error}, which a web archive must hold. Bring everything first: "
                "local-pound packs restore FOLDER --all"
            ) from error
    else:
        raise stop(f"'{what}' is not known; expected save, restore or warc.")


@publishing.command("last-good")
def last_good(
    what: Annotated[
        str, typer.Argument(help="keep: the portal that was built. label: lay out the kept one, labelled.")
    ],
    folder: Annotated[Path, typer.Argument(help="Folder of packs.")],
    why: Annotated[str, typer.Option(help="What failed, for the label: 'the harvest did not finish'.")] = "",
    release: Annotated[str, typer.Option(help="Tag of the GitHub release in which packs lie between runs.")] = "",
    out: Out = "build",
) -> None:
    """Keep the portal of a run that succeeded; after one that failed, put a label on every page of the kept one."""
    from datetime import date

    from dagster_project.stages.last_good import NothingKept, keep_portal, label_portal
    from dagster_project.stages.plan import Plan
    from dagster_project.stages.restoring import Release

    store, lies = Plan(out=out).store, Release(release, folder) if release else None
    try:
        if what == "keep":
            typer.echo(f"{keep_portal(store, folder, date.today(), lies)} is the last good portal now.")
        elif what == "label" and why:
            built, pages = label_portal(store, folder, date.today(), why, lies)
            typer.echo(f"{pages} pages of the portal of {built} say that {why}. {out}/portal")
        else:
            raise stop("Expected keep, or label with --why, what failed.")
    except NothingKept as error:
        raise stop(str(error)) from error


@publishing.command()
def catalogue(
    address: Annotated[str, typer.Option(help="Where the portal stands, such as https://example.org/pound/.")] = "",
    assets: Annotated[
        str, typer.Option(help="Where assets of the newest release lie, for what the portal leaves out.")
    ] = "",
    before: Annotated[
        str, typer.Option(help="Folder with the manifest of that release; without it nothing is listed from there.")
    ] = "",
    out: Out = "build",
) -> None:
    """Write the catalogue of all packages beside the portal: catalog.json, and catalog.jsonld in DCAT-AP."""
    from dagster_project.stages.catalogue import NothingToList, write_catalogue
    from dagster_project.stages.plan import Plan
    from dagster_project.stages.versions import MANIFEST, manifest_of

    try:
        at, release = (f"{place.rstrip('/')}/" if place else "" for place in (address, assets))
        manifest = Path(before) / MANIFEST if before else None
        released = manifest_of(Path(before)) if manifest and manifest.is_file() else None
        count = write_catalogue(Plan(out=out).store, at, release, released)
    except NothingToList as error:
        raise stop(str(error)) from error
    typer.echo(f"{count} data sets: {out}/portal/catalog.json, {out}/portal/catalog.jsonld")


@publishing.command("last-release")
def last_release(
    folder: Annotated[Path, typer.Argument(help="Folder for its manifest and its figures.")],
) -> None:
    """Bring of the last release what the next one is compared with: its manifest and its table of figures."""
    from dagster_project.stages.before import bring_last

    tag = bring_last(folder)
    typer.echo(f"The last release is {tag}. {folder}" if tag else "There is no release yet.")


@publishing.command("compare")
def compare_releases(
    old: Annotated[Path, typer.Argument(help="An older release: a folder of its ZIP files, or of one package.")],
    new: Annotated[Path, typer.Argument(help="A newer one, such as build/releases or build/packages/all.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for changelogs: of all, of each package, of figures.")
    ] = None,
) -> None:
    """What a release changes against an older one, as a changelog; 1 where it breaks more than its version says."""
    from dagster_project.stages import before, changelogs
    from dagster_project.stages.comparing import NothingToCompare

    try:
        found, packages = changelogs.compare_releases(old, new, before.bringing(old))
    except NothingToCompare as error:
        raise stop(str(error)) from error
    if out:
        changelogs.write_changes(found, packages, out)
    typer.echo(changelogs.changelog(found), nl=False)
    if found.part == "major" and not found.is_told:
        raise stop(f"The version {found.new_version} does not say that something is gone or of another type.", BROKEN)
