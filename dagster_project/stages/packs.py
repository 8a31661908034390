"""
What lives on between two runs on machines that keep nothing: tar files, and a list of what is in them.

Three kinds: `archive`, published files and pages as they were had, and logs; `registers`, editions of registers;
`readings`, what our reader made of each file, so that a run needs the bytes of new files alone. `packs.json` lists every
pack with its hash and keys, and holds the few values that change. Where an object store is at hand, `--out s3://…` needs
none of this.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, NamedTuple

from dagster_project.archive.log import log_key
from dagster_project.flow import Job, marker
from dagster_project.stages.runs import RUN, order_of
from dagster_project.store import Store

INDEX = "packs.json"
#: A release asset may have two gigabytes.
LARGEST = 1_800_000_000
#: A last pack below this is written again together with what is new, so that a release does not fill up with small
#: ones: it takes a thousand.
SMALL = 400_000_000
LOG, KNOWN = "archive/harvest/log", "archive/harvest/known/"
#: What changes; everything else below `archive/` is written once.
CHANGES = (RUN, KNOWN)
READINGS = "published_lines"
#: Lists of addresses that the portal printed once, each under its hash.
ADDRESSES = "archive/addresses"
KINDS = ("archive", "registers", "readings")


class DamagedPack(Exception):
    """A pack or something in it is not what was packed; the message names it."""


class Saved(NamedTuple):
    """Names of packs that are new, and of those whose contents are in new ones or are no longer wanted."""

    new: tuple[str, ...]
    dropped: tuple[str, ...]


#: Called with each pack, and last with the index, when it is written whole.
Landed = Callable[[Path], None]


def read_index(folder: Path) -> dict[str, Any]:
    """The index of a folder of packs; an empty one where there is none yet."""
    place = folder / INDEX
    found: dict[str, Any] = (
        json.loads(place.read_text(encoding="utf-8")) if place.is_file() else {"packs": [], "values": {}, "count": 0}
    )
    return found


def save(store: Store, folder: Path, largest: int = LARGEST, small: int = SMALL, landed: Landed | None = None) -> Saved:
    """
    Pack what is not packed yet, and write the index anew.

    Args:
        landed: Takes a pack away as soon as it is written, where there is no room for all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    index, tell = read_index(folder), landed or _stays
    before = {pack["name"] for pack in index["packs"]}
    wanted = keys_of(store)
    for kind in KINDS:
        _drop(store, index, kind, set(wanted[kind]), small)
        packed = {key for pack in index["packs"] for key in pack["keys"]}
        keys = [key for key in wanted[kind] if key not in packed]
        while keys:
            index["count"] += 1
            name = f"{kind}-{index['count']:04d}.tar"
            taken = _pack(store, folder / name, keys, largest)
            entry = {"name": name, "kind": kind, "sha256": _hash(folder / name), "keys": keys[:taken]}
            index["packs"].append(entry | {"bytes": (folder / name).stat().st_size})
            keys = keys[taken:]
            tell(folder / name)
    changes = changing(store)
    index["values"] = {key: store.read(key).decode() for key in store.list("archive") if key.startswith(changes)}
    (folder / INDEX).write_text(json.dumps(index, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    tell(folder / INDEX)
    after = [pack["name"] for pack in index["packs"]]
    for name in (dropped := sorted(before - set(after))):
        (folder / name).unlink(missing_ok=True)
    return Saved(tuple(name for name in after if name not in before), tuple(dropped))


def _stays(_: Path) -> None:
    """A pack stays where it was written."""


def _drop(store: Store, index: dict[str, Any], kind: str, wanted: set[str], small: int) -> None:
    """
    Take packs off the index whose contents are packed anew: the last one, if it is small, and stale readings.

    A reading is stale when the reader changed, or when something of its file was taken down: it must not stay anywhere.
    """
    mine = [pack for pack in index["packs"] if pack["kind"] == kind]
    is_new = bool(wanted - everything({"packs": mine}))
    for pack in mine if wanted else ():  # nothing wanted: nothing was built this time, and all stays
        is_stale = kind == "readings" and not wanted >= set(pack["keys"])
        grows = pack is mine[-1] and pack["bytes"] < small and is_new
        if is_stale or (grows and all(store.exists(key) for key in pack["keys"])):
            index["packs"].remove(pack)


def keys_of(store: Store) -> dict[str, list[str]]:
    """What belongs into packs of each kind, in order."""
    editions, changes = _editions(store), changing(store)
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for key in store.list("archive"):
        if not key.startswith(changes):
            found["registers" if key.rpartition("/")[2] in editions else "archive"].append(key)
    found["readings"] = readings_of(store)
    return found


def _editions(store: Store) -> set[str]:
    """Hashes of all editions of all registers."""
    said = [store.read_json(key)["known"] for key in store.list(KNOWN) if key.startswith(f"{KNOWN}register-")]
    return {one["sha256"] for known in said for entry in known.values() for one in entry["editions"]}


def readings_of(store: Store) -> list[str]:
    """Keys of the readings of the last build: of each file the note of what was done, and its tables."""
    try:
        run = store.read_json(f"tables/runs/{READINGS}.json")
    except FileNotFoundError:
        return []
    found = []
    for partition, key in sorted(run["keys"].items()):
        mark = marker(READINGS, Job(partition, key))
        try:
            found += [mark, *sorted(store.read_json(mark)["written"])]
        except FileNotFoundError:
            continue
    return found


def changing(store: Store) -> tuple[str, ...]:
    """Beginnings of keys whose values may still change: those of a run that was not ended go on, and so does its log."""
    try:
        run = store.read_json(RUN)
    except FileNotFoundError:
        return CHANGES
    return (*CHANGES, log_key(run["run"], "").removesuffix(".jsonl")) if run["open"] else CHANGES


def _pack(store: Store, place: Path, keys: list[str], largest: int) -> int:
    """Write as many keys as a pack may hold, at least one; the same keys give the same bytes."""
    size = 0
    with tarfile.open(place, "w") as pack:
        for number, key in enumerate(keys):
            data = store.read(key)
            if number and size + len(data) > largest:
                return number
            entry = tarfile.TarInfo(key)
            entry.size = len(data)
            pack.addfile(entry, io.BytesIO(data))
            size += len(data) + 1024
    return len(keys)


def restore_values(store: Store, index: dict[str, Any]) -> int:
    """Write what changes, unless the store has it from a later run; how many values were written."""
    values = {key: value for key, value in index["values"].items() if key.startswith("archive/harvest/")}
    try:
        here = store.read_json(RUN)["run"]
    except FileNotFoundError:
        here = ""
    if RUN not in values or (here and order_of(here) >= order_of(json.loads(values[RUN])["run"])):
        return 0
    for key, value in values.items():
        store.write(key, value.encode())
    return len(values)


def everything(index: dict[str, Any]) -> set[str]:
    """Every key of every pack."""
    return {key for pack in index["packs"] for key in pack["keys"]}


#: Brings a pack by its name into the folder.
Bring = Callable[[str], None]


def unpack(
    store: Store, folder: Path, wanted: Collection[str], bring: Bring | None = None, done: Landed | None = None
) -> int:
    """
    Unpack what is wanted and the store does not hold; packs that hold none of it are not looked at.

    Args:
        bring: Fetches a pack that does not lie in the folder.
        done: Takes a pack away when it was unpacked.

    Returns:
        How many things were written.

    Raises:
        DamagedPack: a pack is missing or not what the index says, or something in it is not.
    """
    count = 0
    for pack in read_index(folder)["packs"]:
        missing = {key for key in pack["keys"] if key in wanted and not store.exists(key)}
        if missing:
            place = folder / pack["name"]
            if bring and not place.is_file():
                bring(pack["name"])
            count += _unpack(store, place, pack, missing)
            if done:
                done(place)
    return count


def _unpack(store: Store, place: Path, pack: dict[str, Any], wanted: Collection[str]) -> int:
    if not place.is_file() or _hash(place) != pack["sha256"]:
        raise DamagedPack(f"{place} is missing or is not what {INDEX} says; fetch it again.")
    known, count = set(pack["keys"]), 0
    with tarfile.open(place) as tar:
        for entry in tar:
            data = tar.extractfile(entry)
            if data is None or entry.name not in known:
                raise DamagedPack(f"{place} holds {entry.name}, of which {INDEX} knows nothing.")
            if entry.name in wanted:
                count += store.create(entry.name, _checked(entry.name, data.read(), place))
    return count


def small_ones(index: dict[str, Any], small: int = SMALL) -> set[str]:
    """Keys of the last pack of each kind where it is small: it is written again together with what is new."""
    last = {pack["kind"]: pack for pack in index["packs"]}
    return everything({"packs": [pack for pack in last.values() if pack["bytes"] < small]})


def _checked(key: str, data: bytes, place: Path) -> bytes:
    """Archived bytes, if they have the hash that they lie under; logs and readings are under none."""
    name, is_named = key.rpartition("/")[2], key.startswith("archive/") and not key.startswith("archive/harvest/")
    if is_named and hashlib.sha256(data).hexdigest() != name:
        raise DamagedPack(f"{key} in {place} does not have the hash that it lies under.")
    return data


def _hash(place: Path) -> str:
    with place.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()
