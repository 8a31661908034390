"""Anybody can recompute what was published, and is told what differs."""

import json
import shutil

import pandas as pd
import pytest

from dagster_project.model.ids import sha256
from tests.conftest import local_pound


@pytest.fixture(scope="module")
def copy(sample_build, tmp_path_factory):
    """A copy of the sample's build that may be tampered with."""
    out = tmp_path_factory.mktemp("copy") / "build"
    shutil.copytree(sample_build, out, ignore=shutil.ignore_patterns("portal"))
    return out


def figures(out):
    return pd.read_csv(out / "packages" / "all" / "figures.csv", dtype="str", keep_default_na=False)


@pytest.mark.parametrize("measure", ["spend", "top-ten-share", "e1-stays-in-the-area"])
def test_a_figure_comes_out_the_same_again(copy, measure):
    found = figures(copy)
    row = found[(found["measure"] == measure) & (found["publisher"] == "northbeck")].iloc[-1]
    said = local_pound("verify", row["figure_id"], "--out", copy).stdout
    assert "The same again." in said
    assert f"At least  {row['low']}" in said


def test_a_package_is_recomputed_from_the_archive(copy):
    assert "every payment recomputed" in local_pound("verify", "kelderby", "--out", copy).stdout


def test_a_changed_row_is_named_even_where_the_hashes_were_mended(copy):
    folder = copy / "packages" / "oxenhythe"
    data = (folder / "payments.csv").read_bytes()
    line = data.split(b"\r\n")[5]
    forged = data.replace(line, line.replace(b",payments,", b",cards,"), 1)
    (folder / "payments.csv").write_bytes(forged)
    assert (
        "its bytes are not those that were described"
        in local_pound("verify", "oxenhythe", "--out", copy, check=False).stdout
    )
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    payments = next(resource for resource in descriptor["resources"] if resource["name"] == "payments")
    payments |= {"hash": f"sha256:{sha256(forged)}", "bytes": len(forged)}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    done = local_pound("verify", "oxenhythe", "--out", copy, check=False)
    assert done.returncode == 1
    assert "payments.csv: row 5 says" in done.stdout


def test_what_is_not_there_is_said(copy, tmp_path):
    done = local_pound("verify", "f-000000000000", "--out", copy, check=False)
    assert (done.returncode, "No figure f-000000000000" in done.stderr) == (2, True)
    assert "No package 'atlantis'" in local_pound("verify", "atlantis", "--out", copy, check=False).stderr
    assert "local-pound build" in local_pound("verify", "all", "--out", tmp_path, check=False).stderr
