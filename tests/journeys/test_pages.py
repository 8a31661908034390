"""What pages do in a real browser, with scripts and without."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.page_types import PAGES


@pytest.mark.parametrize("name", ["home", "find", "body", "supplier", "league of shares", "compare", "map"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_while_a_page_loads(visit, name, width):
    page = visit(PAGES[name], width=width)
    moved = page.evaluate(
        """() => new Promise((done) => { let sum = 0;
        new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; })
          .observe({type: "layout-shift", buffered: true});
        setTimeout(() => done(sum), 500); })"""
    )
    assert moved < 0.02


def rows(page, table, column):
    return page.locator(f"{table} tbody tr:not(.lp-group):visible").evaluate_all(
        f"(rows) => rows.map((row) => (row.children[{column}] || row).dataset.v || '')"
    )


def test_the_table_of_bodies_sorts_with_what_is_not_known_last(visit):
    page = visit(PAGES["bodies"])
    button = page.locator("#all thead button", has_text="Published")
    for order in ("descending", "ascending"):
        button.focus()
        page.keyboard.press("Enter")
        assert page.locator("#all th[aria-sort]").get_attribute("aria-sort") == order
        values = rows(page, "#all", 5)
        known = [float(value) for value in values if value]
        assert known == sorted(known, reverse=order == "descending")
        assert values[len(known) :] == [""] * (len(values) - len(known))
        assert button.evaluate("(e) => e === document.activeElement")
    expect(page.locator("[role=status]", has_text="Sorted by Published, ascending.")).to_have_count(1)


def test_the_table_of_bodies_narrows_to_a_kind(visit):
    page = visit(PAGES["bodies"])
    page.locator(".lp-chips a", has_text="Metropolitan boroughs").click()
    shown = page.locator("#all tbody tr:not(.lp-group):visible")
    expect(shown).to_have_count(5)
    expect(page.locator("[role=status]", has_text="Showing 5.")).to_have_count(1)
    page.locator(".lp-chips a", has_text="All").click()
    assert page.locator("#all tbody tr:not(.lp-group):visible").count() > 5


def test_a_league_table_sorts(visit):
    page = visit(PAGES["league of shares"])
    page.locator("table[data-sort] >> nth=0 >> thead button", has_text="Not known").click()
    values = [float(value) for value in rows(page, "table[data-sort] >> nth=0 >>", 4)]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(("typed", "found"), [("northb", "Northbeck"), ("nothbeck", "Northbeck"), ("salt", "Saltmere")])
def test_the_finder_narrows_the_list_also_with_a_slip(visit, typed, found):
    page = visit(PAGES["find"])
    page.locator("#lp-box").fill(typed)
    shown = page.locator("#az li:visible")
    assert 0 < shown.count() < 8
    assert found in shown.first.inner_text()


def test_bodies_of_a_name_come_before_suppliers_of_it_and_after_them_where_there_are_none(visit):
    page = visit(PAGES["find"])
    after = "() => Boolean(document.querySelector('#az').compareDocumentPosition(document.querySelector('#paid')) & 4)"
    for typed, is_after in (("northbeck", True), ("oskcote", False), ("northb", True), ("", False)):
        page.locator("#lp-box").fill(typed)
        assert page.evaluate(after) is is_after, typed


def test_the_box_at_home_leads_to_the_finder(visit):
    page = visit("")
    page.locator("#lp-home-q").fill("dunmere")
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/#q=dunmere")
    expect(page.locator("#az li:visible").first).to_contain_text("Dunmere", use_inner_text=True)


@pytest.mark.parametrize("typed", ["NQ5 2", "nq5 2ab", "NQ52AB", "nq5", " NQ52 "])
def test_a_postcode_leads_to_the_bodies_that_serve_it(visit, typed):
    page = visit(PAGES["find"])
    page.locator("#lp-box").fill(typed)
    expect(page.locator("#az-said")).to_contain_text("lies in Saltmere. Showing the bodies that serve it.")
    shown = page.locator("#az li:visible a").all_inner_texts()
    assert "Saltmere City Council" in shown
    assert "Beckmere Combined Authority" in shown
    assert not [name for name in shown if name.startswith(("Northbeck Metro", "Ashwold", "Department"))]


def test_a_postcode_typed_at_home_is_cut_to_its_sector_and_sent_nowhere(visit):
    page = visit("")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#lp-home-q").fill("NQ5 2AB")
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/#q=NQ5%202")
    expect(page.locator("#az-said")).to_contain_text("NQ5 2 lies in Saltmere.")
    assert not [address for address in asked if "NQ5" in address.partition("#")[0].upper()]


def test_a_sector_of_two_councils_lists_both(visit):
    page = visit(PAGES["find"])
    areas = [{"name": "Dunmere", "bodies": ["dunmere"]}, {"name": "Saltmere", "bodies": ["saltmere"]}]
    page.route(
        "**/find/sectors.json", lambda route: route.fulfill(json={"areas": areas, "sectors": {"NQ5": {"9": [1, 0]}}})
    )
    page.locator("#lp-box").fill("NQ5 9")
    expect(page.locator("#az-said")).to_contain_text("NQ5 9 lies in Saltmere, and partly in Dunmere.")
    assert page.locator("#az li:visible").count() == 2
    page.locator("#lp-box").fill("ZZ1")
    expect(page.locator("#az-said")).to_contain_text("No postcode that we know begins so.")
    assert page.locator("#az li:visible").count() > 8


def test_the_id_of_a_cited_figure_leads_to_the_page_of_its_year(visit):
    page = visit(PAGES["body"])
    page.locator("summary", has_text="Cite a figure").click()
    said = page.locator(".lp-cite li").first.inner_text()
    figure = re.search("f-[0-9a-f]{12}", said).group()
    page = visit(PAGES["find"])
    page.locator("#lp-box").fill(figure)
    page.locator("#paid a").click()
    page.wait_for_url(f"**/bodies/northbeck/2023-24/#{figure}")
    expect(page.locator(f"#{figure}")).to_be_attached()


def test_a_name_that_is_not_there_is_said_not_to_be(visit):
    page = visit(PAGES["find"])
    page.locator("#lp-box").fill("qqqqqqq")
    expect(page.locator("#az-said")).to_contain_text("Nothing here has that name.", use_inner_text=True)
    assert page.locator("#az li:visible").count() > 8


def test_the_theme_changes_and_is_kept(visit):
    page = visit("")
    page.locator(".lp-theme").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 27)"
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 27)"
    assert page.evaluate("JSON.stringify(Object.keys(localStorage))") == '["lp-theme"]'


def test_a_payment_opens_into_its_line_and_its_address_leads_to_it(visit):
    page = visit(PAGES["payments"])
    page.locator(".lp-pays summary >> nth=3").click()
    line = page.locator(".lp-pays dl >> nth=3")
    expect(line).to_be_visible()
    assert re.search(r"[0-9a-f]{16}:\d+:\d+", line.inner_text())
    line.locator("a[href^='#file-']").click()
    expect(page.locator("li:target code")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    again = visit(f"{PAGES['payments']}#{line.get_attribute('id')}")
    expect(again.locator(f"#{line.get_attribute('id')}")).to_be_visible()


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(visit):
    page = visit(PAGES["body"], width=390)
    page.locator(".lp-menu summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".lp-menu nav")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".lp-menu nav")).not_to_be_visible()


def test_the_first_step_of_the_keyboard_skips_to_the_content(visit):
    page = visit(PAGES["body"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to content"
    page.keyboard.press("Enter")
    page.wait_for_url("**#content")


@pytest.mark.parametrize("width", [390, 1280])
def test_from_home_to_a_published_line_without_scripts(visit, width):
    page = visit("", width=width, scripts=False)
    page.locator("a", has_text="from A to Z").first.click()
    page.locator("#az a", has_text="Northbeck Metropolitan Borough Council").click()
    page.wait_for_url("**/bodies/northbeck/")
    expect(page.locator(".lp-bar").first).to_be_visible()
    expect(page.locator(".lp-lead")).to_contain_text("Of every pound Northbeck spent", use_inner_text=True)
    page.locator("a", has_text="The largest payments of").click()
    page.wait_for_url("**/payments/")
    page.locator(".lp-pays summary >> nth=0").click()
    expect(page.locator(".lp-pays dl >> nth=0")).to_contain_text("Line", use_inner_text=True)
    expect(page.locator(".lp-theme")).not_to_be_visible()


def test_tables_are_whole_without_scripts(visit):
    page = visit(PAGES["bodies"], scripts=False)
    expect(page.locator("#all tbody tr:not(.lp-group):visible")).to_have_count(18)
    expect(page.locator("#all button")).to_have_count(0)


def test_rows_become_cards_on_a_phone(visit):
    page = visit(PAGES["league of shares"], width=390)
    row = page.locator("table[data-sort] >> nth=0 >> tbody tr >> nth=0")
    assert row.evaluate("(e) => getComputedStyle(e).display") == "grid"
    assert row.get_attribute("role") == "row"
    assert page.locator("table[data-sort] >> nth=0 >> thead").bounding_box()["width"] <= 1


@pytest.mark.parametrize(("width", "shown"), [(1280, "lp-wide"), (390, "lp-narrow")])
def test_one_of_two_printed_sizes_of_a_chart_is_shown(visit, width, shown):
    page = visit(PAGES["body"], width=width)
    charts = page.locator("svg.lp-vega:visible")
    assert charts.count() == 1
    assert shown in charts.first.get_attribute("class")


def test_paper_is_white_and_carries_no_buttons(visit):
    page = visit(PAGES["body"], scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    expect(page.locator(".lp-tabs")).not_to_be_visible()
    expect(page.locator(".lp-find")).not_to_be_visible()


def test_the_lost_page_leads_home_at_any_depth(visit, portal_dir):
    page = (portal_dir / "404.html").read_text(encoding="utf-8")
    assert '<meta name="robots" content="noindex">' in page
    assert not re.search(r'(?:href|src|action)="\.', page)


def test_a_body_on_paper_keeps_its_tables_and_leaves_its_long_lists_closed(visit):
    page = visit(PAGES["body"], width=760)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert (
        page.locator("#payees ~ table tbody tr >> nth=0").evaluate("(e) => getComputedStyle(e).display") == "table-row"
    )
    expect(page.locator("details.lp-long[open]")).to_have_count(0)
    expect(page.locator(".lp-chips").first).not_to_be_visible()
