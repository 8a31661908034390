"""A figure can be recomputed from the published files alone: no archive, no state of a build."""

import shutil

import pandas as pd
import pytest

from tests.conftest import local_pound


@pytest.fixture(scope="module")
def release(sample_build, tmp_path_factory):
    """The package for all, as somebody downloads it."""
    folder = tmp_path_factory.mktemp("release")
    shutil.copytree(sample_build / "packages" / "all", folder / "packages" / "all")
    return folder


@pytest.mark.parametrize("measure", ["spend", "top-ten-share", "e1-stays-in-the-area"])
def test_a_figure_of_a_release_says_value_bounds_period_query_and_version(release, measure):
    figures = pd.read_csv(release / "packages" / "all" / "figures.csv", dtype="str", keep_default_na=False)
    figure = figures[(figures["measure"] == measure) & (figures["low"] != "")].iloc[-1]
    said = local_pound("verify", figure["figure_id"], "--out", release).stdout
    for label, value in (
        ("Figure", figure["figure_id"]), ("Body", figure["publisher"]), ("Period", figure["period"]),
        ("At least", figure["low"]), ("At most", figure["high"]), ("State", figure["status"]), ("Package", "local-pound "),
        ("Query", "dagster_project/measure"),
    ):  # fmt: skip
        assert f"{label:<10}{value}" in said
    assert "payments.parquet sha256:" in said
    assert "The same again." in said
