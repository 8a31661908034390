"""The laws that bounds obey, whatever is known and whatever is not."""

import math
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import BY_ID, figures_of, payments_of

from dagster_project.measure.bounds import (
    CANTELLI,
    Doubt,
    Sums,
    bounds_of,
    effective_payees,
    outer_of,
    wrong_pence,
)

ANSWERS = (True, False, None)
#: A payee: pence, whether it is in scope (or not known), its answer.
payee = st.tuples(st.integers(1, 10**6), st.sampled_from([True, None]), st.sampled_from(ANSWERS))
payees = st.lists(payee, min_size=1, max_size=6)


def sums_of(rows):
    def total(test):
        return sum(v for v, scope, answer in rows if test(scope, answer))

    return Sums(
        yes=total(lambda s, a: s and a), unknown=total(lambda s, a: s is None or a is None), base=total(lambda s, a: True),
        scope_yes=total(lambda s, a: s is None and a is True), scope_no=total(lambda s, a: s is None and a is False),
        squares=sum(v * v for v, _, _ in rows),
    )  # fmt: skip


def ends(rows):
    bounds = bounds_of(sums_of(rows), "share")
    return bounds.low, bounds.high


def completions(rows):
    """Every share that filling in what is not known can give."""
    choices = [
        [(v, s, a) for s in ([True] if scope else [True, False]) for a in ([answer] if answer is not None else [True, False])]
        for v, scope, answer in rows
    ]  # fmt: skip
    for filled in product(*choices):
        base = sum(v for v, s, _ in filled if s)
        if base:
            yield Fraction(sum(v for v, s, a in filled if s and a), base)


@given(payees)
def test_every_completion_lies_within_and_both_ends_are_reached(rows):
    shares = list(completions(rows))
    low, high = ends(rows)
    assert low <= min(shares)
    assert max(shares) <= high
    if any(scope for _, scope, _ in rows):
        assert (low, high) == (min(shares), max(shares))


@given(payees, st.data())
def test_deciding_what_was_not_known_never_widens(rows, data):
    low, high = ends(rows)
    at = data.draw(st.integers(0, len(rows) - 1))
    v, scope, answer = rows[at]
    answer = data.draw(st.sampled_from([True, False])) if answer is None else answer
    decided = [(v, scope, answer) if i == at else row for i, row in enumerate(rows)]
    new_low, new_high = ends(decided)
    assert low <= new_low <= new_high <= high


@given(payees)
def test_the_complement_turns_the_range_over(rows):
    turned = [(v, s, None if a is None else not a) for v, s, a in rows]
    low, high = ends(rows)
    assert ends(turned) == (1 - high, 1 - low)


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.just(True), st.sampled_from(ANSWERS)), min_size=1, max_size=6),
    st.data(),
)
def test_a_no_that_becomes_a_yes_raises_both_ends_by_its_part(rows, data):
    at = data.draw(st.integers(0, len(rows) - 1))
    v = rows[at][0]
    no, yes = ([(v, True, a) if i == at else row for i, row in enumerate(rows)] for a in (False, True))
    part = Fraction(v, sum(row[0] for row in rows))
    assert ends(yes) == (ends(no)[0] + part, ends(no)[1] + part)


@given(payees, st.integers(2, 50), st.randoms())
def test_scale_and_order_change_nothing(rows, factor, random):
    mixed = [(v * factor, s, a) for v, s, a in rows]
    random.shuffle(mixed)
    assert ends(mixed) == ends(rows)


@given(
    *[st.lists(st.tuples(st.integers(1, 10**6), st.just(True), st.sampled_from(ANSWERS)), min_size=1, max_size=5)] * 2
)
def test_the_whole_is_the_mixture_of_its_parts(one, other):
    weights = [sum(v for v, _, _ in rows) for rows in (one, other)]
    for end in (0, 1):
        mixed = sum(w * ends(rows)[end] for w, rows in zip(weights, (one, other), strict=True)) / sum(weights)
        assert ends(one + other)[end] == mixed


@given(payees, st.integers(1, 10**6))
def test_a_payee_nobody_knows_widens(rows, v):
    low, high = ends(rows)
    new_low, new_high = ends([*rows, (v, None, None)])
    assert new_low <= low
    assert high <= new_high


@given(payees, st.data())
def test_withholding_a_name_only_widens(rows, data):
    at = data.draw(st.integers(0, len(rows) - 1))
    withheld = [(v, None, None) if i == at else (v, s, a) for i, (v, s, a) in enumerate(rows)]
    low, high = ends(rows)
    new_low, new_high = ends(withheld)
    assert new_low <= low
    assert high <= new_high


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_effective_payees(pence):
    def weigh(parts):
        return effective_payees(sum(parts), sum(v * v for v in parts))

    assert 1 - 1e-9 <= weigh(pence) <= len(pence) + 1e-9
    assert weigh([pence[0] * 2, *[v * 2 for v in pence[1:]]]) == pytest.approx(weigh(pence))
    assert weigh([sum(pence)]) <= weigh(pence) + 1e-9
    assert effective_payees(0, 0) is None


def doubt_of(pence, q):
    q = round(q * 10_000)
    squares = sum(v * v for v in pence)
    return Doubt(sum(pence), squares, sum(pence) * q, squares * q * (10_000 - q))


