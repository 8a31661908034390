"""Every measure of payees, by its id, in the words of its method page."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

from tests.recompute.sums import Found, Key, groups_of, shares, total

Figures = dict[tuple[str, str, str], Found]


def both(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Yes where both are, no where one is, else not known."""
    return np.where((one == 0) | (other == 0), 0.0, np.where((one == 1) & (other == 1), 1.0, np.nan))


def largest(payees: pd.DataFrame, allowed: pd.Series, number: int) -> pd.DataFrame:
    """Of each body and year, the payees paid most."""
    few = payees[allowed].sort_values(
        ["who", "period", "net", "unit", "payee_class"], ascending=[True, True, False, True, True], kind="stable"
    )
    return few[few.groupby(["who", "period"], observed=True).cumcount() < number]


def payee_figures(payees: pd.DataFrame, has_area: set[str], at_hand: set[str]) -> Figures:
    """
    All figures that are asked of payees.

    Args:
        has_area: Who has an area of its own; the others have no "local".
        at_hand: Registers beyond companies and charities: `deprivation`, `borders`, `gaps`, `emissions`.
    """
    payees = payees.assign(square=payees["net"].astype(object) ** 2)
    base = payees[payees["scope"] != 0].reset_index(drop=True)
    placed = base[base["who"].isin(has_area)].reset_index(drop=True)
    before = base[base["has_before"]].reset_index(drop=True)
    found: Figures = {}

    def ask(measure: str, rows: pd.DataFrame, answer: str | np.ndarray, rests_on: str | None) -> None:
        said = rows[answer].to_numpy("float64") if isinstance(answer, str) else answer
        doubt = rows[f"{rests_on}_doubt"].to_numpy("int64") if rests_on else None
        for key, figure in shares(rows, said, doubt, rows["scope"].replace(0.0, 1.0).to_numpy()).items():
            found[measure, *key] = figure

    ask("e6-stays-in-the-uk", base, "in_uk", "link")
    ask("e7-small-and-medium", base, "sme", "link")
    ask("e9-voluntary-and-social", base, "vcse", "link")
    ask("e9n-voluntary-and-social-narrow", base, "vcse_narrow", "link")
    ask("e10-member-owned", base, "social_form", "link")
    ask("e14-retained", before, "kept", None)
    ask("e1-stays-in-the-area", placed, "here", "place")
    ask("e2-known-site-in-the-area", placed, "site", "link")
    ask("e5-stays-in-the-region", placed, "in_region", "place")
    ask("e8-local-small-and-medium", placed, both(placed["here"].to_numpy(), placed["sme"].to_numpy()), "link")
    in_areas = payees[payees["who"].isin(has_area)]
    ask("e3-three-hundred-largest", largest(in_areas, in_areas["scope"] == 1, 300), "here", "place")
    with_public = in_areas["scope"].eq(1) | in_areas["payee_class"].eq("public_body")
    ask("e3p-three-hundred-largest-with-public-bodies", largest(in_areas, with_public, 300), "here", "place")
    if "deprivation" in at_hand:
        ask("e12-deprived-fifth", base, "deprived", "place")
    if "borders" in at_hand:
        ask("e4-order-2026", placed, "near", "place")
    if "gaps" in at_hand:
        found |= {("s1-gender-pay-gap", *key): figure for key, figure in pay_gaps(base).items()}
    if "statements" in at_hand:
        ask("s3-modern-slavery-statement", base, "statement", "link")
    if "practices" in at_hand:
        found |= {("s4-suppliers-pay-in-days", *key): figure for key, figure in days_to_pay(base).items()}
    if "emissions" in at_hand:
        found |= emissions(base)
    found |= {("er-respent", *key): figure for key, figure in respent(placed).items()}
    return found | concentration(base)


def concentration(base: pd.DataFrame) -> Figures:
    """The ten largest, and the sum of squared shares."""
    ordered = base.sort_values(
        ["who", "period", "net", "unit", "payee_class"], ascending=[True, True, False, True, True], kind="stable"
    )
    found: Figures = {}
    for (who, period), rows in ordered.groupby(["who", "period"], observed=True, sort=False):
        sums = [int(v) for v in rows["net"]]
        known = (rows["scope"] == 1).to_list()
        tied = (rows["supplier"] != "").to_list()
        named = [(v, is_tied) for v, is_known, is_tied in zip(sums, known, tied, strict=True) if is_known]
        whole, squares = sum(sums), sum(v * v for v in sums)
        withheld = whole - sum(v for v, _ in named)
        top = sum(v for v, _ in named[:10])
        shared = {"base": whole, "unknown": withheld, "squares": squares, "withheld": withheld}
        top_ends = Fraction(top, whole), Fraction(top + withheld, whole)
        largest_one = (named[0][0] if named else 0) + withheld + sum(v for v, is_tied in named[1:] if not is_tied)
        most = largest_one**2 + sum(v * v for v, is_tied in named[1:] if is_tied)
        index = Fraction(sum(v * v for v, _ in named), whole**2), Fraction(most, whole**2)
        for measure, ends in (("top-ten-share", top_ends), ("e11-concentration", index)):
            status = "nothing-known" if ends == (0, 1) else "ok"
            found[measure, str(who), str(period)] = Found(*ends, status=status, **shared)
    return found


