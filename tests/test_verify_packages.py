"""A package that somebody holds, as a folder or a ZIP file: checked, and what differs is named."""

import io
import json
import re
import shutil
import zipfile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dagster_project.model.ids import sha256
from tests.conftest import local_pound

WHOLE = "every payment recomputed from the archive: the same."


@pytest.fixture
def taken(sample_build, tmp_path):
    """A package as it is taken home, unpacked."""
    with zipfile.ZipFile(sample_build / "releases" / "fenholt.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path / "fenholt"


def verify(wanted, out):
    done = local_pound("verify", wanted, "--out", out, check=False)
    return done.returncode, done.stdout + done.stderr


def mend(folder, name):
    """Make the manifest and the descriptor agree with a file that was changed."""
    data = (folder / name).read_bytes()
    for place, entries in (("manifest.json", "files"), ("datapackage.json", "resources")):
        said = json.loads((folder / place).read_text(encoding="utf-8"))
        for entry in said[entries]:
            if entry["path"] == name:
                if entries == "files":
                    entry |= {"sha256": sha256(data), "bytes": len(data)}
                else:
                    entry |= {"hash": f"sha256:{sha256(data)}", ("bytes" if "bytes" in entry else "size"): len(data)}
            if entries == "files" and entry["path"] == "datapackage.json" and place == "manifest.json":
                continue
        (folder / place).write_text(json.dumps(said), encoding="utf-8")
    said = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for entry in said["files"]:
        if entry["path"] == "datapackage.json":
            entry["sha256"] = sha256((folder / "datapackage.json").read_bytes())
    (folder / "manifest.json").write_text(json.dumps(said), encoding="utf-8")


def test_a_folder_and_a_zip_file_are_recomputed(sample_build, taken):
    for wanted in (taken, sample_build / "releases" / "fenholt.zip"):
        code, said = verify(wanted, sample_build)
        assert (code, WHOLE in said) == (0, True), said


def test_without_an_archive_it_says_what_was_not_done(taken, tmp_path):
    code, said = verify(taken, tmp_path / "nowhere")
    assert code == 0
    assert "Not recomputed, since there is no archive of it here" in said


def test_a_changed_file_is_named(sample_build, taken):
    readme = taken / "README.md"
    readme.write_text(readme.read_text(encoding="utf-8") + "Trust me.\n", encoding="utf-8")
    (taken / "extra.csv").write_text("x\n", encoding="utf-8")
    code, said = verify(taken, sample_build)
    assert code == 1
    assert "README.md: its bytes are not those that were described" in said
    assert "extra.csv: nothing describes it" in said


def test_a_changed_row_is_named_in_any_table_though_every_hash_was_mended(sample_build, taken):
    data = (taken / "files.csv").read_bytes()
    (taken / "files.csv").write_bytes(data.replace(b",read,", b",refused,", 1))
    mend(taken, "files.csv")
    code, said = verify(taken, sample_build)
    assert code == 1
    assert "its bytes" not in said
    assert re.search(r"files\.csv: row 1 says .*'refused'.*recomputed from the archive: .*'read'", said)


def test_a_parquet_file_that_says_something_else_is_named(sample_build, taken):
    table = pq.read_table(taken / "payments.parquet")
    pq.write_table(table.set_column(table.schema.get_field_index("purpose"), "purpose",
                                    pa.array(["Gifts"] * table.num_rows, pa.string())), taken / "payments.parquet")  # fmt: skip
    mend(taken, "payments.parquet")
    code, said = verify(taken, sample_build)
    assert code == 1
    assert "payments.parquet: is not what the archive gives" in said


def test_what_is_no_package_is_said(sample_build, tmp_path):
    (tmp_path / "broken.zip").write_bytes(b"PK nothing")
    assert "is not a ZIP file" in verify(tmp_path / "broken.zip", sample_build)[1]
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    (tmp_path / "empty.zip").write_bytes(empty.getvalue())
    code, said = verify(tmp_path / "empty.zip", sample_build)
    assert (code, "holds no package" in said) == (2, True)


@pytest.fixture(scope="module")
def forged(sample_build, tmp_path_factory):
    """A build whose figures were changed by hand, with every hash mended."""
    out = tmp_path_factory.mktemp("forged") / "build"
    shutil.copytree(sample_build, out, ignore=shutil.ignore_patterns("portal", ".parts"))
    folder = out / "packages" / "all"
    figures = pd.read_csv(folder / "figures.csv", dtype="str", keep_default_na=False)
    row = figures[(figures["measure"] == "spend") & (figures["publisher"] == "northbeck")].iloc[-1]
    table = pq.read_table(folder / "figures.parquet")
    low = [
        1.0 if i == row["figure_id"] else v
        for i, v in zip(table["figure_id"].to_pylist(), table["low"].to_pylist(), strict=True)
    ]
    pq.write_table(
        table.set_column(table.schema.get_field_index("low"), "low", pa.array(low, pa.float64())),
        folder / "figures.parquet",
    )
    mend(folder, "figures.parquet")
    return out, row["figure_id"]


def test_a_changed_figure_is_named(forged):
    out, figure = forged
    code, said = verify("all", out)
    assert code == 1
    assert f"figures: figure {figure} says low 1.0; recomputed: " in said
    assert [line for line in said.splitlines() if "payments" in line and "row" in line] == []
