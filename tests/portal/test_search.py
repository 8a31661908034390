"""What the search over words is given: marks that narrow, published text as text, and the same index each time."""

from dagster_project.flow import Job
from dagster_project.stages.printing_search import Found, has_pagefind, index, page_of
from dagster_project.store import Store

PAGES = [
    Found(
        f"bodies/body-{at}/",
        "body",
        ("TLC", "TLI", "")[at % 3],
        f"Body {at} <Council>",
        "District council",
        "Housing & care",
    )
    for at in range(40)
]


def test_a_page_carries_its_kind_and_region_as_words_and_text_as_text():
    page = page_of(PAGES[0])
    assert "<p>lpkindbody lpregiontlc</p>" in page
    assert "<h1>Body 0 &lt;Council&gt;</h1>" in page
    assert "Housing &amp; care" in page
    assert "lpregion" not in page_of(PAGES[2])


def test_the_same_pages_are_the_same_index(tmp_path):
    assert has_pagefind()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    stores = [Store(str(tmp_path / name)) for name in ("one", "two")]
    said = [index(store, Job("search", "k", PAGES, lands="tables/current")) for store in stores]
    assert said[0] == said[1]
    assert said[0]["indexed"] == len(PAGES)
    for name in said[0]["files"]:
        assert stores[0].read(f"portal/{name}") == stores[1].read(f"portal/{name}"), name
    kinds = {name.rpartition(".")[2] for name in said[0]["files"]}
    assert kinds == {"js", "json", "pf_meta", "pf_index", "pf_fragment", "pagefind", "txt"}
    assert not [name for name in said[0]["files"] if "ui" in name or "worker" in name]
