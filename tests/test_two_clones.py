"""Two clones of the project, two builds of the whole sample, in two languages, time zones and orders of hashing: the same bytes."""

import hashlib
import os
import shutil
import subprocess
import sys

import pytest

from tests.conftest import HOUSE

ELSEWHERE = {"TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "4711"}
QUIET = {"DAGSTER_DISABLE_TELEMETRY": "1", "NO_MKDOCS_2_WARNING": "1"}


def published(out):
    """Hashes of everything that a build publishes."""
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for part in ("packages", "releases", "portal")
        for path in sorted((out / part).rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def clone(tmp_path):
    """The project as it stands here, elsewhere, with the fonts that were fetched for it."""
    place = tmp_path / "a much longer path" / "a clone of the project"
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=HOUSE,
        check=True,
        capture_output=True,
    ).stdout.decode()
    for name in filter(None, tracked.split("\0")):
        if (HOUSE / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(HOUSE / name, place / name)
    if (HOUSE / "build" / "assets").exists():
        (place / "build").mkdir()
        (place / "build" / "assets").symlink_to(HOUSE / "build" / "assets")
    return place


@pytest.mark.skipif(not (HOUSE / ".git").exists(), reason="needs the project's own git history, to clone it")
def test_two_clones_build_identical_bytes(sample_build, clone, tmp_path):
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-m", "dagster_project.cli", "build", "--out", str(out)],
        cwd=clone, env=os.environ | QUIET | ELSEWHERE | {"PYTHONPATH": str(clone)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    here, there = published(sample_build), published(out)
    assert [name for name in here.keys() | there.keys() if here.get(name) != there.get(name)] == []
    assert {name.split("/")[0] for name in here} == {"packages", "releases", "portal"}
    assert any(name.endswith(".parquet") for name in here)
    assert any(name.endswith(".zip") for name in here)
