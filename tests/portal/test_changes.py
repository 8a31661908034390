"""What moved between two releases: what is surely so comes first, and nothing is said of figures that say the same."""

import csv
import dataclasses

import pandas as pd
import pytest
from lxml import etree

from dagster_project.portal import changes, facts, pages
from dagster_project.portal.stamp import Stamp
from tests.portal import invented

LOCAL = facts.LOCAL
MEASURES = {LOCAL: {"unit": "share"}, "spend": {"unit": "pounds"}}


def table(*rows):
    return pd.DataFrame(
        [
            {"figure_id": f"f-{name}", "publisher": name[0], "measure": measure, "period": "2023-24", "low": low,
             "high": high, "status": status}
            for name, measure, low, high, status in rows
        ]
    )  # fmt: skip


BEFORE = table(
    ("a1", LOCAL, 0.20, 0.30, "ok"), ("b1", LOCAL, 0.40, 0.60, "ok"), ("c1", LOCAL, 0.10, 0.101, "ok"),
    ("d1", LOCAL, 0.0, 1.0, "nothing-known"), ("e1", "spend", 100.0, 100.0, "ok"), ("g1", "retired", 1.0, 1.0, "ok"),
)  # fmt: skip
NOW = table(
    ("a1", LOCAL, 0.35, 0.40, "ok"), ("b1", LOCAL, 0.45, 0.55, "ok"), ("c1", LOCAL, 0.10, 0.102, "ok"),
    ("d1", LOCAL, 0.2, 0.3, "ok"), ("f1", "spend", 100.0, 100.0, "ok"),
)  # fmt: skip


@pytest.fixture(scope="module")
def found():
    return {row["figure_id"]: row for row in changes.compared(BEFORE, NOW, MEASURES)}


@pytest.mark.parametrize(
    ("figure", "kind", "was", "now", "surely", "why"),
    [
        ("f-a1", "moved", "20–30%", "35–40%", "higher", "the ranges do not meet"),
        ("f-b1", "moved", "40–60%", "45–55%", "", "known better, not surely moved"),
        ("f-d1", "moved", "not known", "20–30%", "", "nothing was known"),
        ("f-e1", "gone", "£100", "", "", "not there any more"),
        ("f-f1", "new", "", "£100", "", "not there before"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_said_of_a_figure(found, figure, kind, was, now, surely, why):
    row = found[figure]
    assert (row["kind"], row["was"], row["is"], row["surely"]) == (kind, was, now, surely)


def test_figures_that_say_the_same_and_retired_measures_are_left_out(found):
    assert "f-c1" not in found, "10–11% both times"
    assert "f-g1" not in found


def test_what_surely_moved_comes_first():
    assert changes.compared(BEFORE, NOW, MEASURES)[0]["figure_id"] == "f-a1"


def printed_page(printed, before, site=None):
    site, (_, shell) = site or invented.site(), printed
    frames = invented.site_frames()
    return changes.change_page(Stamp(site, shell), frames, pages.body_rows(frames, site), before)


def test_without_an_earlier_release_the_page_says_so(printed):
    found = printed_page(printed, None)
    assert list(found) == ["changes/index.html", "changes/feed.xml"]
    assert "no earlier release" in found["changes/index.html"].decode()


def test_the_page_and_its_csv_have_what_moved(printed):
    old = invented.site_frames().figures.copy()
    one = old.index[(old["publisher"] == "alder") & (old["measure"] == LOCAL) & (old["period"] == "2023-24")][0]
    old.loc[one, ["low", "high"]] = [0.05, 0.10]
    payments = [
        {
            "publisher": "alder",
            "was": 3,
            "is": 4,
            "was_pence": 99,
            "is_pence": 1_234_500,
        }
    ]
    found = printed_page(printed, changes.Before(old, "0.4.0", payments))
    page = found["changes/index.html"].decode()
    assert "1 figure says something else than before." in page
    assert "5–10%" in page
    assert "£12,345" in page or "£12,300" in page
    (row,) = csv.DictReader(found["changes/changes.csv"].decode().splitlines())
    assert (row["change"], row["publisher"], row["surely"]) == ("moved", "alder", "higher")
    assert float(row["low_before"]) == 0.05


def texts(feed, path):
    return [node.text for node in etree.fromstring(feed).findall(path, {"a": changes.ATOM})]


def test_a_feed_has_all_that_rfc_4287_requires(printed):
    site = dataclasses.replace(invented.site(), version="0.5.0")
    feed = printed_page(printed, changes.Before(invented.site_frames().figures, "0.4.0"), site)["changes/feed.xml"]
    root = etree.fromstring(feed)
    assert root.tag == f"{{{changes.ATOM}}}feed"
    for path in ("a:id", "a:title", "a:updated", "a:entry/a:id", "a:entry/a:title", "a:entry/a:updated"):
        (text,) = texts(feed, path)
        assert text, path
    assert texts(feed, "a:author/a:name") == ["The Local Pound"], "of the feed, and so of its entry"
    links = [
        (node.getparent().tag.partition("}")[2], node.get("rel"), node.get("href")) for node in root.iter("{*}link")
    ]
    page = "https://portal.invalid/pound/changes/"
    assert links == [("feed", "self", f"{page}feed.xml"), ("feed", "alternate", page), ("entry", "alternate", page)]
    assert texts(feed, "a:entry/a:id") == ["tag:portal.invalid,2024-11-18:pound/data-package/0.5.0"]
    assert set(texts(feed, ".//a:updated")) == {"2024-11-18T00:00:00Z"}, "the release's day, not the clock's"
    (said,) = texts(feed, "a:entry/a:summary")
    assert said.startswith("0 figures say something else than in data package 0.4.0; 0 are new, 0 are gone.")


def test_one_release_is_one_entry_and_another_is_another(printed):
    site = invented.site()

    def entry(**other):
        return texts(changes.feed(dataclasses.replace(site, **other), ""), "a:entry/a:id")

    assert entry(version="1") == entry(version="1")
    assert len({*entry(version="1"), *entry(version="2"), *entry(version="1", release="2024-11-19")}) == 3


@pytest.mark.parametrize(
    ("lacks", "why"), [({"address": ""}, "nobody could fetch it"), ({"release": ""}, "it has no day")], ids=str
)
def test_without_an_address_or_a_day_there_is_no_feed(printed, lacks, why):
    found = printed_page(printed, None, dataclasses.replace(invented.site(), **lacks))
    assert list(found) == ["changes/index.html"], why
    assert b"feed.xml" not in found["changes/index.html"]


def test_the_page_leads_to_the_feed_and_other_pages_do_not(printed, pages):
    head = printed_page(printed, None)["changes/index.html"].decode().partition("</head>")[0]
    assert '<link rel="alternate" type="application/atom+xml"' in head
    assert [path for path, text in pages.items() if "feed.xml" in text] == ["changes/index.html"]
