"""The link checker finds what leads nowhere, and lets the rest be."""

import pytest

from dagster_project.portal import check_links

GOOD = (
    '<h1 id="top">x</h1><a href="b/">b</a><a href="b/#deep">d</a><a href="#top">t</a>'
    '<a href="https://elsewhere.invalid/">e</a><a href="c.csv">c</a>'
)


@pytest.fixture
def portal(tmp_path):
    """Two pages and a file."""
    (tmp_path / "b").mkdir()
    (tmp_path / "index.html").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b/index.html").write_text(
        '<p id="deep"><a href="../">up</a><a href="../c.csv">c</a></p>', encoding="utf-8"
    )
    (tmp_path / "c.csv").write_text("x\n", encoding="utf-8")
    (tmp_path / "sitemap.xml").write_text(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://x.invalid/</loc></url>'
        "<url><loc>https://x.invalid/b/</loc></url></urlset>",
        encoding="utf-8",
    )
    return tmp_path


def test_good_links_are_let_be(portal):
    assert check_links(portal) == []


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ('<a href="nowhere/">x</a>', "'nowhere/' leads nowhere"),
        ('<img src="nothing.svg">', "'nothing.svg' leads nowhere"),
        ('<a href="b/#shallow">x</a>', "names an anchor that b/index.html does not have"),
        ('<a href="#bottom">x</a>', "names an anchor that index.html does not have"),
        ('<a href="/b/">x</a>', "starts at the root of the host"),
        ('<a href="../b/">x</a>', "'../b/' leads nowhere"),
        ('<a href="javascript:alert(1)">x</a>', "is a script"),
        ('<p id="top">x</p>', "the anchor 'top' stands twice"),
    ],
)
def test_each_fault_is_named(portal, added, said):
    (portal / "index.html").write_text(GOOD + added, encoding="utf-8")
    found = check_links(portal)
    assert len(found) == 1
    assert said in found[0]
    assert found[0].startswith("index.html: ")


def test_a_page_of_the_site_map_that_is_not_printed_is_named(portal):
    text = (portal / "sitemap.xml").read_text(encoding="utf-8")
    (portal / "sitemap.xml").write_text(
        text.replace("</urlset>", "<url><loc>https://x.invalid/gone/</loc></url></urlset>"), encoding="utf-8"
    )
    assert check_links(portal) == ["sitemap.xml: 'https://x.invalid/gone/' is not printed"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://x.invalid/b/", "is not 'https://x.invalid/', as sitemap.xml has it"),
        ("https://elsewhere.invalid/", "is not of this portal"),
    ],
)
def test_a_page_that_calls_another_address_its_own_is_named(portal, address, said):
    (portal / "index.html").write_text(f'{GOOD}<link rel="canonical" href="{address}">', encoding="utf-8")
    assert any(said in fault for fault in check_links(portal))
    (portal / "index.html").write_text(f'{GOOD}<link rel="canonical" href="https://x.invalid/">', encoding="utf-8")
    assert check_links(portal) == []


def test_the_404_page_alone_may_start_at_the_root(portal):
    (portal / "404.html").write_text('<a href="/sub/folder/b/">x</a><a href="/sub/folder/">y</a>', encoding="utf-8")
    assert check_links(portal) == []
    (portal / "404.html").write_text('<a href="/sub/folder/">y</a><a href="/sub/folder/gone/">x</a>', encoding="utf-8")
    assert check_links(portal) == ["404.html: '/sub/folder/gone/' leads nowhere"]
