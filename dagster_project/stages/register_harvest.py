"""
Registers are harvested like sources: asked politely, looked over, archived; what is worse than before is not used.

An edition that cannot be had, that holds much less than the last one, or that is laid out otherwise, leaves the last
good one in use; the table `tables/harvest/registers.parquet` says so, and why.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path

import pandas as pd

from dagster_project.archive import archive_key
from dagster_project.archive.log import Row, decode, log_key
from dagster_project.declare.measures import load_witnesses
from dagster_project.declare.registers import Register, load_registers
from dagster_project.harvest.editions import NoEdition, parts_of
from dagster_project.harvest.fetching import Fetcher, host_of
from dagster_project.harvest.manners import Limits
from dagster_project.harvest.outcomes import OUTCOMES, WELL
from dagster_project.match import WrongLayout
from dagster_project.match.registers import vintage
from dagster_project.stages.asking import Diary, OutOfTime, need_not_ask
from dagster_project.stages.plan import DECLARED, Plan
from dagster_project.stages.registers_at_hand import Declaration, found_in, lay_out, look, rows_of
from dagster_project.stages.runs import known_of, runs_of
from dagster_project.store import Store

#: Registers that are asked at a time: each is held in memory while it comes.
AT_ONCE = 3
#: The largest register that we know of has half a gigabyte when packed.
LIMITS = Limits(whole=3600, largest=1_500_000_000)
#: An edition with a smaller share of the rows, or of the bytes, of the one before is looked over by a person first.
ROWS_LEAST, BYTES_LEAST = 0.9, 0.5
TABLE = "tables/harvest/registers.parquet"
#: What can become of a register in a harvest, the best first.
STATES = {
    "new": "A new edition is in use.",
    "unchanged": "The edition in use is the newest.",
    "by hand": "Nothing shows where its newest edition is had; files of it are given by hand.",
    "not asked": "Time was up before it was asked.",
    "smaller": "The newest edition holds much less than the one before.",
    "other layout": "The newest edition is laid out otherwise.",
    "failed": "The newest edition could not be had.",
}
#: Where witnesses and registers are declared.
FOLDERS = ("datapackages/measures/witnesses", "datapackages/registers")
WELL_STATES = ("new", "unchanged", "by hand")


def name_in_log(slug: str) -> str:
    """What a register is called in the log, apart from all bodies."""
    return f"register-{slug}"


def state_key(slug: str) -> str:
    """Where it lies which edition of a register is in use, and what became of the newest one."""
    return f"archive/harvest/known/editions/{slug}.json"


def declarations(plan: Plan) -> list[Declaration]:
    """Registers, and witnesses that are no register's file; an own folder of sources brings its own."""
    own = Path(plan.sources) if plan.sources else DECLARED
    registers = load_registers(own / "registers") if (own / "registers").is_dir() else ()
    place = own / ("witnesses" if plan.sources else "measures/witnesses")
    return [*registers, *(load_witnesses(place) if place.is_dir() else ())]


def units(declared: Iterable[Declaration]) -> list[Declaration]:
    """One declaration for each register: of two with the same slug, the one that says where it is had."""
    found: dict[str, Declaration] = {}
    for one in declared:
        if one.slug not in found or (one.newest and not found[one.slug].newest):
            found[one.slug] = one
    return [found[slug] for slug in sorted(found)]


def state_of(store: Store, slug: str) -> Row:
    """What is known of a register; `good` is the edition in use, if there is one."""
    try:
        found: Row = store.read_json(state_key(slug))
    except FileNotFoundError:
        found = {"state": "", "why": "", "since": "", "checked": ""}
    return found


@dataclass(frozen=True)
class Harvest:
    """What the harvest of every register needs."""

    store: Store
    run: str
    runs: Mapping[str, Sequence[str]]
    fetcher: Fetcher
    declared: Sequence[Declaration]
    deadline: float


def harvest_registers(
    store: Store, run: str, declared: Sequence[Declaration], fetcher: Fetcher, minutes: float | None = None
) -> list[Row]:
    """
    Ask for the newest edition of every register whose address is known, and write down what became of it.

    Args:
        minutes: When to stop asking; what is left keeps its edition.

    Returns:
        Rows of the table, by slug.
    """
    deadline = float("inf") if minutes is None else fetcher.clock.now() + minutes * 60
    harvest = Harvest(store, run, runs_of(store), fetcher, declared, deadline)
    asked = [one for one in units(declared) if one.newest]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in pool.map(partial(_harvest_one, harvest), asked):
            pass
    return write_table(store, declared)


def _harvest_one(harvest: Harvest, declared: Declaration) -> None:
    """Ask for one register; its state is written whatever comes of it."""
    store, slug, today = harvest.store, declared.slug, harvest.fetcher.clock.utc().date().isoformat()
    before = state_of(store, slug)
    after: Row = {"state": "not asked", "why": STATES["not asked"]}
    with suppress(OutOfTime):
        parts, trouble = _ask(harvest, declared)
        after = {"state": "failed", "why": trouble} if trouble else _judge(harvest, declared, parts, before.get("good"))
    good: Row = before.get("good", {})
    if found := after.pop("good", None):
        good = found | {"retrieved": today}
    well = after["state"] in WELL_STATES
    since = "" if well else before["since"] or today
    checked = today if well else before["checked"]
    store.write_json(state_key(slug), after | {"since": since, "checked": checked} | ({"good": good} if good else {}))


