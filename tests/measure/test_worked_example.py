"""One invented ledger, every measure: the figures that the methodology works out by hand, to the last printed digit."""

import pytest
from ledgers import BY_ID, figures_of, worked_example

#: Measure, low, high, and pounds not known, as the methodology prints them.
EXPECTED = [
    ("e1-stays-in-the-area", "0.516251", "0.606762", 7965025),
    ("e2-known-site-in-the-area", "0.516251", "1.000000", 42569950),
    ("e3-three-hundred-largest", "0.554837", "0.577370", 1845025),
    ("e4-order-2026", "0.625397", "0.715909", 7965025),
    ("e5-stays-in-the-region", "0.625397", "0.715909", 7965025),
    ("e6-stays-in-the-uk", "0.909488", "1.000000", 7965025),
    ("e8-local-small-and-medium", "0.516251", "0.606762", 7965025),
    ("e9-voluntary-and-social", "0.047727", "0.138239", 7965025),
    ("e10-member-owned", "0.047727", "0.138239", 7965025),
    ("e11-concentration", "0.314852", "0.407419", 6120000),
    ("e14-retained", "0.882727", "0.952273", 6120000),
    ("er-respent", "286209.315000", "336388.972500", 7965025),
]


@pytest.fixture(scope="module")
def figures():
    payments, tables = worked_example()
    found = figures_of(payments, at_hand=("county-borders",), tables=tables)
    return found[found["period"] == "2023-24"].set_index("measure")


@pytest.mark.parametrize(("measure", "low", "high", "unknown"), EXPECTED, ids=[row[0] for row in EXPECTED])
def test_comes_out_as_worked_by_hand(figures, measure, low, high, unknown):
    row = figures.loc[measure]
    assert (f"{row['low']:.6f}", f"{row['high']:.6f}", row["unknown_pence"]) == (low, high, unknown)


def test_small_suppliers_where_nobody_knows_the_plc(figures):
    """The methodology's own table says no of Big Build plc; a register's accounts alone do not."""
    row = figures.loc["e7-small-and-medium"]
    assert (f"{row['low']:.6f}", row["unknown_pence"]) == ("0.516251", 42569950)


def test_six_payees_weigh_like_three(figures):
    assert f"{figures.loc['e1-stays-in-the-area', 'effective_payees']:.2f}" == "3.13"


def test_a_gender_pay_report_says_that_the_plc_is_large():
    payments, tables = worked_example()
    gaps = (
        tables["companies"]
        .head(1)
        .assign(supplier_id="GB-COH-00000003", median_gap="9.5", size="500 to 999", due="2024/04/04 00:00:00")
    )
    tables["pay_gaps"] = gaps[["supplier_id", "median_gap", "size", "due"]]
    found = figures_of(
        payments, [BY_ID["e7-small-and-medium"], BY_ID["s1-gender-pay-gap"]], ("gender-pay-gap",), tables
    )
    row = found[(found["period"] == "2023-24")].set_index("measure").loc["e7-small-and-medium"]
    assert (f"{row['low']:.6f}", f"{row['high']:.6f}", row["unknown_pence"]) == ("0.516251", "0.715909", 17569950)
    assert found.set_index(["period", "measure"]).loc[("2023-24", "s1-gender-pay-gap"), "low"] == 9.5
