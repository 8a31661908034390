"""An officer preparing a report: how do we stand beside others, with the choice in the address and two sides of paper."""

import csv
import re
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.journeys.page_types import BODY, PAGES, YEAR

LOCAL, PEERS = "e1-stays-in-the-area", ("dunmere", "saltmere")


def verdicts(page, table):
    """Last cell of each row but the first of a table: what it says of the body beside the first."""
    return page.locator(f"{table} tbody tr").evaluate_all(
        "(rows) => rows.slice(1).map((row) => row.lastElementChild.firstChild.textContent.trim())"
    )


def expected(portal_dir, measure, own, others, year):
    """The same from the published table, by its words alone: ranges, wrong links allowed for, that meet or do not."""
    frame = pd.read_csv(portal_dir / "data/all/figures.csv")
    rows = frame[(frame["measure"] == measure) & (frame["period"] == year)].set_index("publisher")
    low, high = rows["outer_low"].fillna(rows["low"]), rows["outer_high"].fillna(rows["high"])
    return [
        "higher" if low[one] > high[own] else "lower" if high[one] < low[own] else "cannot tell apart" for one in others
    ]


def test_an_officer_compares_chooses_and_keeps_the_address(visit, portal_dir):
    page = visit(f"bodies/{BODY}/compare/")
    peers = page.locator("table >> nth=0 >> tbody th a").evaluate_all(
        "(links) => links.map((link) => link.getAttribute('href').split('/').at(-2))"
    )
    assert verdicts(page, "table >> nth=0 >>") == expected(portal_dir, LOCAL, BODY, peers, YEAR)
    page.locator("a", has_text="choose others").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare/?b=*")
    expect(page.locator("#lp-picked button")).to_have_count(len(peers) + 1)
    expect(page.locator("#lp-compared table").first).to_be_visible()  # what is not drawn yet takes no focus
    before = page.locator("#lp-compared table").count()
    page.locator("#lp-picked button").last.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#lp-picked button")).to_have_count(len(peers))
    page.locator("summary", has_text="Measures").focus()
    page.keyboard.press("Enter")
    page.locator("input[value=top-ten-share]").focus()
    page.keyboard.press("Space")
    page.locator("#lp-compared table").nth(before).wait_for()
    state = parse_qs(urlsplit(page.url).query)
    assert state["b"] == [",".join([BODY, *peers[:-1]])]
    assert state["m"][0].endswith(",top-ten-share")
    again = visit(f"compare/?{urlsplit(page.url).query}")
    again.locator("#lp-compared table").nth(before).wait_for()
    assert again.locator("#lp-compared").inner_text() == page.locator("#lp-compared").inner_text()


def test_an_officer_takes_the_ten_names_to_decide_about(visit, portal_dir):
    page = visit("")
    page.locator("input[type=search]:visible").first.fill("northb")
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/#q=northb")
    page.locator("main a", has_text="Northbeck Metropolitan Borough Council").first.click()
    page.wait_for_url(f"**/bodies/{BODY}/")
    five = page.locator("section[aria-labelledby=undecided]")
    names = five.locator("tbody th").all_inner_texts()
    five.locator("a", has_text="beside bodies like it").click()
    page.wait_for_url(f"**/bodies/{BODY}/compare/#matches")
    ten = page.locator("section[aria-labelledby=matches]")
    expect(ten.locator("tbody tr")).to_have_count(10)
    shown = ten.locator("tbody th").all_inner_texts()
    assert shown[: len(names)] == names, "the five of its own page are the first of the ten"
    assert_holds_what_is_published(ten, portal_dir)
    with page.expect_download() as taken:
        ten.locator("a", has_text="CSV of these names").click()
    with open(taken.value.path(), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["payee"] for row in rows] == shown
    assert {row["publisher"] for row in rows} == {BODY}


def assert_holds_what_is_published(ten, portal_dir):
    """The heading's points are within the published range, and are those of the rows, each rounded to a tenth."""
    held, width = re.search(r"hold at least (\d+) of the (\d+) points", ten.locator("h2").inner_text()).groups()
    frame = pd.read_csv(portal_dir / "data/all/figures.csv")
    (row,) = frame[(frame["measure"] == LOCAL) & (frame["period"] == YEAR) & (frame["publisher"] == BODY)].to_dict(
        "records"
    )
    assert abs(int(width) - (row["high"] - row["low"]) * 100) < 2
    said = [float(found[0]) for text in ten.locator("td.v").all_inner_texts() if (found := re.search(r"\d+\.\d", text))]
    assert int(held) <= sum(said) + 0.5 < int(width) + 1


@pytest.mark.parametrize("measure", ["e1", "spend", "t6"])
def test_scripts_say_what_the_published_table_says(visit, portal_dir, measure):
    page = visit(f"compare/?b={BODY},{','.join(PEERS)}&m={measure}&y={YEAR}")
    page.locator("#lp-compared table").wait_for()
    whole = page.locator(f"input[value={measure}]").get_attribute("data-id")
    assert verdicts(page, "#lp-compared table") == expected(portal_dir, whole, BODY, PEERS, YEAR)


def test_bars_of_scripts_are_those_of_printed_pages(visit):
    drawn = visit(f"compare/?b={BODY},kelderby&m=e1&y={YEAR}")
    drawn.locator("#lp-compared table").wait_for()
    printed = visit(f"bodies/{BODY}/compare/")
    look = "(row) => [...row.querySelectorAll('rect')].map((r) => [r.getAttribute('class'), parseFloat(r.getAttribute('x')), parseFloat(r.getAttribute('width'))])"
    rows = [page.locator(f"{within} tbody tr >> nth=0").evaluate(look)
            for page, within in ((drawn, "#lp-compared"), (printed, "table >> nth=0 >>"))]  # fmt: skip
    for one, other in zip(*rows, strict=True):
        assert one[0] == other[0]
        assert one[1:] == pytest.approx(other[1:], abs=0.011)


def test_what_an_address_names_and_is_not_there_is_said(visit):
    page = visit("compare/?b=atlantis,northbeck&m=e99&y=1066-67")
    expect(page.locator("#lp-compare-said")).to_contain_text("left out: atlantis, e99, 1066-67", use_inner_text=True)
    expect(page.locator("#lp-picked button")).to_have_count(1)


def test_the_rows_on_the_screen_are_the_rows_of_the_csv(visit):
    page = visit(PAGES["compare"])
    page.locator("#lp-compared table").nth(1).wait_for()
    with page.expect_download() as taken:
        page.locator("button", has_text="CSV of these rows").click()
    with open(taken.value.path(), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["publisher"] for row in rows] == [BODY, *PEERS] * 2
    assert all(re.fullmatch(r"f-[0-9a-f]{12}", row["figure_id"]) for row in rows)
    shown = page.locator("#lp-compared td.v").evaluate_all(
        "(cells) => cells.map((cell) => cell.firstChild.textContent)"
    )
    assert [row["says"] for row in rows] == shown


@pytest.mark.parametrize("path", [f"bodies/{BODY}/compare/", PAGES["compare"]])
def test_a_comparison_is_two_sides_of_paper(visit, path):
    page = visit(path)
    page.locator("table tbody tr").first.wait_for()
    sides = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
    assert sides <= 2


def test_without_scripts_every_body_leads_to_its_own_comparison(visit):
    page = visit("compare/", scripts=False)
    expect(page.locator("#lp-compare")).not_to_be_visible()
    page.locator("#each ~ ul a", has_text="Northbeck Metropolitan").click()
    page.wait_for_url(f"**/bodies/{BODY}/compare/")
    assert page.locator(".lp-lead").inner_text()
