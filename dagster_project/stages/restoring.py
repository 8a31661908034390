"""
What a run needs of the packs, and no more: they are larger than a machine's disk after some years.

Of each published file either its reading is needed, where our reader made it before, or its bytes, where it did not; of
each listing the page as it was last had; of each register the edition in use. A release of GitHub keeps the packs.
"""

from __future__ import annotations

from pathlib import Path

from dagster_project.archive import archive_key
from dagster_project.archive.log import Row
from dagster_project.flow import marker
from dagster_project.stages.harvesting import manifests
from dagster_project.stages.packs import (
    ADDRESSES,
    INDEX,
    READINGS,
    Saved,
    everything,
    read_index,
    restore_values,
    save,
    small_ones,
    unpack,
)
from dagster_project.stages.plan import Plan
from dagster_project.stages.reading import jobs_of
from dagster_project.stages.register_harvest import declarations, needed_editions
from dagster_project.stages.runs import known_of, runs_of
from dagster_project.stages.tending import Run, gh
from dagster_project.store import Store


class Release:
    """
    The release in which packs lie between runs.

    Args:
        tag: Its tag.
        folder: Where packs are while they are worked on.
        run: Runs `gh`.
    """

    def __init__(self, tag: str, folder: Path, run: Run = gh) -> None:
        self._tag, self._folder, self._run = tag, folder, run

    def begin(self) -> None:
        """Have the index; make the release where there is none yet."""
        tags = self._run(["release", "list", "--limit", "1000", "--json", "tagName", "--jq", ".[].tagName"]).split()
        if self._tag not in tags:
            notes = "Published files as they were fetched, and what was read in them, in packs."
            self._run(["release", "create", self._tag, "--title", "Archive", "--notes", notes, "--latest=false"])
        elif INDEX in self.assets():
            self.bring(INDEX)

    def assets(self) -> list[str]:
        """Names of what lies in it."""
        return self._run(["release", "view", self._tag, "--json", "assets", "--jq", ".assets[].name"]).split()

    def bring(self, name: str) -> None:
        """Have one asset."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._run(["release", "download", self._tag, "--pattern", name, "--dir", str(self._folder), "--clobber"])

    def send(self, place: Path) -> None:
        """Upload a pack and remove it here; the index stays."""
        self._run(["release", "upload", self._tag, str(place), "--clobber"])
        if place.name != INDEX:
            place.unlink()

    def tidy(self, index: Row) -> list[str]:
        """Delete packs that the index does not know: their contents are in others, or are no longer wanted."""
        known = {INDEX, *(pack["name"] for pack in index["packs"])}
        gone = [name for name in self.assets() if name.endswith(".tar") and name not in known]
        for name in gone:
            self._run(["release", "delete-asset", self._tag, name, "--yes"])
        return gone


def needed(plan: Plan, index: Row) -> set[str]:
    """Keys of the packs that the next harvest or build reads, by what is known of every address now."""
    store, packed, found = plan.store, everything(index), set[str]()
    runs = runs_of(store)
    for source in plan.declared_sources:
        found |= _pages(known_of(store, source.slug, runs.get(source.slug, [])))
    for one in declarations(plan):
        found |= _pages(known_of(store, f"register-{one.slug}", runs.get(f"register-{one.slug}", [])), "file")
    found |= {archive_key(digest) for digest in needed_editions(store, declarations(plan))}
    found |= {key for key in packed if key.startswith(f"{ADDRESSES}/")}
    readings: dict[str, list[str]] = {}
    for key in packed:
        if key.startswith(f"tables/{READINGS}/"):
            readings.setdefault(_stem(key), []).append(key)
    for job in jobs_of(manifests(store, plan.declared_sources)):
        mark = marker(READINGS, job)
        if not store.exists(mark):
            found |= set(readings.get(_stem(mark), [archive_key(job.payload["sha256"])]))
    return found


def _stem(key: str) -> str:
    """What the note of a reading and its tables have in common."""
    folder, _, name = key.rpartition("/")
    return f"{folder}/{name.partition('.')[0]}"


def _pages(known: dict[str, Row], *purposes: str) -> set[str]:
    """The last edition of each page that is asked for again: if it did not change, it is read from here."""
    wanted = ("listing", *purposes)
    return {
        archive_key(entry["editions"][-1]["sha256"])
        for entry in known.values() if entry["purpose"] in wanted and entry["editions"]
    }  # fmt: skip


def restore(plan: Plan, folder: Path, release: Release | None = None, *, whole: bool = False) -> int:
    """
    Bring into the store what the next step needs; may be done again after a harvest, which changes what is known.

    Args:
        release: Where packs are fetched from, one at a time; without it they lie in the folder.
        whole: Everything, as for a web archive or a check of all bytes.

    Returns:
        How many things were written.
    """
    if release and not (folder / INDEX).is_file():
        release.begin()
    index = read_index(folder)
    count = restore_values(plan.store, index)
    wanted = everything(index) if whole else needed(plan, index)
    if release is None:
        return count + unpack(plan.store, folder, wanted)
    return count + unpack(plan.store, folder, wanted | small_ones(index), release.bring, Path.unlink)


def keep(store: Store, folder: Path, release: Release | None = None) -> Saved:
    """Pack what is new; with a release, upload each pack as it is written, and delete what is no longer wanted."""
    if release is None:
        return save(store, folder)
    if not (folder / INDEX).is_file():
        release.begin()
    restore_values(store, read_index(folder))  # a run that broke off before it knew anything must not forget all
    saved = save(store, folder, landed=release.send)
    return Saved(saved.new, tuple(release.tidy(read_index(folder))))