def test_the_worked_example_of_wrong_links():
    """Methodology, worked example B: reviewed links are certain, one in fifty of the others is wrong."""
    yes = [40_000_00, 25_000_00, 20_000_00, 15_000_00, 12_500_00, 10_000_00, 7_500_00, 5_000_00, 3_000_00, 2_000_00]
    no = [v * 1000_00 for v in (60, 55, 50, 45, 40, 35, 30, 25, 20, 15, 15, 10)]
    sums = Sums(740_000_00, 160_000_00, 2_160_000_00, yes_doubt=doubt_of(yes, 0.02), no_doubt=doubt_of(no, 0.02))
    bounds = bounds_of(sums, "share")
    assert [f"{float(end):.4f}" for end in (bounds.low, bounds.high)] == ["0.3426", "0.4167"]
    assert wrong_pence(sums.yes_doubt) == pytest.approx(37_323_42, abs=100)
    assert wrong_pence(sums.no_doubt) == pytest.approx(86_268_64, abs=100)
    assert [f"{end:.4f}" for end in outer_of(bounds, sums)] == ["0.3253", "0.4566"]


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=40), st.floats(0, 1), st.floats(0, 1))
def test_more_doubt_never_narrows_and_none_leaves_the_bounds(pence, a, b):
    less, more = sorted((a, b))
    base = sum(pence) * 3
    half = 0.5
    if more <= half:
        assert wrong_pence(doubt_of(pence, less)) <= wrong_pence(doubt_of(pence, more)) + 1e-6
    sums = Sums(sum(pence), 0, base, yes_doubt=doubt_of(pence, more))
    bounds = bounds_of(sums, "share")
    low, high = outer_of(bounds, sums)
    assert 0 <= low <= float(bounds.low) <= float(bounds.high) <= high <= 1
    assert outer_of(bounds, Sums(sum(pence), 0, base, yes_doubt=doubt_of(pence, 0))) == (
        float(bounds.low),
        float(bounds.high),
    )


def test_the_quantile_that_assumes_nothing():
    assert pytest.approx(4.3589, abs=1e-4) == CANTELLI
    assert math.isclose(1 / (1 + CANTELLI**2), 0.05)


#: Places of payees: here, next door in the region, elsewhere, not known; and whether a register knows the payee.
line = st.tuples(
    st.sampled_from(["E08999001", "E08999002", "E09999001", ""]), st.sampled_from(["", "GB-COH-1", "GB-COH-2", "GB-COH-3"]),
    st.integers(-500, 5000), st.sampled_from(["supplier", "supplier", "supplier", "redacted", "tax"]),
)  # fmt: skip
NESTED = [(BY_ID[inner], measure) for measure in BY_ID.values() for inner in measure.inside]


@settings(max_examples=8, deadline=None)
@given(st.lists(line, min_size=1, max_size=8))
def test_what_lies_inside_is_never_more_than_what_is_around_it(lines):
    rows = [{"payee_lad_code": lad, "supplier_id": s, "amount_pence": v, "payee_class": c} for lad, s, v, c in lines]
    pairs = [*NESTED, (BY_ID["e8-local-small-and-medium"], BY_ID["e1-stays-in-the-area"]),
             (BY_ID["e8-local-small-and-medium"], BY_ID["e7-small-and-medium"]),
             (BY_ID["e9n-voluntary-and-social-narrow"], BY_ID["e9-voluntary-and-social"]),
             (BY_ID["e1-stays-in-the-area"], BY_ID["e2-known-site-in-the-area"])]  # fmt: skip
    measures = {m.id: m for pair in pairs for m in pair}
    found = figures_of(payments_of(rows), list(measures.values())).set_index("measure")
    for inner, outer in pairs:
        if inner.id in found.index and outer.id in found.index:
            assert found.loc[inner.id, "low"] <= found.loc[outer.id, "low"]
            assert found.loc[inner.id, "high"] <= found.loc[outer.id, "high"]


@settings(max_examples=6, deadline=None)
@given(st.lists(line, min_size=1, max_size=6), st.randoms(), st.integers(1, 10**6))
def test_order_splitting_and_what_is_out_of_scope_change_nothing(lines, random, extra):
    rows = [
        {
            "payee_lad_code": lad,
            "supplier_id": s,
            "amount_pence": v,
            "payee_class": c,
            "payee": f"p{i}",
            "month": "2023-04",
        }
        for i, (lad, s, v, c) in enumerate(lines)
    ]
    more = [row | {"amount_pence": part} for row in rows for part in (row["amount_pence"] - 7, 7)]
    more += [{"amount_pence": extra, "payee_class": "tax", "month": "2023-04"}]
    more += [rows[0] | {"amount_pence": extra}, rows[0] | {"amount_pence": -extra}]
    random.shuffle(more)
    asked = [m for m in BY_ID.values() if m.form in ("share", "concentration") and m.of == "payees" and not m.needs]
    names = ["measure", "low", "high", "outer_low", "outer_high", "base_pence", "unknown_pence"]
    one, other = (figures_of(payments_of(each), asked)[names] for each in (rows, more))
    assert one.equals(other)
