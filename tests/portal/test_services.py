"""The page of what a body's money was for says what its figures and its payments say."""

import html
import re

import pandas as pd
import pytest

from dagster_project.portal import formats


@pytest.fixture(scope="module")
def page(portal_dir):
    text = (portal_dir / "bodies" / "northbeck" / "services" / "index.html").read_text(encoding="utf-8")
    return text[text.index('id="content"') :]


@pytest.fixture(scope="module")
def parts(sample_build):
    found = pd.read_parquet(sample_build / "packages" / "all" / "breakdowns.parquet")
    return found[found["publisher"] == "northbeck"]


def section(page, name):
    return re.search(rf'aria-labelledby="{name}".*?</section>', page, re.DOTALL)[0]


def test_each_thing_bought_has_its_pounds_and_its_share_that_stayed(page, parts):
    newest = parts.query("breakdown == 'bought' and period == '2023-24'")
    told = section(page, "bought")
    for part, pounds in newest.query("measure == 'spend'").set_index("part")["low"].items():
        assert formats.money(pounds * 100) in told, part
    local = newest.query("measure == 'e1-stays-in-the-area'")
    for row in local.itertuples():
        assert f'id="{row.figure_id}">{formats.share_range(row.low, row.high)}<' in told


def test_every_service_has_its_years_and_a_section(page, parts):
    services = parts.query("breakdown == 'service' and measure == 'spend-real'")
    years = section(page, "years")
    assert "In prices of 2024–25: inflation is taken out." in years
    assert len(services) > 10
    for row in services.itertuples():
        assert formats.money(row.low * 100) in years, (row.part, row.period)
    headings = set(re.findall(r'<h2 id="s-[^"]+"><bdi>([^<]+)</bdi>', page))
    newest = services.query("period == '2023-24'")["part"]
    assert {html.unescape(heading) for heading in headings} == set(newest)


def test_more_or_less_is_said_only_where_ranges_do_not_overlap(page):
    def pounds(text):
        factor = {"m": 1e6, "bn": 1e9, "": 1}
        return [float(n.replace(",", "")) * factor[unit] for n, unit in re.findall(r"£([\d.,]*\d)(m|bn|)", text)]

    said = re.findall(r"<br>To [^:]+: ([^:]+), then ([^:]+): ([^.<]+)\.", section(page, "moved"))
    assert {verdict for *_, verdict in said} >= {"surely more", "cannot tell apart"}
    for before, after, verdict in said:
        one, other = pounds(before), pounds(after)
        if verdict == "surely more":
            assert min(other) > max(one)
        if verdict == "surely less":
            assert max(other) < min(one)
