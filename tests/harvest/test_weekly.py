"""The weekly workflow, step by step as its make targets say, on two machines that keep nothing."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from local_web import Page
from sites import csv_of, declare, listing, live

from dagster_project.stages.register_harvest import TABLE
from dagster_project.store import Store

HOUSE = Path(__file__).parents[2]
WORKFLOW = HOUSE / ".github" / "workflows" / "publish.yml"
#: A release of GitHub, as a folder.
GH = """#!/bin/sh
echo "$@" >> "$GH_SAID"
case "$1 $2" in
  "release list") if [ -d "$GH_RELEASE" ]; then echo "$RELEASE"; fi;;
  "release create") mkdir "$GH_RELEASE";;
  "release view") ls "$GH_RELEASE";;
  "release download") cp "$GH_RELEASE/$5" "$7/";;
  "release upload") cp "$4" "$GH_RELEASE/";;
  "release delete-asset") rm "$GH_RELEASE/$4";;
  "issue list") echo "[]";;
esac
"""
COUNCILS = b"""local-authority-code,official-name,nation,local-authority-type-name,start-date,end-date
NBK,Northbeck Council,England,Unitary,1996-04-01,
"""


def steps():
    """The make targets of the workflow in order, each with its step's settings."""
    for step in yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["harvest"]["steps"]:
        for target in re.findall(r"^ *make (\w+)", step.get("run", ""), re.MULTILINE):
            yield target, step.get("env", {})


def test_the_workflow_packs_whatever_becomes_of_the_build():
    found = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["harvest"]["steps"]
    (pack,) = [step for step in found if step.get("run") == "make pack"]
    assert pack["if"] == "${{ !cancelled() }}"
    assert [target for target, _ in steps()] == [
        "restore", "harvest", "restore", "before", "live", "pack", "tend", "catalogue", "keep",
    ]  # fmt: skip


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_two_weeks(web, tmp_path):
    pages = {"/f/spend-01-2025.csv": Page(csv_of(1)), "/f/spend-02-2025.csv": Page(b"", status=404)}
    web.site("127.0.0.1", {"/spend": listing(1, 2), "/councils.csv": Page(COUNCILS), **pages})
    folder, release = declare(tmp_path / "sources", web), tmp_path / "release"
    (folder / "northbeck.yaml").unlink()  # CONTRIBUTING, "A new publisher": a row, and a file that the command drafts
    live("add-source", web.url("127.0.0.1", "/spend"), "--publisher", "northbeck", "--sources", folder)
    (folder / "registers").mkdir()
    declared = (HOUSE / "datapackages" / "registers" / "councils.yaml").read_text(encoding="utf-8")
    place = f"files: [{web.url('127.0.0.1', '/councils.csv')}]"
    (folder / "registers" / "councils.yaml").write_text(re.sub(r"files: \[.*\]", place, declared))
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(GH)
    gh.chmod(0o755)
    settings = {
        **os.environ, "LOCAL_POUND_LOCAL_WEB": "1", "DAGSTER_DISABLE_TELEMETRY": "1", "PYTHONUTF8": "1",
        "PATH": f"{gh.parent}:{os.environ['PATH']}", "GH_SAID": str(tmp_path / "gh.txt"), "GH_RELEASE": str(release),
        "RELEASE": "archive",
    }  # fmt: skip

    def week(out):
        said = ""
        for target, more in steps():
            given = [
                f"OUT={out}",
                f"PACKS={out}/packs",
                f"SOURCES={folder}",
                "ADDRESS=https://pound.invalid/",
                "RELEASE=archive",
            ]
            dry = ["make", "-n", "-o", ".venv/.ready", "-o", "assets", target, *given]
            lines = subprocess.run(dry, cwd=HOUSE, capture_output=True, text=True, check=True).stdout.splitlines()
            for line in (line for line in lines if "local-pound" in line):
                done = subprocess.run(
                    shlex.split(line), cwd=HOUSE, env=settings | more, capture_output=True, text=True, check=False
                )
                assert done.returncode == 0, done.stdout + done.stderr
                said += done.stdout
        return said

    first = week(tmp_path / "one")
    assert "0 restored" in first
    assert "Registers: 1 new." in first
    assert "northbeck partial" in first
    assert sorted(path.name for path in release.iterdir()) == [
        "archive-0001.tar", "packs.json", "portal.tar.gz", "readings-0003.tar", "registers-0002.tar",
    ]  # fmt: skip
    assert "issue create" in (tmp_path / "gh.txt").read_text()
    assert (tmp_path / "one" / "portal" / "catalog.jsonld").is_file()
    pages["/f/spend-02-2025.csv"] = Page(csv_of(2))
    web.site("127.0.0.1", pages)
    moved = web.moved
    second = week(tmp_path / "two")
    assert "Registers: 1 unchanged." in second
    assert "Sources: 1 ok." in second
    assert "4 payments, each counted once" in second
    assert web.moved - moved < 1000, "what the packs carried was not fetched again"
    table = Store(str(tmp_path / "two")).read_frame(TABLE)
    assert table[["slug", "rows"]].to_numpy().tolist() == [["councils", 1]]
    assert (tmp_path / "two" / "registers" / "councils").is_dir()
