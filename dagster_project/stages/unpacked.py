"""
Which files of packages lie beside their ZIP files, and how a file is had that does not.

Up to `AT_MOST` payments everything lies there. Beyond, the disk is what runs out first, and no portal has room for them:
payments lie beside their ZIP files once, as Parquet, with each body.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fnmatch import fnmatch
from typing import Any

from dagster_project.package import LARGEST_MEMBER, LARGEST_ZIPPED, PACKED, Written, packing
from dagster_project.stages.counting import PAYMENTS
from dagster_project.stages.plan import Plan
from dagster_project.store import HashingWriter, Store

#: Says another number of payments: 0 for a small disk.
SETTING = "LOCAL_POUND_UNPACKED"
AT_MOST = 5_000_000
#: Where ZIP files and the manifest of all packages lie.
RELEASES = "releases"
#: What lies in the ZIP file alone then, of a package of one body or of suppliers, and of the one for all and those of years.
OF_ONE, OF_MORE = ("payments.csv", "supplier*.csv"), ("payments.*",)


def is_spare(plan: Plan) -> bool:
    """Whether this build has more payments than are laid out."""
    return plan.recall(PAYMENTS).total("rows") > int(os.environ.get(SETTING) or AT_MOST)


def lies_there(name: str, zip_only: Sequence[str]) -> bool:
    """
    Whether a file lies beside the ZIP file.

    Args:
        zip_only: Patterns of names, as in a package's summary.
    """
    return not any(fnmatch(name, pattern) for pattern in zip_only)


def zip_key(name: str) -> str:
    """Store key of a package's ZIP file."""
    return f"{RELEASES}/{'local-pound' if name == 'all' else name}.zip"


@contextmanager
def writing_csv(store: Store, folder: str, name: str, zip_only: Sequence[str]) -> Iterator[HashingWriter]:
    """A stream for a table as CSV; where only the ZIP file shall hold it, deflated as it comes. Knows the text's size and hash."""
    path = f"{folder}/{name}.csv"
    if lies_there(f"{name}.csv", zip_only):
        with store.writing(path) as out:
            yield out
        return
    with store.writing(f"{path}{PACKED}") as out, packing(out) as packed:
        yield HashingWriter(packed)


def fitting(
    store: Store, folder: str, written: Sequence[Written], largest: int = LARGEST_ZIPPED, member: int = LARGEST_MEMBER
) -> list[Written]:
    """
    Files of a package that its ZIP file can hold; payments that it cannot hold are removed, and had by year.

    Args:
        largest, member: Bytes of the ZIP file and of one file in it.
    """
    kept = list(written)
    for path in ("payments.csv", "payments.parquet"):
        one = next((file for file in kept if file.path == path), None)
        packed = sum(_packed_size(store, folder, file) for file in kept)
        if one and (one.bytes > member or packed > largest):
            kept.remove(one)
            for key in (f"{folder}/{path}", f"{folder}/{path}{PACKED}"):
                store.remove(key)
    return kept


def _packed_size(store: Store, folder: str, file: Written) -> int:
    """Bytes of a file in the ZIP file, or a little more."""
    packed = f"{folder}/{file.path}{PACKED}"
    return store.size(packed) if store.exists(packed) else file.bytes


def bytes_of(store: Store, package: str, name: str) -> bytes:
    """
    A file of a body's package, from beside its ZIP file or out of it.

    Raises:
        FileNotFoundError: it lies in neither.
    """
    key = f"packages/{package}/{name}"
    if store.exists(key):
        return store.read(key)
    with store.reading(zip_key(package)) as data, zipfile.ZipFile(data) as pack:
        try:
            return pack.read(f"{package}/{name}")
        except KeyError as error:
            raise FileNotFoundError(f"{key}, and {name} in {zip_key(package)}") from error


def hashes_of(store: Store, folder: str, descriptor: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Path and hash of each table of a package, beside its ZIP file or in it, read as streams."""
    paths = [resource["path"] for resource in descriptor["resources"]]
    lying = [path for path in paths if store.exists(f"packages/{folder}/{path}")]
    yield from ((path, store.sha256(f"packages/{folder}/{path}")) for path in lying)
    if packed := sorted(set(paths) - set(lying)):
        name = descriptor["name"]
        with store.reading(zip_key(name)) as data, zipfile.ZipFile(data) as pack:
            for path in packed:
                with pack.open(f"{name}/{path}") as inside:
                    yield path, hashlib.file_digest(inside, "sha256").hexdigest()  # type: ignore[arg-type]


def payments_in(store: Store) -> str:
    """
    SQL that reads the published payments of all bodies from a local store: of the package for all, or of each body.

    Raises:
        FileNotFoundError: neither is there.
    """
    whole = "packages/all/payments.parquet"
    found = [whole] if store.exists(whole) else sorted(
        key for key in store.list("packages") if key.count("/") == 2 and key.endswith("/payments.parquet")
    )  # fmt: skip
    if not found:
        raise FileNotFoundError(store.path(whole))
    paths = ", ".join("'" + store.path(key).replace("'", "''") + "'" for key in found)
    return f"read_parquet([{paths}])"


def payments_hash(store: Store) -> str:
    """Hash of the payments of all bodies in Parquet, as the package for all says it; `not in it` where that has none."""
    resources = store.read_json("packages/all/datapackage.json")["resources"]
    return next((one["hash"] for one in resources if one["path"] == "payments.parquet"), "not in it")
