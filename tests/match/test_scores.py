"""What a build, and the page of methods, say of how often the matcher is right."""

import json

import pandas as pd
from lxml import etree

from dagster_project.match import scoreboard
from dagster_project.stages.plan import ROOT


def test_a_build_hides_the_numbers_that_were_printed_and_compares(sample_build):
    folder = sample_build / "tables"
    keys = json.loads((folder / "runs" / "payees.json").read_text(encoding="utf-8"))["keys"]
    frames = [
        pd.read_parquet(folder / "payees" / slug / f"{key}.hidden_numbers.parquet")
        for slug, key in sorted(keys.items())
    ]
    said = scoreboard(frames).set_index("identifier")
    assert set(said.index) == {"charity", "company"}
    assert (said["payees"] == said["agreed"] + said["contradicted"] + said["silent"]).all()
    assert (said["agreed"] > 9 * said["contradicted"]).all()
    assert said.loc["company", "amount_pence"] > 0


def test_the_page_of_methods_has_both_scoreboards_and_the_registers(portal_dir):
    page = etree.HTML((portal_dir / "methods" / "index.html").read_text(encoding="utf-8"))
    text = " ".join("".join(page.find("body").itertext()).split())
    for said in ("Company number", "Names not seen", "Companies House basic company data", "not at hand"):
        assert said in text


def test_the_scores_were_measured_with_the_declared_set_and_meet_the_bars():
    said = json.loads((ROOT / "benchmarks" / "matching.json").read_text(encoding="utf-8"))
    assert {len(digest) for digest in said["sets"].values()} == {64}
    for sample in ("in_sample", "held_out"):
        one = said[sample]
        assert one["precision"]["by_count"] >= 0.96
        assert one["precision"]["by_value"] >= 0.97
        assert one["recall"]["by_count"] >= 0.75
        assert one["forced"] <= 0.02
        assert one["calibration_error"] <= 0.03
        assert one["class_accuracy"] >= 0.88
        accepted = sum(group["accepted"] for group in one["by_method"].values())
        assert accepted == one["precision"]["n"] == sum(group["accepted"] for group in one["by_kind"].values())
