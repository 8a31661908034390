"""Every measure does what its own examples say, alone and through the query that computes all bodies."""

from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.measure import all_figures, bounds_of
from dagster_project.measure.ranks import rank_ranges
from dagster_project.stages.plan import Plan

PLAN = Plan()
EXAMPLES = [(measure, example) for measure in PLAN.measures for example in measure.examples]
LAD = {"yes": "E08999001", "no": "E08999009", "unknown": ""}


def example_id(value):
    return getattr(value, "id", None) or value.says


def pence_of(example):
    return [(who, int(Decimal(pounds) * 100)) for who, pounds in example.payments]


def expected(example):
    return tuple(pytest.approx(float(text)) if text else None for text in (example.low, example.high))


@pytest.mark.parametrize(("measure", "example"), EXAMPLES, ids=example_id)
def test_examples_by_hand(measure, example):
    form = import_module(f"dagster_project.measure.forms.{measure.form}")
    bounds = bounds_of(form.from_answers(pence_of(example)), measure.unit)
    assert (bounds.low, bounds.high) == expected(example)
    assert bounds.status == example.status


def enriched(example, measure):
    """An example's payments as the table that the queries read."""
    rows = []
    for number, (who, pence) in enumerate(pence_of(example)):
        withheld = who == "withheld"
        rows.append({
            "publisher": "northbeck", "period": "2023-24", "month": f"2023-{4 + number % 9:02d}", "dataset_kind": "payments",
            "payee": who if measure.form != "share" else f"payee {number}", "supplier_id": "", "amount_pence": pence,
            "payee_class": "redacted" if withheld else "supplier", "payee_lad_code": LAD.get(who, ""),
        })  # fmt: skip
    columns = ["publisher", "period", "month", "dataset_kind", "payee", "supplier_id", "amount_pence", "payee_class",
               "payee_lad_code"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype(
        {c: "str" for c in columns if c != "amount_pence"} | {"amount_pence": "int64"}
    )


def figures_of(payments, measures=PLAN.measures):
    with duckdb.connect() as engine:
        engine.register("payments", payments)
        classes = [(name, c.in_scope) for name, c in PLAN.classes.items()]
        engine.register(
            "classes", pd.DataFrame(classes, columns=["payee_class", "in_scope"]).astype({"in_scope": "boolean"})
        )
        engine.register("areas", pd.DataFrame({"publisher": ["northbeck"], "lad_code": ["E08999001"]}))
        body = SimpleNamespace(kind="metropolitan_district", lad_code="E08999001", areas_served=())
        return all_figures(engine, measures, PLAN.denominators, {"northbeck": body, "saltmere": body}, True)


@pytest.mark.parametrize(("measure", "example"), EXAMPLES, ids=example_id)
def test_examples_through_the_query(measure, example):
    figures = figures_of(enriched(example, measure), [measure])
    if example.status == "no-base":
        assert len(figures) == 0
        return
    row = figures.iloc[0]
    assert (row["low"], row["high"]) == expected(example)


def test_money_between_public_bodies_is_in_no_share():
    example = SimpleNamespace(payments=[("yes", "20.00"), ("no", "80.00")])
    share = next(m for m in PLAN.measures if m.form == "share")
    payments = enriched(example, share)
    more = pd.concat(
        [payments, payments.assign(payee="Saltmere City Council", payee_class="public_body", amount_pence=10**9)]
    )
    before, after = figures_of(payments, [share]).iloc[0], figures_of(more, [share]).iloc[0]
    assert (before["low"], before["high"], before["base_pence"]) == (after["low"], after["high"], after["base_pence"])


def test_a_payee_whose_lines_disagree_about_its_area_is_not_known():
    share = next(m for m in PLAN.measures if m.form == "share")
    payments = enriched(SimpleNamespace(payments=[("yes", "20.00"), ("no", "80.00")]), share).assign(payee="one payee")
    row = figures_of(payments, [share]).iloc[0]
    assert (row["low"], row["high"], row["status"]) == (0, 1, "nothing-known")


def test_few_months_carry_no_rank_and_say_why():
    spend = [m for m in PLAN.measures if m.id == "spend"]
    payments = enriched(SimpleNamespace(payments=[("A", "20.00"), ("B", "80.00")]), spend[0])
    row = figures_of(payments, spend).iloc[0]
    assert not row["is_ranked"]
    assert row["status"] == "partial"
    assert "2 of 12 months" in row["not_ranked_because"]


def test_ranks_that_ranges_allow():
    assert rank_ranges([(0.7, 0.75), (0.3, 0.7), (0.1, 0.2)]) == [(1, 2), (1, 2), (3, 3)]
    assert rank_ranges([(5.0, 5.0), (5.0, 5.0)]) == [(1, 2), (1, 2)]
    assert rank_ranges([]) == []


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted).map(tuple), max_size=8))
def test_the_true_rank_lies_in_the_range(bounds):
    for truth in ([low for low, _ in bounds], [high for _, high in bounds], [(a + b) / 2 for a, b in bounds]):
        for value, (best, worst) in zip(truth, rank_ranges(bounds), strict=True):
            assert best <= 1 + sum(other > value for other in truth) <= worst
