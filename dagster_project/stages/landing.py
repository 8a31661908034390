"""How a package is put down: its tables, what describes them, the verdict on it, and its ZIP file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from dagster_project.model.ids import sha256
from dagster_project.package import (
    DESCRIPTOR,
    DICTIONARY,
    LARGEST_ZIPPED,
    MANIFEST,
    PACKED,
    READ_ROWS,
    README,
    STORED,
    Change,
    Written,
    changes,
    check_package,
    check_rows,
    csv_bytes,
    dictionary,
    package_manifest,
    parquet_bytes,
    readme,
    write_zip,
)
from dagster_project.stages.engine import connect
from dagster_project.stages.unpacked import RELEASES, lies_there, writing_csv, zip_key
from dagster_project.store import Store


class InvalidPackage(Exception):
    """A package broke its own schema: our fault, nothing of it is published."""


def write_tables(
    store: Store, folder: str, tables: dict[str, pa.Table], schemas: Any, zip_only: Sequence[str] = ()
) -> tuple[list[Written], list[Change]]:
    """Check tables row by row, write each in both forms, and note what a spreadsheet would change."""
    written, changed = [], []
    for name, table in tables.items():
        check(table, schemas[name])
        with writing_csv(store, folder, name, zip_only) as csv:
            csv.write(csv_bytes(table, schemas[name]))
        data = parquet_bytes(table)
        store.write(f"{folder}/{name}.parquet", data)
        written.append(Written(name, f"{name}.csv", "csv", csv.size, csv.sha256, table.num_rows))
        written.append(Written(name, f"{name}.parquet", "parquet", len(data), sha256(data), table.num_rows))
        changed += changes(table, schemas[name])
    return written, changed


def check(table: pa.Table, schema: Any) -> None:
    """Check every row; an invalid table stops the run before anything of it is published."""
    with connect() as engine:
        engine.register("checked", table)
        if broken := check_rows(engine, "checked", schema):
            raise InvalidPackage("; ".join(broken))


def land(
    store: Store,
    folder: str,
    descriptor: dict[str, Any],
    changed: Sequence[Change],
    years: Sequence[str] = (),
    key: str = "",
    judged: int | None = READ_ROWS,
    zip_only: Sequence[str] = (),
) -> dict[str, Any]:
    """
    Describe a package whose tables are written, let frictionless judge it, zip it, and mark it as whole.

    Args:
        changed: What a spreadsheet would change in it.
        years: Financial years that have packages of their own below its folder.
        key: What marks it as whole; `""` for a part of a package that is marked itself.
        judged: Rows of each CSV file that frictionless reads; `None` for all. Our own query checked every row before.
        zip_only: Patterns of files that are removed when the ZIP file has them.

    Returns:
        Its manifest, with hash and size of its ZIP file.

    Raises:
        InvalidPackage: frictionless finds it wrong.
    """
    others = {
        DESCRIPTOR: _json(descriptor),
        README: readme(descriptor, changed, years).encode(),
        DICTIONARY: dictionary(descriptor).encode(),
    }
    manifest = package_manifest(descriptor, others)
    for name, data in (*others.items(), (MANIFEST, _json(manifest))):
        store.write(f"{folder}/{name}", data)
    if store.is_local and (broken := check_package(Path(store.path(f"{folder}/{DESCRIPTOR}")), judged)):
        raise InvalidPackage(f"{descriptor['name']}: " + "; ".join(broken))
    entry = manifest | _zipped(store, folder, manifest)
    for file in manifest["files"] if "zip" in entry else ():
        if not lies_there(file["path"], zip_only):
            store.remove(f"{folder}/{file['path']}")
            store.remove(f"{folder}/{file['path']}{PACKED}")
    if key:
        store.write(f"{folder}/.key", key.encode())
    return entry


def _json(value: Any) -> bytes:
    return (json.dumps(value, allow_nan=False, ensure_ascii=False, indent=1) + "\n").encode()


def _zipped(store: Store, folder: str, manifest: dict[str, Any]) -> dict[str, Any]:
    """The package as one file under its name; nothing for one that is too large to be taken in one piece."""
    name, files = manifest["name"], sorted([MANIFEST, *(file["path"] for file in manifest["files"])])

    def members() -> Iterator[tuple[str, bytes | BinaryIO]]:
        for file in files:
            key, inside = f"{folder}/{file}", f"{name}/{file}"
            streamed = key if file.endswith(STORED) else f"{key}{PACKED}"
            if store.exists(streamed):
                with store.reading(streamed) as data:
                    yield inside, data
            else:
                yield inside, store.read(key)

    with store.writing(zip_key(name)) as out:
        write_zip(members(), out)
    if out.size > LARGEST_ZIPPED:
        store.remove(zip_key(name))
        return {}
    return {"zip": {"path": zip_key(name).removeprefix(f"{RELEASES}/"), "sha256": out.sha256, "bytes": out.size}}
