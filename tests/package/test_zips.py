"""ZIP files with the same bytes each time, a manifest that lists what is there, and what a spreadsheet would change."""

import hashlib
import io
import json
import subprocess
import zipfile

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.declare.schemas import Field, TableSchema
from dagster_project.package import changes, differing, write_zip


def zipped(files):
    out = io.BytesIO()
    write_zip(files, out)
    return out.getvalue()


@given(st.lists(st.tuples(st.sampled_from(["a.csv", "b.parquet", "x/é.md"]), st.binary(max_size=200)), max_size=3,
                unique_by=lambda file: file[0]))  # fmt: skip
def test_what_goes_in_comes_out(files):
    data = zipped(files)
    assert data == zipped(files)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert [(name, archive.read(name)) for name in archive.namelist()] == files
        assert all(info.date_time == (1980, 1, 1, 0, 0, 0) for info in archive.infolist())


def test_text_is_packed_and_parquet_is_not_packed_again():
    data = zipped([("a.csv", b"Acme,1.00\r\n" * 1000), ("a.parquet", bytes(1000))])
    sizes = {info.filename: info.compress_size for info in zipfile.ZipFile(io.BytesIO(data)).infolist()}
    assert sizes["a.csv"] < 200
    assert sizes["a.parquet"] == 1000


def test_the_manifest_lists_every_file_of_every_package(sample_build):
    releases = sample_build / "releases"
    packages = json.loads((releases / "manifest.json").read_text(encoding="utf-8"))["packages"]
    assert len(packages) == 19
    for package in packages:
        folder = sample_build / "packages" / ("all" if package["name"] == "local-pound" else package["name"])
        found = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.is_file()}
        assert differing(package, found, ("manifest.json", ".key")) == []
        zipped_bytes = (releases / package["zip"]["path"]).read_bytes()
        assert hashlib.sha256(zipped_bytes).hexdigest() == package["zip"]["sha256"]
        with zipfile.ZipFile(io.BytesIO(zipped_bytes)) as archive:
            inside = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
        assert inside == {f"{package['name']}/{name}": digest for name, digest in found.items() if name != ".key"}
        rows = {file["path"]: file.get("rows") for file in package["files"]}
        main = "suppliers" if package["name"] == "suppliers" else "payments"
        assert rows[f"{main}.csv"] == rows[f"{main}.parquet"] is not None


def test_the_usual_tool_reads_the_checksums(sample_build):
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=sample_build / "releases", capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")


def test_what_differs_from_a_manifest_is_named():
    manifest = {"files": [{"path": "a", "sha256": "1"}, {"path": "b", "sha256": "2"}]}
    assert differing(manifest, {"a": "1", "b": "2"}, ()) == []
    assert differing(manifest, {"a": "9", "c": "3"}, ()) == [
        "b: is missing", "a: its bytes are not those that were described", "c: nothing describes it",
    ]  # fmt: skip


REFERENCE = TableSchema(
    name="things", title="Things", description="x", grain="thing", primary_key=("text",),
    fields=(Field(name="text", type="string", title="Text", description="x"),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("00123", "loses its leading noughts"),
        ("1234567890123456", "is rounded to 15 digits"),
        ("5e10", "becomes a power of ten"),
        ("2023-04", "becomes a date or a time"),
        ("1/2", "becomes a date or a time"),
        ("MAR 1", "becomes a date or a time"),
        ("10:30", "becomes a date or a time"),
        ("1,204.50", "becomes a number without its signs"),
        ("(500)", "becomes a number without its signs"),
        ("£5", "becomes a number without its signs"),
        ("1.50", "loses noughts at its end"),
        ("Café Nord", "has £, é and their like shown as two signs each"),
        ("TRUE", None),
        ("true", "is written in capitals"),
        ("5100023", None),
        ("Acme Ltd", None),
        ("March Motors", None),
        ("x" * 32_768, "is cut short"),
    ],
)
def test_what_a_spreadsheet_would_change_is_known(cell, what):
    found = changes(pa.table({"text": [cell, cell, None]}), REFERENCE)
    assert [(change.what, change.cells) for change in found] == ([(what, 2)] if what else [])
