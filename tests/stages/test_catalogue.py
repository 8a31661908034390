"""The catalogue lists every package, and every address in it is a file that the portal carries."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from dagster_project.stages.catalogue import NothingToList, write_catalogue
from dagster_project.store import Store

ADDRESS = "https://pound.invalid/"


def each(value: Any, key: str) -> Iterator[Any]:
    """Every value of a key, however deep."""
    if isinstance(value, dict):
        yield from (inner for name, inner in value.items() if name == key)
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from each(inner, key)


@pytest.mark.xdist_group("sample")
def test_every_address_is_a_file_with_that_hash(sample_build, tmp_path):
    for folder in ("packages", "releases"):
        (tmp_path / folder).symlink_to(sample_build / folder)
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "data").symlink_to(sample_build / "portal" / "data")
    count = write_catalogue(Store(str(tmp_path)), ADDRESS)
    plain = json.loads((tmp_path / "portal" / "catalog.json").read_text(encoding="utf-8"))
    assert len(plain["packages"]) == count == len(list((sample_build / "packages").iterdir()))
    files = [file for package in plain["packages"] for file in package["files"]]
    assert len(files) > 5 * count
    for file in files:
        data = (sample_build / "portal" / file["url"].removeprefix(ADDRESS)).read_bytes()
        assert hashlib.sha256(data).hexdigest() == file["sha256"]
        assert len(data) == file["bytes"]
    linked = json.loads((tmp_path / "portal" / "catalog.jsonld").read_text(encoding="utf-8"))
    assert {one["@id"] for one in each(linked, "dcat:downloadURL")} == {file["url"] for file in files}
    assert len(linked["dcat:dataset"]) == count


@pytest.mark.xdist_group("sample")
def test_what_the_portal_leaves_out_is_had_from_the_release(sample_build, tmp_path):
    for folder in ("packages", "releases"):
        (tmp_path / folder).symlink_to(sample_build / folder)
    place, store = "https://releases.invalid/latest/", Store(str(tmp_path))
    write_catalogue(store, ADDRESS, place)
    assert not any(one["files"] for one in store.read_json("portal/catalog.json")["packages"]), "no release is known"
    released = {"packages": [
        {"name": name, "zip": {"path": f"{name}.zip", "sha256": "5" * 64, "bytes": 7}} for name in ("northbeck", "local-pound")
    ]}  # fmt: skip
    write_catalogue(store, ADDRESS, place, released)
    listed = {one["name"]: one["files"] for one in store.read_json("portal/catalog.json")["packages"] if one["files"]}
    assert set(listed) == {"northbeck", "local-pound"}
    for name, (file,) in listed.items():
        said = (f"{place}{name}.zip", "5" * 64, 7)
        assert (file["url"], file["sha256"], file["bytes"]) == said, "as the release says it, not this build"


def test_without_packages_there_is_nothing_to_list(tmp_path):
    with pytest.raises(NothingToList):
        write_catalogue(Store(str(tmp_path)))
