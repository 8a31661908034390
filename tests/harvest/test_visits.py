"""What harvests of some weeks say of each file: when it was first there, whether its link lasts, what was published again."""

import pytest
from local_web import Page, failing
from sites import HOST, csv_of, listing, run, source

from dagster_project.measure.knowing import VISITED
from dagster_project.stages.plan import Plan
from dagster_project.stages.visiting import RECORD, duties_of, live_visits, visits_of


def seen(store, *sources, first_months=None):
    """Rows of visits by the last part of the address and the month."""
    rows = [dict(zip(VISITED, row, strict=True)) for row in live_visits(store, sources, first_months or {})]
    return {(row["url"].rpartition("/")[2], row["month"]): row for row in rows}


def test_a_file_is_first_seen_on_the_day_that_found_it_and_was_missing_the_time_before(web, store, northbeck):
    run(web, store, northbeck)
    web.site(HOST, {"/spend": listing(1, 2, 3, 4)})
    run(web, store, northbeck, day="2025-05-07")
    run(web, store, northbeck, day="2025-05-14")
    rows = seen(store, northbeck)
    assert [month for _, month in rows] == ["2025-01", "2025-02", "2025-03", "2025-04"]
    first, new = rows["spend-01-2025.csv", "2025-01"], rows["spend-04-2025.csv", "2025-04"]
    assert (first["first_seen"], first["missing_on"]) == ("2025-04-30", "")
    assert (new["first_seen"], new["missing_on"]) == ("2025-05-07", "2025-04-30")
    for row in rows.values():
        assert (row["watched_since"], row["watched_until"], row["answer"], row["published_again"], row["note"]) == (
            "2025-04-30", "2025-05-14", "same", "no", "",
        )  # fmt: skip


def test_a_visit_that_could_not_see_the_list_does_not_say_that_a_file_was_missing(web, store, northbeck):
    run(web, store, northbeck)
    web.site(HOST, {"/spend": failing(99, 500)})
    run(web, store, northbeck, day="2025-05-07")
    web.site(HOST, {"/spend": listing(1, 2, 3, 4)})
    run(web, store, northbeck, day="2025-05-14")
    web.site(HOST, {"/spend": failing(99, 500)})
    run(web, store, northbeck, day="2025-05-21")
    new = seen(store, northbeck)["spend-04-2025.csv", "2025-04"]
    assert (new["first_seen"], new["missing_on"], new["watched_until"]) == ("2025-05-14", "2025-04-30", "2025-05-14")


def test_days_of_visits_are_known_without_the_logs_of_long_ago(web, store, northbeck):
    run(web, store, northbeck)
    web.site(HOST, {"/spend": listing(1, 2, 3, 4)})
    run(web, store, northbeck, day="2025-05-07")
    before = seen(store, northbeck)
    for key in store.list("archive/harvest/log"):
        store.remove(key)
    assert seen(store, northbeck) == before
    run(web, store, northbeck, day="2025-05-14")
    assert seen(store, northbeck)["spend-04-2025.csv", "2025-04"]["missing_on"] == "2025-04-30"
    assert {row["watched_until"] for row in seen(store, northbeck).values()} == {"2025-05-14"}


def test_other_bytes_a_broken_link_and_a_fault_of_an_hour_are_told_apart(web, store, northbeck):
    run(web, store, northbeck)
    web.site(
        HOST,
        {
            "/f/spend-01-2025.csv": Page(csv_of(1, "99.00")),
            "/f/spend-02-2025.csv": Page(b"", status=404),
            "/f/spend-03-2025.csv": failing(99, 503),
        },
    )
    run(web, store, northbeck, day="2025-06-11")
    rows = seen(store, northbeck)
    assert [row["answer"] for row in rows.values()] == ["changed", "gone", "unsure"]
    assert [row["published_again"] for row in rows.values()] == ["yes", "no", "no"]
    assert rows["spend-01-2025.csv", "2025-01"]["note"] == "no"
    assert {row["last_asked"] for row in rows.values()} == {"2025-06-11"}


def links(*named):
    """A list of files, each with its own words."""
    items = "".join(f'<li><a href="/f/{name}">{words}</a></li>' for name, words in named)
    return Page(f"<!DOCTYPE html><html><body><h1>Spending</h1><ul>{items}</ul></body></html>".encode(), "text/html")


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ([("a.csv", "Spend January 2025"), ("b.csv", "Spend January 2025, revised")], ("yes", "yes")),
        ([("b.csv", "Spend January 2025")], ("yes", "no")),
        ([("a.csv", "Spend January 2025"), ("b.csv", "Spend January 2025, part two")], ("no", "")),
    ],
    ids=["says that it is revised", "in place of the first", "beside the first"],
)
def test_a_month_is_published_again_at_another_address(web, store, second, expected):
    mine = source(web)
    web.site(HOST, {"/f/a.csv": Page(csv_of(1)), "/f/b.csv": Page(csv_of(1, "99.00"))})
    web.site(HOST, {"/spend": links(("a.csv", "Spend January 2025"))})
    run(web, store, mine)
    web.site(HOST, {"/spend": links(*second)})
    run(web, store, mine, day="2025-05-07")
    rows = seen(store, mine)
    assert rows["a.csv", "2025-01"]["published_again"] == "no"
    assert (rows["b.csv", "2025-01"]["published_again"], rows["b.csv", "2025-01"]["note"]) == expected


def test_a_link_that_says_no_period_goes_by_what_is_in_its_file_and_the_licence_is_the_sources(web, store):
    mine = source(web, licence="site", listings=[{"kind": "listed", "files": [web.url(HOST, "/f/a.csv")]}])
    web.site(HOST, {"/f/a.csv": Page(csv_of(1))})
    run(web, store, mine)
    assert list(seen(store, mine)) == [("a.csv", "")]
    ((_, month), row), = seen(store, mine, first_months={"northbeck": {"a.csv": "2025-01"}}).items()  # fmt: skip
    assert (month, row["licence"]) == ("2025-01", "site")


def test_nobody_was_visited(store, northbeck):
    assert live_visits(store, [northbeck], {}) == []


def test_a_set_of_files_has_no_visits_and_a_record_beside_it_is_read(tmp_path):
    (tmp_path / "spend" / "camden").mkdir(parents=True)
    plan = Plan(str(tmp_path), out=str(tmp_path / "out"))
    assert visits_of(plan) == []
    cells = dict.fromkeys(VISITED, "") | {"publisher": "camden", "url": "https://a.invalid/", "month": "2025-01"}
    lines = [",".join(VISITED), ",".join(cells.values()), ",".join({**cells, "publisher": "nobody"}.values())]
    (tmp_path / RECORD).write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert visits_of(plan) == [tuple(cells.values())]


def test_who_must_publish_by_when():
    spine = dict(duties_of(Plan("live")))
    sample = dict(duties_of(Plan("sample")))
    assert (sample["northbeck"], sample["department-for-ferries"]) == ("quarter", "month")
    assert "beckmere-pcc" not in sample
    nations = {body.region[:3] for slug, body in Plan("live").publishers.items() if slug in spine and body.region}
    assert not nations & {"TLL", "TLM", "TLN"}
    assert len(spine) > 300
