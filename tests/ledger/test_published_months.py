"""Real series with real overlaps: an independent pass, our own way and the committed table agree to the penny."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from dagster_project.ledger import count_once, lines_frame
from dagster_project.stages.plan import reading_words
from dagster_project.tidy import read_file
from tests.ledger import published

with (Path(__file__).parent / "published_months.csv").open(encoding="utf-8", newline="") as file:
    TABLE = list(csv.DictReader(file))
needs_files = pytest.mark.skipif(not published.THERE, reason=published.MISSING)


def committed(publisher):
    return [row for row in TABLE if row["publisher"] == publisher]


def test_manchester_is_one_series():
    """133 months from December 2010 to December 2021, each once, with its basis."""
    rows = committed("manchester")
    assert [row["month"] for row in rows] == [str(p) for p in pd.period_range("2010-12", "2021-12", freq="M")]
    assert len(rows) == 133
    assert {row["dates"] for row in rows} == {"payment"}
    assert [row["month"] for row in rows if row["amounts"] != "net"] == ["2010-12"]


@needs_files
@pytest.mark.parametrize("publisher", published.SERIES)
def test_an_independent_pass_confirms_the_table(publisher):
    assert list(published.table(publisher)) == committed(publisher)


@needs_files
@pytest.mark.parametrize("publisher", published.SERIES)
def test_our_own_way_confirms_the_table(publisher):
    frames, files = [], []
    for name, data in published.chosen(publisher).items():
        reading = read_file(name, data, reading_words())
        frames.append(lines_frame(reading).assign(file_id=name))
        files.append({"file_id": name, "name": name, "retrieved": ""})
    coverage = count_once(publisher, pd.concat(frames, ignore_index=True), pd.DataFrame(files)).coverage
    coverage = coverage[coverage["dataset_kind"] == "payments"].set_index("month")
    wanted = published.SERIES[publisher].months or coverage.index
    found = [(m, coverage.loc[m, "rows"], coverage.loc[m, "amount_pence"], coverage.loc[m, "files"]) for m in wanted]
    said = [
        (r["month"], int(r["rows"]), int(r["pounds"].replace(".", "")), int(r["files"])) for r in committed(publisher)
    ]
    assert found == said
    assert int(coverage.loc[list(wanted), "replaced_rows"].sum()) == 0
