"""The weekly workflow, step by step as its make targets say, on two machines that keep nothing."""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from local_web import Page
from sites import csv_of, declare, listing

HOUSE = Path(__file__).parents[2]
STEPS = ("restore", "live", "pack", "catalogue", "tend")
GH = """#!/bin/sh
echo "$@" >> "$GH_SAID"
case "$1 $2" in "issue list") echo "[]";; esac
"""


def test_the_workflow_uses_these_targets():
    steps = yaml.safe_load((HOUSE / ".github" / "workflows" / "publish.yml").read_text(encoding="utf-8"))["jobs"][
        "harvest"
    ]["steps"]
    said = "\n".join(step.get("run", "") for step in steps)
    assert [target for target in STEPS if f"make {target}" not in said] == []


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_two_weeks(web, tmp_path):
    web.site(
        "127.0.0.1",
        {
            "/spend": listing(1, 2),
            "/f/spend-01-2025.csv": Page(csv_of(1)),
            "/f/spend-02-2025.csv": Page(b"", status=404),
        },
    )
    folder, packs = declare(tmp_path / "sources", web), tmp_path / "packs"
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(GH)
    gh.chmod(0o755)
    settings = {
        **os.environ, "LOCAL_POUND_LOCAL_WEB": "1", "DAGSTER_DISABLE_TELEMETRY": "1", "PYTHONUTF8": "1",
        "PATH": f"{gh.parent}:{os.environ['PATH']}", "GH_SAID": str(tmp_path / "gh.txt"),
    }  # fmt: skip

    def week(out):
        said = ""
        for target in STEPS:
            given = [f"OUT={out}", f"PACKS={packs}", f"SOURCES={folder}", "ADDRESS=https://pound.invalid/"]
            dry = ["make", "-n", "-o", ".venv/.ready", "-o", "assets", target, *given]
            lines = subprocess.run(dry, cwd=HOUSE, capture_output=True, text=True, check=True).stdout.splitlines()
            for line in (line for line in lines if "local-pound" in line):
                done = subprocess.run(
                    shlex.split(line), cwd=HOUSE, env=settings, capture_output=True, text=True, check=False
                )
                assert done.returncode == 0, done.stdout + done.stderr
                said += done.stdout
        return said

    first = week(tmp_path / "one")
    assert "0 restored" in first
    assert "northbeck partial" in first
    assert "archive-0001.tar" in first
    assert "issue create" in (tmp_path / "gh.txt").read_text()
    assert (tmp_path / "one" / "portal" / "catalog.jsonld").is_file()
    web.site("127.0.0.1", {"/f/spend-02-2025.csv": Page(csv_of(2))})
    moved = web.moved
    second = week(tmp_path / "two")
    assert "Sources: 1 ok." in second
    assert "4 payments, each counted once" in second
    assert web.moved - moved < 1000, "what the packs carried was not fetched again"
