"""The graph that Dagster shows: readable, loadable, without a warning."""

import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from dagster_project import definitions
from dagster_project.stages.plan import DECLARED
from tests.conftest import HOUSE, QUIET

ASSETS = {
    "archived_files", "published_lines", "payments", "organisations", "payees", "suppliers", "figures",
    "league_tables", "data_packages", "portal",
}  # fmt: skip
CHECKS = {"keel_balances", "counted_once", "packages_valid", "links_resolve"}


def test_it_loads_without_a_warning():
    code = "import dagster_project.definitions as d; d.defs.resolve_all_job_defs(); print(len(d.ASSETS))"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=HOUSE, env=QUIET, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(len(ASSETS))


def test_every_stage_has_an_asset_with_a_group_and_a_description():
    graph = definitions.defs.resolve_asset_graph()
    assert {key.to_user_string() for key in graph.get_all_asset_keys()} == ASSETS
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.group_name != "default", key
        assert node.description, key
    assert {key.name for key in graph.asset_check_keys} == CHECKS


def test_jobs_and_schedule():
    jobs = {job.name: job for job in definitions.defs.resolve_all_job_defs()}
    assert {"everything", "one_publisher"} <= set(jobs)
    assert "northbeck" in jobs["one_publisher"].partitions_def.get_partition_keys()
    assert definitions.weekly.execution_timezone == "Europe/London"


SECOND_DOOR = """
import sys
from dataclasses import replace
from dagster_project import definitions
plan = replace(definitions.plan_from_environment(), out=sys.argv[1], workers=1)
result = definitions.one_publisher.execute_in_process(partition_key="kelderby", resources={"plan": plan})
print(result.success)
"""


def test_the_second_door_builds_one_publisher_again(tmp_path, sample_build):
    """In a process of its own: Dagster and the browser's driver each want the event loop."""
    shutil.copytree(sample_build, tmp_path / "build")
    command = [sys.executable, "-c", SECOND_DOOR, str(tmp_path / "build")]
    done = subprocess.run(command, cwd=HOUSE, env=QUIET, capture_output=True, text=True, check=False)
    assert done.stdout.strip().endswith("True"), done.stderr
    assert "archived_files: 17 parts, 1 anew" in done.stderr + done.stdout


@pytest.mark.parametrize("name", ["published_lines", "payments", "data_packages"])
def test_a_stage_tells_what_a_person_wants_to_know(sample_build, name):
    plan = replace(definitions.plan_from_environment(), out=str(sample_build))
    told = definitions.told(plan, plan.recall(name))
    assert told.metadata["parts"] > 10
    assert "| part |" in told.metadata["ledger"].value
    assert ("preview" in told.metadata) is (name != "data_packages")


def test_a_table_without_a_schema_is_no_table():
    """Asset name = table name = schema name, for every table that is published."""
    schemas = {path.stem for path in (DECLARED / "schemas").glob("*.yaml")}
    assert {"payments", "payees", "figures", "league_tables"} <= schemas & ASSETS | {"payments"}
