"""An address of a supplier that was printed once leads somewhere for ever."""

import pickle

import pandas as pd
import pytest
from lxml import etree

from dagster_project.flow import StageRun, table_key
from dagster_project.stages.plan import Plan
from dagster_project.stages.printing_gone import known_addresses, print_gone, remember
from dagster_project.stages.suppliers import SUPPLIERS
from dagster_project.store import Store
from tests.portal import invented

PAGED, CROWDED, SMALL, UNTIED = (f"GB-COH-0000000{at}" for at in range(1, 5))


def plan_with(folder, shell, source="live"):
    """A build that got as far as its suppliers."""
    plan = Plan(source=source, out=str(folder))
    common = {"bodies": 2, "payments": 3, "amount_pence": 250_000_00, "card_amount_pence": 0}
    rows = [
        common | {"supplier_id": PAGED, "name": "Paged Ltd", "has_page": True},
        common | {"supplier_id": CROWDED, "name": "Crowded <b>Ltd</b>", "has_page": False},
        common | {"supplier_id": SMALL, "name": "Small Ltd", "has_page": False, "bodies": 1, "payments": 1},
    ]
    plan.store.write_frame(table_key(SUPPLIERS, "all", "k", "suppliers"), pd.DataFrame(rows))
    plan.store.write_frame(table_key(SUPPLIERS, "all", "k", "no_room"), pd.DataFrame({"supplier_id": [CROWDED]}))
    plan.keep(StageRun(SUPPLIERS, {"all": {}}, {"all": "k"}))
    plan.store.write("context", pickle.dumps((invented.site("live"), shell)))
    return plan


def said(plan, supplier):
    page = plan.store.read(f"portal/suppliers/{supplier.lower()}/index.html").decode()
    return " ".join("".join(etree.HTML(page).find("body").itertext()).split())


def test_each_new_list_is_kept_and_nothing_is_noted_twice(tmp_path):
    store = Store(str(tmp_path))
    for suppliers in ([PAGED, SMALL], [SMALL], [SMALL, CROWDED]):
        remember(store, suppliers)
    assert known_addresses(store) == {PAGED, SMALL, CROWDED}
    assert len(store.list("archive")) == 2


@pytest.mark.parametrize(
    ("supplier", "why", "words"),
    [
        (CROWDED, "room", "Crowded <b>Ltd</b> Company 00000002 · no page of its own any more It had a page here. These pages have room"),
        (SMALL, "limit", "1 public body paid it £250,000 in 1 payment."),
        (UNTIED, "nothing", "Company 00000004 Company 00000004 · no page of its own any more It had a page here. No payment is tied to it now"),
    ],
    ids=["room", "limit", "nothing"],
)  # fmt: skip
def test_a_supplier_that_lost_its_page_keeps_an_address_that_says_why(printed, tmp_path, supplier, why, words):
    plan = plan_with(tmp_path, printed[1])
    remember(plan.store, [CROWDED, SMALL, UNTIED])
    run = print_gone(plan, "context", "shell")
    assert run.summaries["gone"]["files"] == [
        f"suppliers/{one.lower()}/index.html" for one in (CROWDED, SMALL, UNTIED)
    ], why
    assert words in said(plan, supplier)
    assert PAGED in known_addresses(plan.store)  # from now on


def test_a_set_of_files_was_never_published(printed, tmp_path):
    plan = plan_with(tmp_path, printed[1], source=str(tmp_path))
    remember(plan.store, [SMALL])
    assert print_gone(plan, "context", "shell").summaries == {}
    assert PAGED not in known_addresses(plan.store)
