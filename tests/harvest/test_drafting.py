"""A source file is drafted from a page or a file; what is unsure is said."""

from datetime import date
from pathlib import Path

import pytest
from local_web import Page, page
from sites import HOST, csv_of, declare, listing, live

from dagster_project.declare.publishers import Publisher, load_publishers
from dagster_project.declare.sources import Source, load_sources
from dagster_project.declare.strict import load_declaration
from dagster_project.stages.drafting import CannotDraft, draft, owner, pattern_of
from dagster_project.stages.plan import DECLARED

BODIES = {
    "northbeck": Publisher(
        "northbeck", "Northbeck Council", "district", "E07000999", "TLD", website="https://www.northbeck.test"
    ),
    "hills": Publisher("hills", "Department of Hills", "department", "", "", website="https://www.gov.uk/hills"),
}


def drafted(web, tmp_path, path="/spend", **options):
    made = draft(web.url(HOST, path), BODIES, web.fetcher(), **options)
    place = tmp_path / f"{made.slug}.yaml"
    place.write_text(made.text, encoding="utf-8")
    return made, load_declaration(Source, place)


def test_from_a_page(web, tmp_path):
    web.site(HOST, {"/spend": listing(1, 2, 3)})
    made, source = drafted(web, tmp_path)
    assert (source.slug, source.listings[0].kind, source.expect.every) == ("northbeck", "links", "month")
    assert source.verified == "never"
    assert made.seen == ("3 files: 3 payments.", "From 2025-01 to 2025-03.")
    assert made.unsure == ()


def test_from_a_file_whose_name_follows_the_calendar(web, tmp_path):
    web.site(HOST, {"/f/Spend-March-2025.csv": Page(csv_of(3))})
    made, source = drafted(web, tmp_path, "/f/Spend-March-2025.csv")
    assert source.listings[0].url == web.url(HOST, "/f/Spend-{Month}-{yyyy}.csv")
    assert "compare with a second one" in made.unsure[0]


def test_from_a_file_whose_address_says_nothing(web, tmp_path):
    web.site(HOST, {"/download/77": Page(csv_of(3))})
    made, source = drafted(web, tmp_path, "/download/77")
    assert source.listings[0].kind == "listed"
    assert any("page that leads to it" in sentence for sentence in made.unsure)


def test_from_a_page_without_files(web, tmp_path):
    web.site(HOST, {"/spend": page(b"<!DOCTYPE html><html><body><h1>Spending</h1></body></html>")})
    made, _ = drafted(web, tmp_path)
    assert "put in by a script" in made.unsure[0]


def test_what_disagrees_is_unsure(web, tmp_path):
    body = b'<html><body><h1>Spending</h1><a href="/spend-may-2025.csv">Spending April 2025</a></body></html>'
    web.site(HOST, {"/spend": page(body)})
    assert any("The link says 2025-04" in sentence for sentence in drafted(web, tmp_path)[0].unsure)


def test_a_page_that_is_not_there_is_said(web):
    web.site(HOST, {})
    with pytest.raises(CannotDraft, match="Not there"):
        draft(web.url(HOST, "/gone"), BODIES, web.fetcher())


def test_whose_website_it_is():
    assert owner("https://www.northbeck.test/spend", BODIES.values()) == "northbeck"
    assert owner("https://data.northbeck.test/spend", BODIES.values()) == "northbeck"
    assert owner("https://www.gov.uk/government/x", BODIES.values()) == ""
    assert owner("https://elsewhere.test/", BODIES.values()) == ""
    with pytest.raises(CannotDraft, match="--publisher SLUG"):
        draft("https://elsewhere.test/spend", BODIES, None)


@pytest.mark.parametrize(
    ("name", "template"),
    [
        ("2025-03.csv", "{yyyy}-{mm}.csv"),
        ("spend_mar_2025.xlsx", "spend_{mon}_{yyyy}.xlsx"),
        ("Q1-2024-25.csv", "Q{q}-{fy}.csv"),
        ("spend.csv", None),
    ],
)
def test_patterns_are_found_only_where_they_give_the_same_address(name, template):
    found = pattern_of(f"https://northbeck.test/a/{name}", date(2026, 4, 30))
    assert (found and found.url) == (template and f"https://northbeck.test/a/{template}")


def test_a_new_publisher_takes_one_file_and_no_code(web, tmp_path):
    """The recipe of CONTRIBUTING: a row, a drafted file, a build."""
    web.site("127.0.0.1", {"/spend": listing(1, 2), **{f"/f/spend-{m:02d}-2025.csv": Page(csv_of(m)) for m in (1, 2)}})
    folder = declare(tmp_path / "sources", web)
    (folder / "northbeck.yaml").unlink()
    done = live("add-source", web.url("127.0.0.1", "/spend"), "--publisher", "northbeck", "--sources", folder)
    assert "2 files: 2 payments." in done.stdout
    assert f"build --from live --publisher northbeck --sources {folder}" in done.stdout
    bodies = {p.slug: p for p in load_publishers(DECLARED / "publishers.csv", folder / "publishers.csv")}
    assert load_sources(Path(folder), bodies)[0].slug == "northbeck"
    again = live(
        "add-source", web.url("127.0.0.1", "/spend"), "--publisher", "northbeck", "--sources", folder, check=False
    )
    assert again.returncode == 2
    assert "is there already" in again.stderr