def _ask(harvest: Harvest, declared: Declaration) -> tuple[list[Row], str]:
    """Parts of the newest edition, or what was in the way."""
    assert declared.newest
    name, store = name_in_log(declared.slug), harvest.store
    known = known_of(store, name, harvest.runs.get(name, ()))
    diary = Diary(store, harvest.run, name, harvest.fetcher, known=known, deadline=harvest.deadline)
    if harvest.run in harvest.runs.get(name, ()):
        diary.rows = decode(store.read(log_key(harvest.run, name)))
    try:
        wanted = parts_of(declared.newest, diary.page, diary.today)
    except NoEdition as error:
        diary.end()
        return [], _with_cause(str(error), diary)
    for urls in wanted if declared.newest.delay else ():
        harvest.fetcher.turns.slow_down(host_of(urls[0]), float(declared.newest.delay))
    parts = []
    for urls in wanted:
        part, trouble = _have(diary, urls)
        if trouble:
            break
        parts.append(part)
    diary.end()
    return parts, trouble if wanted else "Its address names no period that has ended."


def _with_cause(said: str, diary: Diary) -> str:
    last = diary.rows[-2] if len(diary.rows) > 1 else {}
    outcome = OUTCOMES.get(last.get("outcome", "had"))
    return said if outcome is None or last.get("outcome", "had") in WELL else f"{said} {outcome.title}."


def _have(diary: Diary, urls: Sequence[str]) -> tuple[Row, str]:
    """One part, under the first of its addresses that is there."""
    for url in urls:
        entry = diary.known.get(url)
        if entry and entry["editions"] and diary.answered(url) is None and need_not_ask(entry, diary.today):
            break
        row = diary.ask(url, "file", text="", page="", period="", dataset="", unsure=[], guess=False)
        if row["outcome"] in WELL:
            break
        if row["outcome"] != "gone":
            return {}, f"{url}: {OUTCOMES[row['outcome']].title}."
    else:
        return {}, f"{urls[0]}: {OUTCOMES['gone'].title}."
    entry = diary.known[url]
    edition = entry["editions"][-1]
    said = entry["validators"].get("last-modified", "")
    return {"url": url, "name": entry["name"], "sha256": edition["sha256"], "bytes": edition["bytes"], "said": said}, ""


def _judge(harvest: Harvest, declared: Declaration, parts: list[Row], good: Row | None) -> Row:
    """Whether the newest edition is taken into use."""
    hashes = [part["sha256"] for part in parts]
    if good and hashes == [part["sha256"] for part in good["parts"]]:
        return {"state": "unchanged", "why": ""}
    assert declared.newest
    size = sum(part["bytes"] for part in parts)
    accepted = set(hashes) <= set(declared.newest.accepted)
    if good and size < good["bytes"] * BYTES_LEAST and not accepted:
        return {"state": "smaller", "why": _smaller(size, good["bytes"], "bytes", parts)}
    with tempfile.TemporaryDirectory() as folder:
        try:
            lay_out(harvest.store, declared, parts, Path(folder) / "edition")
            others = [one for one in harvest.declared if one is not declared]
            looked = look(declared, others, Path(folder) / "edition")
        except WrongLayout as error:
            return {"state": "other layout", "why": str(error)}
    if not looked.rows:
        return {"state": "smaller", "why": "It holds no rows."}
    if good and looked.rows < good["rows"] * ROWS_LEAST and not accepted:
        return {"state": "smaller", "why": _smaller(looked.rows, good["rows"], "rows", parts)}
    edition = vintage(parts[-1]["name"]) or _day(parts[-1]["said"])
    found = {"parts": parts, "rows": looked.rows, "bytes": size, "headings": looked.headings, "edition": edition}
    return {"state": "new", "why": _headings_moved(good, looked.headings), "good": found}


def _day(last_modified: str) -> str:
    """The day of an HTTP date, ISO; `""` where there is none."""
    try:
        return parsedate_to_datetime(last_modified).date().isoformat()
    except ValueError:
        return ""


def _smaller(now: int, before: int, of: str, parts: Iterable[Row]) -> str:
    return (
        f"{now:,} {of} against {before:,} before. If that is right, put its SHA-256 under `accepted`: "
        f"{' '.join(part['sha256'] for part in parts)}"
    )


def _headings_moved(good: Row | None, headings: Sequence[str]) -> str:
    """Columns that came or went without harm."""
    before = list(good["headings"]) if good else list(headings)
    came = [heading for heading in headings if heading not in before]
    went = [heading for heading in before if heading not in headings]
    said = [f"New columns: {', '.join(came)}."] if came else []
    return " ".join([*said, *([f"Columns that are gone and were not read: {', '.join(went)}."] if went else [])])


