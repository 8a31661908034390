"""A map: what a hexagon stands for is said in a line below, and is what the table and the published figures say."""

import pandas as pd
from playwright.sync_api import expect


def test_a_tap_on_a_hexagon_says_what_the_table_says(visit):
    page = visit("map/", width=390)
    page.locator(".lp-map [data-b=kelderby]").click()
    said = page.locator("#lp-map-said").inner_text()
    share = page.locator("#b-kelderby .v").inner_text()
    assert said.startswith(f"Kelderby: {share}")
    assert page.locator("#lp-map-said a").get_attribute("href").endswith("bodies/kelderby/")


def test_shades_follow_the_published_figures(visit, portal_dir):
    page = visit("map/", scripts=False)
    shown = dict(page.locator(".lp-map use").evaluate_all("(all) => all.map((u) => [u.dataset.b, u.classList[1]])"))
    year = page.locator("#map-table caption").inner_text().split(" for ")[1][:7].replace("–", "-")
    frame = pd.read_csv(portal_dir / "data/all/figures.csv")
    rows = frame[(frame["measure"] == "e1-stays-in-the-area") & (frame["period"] == year)].set_index("publisher")
    assert len(shown) >= 6
    for slug, step in shown.items():
        if slug not in rows.index or rows.loc[slug, "status"] not in ("ok", "partial"):
            assert step == "none"
        elif rows.loc[slug, "high"] - rows.loc[slug, "low"] > 0.2:
            assert step == "hatch"
        else:
            assert step == f"h{int(rows.loc[slug, 'low'] // 0.2)}"


def test_boundaries_are_a_tab_beside_the_hexagons_and_say_the_same(visit):
    page = visit("map/", width=390)
    hexes = page.locator(".lp-map use").evaluate_all("(all) => all.map((u) => [u.dataset.b, u.classList[1]]).sort()")
    page.get_by_role("navigation", name="How councils are drawn").get_by_role("link", name="Boundaries").click()
    district = page.locator(".lp-ground [data-b=kelderby]")
    expect(district).to_be_visible()
    drawn = page.locator(".lp-ground path[data-b]").evaluate_all(
        "(all) => all.map((p) => [p.dataset.b, p.classList[1]]).sort()"
    )
    assert drawn == hexes
    district.click()
    share = page.locator("#b-kelderby .v").inner_text()
    expect(page.locator("#lp-map-said")).to_contain_text(f"Kelderby: {share}")
    page.get_by_role("navigation", name="How councils are drawn").get_by_role("link", name="Hexagons").click()
    expect(page.locator(".lp-map use").first).to_be_visible()
