"""Same inputs, same bytes: done twice, killed half-way, or with one file changed."""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import HOUSE, QUIET, local_pound

BODIES = ("kelderby", "pellhithe")
#: What a reader can see, and the state that later runs go by.
OUTPUTS = ("packages", "portal", "tables/runs")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of two bodies and a few files, with its own spine."""
    root = tmp_path_factory.mktemp("folder")
    for body in BODIES:
        files = sorted((HOUSE / "datapackages" / "sample" / "spend" / body).iterdir())[:6]
        (root / body).mkdir()
        for file in files:
            shutil.copy(file, root / body)
    shutil.copy(HOUSE / "datapackages" / "sample" / "publishers.csv", root)
    return root


def bytes_of(out: Path) -> dict[str, str]:
    found = {}
    for part in OUTPUTS:
        for path in sorted((out / part).rglob("*")):
            if path.is_file():
                found[path.relative_to(out).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


@pytest.fixture(scope="module")
def undisturbed(folder, tmp_path_factory):
    out = tmp_path_factory.mktemp("undisturbed")
    local_pound("build", "--from", folder, "--out", out)
    return bytes_of(out)


def test_a_killed_build_ends_with_the_same_bytes(folder, undisturbed, tmp_path):
    """Killed at random moments, each run goes on where the last one was, and the end is the same."""
    dice = random.Random(17)
    command = [sys.executable, "-m", "dagster_project.cli", "build", "--from", str(folder), "--out", str(tmp_path)]
    for _ in range(4):
        running = subprocess.Popen(
            command, cwd=HOUSE, env=QUIET, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(dice.uniform(2, 12))
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    local_pound("build", "--from", folder, "--out", tmp_path)
    assert bytes_of(tmp_path) == undisturbed


def test_nothing_changed_is_nothing_done_and_one_file_changed_is_one_body_done(folder, tmp_path):
    changed = tmp_path / "changed"
    shutil.copytree(folder, changed)
    local_pound("build", "--from", changed, "--out", tmp_path / "out")
    before = bytes_of(tmp_path / "out")
    again = local_pound("build", "--from", changed, "--out", tmp_path / "out").stderr
    assert "unchanged" in again
    assert "anew" not in again
    assert bytes_of(tmp_path / "out") == before
    (changed / "kelderby" / "extra.csv").write_text(
        "Payment Date,Supplier Name,Net Amount\n01/06/2021,Invented Extra Ltd,1234.56\n", encoding="utf-8"
    )
    once_more = local_pound("build", "--from", changed, "--out", tmp_path / "out").stderr
    assert "Counting once          1 of 2 anew" in once_more
    after = bytes_of(tmp_path / "out")
    same = {name for name in before if after.get(name) == before[name]}
    assert {name for name in before if name.startswith("packages/pellhithe/")} <= same
    assert after["packages/kelderby/payments.csv"] != before["packages/kelderby/payments.csv"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--from", "no-such-folder"], "no-such-folder is not a folder"),
        (["--from", "live"], "not built yet"),
        (["--registers", "no-such-folder"], "no-such-folder is not a folder"),
        (["--publisher", "nortbeck"], "has no folder for nortbeck"),
    ],
)
def test_used_wrongly(arguments, says, tmp_path):
    done = local_pound("build", *arguments, "--out", tmp_path / "out", check=False)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_no_publisher_is_named_with_the_nearest(tmp_path):
    (tmp_path / "manchestr").mkdir()
    (tmp_path / "manchestr" / "a.csv").write_text("x")
    done = local_pound("build", "--from", tmp_path, "--out", tmp_path / "out", check=False)
    assert done.returncode == 2
    assert "Did you mean 'manchester'?" in done.stderr
