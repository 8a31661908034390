"""Places: what all bodies of one spend together."""

from tests.portal.test_pages import text


def test_a_place_says_how_many_bodies_and_what_is_not_known(pages):
    said = text(pages["places/region-tlx/index.html"])
    assert "pooled from sums" in said
    assert "41\u201364%" in said
    assert "4" in said


def test_the_index_leads_to_each_place_and_the_tables_lead_to_it(pages):
    assert 'href="region-tlx/"' in pages["places/index.html"]
    assert "Region X" in text(pages["places/index.html"])
    assert "../places/" in pages["tables/index.html"]
