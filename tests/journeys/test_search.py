"""The search over words: nothing is fetched before somebody asks, it narrows by kind and region, and its address keeps the question."""

import gzip
import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def asked(visit):
    """The page with a question typed in, and what it fetches from then on."""
    page = visit("find/")
    page.locator("#words summary").click()
    fetched = []

    def note(response):
        fetched.append(response)

    page.on("response", note)
    return page, fetched


def test_a_word_of_a_service_leads_to_the_body_that_bought_it(asked):
    page, fetched = asked
    assert not [one for one in fetched if "/find/words/" in one.url], "before somebody asks"
    page.locator("#lp-words-kind").select_option("service")
    page.locator("#lp-words").fill("adult social care")
    page.keyboard.press("Enter")
    first = page.locator("#lp-words-found a", has_text="Northbeck")
    expect(first).to_be_visible()
    expect(page.locator("#lp-words-found a").first).to_contain_text("What the money of")
    first.click()
    expect(page.locator("h1")).to_contain_text("Northbeck")
    assert page.url.endswith("/bodies/northbeck/services/")


def test_a_kind_narrows_what_is_found_and_the_address_keeps_the_question(visit):
    page = visit("find/?w=council")
    said = page.locator("#lp-words-said")
    expect(said).to_contain_text("Showing 20 of")
    page.locator("#lp-words-kind").select_option("body")
    page.locator(".lp-words button").click()
    expect(said).to_have_text(re.compile(r"^\d+ pages?\.$"))
    found = page.locator("#lp-words-found li")
    expect(found.filter(has=page.locator("a[href*='/bodies/']"))).to_have_count(found.count())
    assert found.count()
    assert page.url.endswith("?w=council&kind=body")
    page.reload()
    expect(said).to_have_text(re.compile(r"^\d+ pages?\.$"))


def test_what_is_nowhere_is_said_to_be_nowhere_and_a_name_is_text(visit):
    page = visit("find/?w=zzyzx")
    expect(page.locator("#lp-words-said")).to_contain_text("No page here has all of these words.")
    page.locator("#lp-words").fill("script alert")
    page.locator(".lp-words button").click()
    expect(page.locator("#lp-words-found a", has_text="<SCRIPT>ALERT(1)</SCRIPT> LTD")).to_be_visible()


def test_without_scripts_there_is_no_box_that_does_nothing(visit):
    expect(visit("find/", scripts=False).locator("#words")).to_be_hidden()


def test_the_first_answer_is_light(asked):
    page, fetched = asked
    page.locator("#lp-words").fill("highways")
    page.locator(".lp-words button").click()
    expect(page.locator("#lp-words-found li").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    sizes = {one.url: len(gzip.compress(one.body(), mtime=0)) for one in fetched}
    assert sum(sizes.values()) <= 250_000, sizes
