"""Gates and journeys over another build, the folder that LOCAL_POUND_BUILT names: the heaviest page of every type that it has."""

import csv
import html
import io
import os
import re
import zipfile
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


def heaviest(kind, mark):
    """Slug of the heaviest page of a type that has a mark, as people who look for something of size will open."""
    pages = [path.removeprefix("./") for path in addresses(PORTAL)]
    own = [
        path for path in pages if type_of(path) == kind and mark in (PORTAL / path / "index.html").read_text("utf-8")
    ]
    return max(own, key=lambda path: (PORTAL / path / "index.html").stat().st_size).split("/")[1]


def name_of(body):
    with (PORTAL.parent / "packages" / "all" / "publishers.csv").open(encoding="utf-8", newline="") as file:
        return next(row["name"] for row in csv.DictReader(file) if row["slug"] == body)


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
    expect(page.locator(".lp-late")).to_have_count(0)  # all of it is seen
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
    most, requests, page = BUDGET_OF[kind]
    sizes = first_visit(browser, served, PORTAL, HEAVIEST[kind])
    assert len(sizes) <= requests, sizes
    assert sum(sizes.values()) <= most, sizes
    assert next(iter(sizes.values())) <= page, f"{HEAVIEST[kind]}: {next(iter(sizes.values())):,}"


@pytest.mark.parametrize("width", [390, 1280])
def test_a_resident_finds_who_is_paid_and_the_line_itself(visit, width):
    body = heaviest("bodies/*/", "payments/")
    page = visit("", width=width)
    page.locator("#lp-home-q").fill(name_of(body))
    page.keyboard.press("Enter")
    page.locator(f"#az a[href$='bodies/{body}/']").click()
    page.wait_for_url(f"**/bodies/{body}/")
    expect(page.locator(".lp-lead")).to_contain_text("£")
    page.locator("a", has_text="The largest payments of").click()
    page.wait_for_url("**/payments/")
    page.locator(".lp-pays summary").first.click()
    expect(page.locator(".lp-pays dl").first).to_contain_text(re.compile("[0-9a-f]{16}:[0-9]+:[0-9]+"))


def test_a_journalist_takes_every_payment_to_one_supplier(visit):
    supplier = heaviest("suppliers/*/", "payments.csv")
    text = (PORTAL / "suppliers" / supplier / "index.html").read_text("utf-8")
    page = visit("find/")
    page.locator("#lp-box").fill(html.unescape(re.search("<title>(.*?) - The Local Pound", text)[1]))
    page.locator(f"#paid a[href$='{supplier}/']").click()
    page.wait_for_url(f"**/suppliers/{supplier}/")
    cited = page.locator(".lp-card", has_text="Cite this").inner_text()
    with page.expect_download() as told:
        page.locator("#take ~ ul a").first.click()
    data = told.value.path().read_bytes()
    if told.value.suggested_filename.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            data = pack.read(pack.namelist()[0])
    rows = [row for row in csv.DictReader(io.StringIO(data.decode())) if row["dataset_kind"] == "payments"]
    pounds, payments = re.search(r"exactly ([\d.]+)\) in ([\d,]+) payment", cited).groups()
    assert sum(int(row["amount"].replace(".", "")) for row in rows) == int(pounds.replace(".", ""))
    assert len(rows) == int(payments.replace(",", ""))
    assert all(re.fullmatch("[0-9a-f]{64}", row["sha256"]) for row in rows)


def test_an_officer_compares_and_takes_the_names_to_confirm(visit):
    body = heaviest("bodies/*/compare/", 'id="matches"')
    page = visit(f"bodies/{body}/compare/")
    with page.expect_download() as told:
        page.locator("section[aria-labelledby=matches] a", has_text="CSV of these names").click()
    lines = list(csv.DictReader(io.StringIO(told.value.path().read_text("utf-8"))))
    assert [line["publisher"] for line in lines] == [body] * page.locator(
        "section[aria-labelledby=matches] tbody tr"
    ).count()
    page.locator("a", has_text="choose others").click()
    page.wait_for_url(f"**/compare/?b={body}*")
    expect(page.locator("#lp-compared table").first).to_be_visible()
    page.locator("#lp-years button").click()
    expect(page.locator("#lp-years figure svg").first).to_be_visible()
