"""Somebody who has nothing but the published files and pandas comes to the same figures, to the last digit."""

import os
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import HOUSE
from tests.outsider import compared

#: A build of published files, where there is one: the folder that `--out` named.
BUILT = os.environ.get("LOCAL_POUND_BUILT", "")


def same(folder):
    """How many figures of each measure come out as published; all of them must."""
    found = list(compared(folder))
    assert [figure for figure in found if figure[2] != figure[3]] == []
    return Counter(what.split()[0] for _, what, _, _ in found)


def test_three_figures_of_the_sample_again(sample_build):
    counts = same(sample_build / "packages" / "all")
    assert set(counts) == {"spend", "top-ten-share", "e1-stays-in-the-area"}
    assert min(counts.values()) > 20


@pytest.mark.skipif(not BUILT, reason="needs a build of published files: LOCAL_POUND_BUILT=FOLDER names one")
def test_three_figures_of_published_files_again(tmp_path):
    folder = Path(BUILT) / "packages" / "all"
    if not (folder / "payments.csv").is_file():  # in a large build it lies in the ZIP file alone
        with zipfile.ZipFile(Path(BUILT) / "releases" / "local-pound.zip") as pack:
            pack.extractall(tmp_path)
        folder = tmp_path / "local-pound"
    assert set(same(folder)) == {"spend", "top-ten-share", "e1-stays-in-the-area"}


def test_it_is_a_script_that_needs_nothing_of_the_project(sample_build, tmp_path):
    """Isolated, in another folder: neither the project nor its folder can be imported."""
    script = (HOUSE / "tests" / "outsider.py").read_text(encoding="utf-8")
    assert "dagster_project" not in script
    folder = sample_build / "packages" / "all"
    command = [sys.executable, "-I", "-c", script, str(folder)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "published is" not in done.stdout