def respent(placed: pd.DataFrame) -> dict[Key, Found]:
    """63 pence of each pound to small suppliers in the area, 40 of each to larger ones; hundredths of pence."""
    here, small = placed["here"].to_numpy(), placed["sme"].to_numpy()
    sure = np.where(
        here == 0, 0.0, np.where(here == 1, np.where(small == 1, 63.0, np.where(small == 0, 40.0, np.nan)), np.nan)
    )
    inside = placed["scope"].to_numpy() == 1
    low = np.where(inside, np.where(np.isnan(sure), np.where(here == 1, 40, 0), sure), 0).astype("int64")
    guess = np.where(small == 0, 40, 63)
    high = np.where(np.isnan(sure), guess, sure).astype("int64")
    return weighed(placed, low, high, ~np.isnan(sure) & inside, 10_000, "pounds")


def emissions(base: pd.DataFrame) -> Figures:
    """Tonnes in all, and kilograms a pound."""
    low, high = base["factor_low"].to_numpy(), base["factor_high"].to_numpy()
    inside = base["scope"].to_numpy() == 1
    known = base["factor_known"].to_numpy() & inside
    # A pound that may be nobody's spending with a supplier may cause nothing.
    tonnes = weighed(base, np.where(inside, low, 0), high, known, 100_000 * 10**6, "tonnes")
    found: Figures = {("n1-emissions", *key): figure for key, figure in tonnes.items()}
    for key, figure in weighed(base, low, high, known, None, "kilograms").items():
        found["n2-emissions-per-pound", *key] = figure
    return found


def weighed(
    rows: pd.DataFrame, low: np.ndarray, high: np.ndarray, known: np.ndarray, whole: int | None, unit: str
) -> dict[Key, Found]:
    """Pounds times numbers, over `whole`; a mean, in millionths, where it is `None`."""
    keys, starts = groups_of(rows)
    v = rows["net"].to_numpy().astype(object)
    outside = np.isnan(rows["scope"].to_numpy())
    columns = [
        total(v * low, starts), total(v * high, starts), total(v, starts), total(np.where(known, 0, v), starts),
        total(rows["square"].to_numpy(), starts), total(np.where(outside, v, 0), starts),
    ]  # fmt: skip
    found = {}
    for at, key in enumerate(keys):
        least, most, base, unknown, squares, withheld = (column[at] for column in columns)
        by = base * 10**6 if whole is None else whole
        found[key] = Found(Fraction(least, by), Fraction(most, by), base, unknown, "ok", squares, withheld, unit)
    return found


def pay_gaps(base: pd.DataFrame) -> dict[Key, Found]:
    """The gap that half of the pounds lie at or below, of suppliers that reported one."""
    found = {}
    for (who, period), rows in base.groupby(["who", "period"], observed=True, sort=False):
        told = sorted(
            (gap, int(v)) for gap, v in zip(rows["gap"], rows["net"], strict=True) if isinstance(gap, Decimal)
        )
        whole, reached = sum(v for _, v in told), 0
        for gap, v in told:
            reached += v
            if reached * 2 >= whole:
                silent = int(rows["net"].sum()) - whole
                found[str(who), str(period)] = Found(
                    Fraction(gap), Fraction(gap), whole, silent, "ok", sum(v * v for _, v in told), 0, "points"
                )
                break
    return found


def days_to_pay(base: pd.DataFrame) -> dict[Key, Found]:
    """The mean of suppliers' own days to pay, weighed by pounds, of those that report."""
    found = {}
    for (who, period), rows in base.groupby(["who", "period"], observed=True, sort=False):
        told = [(int(v), days) for v, days in zip(rows["net"], rows["days"], strict=True) if isinstance(days, Decimal)]
        whole = sum(v for v, _ in told)
        if told:
            mean = sum((v * Fraction(days) for v, days in told), Fraction(0)) / whole
            found[str(who), str(period)] = Found(
                mean, mean, whole, int(rows["net"].sum()) - whole, "ok", sum(v * v for v, _ in told),
                int(rows.loc[rows["scope"].isna(), "net"].sum()), "days",
            )  # fmt: skip
    return found


def spending(lines: pd.DataFrame, prices: Mapping[str, Fraction], of_year: str) -> Figures:
    """Pounds published, and the same in the prices of one year."""
    found: Figures = {}
    for (who, period), pence in lines.groupby(["who", "period"], observed=True)["pence"].sum().items():
        amount = int(pence)
        status = "ok" if amount > 0 else "no-base" if not amount else "negative-base"
        pounds = Fraction(amount, 100) if amount > 0 else None
        found["spend", who, period] = Found(pounds, pounds, amount, 0, status, unit="pounds")
        if period in prices and of_year in prices:
            real = pounds * prices[of_year] / prices[period] if pounds is not None else None
            found["spend-real", who, period] = Found(real, real, amount, 0, status, unit="pounds")
    return found
