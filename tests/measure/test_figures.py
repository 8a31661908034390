"""Every measure does what its own examples say, alone and through the query that computes all bodies."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledgers import BY_ID, PLAN, body, figures_of, payments_of, texts

from dagster_project.measure import bounds_of
from dagster_project.measure.forms import concentration, missing, share, total, weighted
from dagster_project.measure.ranks import places, places_among, rank_ranges

EXAMPLES = [(measure, example) for measure in PLAN.measures for example in measure.examples]
#: Measures of payees whose question an example can put to the query, since it asks for one property alone.
ASKED = [
    (measure, example) for measure, example in EXAMPLES
    if measure.form == "share" and measure.of == "payees" and "NOT NULL" not in measure.yes
]  # fmt: skip


def example_id(value):
    return getattr(value, "id", None) or value.says


def pence_of(example):
    return [(who, int(Decimal(pounds) * 100)) for who, pounds in example.payments]


def expected(example):
    return tuple(pytest.approx(float(text), abs=1e-6) if text else None for text in (example.low, example.high))


def sums_by_hand(measure, example):
    answers = pence_of(example)
    if measure.form == "concentration":
        return concentration.from_answers(answers, measure.index)
    if measure.form == "weighted":
        return weighted.from_answers(answers, measure.statistic, measure.unit)
    return {"share": share, "total": total, "missing": missing}[measure.form].from_answers(answers)


@pytest.mark.parametrize(("measure", "example"), EXAMPLES, ids=example_id)
def test_examples_by_hand(measure, example):
    bounds = bounds_of(sums_by_hand(measure, example), measure.unit)
    assert (bounds.low, bounds.high) == expected(example)
    assert bounds.status == example.status


@pytest.mark.parametrize(("measure", "example"), ASKED, ids=example_id)
def test_examples_through_the_query(measure, example):
    """The answers of an example as places: inside is yes, elsewhere no, nowhere not known."""
    lad = {"yes": "E08999001", "no": "E08999009"}
    asked = measure.model_copy(update={"yes": "is_in_area", "base": "in_scope", "needs": ()})
    payments = payments_of([
        {"amount_pence": pence, "payee_lad_code": lad.get(answer, ""),
         "payee_class": "redacted" if answer == "withheld" else "supplier"}
        for answer, pence in pence_of(example)
    ])  # fmt: skip
    figures = figures_of(payments, [asked])
    if example.status == "no-base":
        assert len(figures) == 0
        return
    row = figures.iloc[0]
    assert (row["low"], row["high"], row["status"] in (example.status, "partial")) == (*expected(example), True)


@pytest.mark.parametrize(
    ("measure", "example"), [pair for pair in EXAMPLES if pair[0].form in ("concentration", "total") and not pair[0].needs],
    ids=example_id,
)  # fmt: skip
def test_examples_of_names_through_the_query(measure, example):
    payments = payments_of([
        {"amount_pence": pence, "payee": who, "payee_class": "redacted" if who == "withheld" else "supplier",
         "supplier_id": "" if who == "withheld" or "no link" in who else f"GB-COH-{who}"}
        for who, pence in pence_of(example)
    ])  # fmt: skip
    figures = figures_of(payments, [measure])
    found = (figures.iloc[0]["low"], figures.iloc[0]["high"]) if len(figures) else (None, None)
    assert found == expected(example)


def test_emissions_have_the_ends_of_their_industry_and_of_all_where_it_is_not_known():
    years = [f"y{year}" for year in range(2015, 2024)]
    factors = texts([[group, *[kg] * 9] for group, kg in (("62", "0.2"), ("41.1", "0.4"), ("41.2", "0.6"), ("1", "2.5"))],
                    ["group", *years])  # fmt: skip
    columns = ["supplier_id", "name", "category", "accounts", "made_up", "sic", "postcode"]
    firms = texts(
        [["GB-COH-1", "A", "", "", "", "62020 - Software", ""], ["GB-COH-2", "B", "", "", "", "41202 - Building", ""]],
        columns,
    )
    payments = payments_of([
        {"supplier_id": "GB-COH-1", "amount_pence": 10000}, {"supplier_id": "GB-COH-2", "amount_pence": 20000},
        {"amount_pence": 30000},
    ])  # fmt: skip
    found = figures_of(payments, [BY_ID["n1-emissions"], BY_ID["n2-emissions-per-pound"]], ("emission-factors",),
                       {"emission_factors": factors, "companies": firms}).set_index("measure")  # fmt: skip
    kilograms = (100 * 0.2 + 200 * 0.4 + 300 * 0.2, 100 * 0.2 + 200 * 0.6 + 300 * 2.5)
    assert found.loc["n1-emissions", ["low", "high"]].tolist() == pytest.approx([kg / 1000 for kg in kilograms])
    assert found.loc["n2-emissions-per-pound", ["low", "high"]].tolist() == pytest.approx(
        [kg / 600 for kg in kilograms]
    )


def test_large_suppliers_days_to_pay_are_weighed_by_pounds():
    reports = texts([["GB-COH-1", "2023-09-30", "20", "80"], ["GB-COH-1", "2024-03-31", "30", "70"], ["GB-COH-2", "2023-06-30", "40", "50"]],
                    ["supplier_id", "period_end", "days", "within_30"])  # fmt: skip
    payments = payments_of([
        {"supplier_id": "GB-COH-1", "amount_pence": 30000}, {"supplier_id": "GB-COH-2", "amount_pence": 10000},
        {"amount_pence": 60000},
    ])  # fmt: skip
    row = figures_of(
        payments, [BY_ID["s4-suppliers-pay-in-days"]], ("payment-practices",), {"payment_practices": reports}
    ).iloc[0]
    assert (row["low"], row["high"], row["base_pence"], row["unknown_pence"]) == (32.5, 32.5, 40000, 60000)


def test_real_terms_go_by_the_mean_of_twelve_months():
    prices = texts([[f"{2023 + (m < 4)} {name}", "80"] for m, name in MONTHS] + [[f"{2024 + (m < 4)} {name}", "120"] for m, name in MONTHS],
                   ["time", "index"])  # fmt: skip
    row = figures_of(
        payments_of([{"amount_pence": 100000}]), [BY_ID["spend-real"]], ("consumer-prices",), {"prices": prices}
    ).iloc[0]
    assert (row["low"], row["high"], row["base_pence"]) == (1500, 1500, 100000)


MONTHS = list(enumerate(("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), 1))


def test_openness_of_a_year():
    files = pd.DataFrame([
        ("northbeck", "a.csv", "csv", "read", "payments", "2023-04", 90, 10, 80),
        ("northbeck", "b.pdf", "pdf", "not_a_table", "payments", "2023-05", 0, 0, 0),
    ], columns=["publisher", "name", "container", "status", "dataset_kinds", "first_month", "rows_published",
                "rows_rejected", "rows_counted"])  # fmt: skip
    layouts = texts([("northbeck", f, m, h) for f, m, hs in (("1", "2023-04", "abcd"), ("2", "2023-05", "abce")) for h in hs],
                    ["publisher", "file_id", "first_month", "heading"])  # fmt: skip
    payments = payments_of([{"amount_pence": 90000, "payee_postcode": "NQ1 1AA"}, {"amount_pence": 10000, "payee": ""}])
    payments["is_redacted"] = [False, True]
    found = figures_of(
        payments, [m for m in PLAN.measures if m.family == "openness"], (), {"files": files, "layouts": layouts}
    )
    low = found.set_index("measure")["low"]
    assert low["t4-format"] == 0.5
    assert low["t5-stability"] == 3 / 5
    assert low["t6-named-payees"] == 0.9
    assert low["t7-identifiers"] == 0.9
    assert low["t10-counted-once"] == 80 / 90
    assert low["t12-readability"] == 0.9
    assert low["t2-completeness"] == 2 / 12
    assert low["t3-fields"] == 4 / 14
    assert {"t1-timeliness", "t8-persistence", "t9-licence", "t11-corrections"}.isdisjoint(low.index)


def test_money_between_public_bodies_is_in_no_share():
    payments = payments_of([{"amount_pence": 2000, "payee_lad_code": "E08999001"}, {"amount_pence": 8000}])
    more = pd.concat(
        [payments, payments.assign(payee="Saltmere City Council", payee_class="public_body", amount_pence=10**9)]
    )
    e1 = [BY_ID["e1-stays-in-the-area"]]
    before, after = figures_of(payments, e1).iloc[0], figures_of(more, e1).iloc[0]
    assert (before["low"], before["high"], before["base_pence"]) == (after["low"], after["high"], after["base_pence"])


def test_a_payee_whose_lines_disagree_about_its_area_is_not_known():
    payments = payments_of([
        {"payee": "one payee", "amount_pence": 2000, "payee_lad_code": "E08999001"},
        {"payee": "one payee", "amount_pence": 8000, "payee_lad_code": "E08999009"},
    ])  # fmt: skip
    row = figures_of(payments, [BY_ID["e1-stays-in-the-area"]]).iloc[0]
    assert (row["low"], row["high"], row["status"]) == (0, 1, "nothing-known")


def test_few_months_carry_no_rank_and_say_why():
    row = figures_of(payments_of([{"amount_pence": 2000}, {"amount_pence": 8000}]), [BY_ID["spend"]]).iloc[0]
    assert not row["is_ranked"]
    assert row["status"] == "partial"
    assert "2 of 12 months" in row["not_ranked_because"]


def test_what_needs_a_register_is_left_out_until_it_is_at_hand():
    found = figures_of(payments_of([{"amount_pence": 2000}]))
    assert {m.id for m in PLAN.measures if m.needs and "complete" not in m.needs}.isdisjoint(found["measure"])


def test_ranks_that_ranges_allow():
    assert rank_ranges([(52, 61), (58, 66), (62, 64), (41, 49), (47, 55)]) == [(2, 4), (1, 3), (1, 2), (4, 5), (3, 5)]
    assert rank_ranges([(5.0, 5.0), (5.0, 5.0)]) == [(1, 2), (1, 2)]
    assert rank_ranges([]) == []
    assert [place.not_separated for place in places([(0.7, 0.75), (0.3, 0.7), (0.1, 0.2)])] == [1, 1, 0]


def test_neighbours_have_ranks_of_their_own():
    bounds = {"a": (0.5, 0.6), "b": (0.1, 0.2), "c": (0.7, 0.8)}
    found = places_among(bounds, {"a": ("b", "z"), "b": ("a", "c"), "c": ("z",)})
    assert {body: (place.best, place.worst, place.of) for body, place in found.items()} == {
        "a": (1, 1, 2),
        "b": (3, 3, 3),
    }


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted).map(tuple), max_size=8))
def test_the_true_rank_lies_in_the_range(bounds):
    for truth in ([low for low, _ in bounds], [high for _, high in bounds], [(a + b) / 2 for a, b in bounds]):
        for value, (best, worst) in zip(truth, rank_ranges(bounds), strict=True):
            assert best <= 1 + sum(other > value for other in truth) <= worst


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted).map(tuple), min_size=1, max_size=8),
    st.integers(0, 7),
)
def test_knowing_more_of_one_body_widens_nobodys_rank(bounds, at):
    at %= len(bounds)
    middle = sum(bounds[at]) / 2
    sharper = [(middle, middle) if i == at else pair for i, pair in enumerate(bounds)]
    for (best, worst), (new_best, new_worst) in zip(rank_ranges(bounds), rank_ranges(sharper), strict=True):
        assert best <= new_best <= new_worst <= worst


def test_peers_are_told_apart_by_the_outer_range_and_ranked_by_the_bounds():
    rows = [
        {"publisher": slug, "month": f"2023-{m:02d}", "payee": f"{p}", "amount_pence": 10**7, "supplier_id": f"GB-COH-{p}",
         "payee_lad_code": ("E08999001", "E08999002")[(p < share) == (slug == "saltmere")], "payee_lad_source": "register"}
        for slug, share in (("northbeck", 12), ("saltmere", 10)) for m in range(4, 13) for p in range(20)
    ]  # fmt: skip
    rows += [row | {"month": "2024-01"} for row in rows[:1] + rows[-1:]]
    bodies = {"northbeck": body(), "saltmere": body(lad="E08999002")}
    found = figures_of(payments_of(rows), [BY_ID["e1-stays-in-the-area"]], bodies=bodies).set_index("publisher")
    assert (found["low"] == found["high"]).all()
    assert (found["outer_low"] < found["low"]).all()
    assert found["rank_best"].tolist() == found["rank_worst"].tolist() == [1, 2]
    assert found["not_separated"].tolist() == [1, 1]
