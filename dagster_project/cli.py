"""
local-pound: the command line, over the same graph that Dagster shows.

Heavy libraries are imported by the command that needs them, so that `check` starts at once.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from dagster_project.cli_publish import BROKEN, Out, publishing, stop

app = typer.Typer(
    help="Where public money goes, how much of it stays, and how sure anyone can be.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip

DECLARED = Path(__file__).parents[1] / "datapackages"


@app.command()
def build(
    source: Annotated[
        str, typer.Option("--from", help="sample, live, or a folder laid out FOLDER/<publisher-slug>/<files>.")
    ] = "sample",
    publisher: Annotated[list[str] | None, typer.Option(help="Only this publisher; may be given again.")] = None,
    registers: Annotated[str, typer.Option(help="A folder with register files, found by their layout.")] = "",
    sources: Annotated[str, typer.Option(help="For live: a folder of source files in place of our own.")] = "",
    out: Out = "build",
) -> None:
    """The whole way: published files in, checked data packages and a portal out."""
    from dagster_project.progress import Progress, summary
    from dagster_project.stages.plan import Plan

    with Progress() as progress:
        plan = Plan(source, tuple(publisher or ()), registers, sources, out, report=progress.report)
        check_plan(plan)
        progress.begin(plan)
        from dagster_project.definitions import run_everything

        well, broken = run_everything(plan)
    if not well:
        raise stop("\n".join(["The build stopped: something that must always hold does not.", *broken]), BROKEN)
    if source == "live":
        from dagster_project.stages.harvesting import said

        typer.echo(said(plan.store))
    typer.echo(summary(plan))


def check_plan(plan: Any) -> None:
    """Refuse a plan that cannot work, before anything is done."""
    from dagster_project.declare.errors import DeclarationError
    from dagster_project.declare.vocabulary import VocabularyError
    from dagster_project.harvest import NotASource, found_files

    if plan.sources and plan.source != "live":
        raise stop("--sources goes with --from live.")
    try:
        if plan.source == "live":
            _ = plan.declared_sources
        else:
            found_files(plan.folder, plan.publishers, plan.only)
        _ = plan.schemas, plan.measures, plan.class_rules, plan.register_declarations, plan.words
    except (NotASource, DeclarationError, VocabularyError) as error:
        raise stop(str(error)) from error
    if plan.registers and not Path(plan.registers).is_dir():
        raise stop(f"{plan.registers} is not a folder. Give the folder that register files lie in.")
    check_matching(plan)


def check_matching(plan: Any) -> None:
    """Refuse registers in another layout than declared, and decisions that disagree."""
    from dagster_project.declare.vocabulary import VocabularyError
    from dagster_project.match import DecisionsDisagree, WrongLayout, check_layouts
    from dagster_project.stages.boundaries import check_boundaries
    from dagster_project.stages.matching import declared_class_words

    try:
        declared_class_words()
        if plan.registers_folder and (plan.registers or plan.source != "live"):
            check_layouts(plan.register_declarations, plan.registers_folder)
            check_boundaries(plan)
    except (DecisionsDisagree, VocabularyError, WrongLayout) as error:
        raise stop(str(error)) from error


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Published files.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a file, for programs.")] = False,
) -> None:
    """What a careful reader makes of a file, for the officer who published it."""
    from dagster_project.declare.vocabulary import load_words
    from dagster_project.tidy import read_file, report_json, report_text

    words = load_words(DECLARED / "vocabulary")
    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise stop(f"No such file: {', '.join(missing)}")
    for number, path in enumerate(files):
        reading = read_file(path.name, path.read_bytes(), words)
        if as_json:
            typer.echo(json.dumps(report_json(str(path), reading), ensure_ascii=False))
        else:
            typer.echo(("\n" if number else "") + report_text(reading, words))


@app.command()
def match(
    names: Annotated[Path, typer.Argument(help="CSV of payees: name, and publisher where known.")],
    entities: Annotated[
        Path, typer.Argument(help="CSV of bodies, plain or gzipped: entity_id, name, and what else is known.")
    ],
    out: Annotated[Path, typer.Argument(help="CSV to write: outcome, entity_id, confidence, class, evidence.")],
) -> None:
    """Match a list of payees against a list of bodies: accepted, for review, or none, with a confidence."""
    from dagster_project.declare.vocabulary import VocabularyError
    from dagster_project.stages.matching import NotAList, match_lists

    try:
        counts = match_lists(names, entities, out)
    except (NotAList, VocabularyError) as error:
        raise stop(str(error)) from error
    said = ", ".join(f"{counts.get(outcome, 0)} {outcome}" for outcome in ("accepted", "review", "none"))
    typer.echo(f"{sum(counts.values())} names: {said}. {out}")


@app.command()
def review(
    publisher: Annotated[str, typer.Argument(help="Slug of the body whose payees are to be looked at.")],
    most: Annotated[int, typer.Option(help="How many to list.")] = 20,
    out: Out = "build",
) -> None:
    """The payees that nobody could place yet, those first whose decision would narrow the body's figures most."""
    from dagster_project.stages.plan import Plan
    from dagster_project.stages.reviewing import NothingToReview, to_review

    try:
        typer.echo(to_review(Plan(out=out), publisher, most))
    except (NothingToReview, FileNotFoundError) as error:
        raise stop(str(error)) from error


