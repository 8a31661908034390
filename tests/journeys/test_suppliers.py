"""From home to a supplier, its payments as a file, and a citation that verifies; with scripts, and without."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from tests.conftest import local_pound

NAME, PAGE = "OSKCOTE BUILDERS LIMITED", "suppliers/gb-coh-zz006281/"


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("typed", ["oskcote bui", "oskcotte", "builders oskcote"])
def test_a_journalist_finds_a_company_by_name_also_with_a_slip(visit, typed, width):
    page = visit("", width=width)
    page.locator("#lp-home-q").fill(typed)
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/#q=*")
    page.locator("#paid a", has_text=NAME).click()
    page.wait_for_url(f"**/{PAGE}")
    assert page.locator("h1").inner_text() == NAME
    expect(page.locator(".lp-lead")).to_contain_text("4 public bodies paid it at least £39.6m", use_inner_text=True)


def test_every_payment_as_a_file_with_where_it_came_from_and_a_citation_that_verifies(visit, sample_build):
    page = visit(PAGE)
    cited = page.locator(".lp-card", has_text="Cite this").inner_text()
    pounds = re.search(r"exactly ([\d.]+)\)", cited)[1]
    with page.expect_download() as told:
        page.locator("#take ~ ul a", has_text="CSV").click()
    rows = list(csv.DictReader(io.StringIO(told.value.path().read_text(encoding="utf-8"))))
    assert sum(int(row["amount"].replace(".", "")) for row in rows) == int(pounds.replace(".", ""))
    assert len({row["publisher"] for row in rows}) == 4
    with (sample_build / "packages/all/files.csv").open(encoding="utf-8", newline="") as files:
        names = {row["sha256"]: row["name"] for row in csv.DictReader(files)}
    for row in rows:
        assert names[row["sha256"]] == row["file_name"]
        assert row["line_id"].startswith(f"{row['sha256'][:16]}:")
    figure = re.search(r"figure (s-[0-9a-f]{12})", cited)[1]
    expect(page.locator(f"#{figure}")).to_have_count(1)
    assert "The same again." in local_pound("verify", figure, "--out", sample_build).stdout


@pytest.mark.parametrize("scripts", [True, False])
def test_from_home_to_a_published_line_by_links_alone(visit, scripts):
    page = visit("", scripts=scripts)
    page.locator(".lp-tabs a", has_text="Suppliers").click()
    page.wait_for_url("**/suppliers/")
    page.locator(".lp-jump a", has_text=re.compile("^O$")).click()
    page.wait_for_url("**/suppliers/a-z/o/")
    page.locator("main a", has_text=NAME).click()
    page.wait_for_url(f"**/{PAGE}")
    line = page.locator("#largest ~ table td a").first
    text = line.inner_text()
    line.click()
    page.wait_for_url("**/payments/#p-*")
    opened = page.locator("dl:target")
    if scripts:
        expect(opened).to_be_visible()
    assert text in (opened.text_content() or "")
    expect(opened.locator(f"a[href$='{PAGE}']")).to_have_count(1)


def test_a_body_leads_to_whom_it_pays_and_back(visit):
    page = visit("bodies/northbeck/")
    first = page.locator("#payees ~ table a").first
    first.click()
    page.wait_for_url("**/suppliers/gb-*/")
    page.locator("#bodies ~ table a", has_text="Northbeck Metropolitan").click()
    page.wait_for_url("**/bodies/northbeck/")


def test_a_supplier_that_is_not_there_is_said_not_to_be(visit):
    page = visit("suppliers/")
    page.locator("#lp-box").fill("zzyzx holdings")
    page.locator("#found-said", has_text="No supplier with a page here has that name.").wait_for()
    page.locator("#lp-box").fill("os")
    page.wait_for_function("document.querySelector('#found-said').textContent === ''")
    expect(page.locator("#found li")).to_have_count(0)


def test_a_hostile_name_is_text_in_the_box_of_names_too(visit):
    page = visit("suppliers/")
    page.locator("#lp-box").fill("script alert")
    page.locator("#found a", has_text="<SCRIPT>ALERT(1)</SCRIPT> LTD").click()
    page.wait_for_url("**/suppliers/gb-coh-zz000163/")
    assert page.locator("h1").inner_text() == "<SCRIPT>ALERT(1)</SCRIPT> LTD"


def test_the_largest_are_sorted_by_the_number_of_bodies_too(visit):
    page = visit("suppliers/")
    page.locator("table[data-sort] thead button", has_text="Bodies").click()
    values = page.locator("table[data-sort] tbody tr").evaluate_all(
        "(rows) => rows.map((r) => Number(r.children[3].dataset.v))"
    )
    assert len(values) == 100
    assert values == sorted(values, reverse=True)
