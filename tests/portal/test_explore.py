"""What charts to explore are drawn from: specifications without data, and files that say where a series breaks."""

import json

import pandas as pd
import pytest

from dagster_project.portal.compare import compare_pages
from dagster_project.portal.explore import PLACE, chart_file
from dagster_project.portal.pages import body_rows
from dagster_project.portal.stamp import Stamp
from tests.portal import invented


@pytest.fixture(scope="module")
def charts():
    return json.loads(chart_file()[PLACE])


def test_each_chart_waits_for_rows_and_knows_the_signals_that_scripts_set(charts):
    assert set(charts) == {"years", "pounds", "shares"}
    for name, chart in charts.items():
        assert [data for data in chart["data"] if data["name"] == "rows"] == [{"name": "rows"}]
        assert "picked_store" in {data["name"] for data in chart["data"]}
        signals = {signal["name"] for signal in chart["signals"]}
        assert ("mine" in signals) == (name != "years")
        assert chart["width"] == 300


def test_every_colour_is_one_of_the_pages_own(charts):
    said = json.dumps(charts)
    assert "var(--lp-stay)" in said
    assert "#" not in said.replace("url(#lp-hatch)", "").replace("schema/vega/v6.json#", "")


def test_files_for_scripts_say_where_a_series_is_not_joined(printed):
    site, frames = invented.site(), invented.site_frames()
    figures = frames.figures.copy()
    of_alder = (figures["publisher"] == "alder") & (figures["measure"] == "spend")
    figures["breaks"] = ""
    figures.loc[of_alder & (figures["period"] == "2022-23"), "breaks"] = "vat 2022-06"
    frames.figures = figures
    stamp = Stamp(site, printed[1])
    pages = compare_pages(stamp, frames, body_rows(frames, site), {}, pd.DataFrame())
    told = {path: json.loads(data) for path, data in pages.items() if path.startswith("compare/spend/")}
    # a break within a year parts it from the year before and the year after
    assert {path[14:21]: said.get("cut") for path, said in told.items() if "alder" in said["bodies"]} == {
        year: (["alder"] if year in ("2022-23", "2023-24") else None)
        for year in sorted(figures.loc[of_alder, "period"])
    }
    listed = {one["id"]: one["years"] for one in json.loads(pages["compare/measures.json"])}
    assert listed["spend"] == sorted(figures.loc[figures["measure"] == "spend", "period"].unique())
