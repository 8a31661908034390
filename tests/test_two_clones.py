"""Two clones of the project, two builds, in two languages, time zones and orders of hashing: the same bytes."""

import hashlib
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import HOUSE

BODIES = ("kelderby", "pellhithe")
HERE = {"TZ": "UTC", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}
ELSEWHERE = {"TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "4711"}


def built(folder, settings):
    """Clone and build a few files of the sample; hashes of everything that is published."""
    clone = folder / "clone of the project"
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", HOUSE, clone], check=True)
    for body in BODIES:
        (folder / "in" / body).mkdir(parents=True)
        for file in sorted((clone / "datapackages" / "sample" / "spend" / body).iterdir())[:6]:
            shutil.copy(file, folder / "in" / body)
    shutil.copy(clone / "datapackages" / "sample" / "publishers.csv", folder / "in")
    command = [
        sys.executable,
        "-m",
        "dagster_project.cli",
        "build",
        "--from",
        str(folder / "in"),
        "--out",
        str(folder / "out"),
    ]
    quiet = {"DAGSTER_DISABLE_TELEMETRY": "1", "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(clone)}
    done = subprocess.run(
        command, cwd=clone, env=os.environ | quiet | settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {
        path.relative_to(folder / "out").as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for part in ("packages", "releases", "portal")
        for path in sorted((folder / "out" / part).rglob("*"))
        if path.is_file()
    }


@pytest.mark.skipif(not (HOUSE / ".git").exists(), reason="needs the project's own git history, to clone it")
def test_two_clones_build_identical_bytes(tmp_path):
    one, two = tmp_path / "one", tmp_path / "a much longer path" / "two"
    with ThreadPoolExecutor(2) as both:
        first, second = both.map(built, (one, two), (HERE, ELSEWHERE))
    assert first == second
    assert {name.split("/")[0] for name in first} == {"packages", "releases", "portal"}
    assert any(name.endswith(".parquet") for name in first)
    assert any(name.endswith(".zip") for name in first)
