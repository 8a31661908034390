"""Imports go one way; import-linter's contracts in pyproject.toml say which."""

import shutil
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).parents[1]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([tool, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def test_no_wall_is_broken():
    done = lint(HOUSE)
    assert done.returncode == 0, done.stdout


def test_a_broken_wall_would_be_seen(tmp_path):
    """The contracts are of no use if they cannot fail."""
    shutil.copytree(HOUSE / "dagster_project", tmp_path / "dagster_project")
    shutil.copy(HOUSE / "pyproject.toml", tmp_path)
    (tmp_path / "dagster_project/tidy/leaky.py").write_text(
        "import pandas\nfrom dagster_project.ledger import count_once\n"
    )
    done = lint(tmp_path)
    assert done.returncode == 1
    assert "dagster_project.tidy.leaky -> pandas" in done.stdout
    assert "dagster_project.tidy.leaky -> dagster_project.ledger" in done.stdout


def test_modules_stay_readable():
    """A module is at most 400 lines: longer ones hold two things."""
    long = [p for p in (HOUSE / "dagster_project").rglob("*.py") if len(p.read_text().splitlines()) > 400]
    assert long == []
