"""Publishers in tranches: separate Dagster runs in separate processes against one object store, moto's on loopback."""

import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from dagster._core.instance.config import dagster_instance_config

from dagster_project.flow import Job, run_stage, table_key
from dagster_project.model.ids import sha256
from dagster_project.stages.measuring import compute_figures, make_league_tables
from dagster_project.stages.plan import Plan
from dagster_project.stages.tranches import STAGES, tranche_names, tranche_of
from dagster_project.store import Store
from tests.conftest import HOUSE, QUIET

pytest.importorskip("s3fs")

RUN = """
import sys
from dagster_project import definitions
result = definitions.defs.resolve_job_def("tranches").execute_in_process(partition_key=sys.argv[1])
sys.exit(not result.success)
"""
#: What a run over all does after the tranches: the same stages again, which find it done, and what crosses publishers.
JOINED = (*STAGES, compute_figures, make_league_tables)


def start(name, bucket):
    env = {**QUIET, **os.environ, "LOCAL_POUND_OUT": bucket, "LOCAL_POUND_TRANCHES": "2", "LOCAL_POUND_WORKERS": "1"}
    return subprocess.Popen(
        [sys.executable, "-c", RUN, name],
        cwd=HOUSE,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(*runs):
    for run in runs:
        said, _ = run.communicate()
        assert run.returncode == 0, said[-3000:]


def tables(store):
    """Hash of everything that a build made before its packages, without the notes of runs, by key."""
    keys = [key for key in store.list("tables") if not key.startswith("tables/runs/")] + store.list("archive")
    return {key: sha256(store.read(key)) for key in keys}


@pytest.mark.xdist_group("tranches")
def test_two_tranches_and_a_run_that_joins_them_give_the_bytes_of_one_process(sample_build, bucket):
    # Both read the registers, so they meet on that key.
    finish(*(start(name, bucket) for name in tranche_names(2)))
    plan = Plan(out=bucket, workers=1)
    store = plan.store
    noted = {key.split("/")[2] for key in store.list("tables/runs")}
    assert noted == {"1-of-2", "2-of-2"}
    runs = {stage: stage(plan) for stage in JOINED}
    read, named = runs[STAGES[1]], runs[STAGES[-1]]
    assert (read.worked, named.worked) == ([], [])
    one = Plan(out=str(sample_build))
    assert {run.stage: run.keys for run in runs.values()} == {
        s: one.recall(s).keys for s in (r.stage for r in runs.values())
    }
    whole, joined = tables(one.store), tables(store)
    assert len(joined) > 200
    assert [key for key, digest in joined.items() if whole.get(key) != digest] == []


def test_every_publisher_is_in_one_tranche_and_the_work_is_even():
    weights = {f"body-{at}": (at * 37) % 11 + 1 for at in range(40)}
    cut = [tranche_of(weights, name) for name in tranche_names(3)]
    assert sorted(slug for tranche in cut for slug in tranche) == sorted(weights)
    held = [sum(weights[slug] for slug in tranche) for tranche in cut]
    assert max(held) - min(held) <= max(weights.values())
    assert tranche_of({"only": 1}, "2-of-2") == ()


def test_what_a_tranche_did_is_noted_apart(tmp_path):
    plan = Plan(out=str(tmp_path))
    run = run_stage(plan.store, "counted", [], work, workers=1)
    replace(plan, tranche="1-of-2").keep(run)
    with pytest.raises(FileNotFoundError):
        plan.recall("counted")
    assert replace(plan, tranche="1-of-2").recall("counted").stage == "counted"


def work(store, job):
    key = table_key("counted", job.partition, job.key, "numbers")
    store.write(key, b"the same bytes for the same key")
    if job.payload:
        # Another run makes the same while this one is at it.
        run_stage(Store(store.url), "counted", [replace(job, payload=None)], work, workers=1)
        store.write(key, b"the same bytes for the same key")
    return {"rows": 1}


@pytest.mark.parametrize("place", ["folder", "object store"])
def test_two_runs_that_meet_on_a_key_do_no_harm(place, tmp_path, request):
    store = Store(str(tmp_path) if place == "folder" else request.getfixturevalue("bucket"))
    job = Job("northbeck", "00ff", payload=True)
    assert run_stage(store, "counted", [job], work, workers=1).summaries == {"northbeck": {"rows": 1}}
    again = run_stage(store, "counted", [job], work, workers=1)
    assert (again.worked, again.summaries) == ([], {"northbeck": {"rows": 1}})


def test_the_launcher_that_the_docs_show_is_one_that_dagster_reads(tmp_path, monkeypatch):
    page = (HOUSE / "site" / "pages" / "past-one-machine.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    (tmp_path / "dagster.yaml").write_text(shown, encoding="utf-8")
    for name in ("DAGSTER_PG_USER", "DAGSTER_PG_PASSWORD"):
        monkeypatch.setenv(name, "invented")
    said, _ = dagster_instance_config(str(tmp_path))
    assert said["run_launcher"]["class"] == "K8sRunLauncher"
    (tmp_path / "dagster.yaml").write_text(shown.replace("run_launcher:", "run_launchers:"), encoding="utf-8")
    with pytest.raises(Exception, match="run_launchers"):
        dagster_instance_config(str(tmp_path))
