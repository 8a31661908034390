"""What others published stands beside our ranges, with its definition, its source, and what we do not know."""

from tests.portal.test_pages import text


def test_a_story_sets_others_figures_beside_our_ranges(pages):
    said = text(pages["stories/alder/index.html"])
    assert "51.5%" in said
    assert "Source: Somebody, 2024." in said
    assert "No file of this year is here." in said
    assert "of 12 months are in the files." in said


def test_a_method_page_lists_what_others_published_and_leads_to_the_stories(pages):
    page = pages["methods/e1-stays-in-the-area/index.html"]
    assert "46%" in text(page)
    assert "../../stories/alder/" in page
    assert "stories/birch/index.html" not in pages


def test_a_method_page_shows_what_it_counts_and_needs(pages):
    assert "What a row reaches" not in text(pages["methods/spend/index.html"])
