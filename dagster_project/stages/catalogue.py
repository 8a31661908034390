"""
The catalogue of all packages, for programs: `catalog.json` (a Data Package catalogue) and `catalog.jsonld` (DCAT-AP 3).

Both lie at the root of the portal; addresses of downloads are those under which the portal carries them, for ever. What it
does not carry is had from the newest release, as a ZIP file, with the size and hash that the manifest of that release says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from dagster_project.store import Store

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
NAME = "The Local Pound"
ABOUT = "Payments that UK public bodies published, each counted once, one data set for each body and one for all."
#: Media type to the authority's file type that DCAT-AP asks for.
FILE_TYPES = {
    "text/csv": "http://publications.europa.eu/resource/authority/file-type/CSV",
    "application/vnd.apache.parquet": "http://publications.europa.eu/resource/authority/file-type/PARQUET",
    "application/zip": "http://publications.europa.eu/resource/authority/file-type/ZIP",
}


class NothingToList(Exception):
    """No package is there."""


def write_catalogue(
    store: Store, address: str = "", release: str = "", released: Mapping[str, Any] | None = None
) -> int:
    """
    Write both catalogues from the packages that are there.

    Args:
        address: Where the portal stands, ending in a slash; `""` gives addresses that are relative to the catalogue.
        release: Where the assets of the newest release lie, ending in a slash.
        released: Its manifest.

    Returns:
        How many data sets they list.

    Raises:
        NothingToList: there are no packages.
    """
    if not store.exists("releases/manifest.json"):
        raise NothingToList("There are no packages yet: local-pound build")
    zips = {entry["name"]: entry.get("zip") for entry in store.read_json("releases/manifest.json")["packages"]}
    assets = {entry["name"]: entry["zip"] for entry in (released or {"packages": ()})["packages"] if "zip" in entry}
    described = (key for key in store.list("packages") if key.endswith("/datapackage.json"))
    folders = sorted(key.removeprefix("packages/").rpartition("/")[0] for key in described)
    packages = [(folder, store.read_json(f"packages/{folder}/datapackage.json")) for folder in folders]
    carried = set(store.list("portal/data"))
    listed = []
    for folder, package in packages:
        entry = _entry(folder, package, zips.get(package["name"]), address)
        files = [file for file in entry["files"] if _place(file, f"{address}data/") in carried]
        if asset := assets.get(package["name"]) if release and not any(f["name"] == "zip" for f in files) else None:
            files.append(_zip_of(asset, release))
        listed.append(entry | {"files": files})
    for name, value in (
        ("catalog.json", {"name": "local-pound", "title": NAME, "description": ABOUT, "packages": listed}),
        ("catalog.jsonld", dcat(listed, address)),
    ):
        store.write(f"portal/{name}", (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())
    return len(listed)


def _entry(folder: str, package: Mapping[str, Any], zipped: Mapping[str, Any] | None, address: str) -> dict[str, Any]:
    """One package: what it is, and where each of its files is had, with size and hash."""
    base = f"{address}data/{folder}/"
    files = [
        {"name": r["name"], "title": r["title"], "url": f"{base}{r['path']}", "mediatype": r["mediatype"],
         "bytes": r.get("bytes", r.get("size")), "sha256": r["hash"].removeprefix("sha256:"), "rows": r["rows"]}
        for r in package["resources"]
    ]  # fmt: skip
    if zipped:
        files.append(_zip_of(zipped, base))
    kept = {key: package[key] for key in ("name", "title", "description", "version", "created", "keywords", "licenses")
            if key in package}  # fmt: skip
    return {**kept, "url": f"{base}datapackage.json", "files": files}


def _zip_of(zipped: Mapping[str, Any], base: str) -> dict[str, Any]:
    return {
        "name": "zip", "title": "All of it as a ZIP file", "url": f"{base}{zipped['path']}",
        "mediatype": "application/zip", "bytes": zipped["bytes"], "sha256": zipped["sha256"],
    }  # fmt: skip


def _place(file: Mapping[str, Any], base: str) -> str:
    """Store key of a file of the portal, by its address."""
    return f"portal/data/{file['url'].removeprefix(base)}"


def dcat(listed: Iterable[Mapping[str, Any]], address: str) -> dict[str, Any]:
    """The catalogue in DCAT-AP, as JSON-LD."""
    publisher = {"@type": "foaf:Agent", "foaf:name": NAME}
    return {
        "@context": CONTEXT,
        "@id": f"{address}catalog.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": {"@value": NAME, "@language": "en"},
        "dct:description": {"@value": ABOUT, "@language": "en"},
        "dct:publisher": publisher,
        "dcat:dataset": [_dataset(package, publisher) for package in listed],
    }


def _dataset(package: Mapping[str, Any], publisher: Mapping[str, Any]) -> dict[str, Any]:
    licences = [{"@id": one["path"]} for one in package.get("licenses", []) if one.get("path")]
    modified = package.get("created")
    return {
        "@id": package["url"],
        "@type": "dcat:Dataset",
        "dct:title": {"@value": package["title"], "@language": "en"},
        "dct:description": {"@value": package["description"], "@language": "en"},
        "dct:publisher": publisher,
        "dcat:version": package["version"],
        "dcat:keyword": [{"@value": word, "@language": "en"} for word in package.get("keywords", [])],
        **({"dct:modified": {"@value": modified, "@type": "xsd:dateTime"}} if modified else {}),
        "dcat:distribution": [_distribution(file, licences) for file in package["files"]],
    }


def _distribution(file: Mapping[str, Any], licences: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        "dct:title": {"@value": file["title"], "@language": "en"},
        "dcat:accessURL": {"@id": file["url"]},
        "dcat:downloadURL": {"@id": file["url"]},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{file['mediatype']}"},
        "dct:format": {"@id": FILE_TYPES[file["mediatype"]]},
        "dcat:byteSize": {"@value": str(file["bytes"]), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": file["sha256"],
        },
        **({"dct:license": licences[0]} if licences else {}),
    }
