"""The id of a figure leads to the one page that has it for good."""

import csv
import json

from lxml import html

from dagster_project.portal import body_pages, print_shell, site_pages
from tests.portal import invented


def test_every_figure_is_found_by_the_first_letters_of_its_id_at_an_anchor_that_is_there(tmp_path):
    site, frames = invented.site(), invented.site_frames()
    shell = print_shell(invented.HOUSE / "site", tmp_path / "pages", tmp_path / "out", site)
    pages = site_pages(site, shell, frames)
    for body in invented.publishers().to_dict("records"):
        pages |= body_pages(site, shell, body, invented.body_frames(body["slug"]))
    found = {}
    for path, data in pages.items():
        if path.startswith("figures/"):
            own = json.loads(data)
            assert {figure[2:4] for figure in own} == {path.removeprefix("figures/").removesuffix(".json")}
            found |= own
    figures = frames.figures.set_index("figure_id")
    assert set(found) >= set(figures.index)
    for figure, row in figures.iterrows():
        page, _, anchor = found[figure]["page"].partition("#")
        assert (page, anchor) == (f"bodies/{row['publisher']}/{row['period']}/", figure)
        tree = html.fromstring(pages[f"{page}index.html"])
        assert len(tree.xpath(f"//*[@id='{figure}']")) == 1
        assert found[figure]["low"] == (None if row.isna()["low"] else row["low"])


def test_every_id_of_the_sample_leads_to_its_anchor(sample_build):
    portal, anchors, ids = sample_build / "portal", {}, set()
    for path in (portal / "figures").glob("*.json"):
        for figure, told in json.loads(path.read_text(encoding="utf-8")).items():
            page, _, anchor = told["page"].partition("#")
            if page not in anchors:
                tree = html.fromstring((portal / page / "index.html").read_bytes())
                anchors[page] = {node.get("id") for node in tree.iter() if node.get("id")}
            assert anchor == figure
            assert figure in anchors[page], told
            ids.add(figure)
    with (sample_build / "packages" / "all" / "figures.csv").open(encoding="utf-8", newline="") as file:
        assert ids >= {row["figure_id"] for row in csv.DictReader(file)}
