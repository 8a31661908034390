"""What must hold of every page: reads well to machines that read aloud, fits, is valid, light, and asks nobody else."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import FOLDER
from tests.journeys.page_types import PAGES, addresses, type_of

HOUSE = Path(__file__).parents[2]
TOOLS = HOUSE / "build" / "tools" / "node_modules"
GROUND = {"light": "rgb(252, 251, 248)", "dark": "rgb(20, 24, 27)"}

#: Compressed bytes and requests of a first visit, and of the page by itself; portal.md, part 6.
BUDGETS = {
    "home": (100_000, 9, 12_000),
    "body": (105_000, 9, 16_000),
    "league of shares": (120_000, 9, 30_000),
    "supplier": (95_000, 9, 10_000),
    "suppliers": (120_000, 9, 30_000),
    "beside others": (105_000, 9, 10_000),
    "compare": (105_000 + 2 * 10_000, 11, 10_000),
    "payments": (115_000, 9, 30_000),
    "bodies": (120_000, 9, 40_000),  # all 1,352 of the spine, in one table that sorts
    "map": (120_000, 9, 30_000),
    "map with boundaries": (180_000, 9, 90_000),
    "about": (150_000, 12, 15_000),
}


@pytest.fixture(scope="session")
def axe():
    """The source of axe-core: it is run by the browser's own console, because the policy lets no page run it."""
    return (TOOLS / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def complaints(page, axe):
    """What axe-core has against a page as it stands: rule, and where."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(axe)
    found = page.evaluate(
        "axe.run(document, {resultTypes: ['violations'], preload: false, rules: {'target-size': {enabled: true}}})"
    )
    return [
        (rule["id"], node["target"], node["failureSummary"]) for rule in found["violations"] for node in rule["nodes"]
    ]


def test_every_type_of_page_has_its_page_here(portal_dir):
    here = {type_of(path) for path in PAGES.values()}
    new = {kind: path for path in addresses(portal_dir) if (kind := type_of(path.removeprefix("./"))) not in here}
    assert not new, "a type of page that no gate looks at; name one of it in tests/journeys/page_types.py"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_passes_at_both_widths_and_in_both_schemes(visit, axe, name):
    page = visit(PAGES[name], width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator(".lp-late")).to_have_count(0)  # all of it is seen
    expect(page.locator("text=Invented data.").first).to_be_visible()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for scheme, ground in GROUND.items():
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
            assert complaints(page, axe) == [], f"{width} px, {scheme}"


def test_axe_does_complain_where_there_is_reason(visit, axe):
    page = visit(PAGES["home"])
    page.evaluate("document.querySelector('label[for=lp-q]').remove()")
    page.evaluate("document.querySelector('#lp-q').removeAttribute('placeholder')")
    assert "label" in {rule for rule, *_ in complaints(page, axe)}


def html_faults(portal_dir, pages, scratch):
    """What html-validate has against some pages: page, line, rule, message."""
    node = Path(sys.executable).parent / "node"
    told_in = scratch / "said.json"
    command = [
        node,
        TOOLS / "html-validate/bin/html-validate.mjs",
        "-c",
        HOUSE / "tests/tools/html.mjs",
        "-f",
        f"json={told_in}",
        *(portal_dir / page for page in pages),
    ]
    done = subprocess.run([*map(str, command)], cwd=HOUSE, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr  # 1: it has found something
    return [
        f"{Path(told['filePath']).relative_to(portal_dir)}:{fault['line']}: {fault['ruleId']}: {fault['message']}"
        for told in json.loads(told_in.read_text(encoding="utf-8"))
        for fault in told["messages"]
    ]


def test_html_is_valid(portal_dir, tmp_path):
    pages = [path.partition("?")[0] + "index.html" for path in PAGES.values()]
    assert html_faults(portal_dir, [*pages, "404.html"], tmp_path) == []


def first_visit(browser, served, portal_dir, path):
    """Addresses that a first visit on a phone asks for, the page first, to their bytes as a server sends them."""
    asked = []
    with browser.new_context(viewport={"width": 390, "height": 900}) as context:
        page = context.new_page()
        page.on("request", lambda one: asked.append(one.url))
        page.goto(served + path, wait_until="networkidle")
    return {url: on_the_wire(portal_dir, url) for url in asked}


def on_the_wire(portal_dir, url):
    """Bytes of a file as a server sends it: text compressed, fonts and pictures as they are."""
    path = urlsplit(url).path.removeprefix(f"/{FOLDER}/")
    file = portal_dir / path / "index.html" if path.endswith("/") or not path else portal_dir / path
    data = file.read_bytes()
    return len(data) if file.suffix in (".woff2", ".png", ".parquet", ".wasm") else len(gzip.compress(data, mtime=0))


@pytest.mark.parametrize("name", BUDGETS)
def test_a_first_visit_keeps_to_its_budget(browser, served, portal_dir, name):
    most, requests, html = BUDGETS[name]
    sizes = first_visit(browser, served, portal_dir, PAGES[name])
    assert len(sizes) <= requests, sizes
    assert sum(sizes.values()) <= most, sizes
    assert next(iter(sizes.values())) <= html
