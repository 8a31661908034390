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


def test_what_a_bad_disk_changed_is_made_anew(folder, undisturbed, tmp_path):
    """Tables cut short, bytes flipped, an empty marker, a package's file and an archived file: the end is the same."""
    local_pound("build", "--from", folder, "--out", tmp_path)
    tables = tmp_path / "tables"
    lines, archived = (
        next(path for path in sorted(place.rglob(name)) if path.is_file())
        for place, name in ((tables / "published_lines", "*.lines.parquet"), (tmp_path / "archive", "*"))
    )
    whole = archived.read_bytes()
    for path in (lines, archived, tmp_path / "packages" / "all" / "payments.csv"):
        path.write_bytes(path.read_bytes()[:-100])
    turned = next((tables / "payments").rglob("*.payments.parquet"))
    data = turned.read_bytes()
    turned.write_bytes(data[:200] + bytes(255 - byte for byte in data[200:210]) + data[210:])
    next((tables / "payees").rglob("*.json")).write_bytes(b"")
    local_pound("build", "--from", folder, "--out", tmp_path)
    assert bytes_of(tmp_path) == undisturbed
    assert (turned.read_bytes(), archived.read_bytes()) == (data, whole)


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files as Unix does")
def test_a_build_that_cannot_write_says_so_and_leaves_what_was_there(folder, tmp_path):
    """Files that grow beyond a limit stand for a full disk."""
    import resource

    changed, out = tmp_path / "changed", tmp_path / "out"
    shutil.copytree(folder, changed)
    local_pound("build", "--from", changed, "--out", out)
    before = bytes_of(out)
    lines = "".join(f"{1 + n % 28:02d}/06/2021,Invented Extra {n} Ltd,{500 + n}.56\n" for n in range(9_000))
    (changed / "kelderby" / "extra.csv").write_text("Payment Date,Supplier Name,Net Amount\n" + lines, encoding="utf-8")
    command = [sys.executable, "-m", "dagster_project.cli", "build", "--from", str(changed), "--out", str(out)]
    full = subprocess.run(
        command, cwd=HOUSE, env=QUIET, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000)),
    )  # fmt: skip
    assert full.returncode == 1
    assert "File too large: cannot write" in full.stderr
    assert "untouched" in full.stderr
    assert "Traceback" not in full.stderr
    after = bytes_of(out)
    assert {name: digest for name, digest in after.items() if name.startswith(("packages", "portal"))} == {
        name: digest for name, digest in before.items() if name.startswith(("packages", "portal"))
    }
    local_pound("build", "--from", changed, "--out", out)
    assert bytes_of(out) != before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--from", "no-such-folder"], "no-such-folder is not a folder"),
        (["--from", "live", "--sources", "no-such-folder"], "no-such-folder is not a folder"),
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
