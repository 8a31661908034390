"""Every figure of a page can be cited by text that stands on the page, without a script."""

import re
from dataclasses import replace

import pytest
from lxml import html

from dagster_project.portal import body_pages, print_shell, site_pages
from dagster_project.portal.citing import citation
from tests.portal import invented


@pytest.fixture(scope="module", params=["https://portal.invalid/pound/", ""], ids=["with an address", "without"])
def site(request):
    return replace(invented.site(address=request.param), version="0.2.0")


@pytest.fixture(scope="module")
def pages(site, tmp_path_factory):
    work = tmp_path_factory.mktemp("cited")
    shell = print_shell(invented.HOUSE / "site", work / "pages", work / "out", site)
    found = site_pages(site, shell, invented.site_frames())
    for body in invented.publishers().to_dict("records"):
        found |= body_pages(site, shell, body, invented.body_frames(body["slug"]))
    return {name: html.fromstring(data) for name, data in found.items() if name.endswith(".html")}


def cited(tree):
    """Texts to copy, by figure."""
    texts = [" ".join(item.text_content().split()) for item in tree.findall(".//ul[@class='lp-list lp-cite']/li")]
    return {text.split("figure ")[1].split(":")[0]: text for text in texts}


FIGURES = invented.site_frames().figures.set_index("figure_id")
NAMES = {row[0]: row[1] for row in invented.BODIES}


def test_every_figure_of_a_body_is_cited_on_the_page_of_its_year(pages, site):
    for slug, name in NAMES.items():
        own = FIGURES[FIGURES["publisher"] == slug]
        texts = {}
        for year in own["period"].unique():
            found = cited(pages[f"bodies/{slug}/{year}/index.html"])
            assert set(found) == set(own.index[own["period"] == year])
            texts |= found
        assert set(texts) == set(own.index)
        for figure, text in texts.items():
            row = own.loc[figure]
            start = int(row["period"][:4])
            assert name in text
            assert f"April {start} to March {start + 1}" in text
            assert text.endswith(f"{site.address}bodies/{slug}/{row['period']}/#{figure}")
            assert "Data package local-pound 0.2.0, files retrieved up to 2024-11-18." in text
            assert "Invented data." in text


def test_the_page_of_a_body_cites_the_year_it_is_about_by_the_address_that_stays(pages):
    shown, every = (cited(pages[f"bodies/alder/{page}index.html"]) for page in ("", "2023-24/"))
    assert {figure: every[figure] for figure in shown} == shown
    assert set(FIGURES.loc[list(shown), "measure"]) == {"e1-stays-in-the-area", "spend"}


def test_every_row_of_a_league_table_is_cited_on_it(pages):
    tables = {name: tree for name, tree in pages.items() if re.fullmatch("tables/[^/]+/[^/]+/index.html", name)}
    assert tables
    for tree in tables.values():
        rows = {row.get("id") for row in tree.iter("tr") if (row.get("id") or "").startswith("f-")}
        assert set(cited(tree)) == rows


def test_every_address_that_is_cited_is_an_anchor(pages, site):
    for name, tree in pages.items():
        for figure, text in cited(tree).items():
            page = text.split()[-1].removeprefix(site.address).split("#")[0]
            assert [node.get("id") for node in pages[f"{page}index.html"].iter() if node.get("id") == figure] == [
                figure
            ], name


def test_a_figure_says_its_value_and_exact_bounds(site):
    measure = {"name": "Local share", "unit": "share"}
    figure = {"figure_id": "f-000000000001", "period": "2023-24", "months": 12, "unit": "share", "low": 0.41, "high": 0.64,
              "has_value": True, "says": "41–64%"}  # fmt: skip
    said = citation(site, figure, measure, "Alder", "bodies/alder/")
    assert "Local share, Alder, April 2023 to March 2024: 41–64% (share: at least 0.41, at most 0.64)." in said
    spend = figure | {"unit": "pounds", "low": 1204.5, "high": 1204.5, "says": "£1,200"}
    assert "£1,200 (pounds: exactly 1204.50)." in citation(site, spend, measure, "Alder", "x/")
    nothing = figure | {"has_value": False, "low": None, "high": None, "months": 11}
    assert "April 2023 to March 2024 (11 months of 12): not known." in citation(
        site, nothing, measure, "Alder", "x/"
    ).replace("Not known", "not known")


def test_no_script_is_needed(pages):
    lists = pages["bodies/alder/index.html"].findall(".//ul[@class='lp-list lp-cite']")
    assert [node.getparent().tag for node in lists] == ["details"]
