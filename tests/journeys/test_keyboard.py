"""The journeys by keyboard alone: what people press, and where the focus is."""

import re

import pytest
from playwright.sync_api import expect

FOCUS = "(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent).trim()"
#: Steps of the tab key until a journey is lost: a page that needs more has no order that a person can follow.
MOST_STEPS = 60


def tab_to(page, text):
    """Press the tab key until something that says `text` has the focus; it must be seen, and be ringed."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if text in page.evaluate(FOCUS):
            ring = "(e => [e.getBoundingClientRect().width, getComputedStyle(e).outlineWidth])(document.activeElement)"
            width, outline = page.evaluate(ring)
            assert width > 1
            assert outline == "3px"
            return
    pytest.fail(f"{MOST_STEPS} steps of the tab key do not lead to '{text}' on {page.url}")


def skip(page):
    """Leave header and menu behind; the next step must not come before the page has followed."""
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#content")


def ask_at_home(visit, typed, **how):
    """Open the home page, type into its box and press Enter."""
    page = visit("", **how)
    skip(page)
    page.keyboard.press("Tab")
    expect(page.locator("#lp-home-q")).to_be_focused()
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    return page


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_resident_finds_who_is_paid_and_the_line_itself(visit, width, scripts):
    page = ask_at_home(visit, "northb", width=width, scripts=scripts)
    page.wait_for_url("**/find/#q=northb" if scripts else re.compile(r"/find/\?$"))
    tab_to(page, "Northbeck Metropolitan Borough Council") if scripts else follow(page, "#az", "Northbeck Metropolitan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bodies/northbeck/")
    expect(page.locator(".lp-lead")).to_contain_text("Of every pound Northbeck spent", use_inner_text=True)
    follow(page, "#payees ~ p", "The largest payments of")
    page.keyboard.press("Enter")
    page.wait_for_url("**/payments/")
    page.locator(".lp-pays summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".lp-pays dl >> nth=0")).to_contain_text("Line", use_inner_text=True)


def follow(page, within, text):
    """Put the focus on a link of a long page, which a person reaches by the list of links of a reader."""
    page.locator(f"{within} a", has_text=text).first.focus()


def test_the_order_of_the_keyboard_is_the_order_of_the_page(visit):
    page = visit("bodies/northbeck/")
    places = []
    for _ in range(40):
        page.keyboard.press("Tab")
        places.append(
            page.evaluate(
                """() => { const all = [...document.querySelectorAll('*')]; return all.indexOf(document.activeElement); }"""
            )
        )
    assert places == sorted(places)
    assert len(set(places)) == len(places), "no trap: each step goes on"


def test_a_table_is_sorted_and_narrowed_by_keyboard(visit):
    page = visit("bodies/")
    page.locator("#all thead button", has_text="Published").focus()
    page.keyboard.press("Space")
    assert page.locator("#all th[aria-sort]").get_attribute("aria-sort") == "descending"
    page.locator(".lp-chips a", has_text="Metropolitan boroughs").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#all tbody tr:not(.lp-group):visible")).to_have_count(5)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_journalist_takes_every_payment_to_one_company(visit, width):
    page = ask_at_home(visit, "oskcote bui", width=width)
    page.wait_for_url("**/find/#q=oskcote%20bui")
    expect(page.locator("#paid a").first).to_be_visible()
    page.locator("#lp-box").focus()
    tab_to(page, "OSKCOTE BUILDERS LIMITED")
    page.keyboard.press("Enter")
    page.wait_for_url("**/suppliers/gb-coh-zz006281/")
    skip(page)
    with page.expect_download() as taken:
        tab_to(page, "Every payment, all bodies, CSV")
        page.keyboard.press("Enter")
    assert taken.value.suggested_filename.endswith(".csv")
    expect(page.locator(".lp-card", has_text="Cite this")).to_contain_text("local-pound verify")


@pytest.mark.parametrize("width", [390, 1280])
def test_an_officer_compares_with_others_and_takes_names_to_confirm(visit, width):
    page = ask_at_home(visit, "northb", width=width)
    page.wait_for_url("**/find/#q=northb")
    tab_to(page, "Northbeck Metropolitan Borough Council")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bodies/northbeck/")
    follow(page, "#positions ~ p", "beside bodies like it")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bodies/northbeck/compare/")
    with page.expect_download():
        follow(page, "section[aria-labelledby=matches]", "CSV of these names")
        page.keyboard.press("Enter")
    page.locator("main a", has_text="choose others").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare/?b=northbeck,*")
    expect(page.locator("#lp-compared table").first).to_be_visible()  # what is not drawn yet takes no focus
    kept = page.locator("#lp-picked button").count()
    page.locator("#lp-add").focus()
    page.keyboard.type("Ashwold")
    page.keyboard.press("Enter")
    expect(page.locator("#lp-picked button")).to_have_count(kept + 1)
    assert "ashwold" in page.url
