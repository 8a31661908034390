"""The gates over pages that a first build has none of: what stands where a supplier's page once was."""

import pytest

from dagster_project.portal import print_shell
from dagster_project.portal.supplier_gone import gone_pages
from dagster_project.portal.supplier_words import GONE
from tests.journeys.conftest import serving
from tests.journeys.test_gates import axe, complaints, html_faults  # noqa: F401 - axe is a fixture
from tests.portal import invented

ROW = {"name": "Crowded <b>Ltd</b>", "bodies": 2, "payments": 3, "amount_pence": 250_000_00, "card_amount_pence": 0}


@pytest.fixture(scope="module")
def portal_dir(tmp_path_factory):
    """A portal of written pages, and one page for each way in which a supplier can go."""
    work, site = tmp_path_factory.mktemp("gone"), invented.site("sample")
    shell = print_shell(invented.HOUSE / "site", work / "pages", work / "out", site)
    gone = [
        {"supplier_id": f"GB-COH-0000000{at}", "why": why} | (ROW if why != "nothing" else {})
        for at, why in enumerate(GONE)
    ]
    for path, data in gone_pages(site, shell, gone):
        (work / "out" / path).parent.mkdir(parents=True)
        (work / "out" / path).write_bytes(data)
    return work / "out"


@pytest.fixture(scope="module")
def served(portal_dir):
    """Its address."""
    with serving(portal_dir) as address:
        yield address


@pytest.mark.parametrize("at", range(len(GONE)))
def test_a_page_that_says_why_there_is_none_passes(visit, axe, at):  # noqa: F811 - as above
    page = visit(f"suppliers/gb-coh-0000000{at}/", width=320)
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert complaints(page, axe) == [], f"{width} px, {scheme}"


def test_its_html_is_valid(portal_dir, tmp_path):
    pages = [f"suppliers/gb-coh-0000000{at}/index.html" for at in range(len(GONE))]
    assert html_faults(portal_dir, pages, tmp_path) == []
