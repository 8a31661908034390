"""General rules against pages, answers and names that bodies really published; skipped where the evidence is not at hand."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from dagster_project.declare.sources import Listing
from dagster_project.harvest.calendar import contradict, period_of
from dagster_project.harvest.listings import Answer, discover
from dagster_project.harvest.signs import file_name

EVIDENCE = Path(__file__).parents[3] / "shared" / "sources"
pytestmark = pytest.mark.skipif(
    not EVIDENCE.is_dir(), reason=f"the evidence of what bodies publish is not at {EVIDENCE}"
)

#: Saved page to: files of spending that a person counts on it, by kind, and how many of them state no period.
PAGES = {
    "central_bedfordshire___index_p2": ({"payments": 4, "cards": 10}, 0),
    "central_bedfordshire___index_p3": ({"payments": 12, "cards": 12}, 0),
    "chelmsford___landing": ({"payments": 82}, 0),
    "manchester_archive": ({"payments": 60}, 0),
    "manchester_current": ({"payments": 9}, 0),
    "redcar_cleveland___landing": ({"payments": 24}, 0),
    "westmorland_furness___landing": ({"payments": 48}, 0),
}


def found_in(listing, data):
    return discover(Listing(**listing), lambda url, _want: Answer(url, data), date(2026, 4, 30))


@pytest.mark.parametrize("name", PAGES)
def test_saved_pages(name):
    kinds, without = PAGES[name]
    data = (EVIDENCE / "local" / "pages" / f"{name}.html").read_bytes()
    links = found_in({"kind": "links", "url": "https://council.invalid/a/spending", "depth": "0"}, data).links
    assert Counter(link.dataset for link in links) == kinds
    assert sum(not link.period for link in links) == without
    assert [link.unsure for link in links if link.unsure] == []


def test_a_page_of_two_formats_gives_each_month_once():
    data = (EVIDENCE / "local" / "pages" / "somerset_council___ajax_directory.html").read_bytes()
    links = found_in(
        {"kind": "links", "url": "https://council.invalid/a", "depth": "0", "dataset": "payments"}, data
    ).links
    assert len(links) > 120
    assert sum(not link.period for link in links) <= 0.05 * len(links)


def test_answers_of_catalogues():
    leeds = (EVIDENCE / "local" / "ckan" / "leeds_package_show.json").read_bytes()
    found = found_in({"kind": "ckan", "url": "https://catalogue.invalid", "package": "x"}, leeds)
    tables = [
        r for r in json.loads(leeds)["result"]["resources"] if r["url"].lower().endswith((".csv", ".xls", ".xlsx"))
    ]
    assert len(found.links) >= 0.9 * len({link["url"] for link in tables})
    assert sum(bool(link.period) for link in found.links) >= 0.95 * len(found.links)
    birmingham = (EVIDENCE / "local" / "ckan" / "birmingham_package_search.json").read_bytes()
    found = found_in({"kind": "ckan", "url": "https://catalogue.invalid", "search": "purchase card"}, birmingham)
    assert {link.dataset for link in found.links} == {"cards"}
    assert sum(bool(link.period) for link in found.links) >= 0.9 * len(found.links)


def test_file_names_speak_of_the_month_that_others_found_in_them():
    """Where a name says a month, it is that month; bodies that number the months of the financial year are the exception."""
    said = Counter()
    for place in sorted((EVIDENCE / "local" / "odileeds_indexes").glob("*.json")):
        for file in json.loads(place.read_text(encoding="utf-8")).get("files", []):
            name, month = file_name(file.get("url") or ""), str(file.get("month") or "")[:7]
            if not name or len(month) != 7 or "-" not in month or not month[5:].isdigit() or place.stem == "gateshead":
                continue
            period = period_of(name.rpartition(".")[0] or name)
            said["silent" if not period else "wrong" if contradict(period, month) else "right"] += 1
    assert said["right"] > 500
    assert said["wrong"] <= 0.01 * said["right"]
