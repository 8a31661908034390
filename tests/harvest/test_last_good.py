"""A run that fails leaves the last good portal where it is, and every page of it says so."""

import os
import re
import shlex
import shutil
import subprocess
import tarfile
from datetime import date
from pathlib import Path

import pytest
import yaml
from test_weekly import GH

from dagster_project.stages.last_good import (
    KEPT,
    NoPlaceForLabel,
    NothingKept,
    keep_portal,
    label_portal,
    labelled,
)
from dagster_project.store import Store

HOUSE = Path(__file__).parents[2]
WORKFLOW = HOUSE / ".github" / "workflows" / "publish.yml"
PAGE = b'<body>\n<a href="#content">Skip</a>\n<header class="lp-head">The Local Pound</header>\n<main>Figures</main>\n'


@pytest.fixture
def kept(store, tmp_path):
    """A small portal, kept."""
    for name, data in (
        ("index.html", PAGE),
        ("bodies/northbeck/index.html", PAGE),
        ("data/all/payments.csv", b"a\r\n"),
    ):
        store.write(f"portal/{name}", data)
    keep_portal(store, tmp_path / "packs", date(2026, 5, 4))
    return tmp_path / "packs"


def test_every_page_says_when_it_was_built_and_what_failed(kept, tmp_path):
    other = Store(str(tmp_path / "other"))
    other.write("portal/half.html", b"what the run that failed left behind")
    assert label_portal(other, kept, date(2026, 5, 11), "the build stopped <here>.") == ("2026-05-04", 2)
    assert other.list("portal") == [
        "portal/bodies/northbeck/index.html", "portal/data/all/payments.csv", "portal/index.html",
    ]  # fmt: skip
    page = other.read("portal/bodies/northbeck/index.html").decode()
    assert "last complete build, of 4 May 2026. The run of 11 May 2026 failed: the build stopped &lt;here&gt;." in page
    assert page.index("Skip") < page.index("Not up to date") < page.index("The Local Pound")
    assert other.read("portal/data/all/payments.csv") == b"a\r\n"


def test_a_second_failure_labels_the_same_portal_once(kept, tmp_path):
    other = Store(str(tmp_path / "other"))
    label_portal(other, kept, date(2026, 5, 11), "the build stopped")
    label_portal(other, kept, date(2026, 5, 18), "the harvest did not finish")
    page = other.read("portal/index.html").decode()
    assert page.count("Not up to date") == 1
    assert "of 4 May 2026. The run of 18 May 2026 failed: the harvest did not finish." in page


def test_a_page_without_a_place_for_the_label_is_named():
    with pytest.raises(NoPlaceForLabel, match=r"odd\.html"):
        labelled(b"<body></body>", "2026-05-04", "2026-05-11", "it stopped", "odd.html")


def test_where_nothing_was_kept_nothing_is_touched(store, tmp_path):
    store.write("portal/x.html", PAGE)
    with pytest.raises(NothingKept, match="first run that succeeds"):
        label_portal(store, tmp_path, date(2026, 5, 11), "it stopped")
    assert store.list("portal") == ["portal/x.html"]
    with pytest.raises(NothingKept, match="no portal to keep"):
        keep_portal(store, tmp_path, date(2026, 5, 11))


# --- the workflow ---


def jobs():
    return yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]


def test_the_label_comes_whatever_failed():
    label = jobs()["label"]
    assert label["needs"] == ["harvest", "deploy"]
    assert label["if"] == ("${{ always() && (needs.harvest.result != 'success' || needs.deploy.result != 'success') }}")


def test_every_step_that_may_fail_is_worded():
    """A step of ours without a word of its own would be labelled 'it did not finish'."""
    steps = {step["id"]: step for step in jobs()["harvest"]["steps"] if "id" in step}
    worded = set(re.findall(r"steps\.([\w-]+)\.outcome == 'failure'", jobs()["harvest"]["outputs"]["why"]))
    assert worded == set(steps)
    assert all("make" in step["run"] for step in steps.values())


def make(target, out, **settings):
    """Run what a make target would run, against a release that is a folder."""
    given = [f"OUT={out}", f"PACKS={out}/packs", "RELEASE=archive"]
    dry = ["make", "--no-print-directory", "-n", "-o", ".venv/.ready", target, *given]  # make itself runs tests
    (line,) = subprocess.run(dry, cwd=HOUSE, capture_output=True, text=True, check=True).stdout.splitlines()
    line = line.replace('"$WHY"', shlex.quote(settings.get("WHY", "")))
    return subprocess.run(
        shlex.split(line), cwd=HOUSE, env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.xdist_group("sample")
def test_the_sample_is_kept_and_labelled_by_make(sample_build, tmp_path):
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(GH)
    gh.chmod(0o755)
    (tmp_path / "release").mkdir()
    settings = {
        "PATH": f"{gh.parent}:{os.environ['PATH']}", "GH_SAID": str(tmp_path / "gh.txt"),
        "GH_RELEASE": str(tmp_path / "release"), "RELEASE": "archive", "WHY": "the harvest did not finish",
    }  # fmt: skip
    good, failed = tmp_path / "good", tmp_path / "failed"
    good.mkdir()
    (good / "portal").symlink_to(sample_build / "portal")
    first = make("label", failed, **settings)
    assert (first.returncode, "No portal was kept" in first.stderr) == (2, True)
    done = make("keep", good, **settings)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "release").iterdir()] == [KEPT]
    done = make("label", failed, **settings)
    assert done.returncode == 0, done.stderr
    pages = sorted(path.relative_to(failed) for path in failed.glob("portal/**/*.html"))
    assert len(pages) > 100
    for page in pages:
        text = (failed / page).read_text(encoding="utf-8")
        assert "<strong>Not up to date.</strong>" in text, page
        assert text.count("the harvest did not finish") == 1
    with tarfile.open(tmp_path / "release" / KEPT) as kept:
        assert len(kept.getnames()) - 1 == sum(path.is_file() for path in failed.glob("portal/**/*"))
