"""Questions of one's own: answered in the browser, from these pages alone, as pandas answers them from the same file."""

import csv

import pandas as pd
import pytest
from playwright.sync_api import expect

from dagster_project.portal.query import ready_questions

BODIES = [{"slug": "dunmere", "short": "Dunmere", "payments": 10**9}]


@pytest.fixture(scope="module")
def payments(portal_dir):
    frame = pd.read_parquet(portal_dir / "data/all/payments.parquet")
    return frame[frame["dataset_kind"] == "payments"]


def answer(page, folder):
    """Rows of the answer as its CSV has them."""
    page.locator("#lp-run").focus()
    page.keyboard.press("Enter")
    page.locator("#lp-query-said", has_text="row").wait_for(timeout=60_000)
    with page.expect_download() as taken:
        page.locator("#lp-take").click()
    with open(taken.value.path(), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_ready_question_is_answered_as_pandas_answers_it(visit, payments, tmp_path):
    page = visit("query/")
    asked = []
    page.on("request", lambda one: asked.append(one.url))
    assert not any(".wasm" in url for url in asked), "nothing heavy is loaded before somebody asks"
    page.locator("#lp-ready a >> nth=0").click()
    found = answer(page, tmp_path)
    sql = page.locator("#lp-sql").input_value()
    slug = sql.split("publisher = '")[1].split("'")[0]
    own = payments[(payments["publisher"] == slug) & (payments["payee"].fillna("") != "")]
    sums = own.groupby("payee")["amount"].agg(["sum", "size"]).reset_index()
    expected = sums.sort_values(["sum", "payee"], ascending=[False, True]).head(20)
    assert [row["payee"] for row in found] == expected["payee"].tolist()
    assert [row["pounds"] for row in found] == [f"{value:.2f}" for value in expected["sum"]]
    assert [int(row["payments"]) for row in found] == expected["size"].tolist()
    expect(page.locator("#lp-rows tbody tr")).to_have_count(len(found))


def test_every_ready_question_has_an_answer_and_an_address(visit):
    page = visit("query/")
    for at in range(page.locator("#lp-ready a").count()):
        page.locator("#lp-query-said").evaluate("(e) => { e.textContent = ''; }")
        page.locator(f"#lp-ready a >> nth={at}").click()
        page.locator("#lp-run").click()
        page.locator("#lp-query-said", has_text="rows.").wait_for(timeout=60_000)
        assert page.locator("#lp-rows tbody tr").count() > 0
    assert "?q=SELECT%20publisher" in page.url
    again = visit(f"query/{page.url.partition('query/')[2]}")
    assert again.locator("#lp-sql").input_value() == page.locator("#lp-sql").input_value()


def test_a_payment_s_address_asks_for_its_line(visit, payments, tmp_path):
    one = payments.iloc[17]
    page = visit(f"query/?payment={one['payment_id']}")
    (row,) = answer(page, tmp_path)
    assert row["line_id"] == one["line_id"]
    assert row["amount"] == f"{one['amount']:.2f}"


def test_what_cannot_be_answered_is_said_and_breaks_nothing(browser, served):
    context = browser.new_context()  # the database tells its own fault to the console, which no other page may
    page = context.new_page()
    page.goto(f"{served}query/")
    page.locator("#lp-sql").fill("SELECT nonsense FROM nowhere")
    page.locator("#lp-run").click()
    page.locator("#lp-query-said", has_text="That did not work").wait_for(timeout=60_000)
    page.locator("#lp-sql").fill("SELECT 1 AS one")
    page.locator("#lp-run").click()
    page.locator("#lp-query-said", has_text="1 row.").wait_for(timeout=60_000)
    context.close()


def test_the_policy_is_wider_on_pages_that_compile_something_alone(portal_dir):
    wide = [path for path in portal_dir.rglob("*.html") if "wasm-unsafe-eval" in path.read_text(encoding="utf-8")]
    assert sorted(wide) == [portal_dir / "find/index.html", portal_dir / "query/index.html"]


def test_ready_questions_keep_to_the_tables_that_are_here():
    assert len(ready_questions(BODIES, {"payments", "figures"})) == 4
    assert len(ready_questions(BODIES, {"figures"})) == 1
    assert ready_questions([], set()) == []