@app.command()
def trace(
    payment_id: Annotated[str, typer.Argument(help="16 hex digits, as on the portal.")], out: Out = "build"
) -> None:
    """The published line itself, from the archived bytes."""
    from dagster_project.stages.plan import Plan
    from dagster_project.stages.tracing import NotFound, traced

    try:
        typer.echo(traced(Plan(out=out), payment_id))
    except NotFound as error:
        raise stop(str(error), BROKEN) from error


@app.command()
def verify(
    wanted: Annotated[
        str, typer.Argument(help="A package: its name (a body's slug, or all), folder or ZIP file. Or a figure's id.")
    ],
    out: Out = "build",
) -> None:
    """Recompute a package from the archive, or a figure from the packages; name what differs."""
    from dagster_project.stages.plan import Plan
    from dagster_project.stages.supplier_figures import verify_supplier
    from dagster_project.stages.verifying import NothingToVerify, verify_figure
    from dagster_project.stages.verifying_packages import verify_package

    check_one = verify_figure if re.fullmatch(r"f-[0-9a-f]{12}", wanted) else verify_package
    check_one = verify_supplier if re.fullmatch(r"s-[0-9a-f]{12}", wanted) else check_one
    try:
        same, said = check_one(Plan(out=out), wanted)
    except NothingToVerify as error:
        raise stop(str(error)) from error
    typer.echo(said)
    if not same:
        raise typer.Exit(BROKEN)


@app.command("add-source")
def add_source(
    url: Annotated[str, typer.Argument(help="The page on which a body lists its files, or one of the files.")],
    publisher: Annotated[str, typer.Option(help="Whose it is, where the website does not tell.")] = "",
    sources: Annotated[str, typer.Option(help="Folder to write to in place of our own.")] = "",
) -> None:
    """Draft the file that says where a body publishes, and say what is unsure about it."""
    from dagster_project.declare.errors import DeclarationError
    from dagster_project.declare.sources import Source
    from dagster_project.declare.strict import load_declaration
    from dagster_project.stages.drafting import CannotDraft, draft
    from dagster_project.stages.harvesting import default_fetcher
    from dagster_project.stages.plan import Plan

    plan = Plan("live", sources=sources)
    try:
        made = draft(url, plan.publishers, default_fetcher(), publisher)
    except (CannotDraft, DeclarationError) as error:
        raise stop(str(error)) from error
    place = plan.folder / f"{made.slug}.yaml"
    if place.exists():
        raise stop(f"{place} is there already. Add this to it by hand:\n\n{made.text}")
    place.write_text(made.text, encoding="utf-8")
    load_declaration(Source, place)
    given = f" --sources {sources}" if sources else ""
    then = f"See it work:  local-pound build --from live --publisher {made.slug}{given} --out build/try"
    typer.echo("\n".join([*made.seen, *(f"Unsure: {one}" for one in made.unsure), f"Look it over: {place}", then]))


app.add_typer(publishing)


@app.command()
def takedown(
    wanted: Annotated[str, typer.Argument(help="A payment's id, 16 hex digits, or a payee's name as published.")],
    why: Annotated[str, typer.Option(help="personal data, safety, court order, or published by mistake.")],
    publisher: Annotated[str, typer.Option(help="Of a payee: only what this body paid it.")] = "",
    packs: Annotated[
        Path | None, typer.Option(help="Folder of archive packs, to name those that hold the files.")
    ] = None,
    out: Out = "build",
) -> None:
    """Mask a payment or a payee in everything that is published from now on, and say which old assets to replace."""
    from dagster_project.stages.plan import Plan
    from dagster_project.stages.takedowns import NothingToTakeDown, take_down

    try:
        typer.echo(take_down(Plan(out=out), wanted.removeprefix("p-"), publisher, why, packs))
    except NothingToTakeDown as error:
        raise stop(str(error)) from error


@app.command()
def serve(out: Out = "build", port: Annotated[int, typer.Option(help="0 takes a free one.")] = 8000) -> None:
    """Look at the portal in a browser, from this machine alone."""
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    folder = Path(out) / "portal"
    if not (folder / "index.html").is_file():
        raise stop(f"There is no portal in {folder}. Make one: local-pound build --out {out}")

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing about each request."""

        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            """Answer what is not there with the portal's own page."""
            page = folder / "404.html"
            if code != 404 or not page.is_file():
                super().send_error(code, message, explain)
                return
            data = page.read_bytes()
            self.send_response(404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, directory=str(folder)))
    except OSError as error:
        raise stop(f"Port {port} is not free ({error.strerror}). Try another: local-pound serve --port 0") from error
    typer.echo(f"The portal is at http://127.0.0.1:{server.server_address[1]}/ — Ctrl+C ends it.")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def main() -> None:
    """Run the command line."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    app()


if __name__ == "__main__":
    main()
