"""Hashes of everything that is published: of each file of a package, and of each package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dagster_project.model.ids import sha256

MANIFEST = "manifest.json"
#: What describes a package, beside the files of its tables.
DESCRIPTOR, README, DICTIONARY = "datapackage.json", "README.md", "DICTIONARY.md"


def package_manifest(descriptor: Mapping[str, Any], others: Mapping[str, bytes]) -> dict[str, Any]:
    """
    Hash, size and rows of each file of a package, but the manifest's own.

    Args:
        others: Files that the descriptor does not list, by name.
    """
    files = [
        {"path": r["path"], "sha256": r["hash"].removeprefix("sha256:"), "bytes": r.get("bytes", r.get("size")),
         "rows": r["rows"]}
        for r in descriptor["resources"]
    ]  # fmt: skip
    files += [{"path": name, "sha256": sha256(data), "bytes": len(data)} for name, data in others.items()]
    return {
        "name": descriptor["name"], "version": descriptor["version"],
        "files": sorted(files, key=lambda file: str(file["path"])),
    }  # fmt: skip


def release_manifest(packages: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """One manifest for all packages: each with its own, and its ZIP file's hash and size where there is one."""
    return {"packages": sorted(packages, key=lambda package: str(package["name"]))}


def checksums(packages: Iterable[Mapping[str, Any]]) -> str:
    """The ZIP files' hashes in the form that `sha256sum -c` reads."""
    zips = [package["zip"] for package in packages if package.get("zip")]
    return "".join(f"{z['sha256']}  {z['path']}\n" for z in sorted(zips, key=lambda z: str(z["path"])))


def differing(manifest: Mapping[str, Any], found: Mapping[str, str], names: Sequence[str]) -> list[str]:
    """
    What differs between a manifest and the files that are there.

    Args:
        found: Name of each file that is there to its hash.
        names: Files that need no entry.
    """
    said = {str(file["path"]): str(file["sha256"]) for file in manifest["files"]}
    missing = [f"{name}: is missing" for name in sorted(set(said) - set(found))]
    changed = [
        f"{name}: its bytes are not those that were described" for name in sorted(said) if name in found
        and found[name] != said[name]
    ]  # fmt: skip
    more = [f"{name}: nothing describes it" for name in sorted(set(found) - set(said) - set(names))]
    return missing + changed + more
