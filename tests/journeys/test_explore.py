"""Charts that are drawn on demand: over the years, and a league table over something else."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.page_types import PAGES


@pytest.mark.parametrize("width", [390, 1280])
def test_years_of_chosen_bodies_are_drawn_on_demand_and_said_when_pointed_at(visit, width):
    page = visit(PAGES["compare"], width=width)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#lp-years button").click()
    expect(page.locator("#lp-years figure svg")).to_have_count(6)
    expect(page.locator("#lp-years figcaption").first).to_have_text(re.compile("Northbeck"))
    page.locator("#lp-years figure").first.scroll_into_view_if_needed()
    page.locator("#lp-years figure svg").first.hover()
    expect(page.locator("#lp-years section [role=status]").first).to_have_text(
        re.compile(r"\d\d–\d\d: Northbeck.*; Dunmere.*; Saltmere")
    )
    assert [url for url in asked if "/assets/vega." in url]
    page.locator("#lp-years summary").first.click()
    expect(page.locator("#lp-years table").first).to_be_visible()
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0


def test_taking_a_body_out_takes_it_out_of_the_drawing(visit):
    page = visit(PAGES["compare"])
    page.locator("#lp-years button").click()
    expect(page.locator("#lp-years figure svg")).to_have_count(6)
    page.locator("#lp-picked button").last.click()
    expect(page.locator("#lp-years figure svg")).to_have_count(4)


def test_a_league_table_is_drawn_over_what_was_spent_and_over_another_share(visit):
    page = visit(PAGES["league of shares"])
    box = page.locator("#lp-scatter")
    box.locator("button").click()
    expect(box.locator(".lp-chart svg")).to_be_visible()
    expect(box.locator("[role=status]")).to_contain_text("5 bodies.")
    box.locator("[name=mine]").select_option(label="Northbeck")
    expect(box.locator(".lp-chart [stroke='var(--lp-stay)'][stroke-width='7']")).to_have_count(1)
    box.locator("[name=across]").select_option(label="Small and medium-sized suppliers")
    expect(box.locator("[role=status]")).to_contain_text(re.compile(r"\d bod"))
    box.locator(".lp-chart svg").hover()
    expect(box.locator("[role=status] a")).to_have_attribute("href", re.compile("/bodies/[a-z]+/"))


def test_without_the_charts_the_tables_say_the_same(visit):
    page = visit(PAGES["compare"])
    page.route("**/charts.json", lambda route: route.fulfill(body="broken"))
    page.locator("#lp-years button").click()
    expect(page.locator("#lp-years [role=status]").first).to_contain_text("could not be loaded")
    expect(page.locator("#lp-compared table").first).to_be_visible()