def write_table(store: Store, declared: Iterable[Declaration]) -> list[Row]:
    """
    The table of registers: a row for each that is declared, by slug.

    `slug`, `declared` (in which file), `name`, `publisher`, `licence`, `origin`; `state`, a key of `STATES`, `why` and `since` (ISO) where it is not
    well; of the edition in use `edition` (as its name or its website dates it), `retrieved` (ISO), `rows`, `bytes`,
    `sha256` and `url` of its files; `checked`, the day when it was last known to be the newest.
    """
    rows = []
    for one in units(declared):
        said: Row = state_of(store, one.slug) if one.newest else {"state": "by hand", "why": STATES["by hand"]}
        good = said.get("good", {})
        parts = good.get("parts", [])
        rows.append(
            {
                "slug": one.slug, "declared": f"{FOLDERS[isinstance(one, Register)]}/{one.slug}", "name": one.name, "publisher": one.publisher, "licence": one.licence,
                "origin": one.origin, "state": said["state"] or "not asked", "why": said["why"],
                "since": said.get("since", ""), "edition": good.get("edition", ""),
                "retrieved": good.get("retrieved", ""), "checked": said.get("checked", ""),
                "rows": good.get("rows", 0), "bytes": good.get("bytes", 0),
                "sha256": " ".join(part["sha256"] for part in parts), "url": " ".join(part["url"] for part in parts),
            }
        )  # fmt: skip
    store.write_frame(TABLE, pd.DataFrame(rows))
    return rows


def table_of(store: Store) -> list[Row]:
    """Rows of the table of registers; none before the first harvest."""
    try:
        rows = store.read_frame(TABLE).to_dict("records")
    except FileNotFoundError:
        return []
    return [{str(name): value for name, value in row.items()} for row in rows]


def states_for_issues(store: Store) -> list[Row]:
    """Registers as states of sources, for those who keep issues about what is broken."""
    return [
        {
            "publisher": name_in_log(row["slug"]), "state": row["state"], "since": row["since"], "trouble": row["why"],
            "missing": "", "file": f"{row['declared']}.yaml",
        }
        for row in table_of(store)
    ]  # fmt: skip


def registers_said(store: Store) -> str:
    """Registers of the last harvest in lines for people; those only that are not well, after how many are."""
    rows = table_of(store)
    counts = [f"{count} {state}" for state in STATES if (count := sum(row["state"] == state for row in rows))]
    lines = [f"Registers: {', '.join(counts)}."] if rows else []
    for row in rows:
        if row["state"] not in WELL_STATES:
            used = f" In use: {row['edition'] or 'that'} of {row['retrieved']}." if row["retrieved"] else ""
            lines.append(f"  {row['slug']} {row['state']} since {row['since']}: {row['why']}{used}"[:400])
    return "\n".join(lines)


class NotAtHand(Exception):
    """The bytes of an edition in use are not in the archive; the message says what to do."""


def needed_editions(store: Store, declared: Iterable[Declaration]) -> set[str]:
    """Hashes of files of the editions in use: a build reads them."""
    states = (state_of(store, one.slug) for one in units(declared) if one.newest)
    return {part["sha256"] for said in states for part in said.get("good", {}).get("parts", [])}


def put_at_hand(store: Store, declared: Sequence[Declaration], folder: Path) -> None:
    """
    Lay out the editions in use, a folder each, where a build finds registers by their layout.

    An edition that no longer is what its declaration says, since that was changed, is left out.

    Raises:
        NotAtHand: its bytes are not in the archive.
    """
    wanted = [one for one in units(declared) if state_of(store, one.slug).get("good")]
    for place in folder.iterdir() if folder.is_dir() else ():
        if place.name not in {one.slug for one in wanted}:
            shutil.rmtree(place)
    for one in wanted:
        parts = state_of(store, one.slug)["good"]["parts"]
        mark = folder / one.slug / ".edition"
        text = " ".join(part["sha256"] for part in parts)
        if not mark.is_file() or mark.read_text() != text:
            if missing := [p["sha256"] for p in parts if not store.exists(archive_key(p["sha256"]))]:
                raise NotAtHand(
                    f"{one.name}: the archive lacks {missing[0]}, a file of the edition in use. Fetch it from the packs "
                    "(make restore), or name a folder of registers with --registers."
                )
            lay_out(store, one, parts, folder / one.slug)
            mark.write_text(text)
        _leave_out_what_does_not_fit(declared, folder / one.slug)


def _leave_out_what_does_not_fit(declared: Sequence[Declaration], folder: Path) -> None:
    try:
        pairs = found_in(declared, folder)
        for one, path in pairs:
            next(rows_of(one, path), None)
    except WrongLayout:
        shutil.rmtree(folder)
        return
    known = {path for _, path in pairs}
    for path in [path for path in folder.rglob("*") if path.is_file() and path not in known]:
        if path.name != ".edition":
            path.unlink()
