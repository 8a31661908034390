"""
The archive between two runs on machines that keep nothing: packs that are only ever added to.

A pack is a tar file of archived bytes and logs. `packs.json` lists every pack with its hash and what is in it, and holds
the few values that change. Where an object store is at hand, `--out s3://…` needs none of this.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

from dagster_project.store import Store

INDEX = "packs.json"
#: A release asset may have two gigabytes.
LARGEST = 1_800_000_000
RUN, LOG = "archive/harvest/run.json", "archive/harvest/log"
#: What changes; everything else below `archive/` is written once.
CHANGES = (RUN, "archive/harvest/known/")


class DamagedPack(Exception):
    """A pack or something in it is not what was packed; the message names it."""


def read_index(folder: Path) -> dict[str, Any]:
    """The index of a folder of packs; an empty one where there is none yet."""
    place = folder / INDEX
    found: dict[str, Any] = (
        json.loads(place.read_text(encoding="utf-8")) if place.is_file() else {"packs": [], "values": {}}
    )
    return found


def save(store: Store, folder: Path, largest: int = LARGEST) -> list[str]:
    """
    Pack what is not packed yet.

    Returns:
        Names of new packs, and of the index, which is always new.
    """
    folder.mkdir(parents=True, exist_ok=True)
    index = read_index(folder)
    changes = changing(store)
    packed = {key for pack in index["packs"] for key in pack["keys"]}
    keys = [key for key in store.list("archive") if key not in packed and not key.startswith(changes)]
    new = []
    while keys:
        name = f"archive-{len(index['packs']) + 1:04d}.tar"
        taken = _pack(store, folder / name, keys, largest)
        digest = _hash(folder / name)
        index["packs"].append({"name": name, "sha256": digest, "keys": keys[:taken]})
        keys = keys[taken:]
        new.append(name)
    index["values"] = {key: store.read(key).decode() for key in store.list("archive") if key.startswith(changes)}
    (folder / INDEX).write_text(json.dumps(index, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return [*new, INDEX]


def changing(store: Store) -> tuple[str, ...]:
    """Beginnings of keys whose values may still change: those of a run that was not ended go on, and so does its log."""
    try:
        run = store.read_json(RUN)
    except FileNotFoundError:
        return CHANGES
    return (*CHANGES, f"{LOG}/{run['run']}/") if run["open"] else CHANGES


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


def restore(store: Store, folder: Path) -> int:
    """
    Unpack what the store does not hold.

    Returns:
        How many things were written.

    Raises:
        DamagedPack: a pack is missing or not what the index says, or something in it is not.
    """
    index, count = read_index(folder), 0
    for pack in index["packs"]:
        place = folder / pack["name"]
        if not place.is_file() or _hash(place) != pack["sha256"]:
            raise DamagedPack(f"{place} is missing or is not what {INDEX} says; fetch it again.")
        with tarfile.open(place) as tar:
            for entry in tar:
                data = tar.extractfile(entry)
                if data is None or entry.name not in pack["keys"]:
                    raise DamagedPack(f"{place} holds {entry.name}, of which {INDEX} knows nothing.")
                count += store.create(entry.name, _checked(entry.name, data.read(), place))
    for key, value in index["values"].items():
        if key.startswith("archive/harvest/"):
            store.write(key, value.encode())
    return count


def _checked(key: str, data: bytes, place: Path) -> bytes:
    """Archived bytes, if they have the hash that they lie under."""
    name = key.rpartition("/")[2]
    if not key.startswith("archive/harvest/") and hashlib.sha256(data).hexdigest() != name:
        raise DamagedPack(f"{key} in {place} does not have the hash that it lies under.")
    return data


def _hash(place: Path) -> str:
    with place.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()
