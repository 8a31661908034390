"""The gates over another build, the folder that LOCAL_POUND_BUILT names: the heaviest page of every type that it has."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import serving
from tests.journeys.page_types import PAGES, addresses, type_of
from tests.journeys.test_gates import BUDGETS, axe, complaints, first_visit, html_faults  # noqa: F401 - axe is a fixture

SETTING = "LOCAL_POUND_BUILT"
PORTAL = Path(os.environ.get(SETTING, "")) / "portal"
if SETTING not in os.environ:
    pytest.skip(f"{SETTING} names no build to look at", allow_module_level=True)

#: Type of page to the heaviest of it.
HEAVIEST: dict[str, str] = {}
for _path in sorted(addresses(PORTAL), key=lambda path: (PORTAL / path / "index.html").stat().st_size):
    HEAVIEST[type_of(_path.removeprefix("./"))] = _path.removeprefix("./")
BUDGET_OF = {type_of(PAGES[name]): budget for name, budget in BUDGETS.items() if "?" not in PAGES[name]}


@pytest.fixture(scope="module")
def served():
    """Address of that build's portal."""
    with serving(PORTAL) as address:
        yield address


@pytest.mark.parametrize("kind", HEAVIEST)
def test_the_heaviest_page_of_a_type_passes(visit, axe, kind):  # noqa: F811 - as above
    page = visit(HEAVIEST[kind], width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page.locator("h1")).to_have_count(1)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert complaints(page, axe) == [], f"{HEAVIEST[kind]}, {width} px, {scheme}"


def test_its_html_is_valid(tmp_path):
    assert html_faults(PORTAL, [f"{path}index.html" for path in HEAVIEST.values()], tmp_path) == []


@pytest.mark.parametrize("kind", [kind for kind in HEAVIEST if kind in BUDGET_OF])
def test_a_first_visit_keeps_to_its_budget(browser, served, kind):
    most, requests, html = BUDGET_OF[kind]
    sizes = first_visit(browser, served, PORTAL, HEAVIEST[kind])
    assert len(sizes) <= requests, sizes
    assert sum(sizes.values()) <= most, sizes
    assert next(iter(sizes.values())) <= html, f"{HEAVIEST[kind]}: {next(iter(sizes.values())):,}"
