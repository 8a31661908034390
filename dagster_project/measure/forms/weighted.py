"""Numbers of payees weighed by pounds: sums such as emissions, means such as days to pay, medians such as pay gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from dagster_project.measure.bounds import Sums, exact


def sums_sql(measure: Any, denominators: Mapping[str, Any]) -> str:
    """
    The query of one weighted measure for every body and year.

    Returns:
        SQL over `payee_years` with columns publisher, period, low, high (pounds times value, or the weighed median),
        base, unknown, squares, withheld; pence whole, the others exact decimals.
    """
    condition = denominators[measure.base].condition
    low = f"coalesce({measure.value}, {measure.value_low})" if measure.value_low else measure.value
    high = f"coalesce({measure.value}, {measure.value_high})" if measure.value_high else measure.value
    # Where nothing stands in for what is not known, the figure is about those payees whose value is known.
    counts = "TRUE" if measure.value_low else "value IS NOT NULL"
    # A pound whose scope nobody knows may be in no sum at all.
    outside = "0" if measure.statistic == "sum" else measure.value_low or measure.value
    rows = f"""
    SELECT publisher, period, in_scope, CAST(net_pence AS DECIMAL(19, 0)) AS v,
      CAST({measure.value} AS DECIMAL(12, 6)) AS value,
      CAST(CASE WHEN in_scope THEN {low} ELSE {outside} END AS DECIMAL(12, 6)) AS low,
      CAST(CASE WHEN in_scope THEN {high} ELSE {measure.value_high or measure.value} END AS DECIMAL(12, 6)) AS high
    FROM payee_years WHERE net_pence > 0 AND ({condition})"""
    if measure.statistic == "median":
        return f"""
SELECT publisher, period, min(value) FILTER (WHERE reached * 2 >= whole) AS low,
  min(value) FILTER (WHERE reached * 2 >= whole) AS high, min(whole) AS base,
  min(others) AS unknown, sum(v * v) AS squares, CAST(0 AS DECIMAL(38, 0)) AS withheld
FROM (
  SELECT *, sum(v) OVER (PARTITION BY publisher, period) AS whole,
    sum(v) OVER (PARTITION BY publisher, period ORDER BY value, v ROWS UNBOUNDED PRECEDING) AS reached
  FROM (
    SELECT r.*, o.others FROM ({rows}) AS r
    LEFT JOIN (SELECT publisher, period, sum(v) AS others FROM ({rows}) WHERE value IS NULL GROUP BY ALL) AS o
      ON o.publisher = r.publisher AND o.period = r.period
    WHERE value IS NOT NULL
  )
) GROUP BY publisher, period"""
    return f"""
SELECT publisher, period, sum(v * low) FILTER (WHERE {counts}) AS low, sum(v * high) FILTER (WHERE {counts}) AS high,
  sum(v) FILTER (WHERE {counts}) AS base, sum(v) FILTER (WHERE value IS NULL OR in_scope IS NULL) AS unknown,
  sum(CAST(v AS HUGEINT) * CAST(v AS HUGEINT)) FILTER (WHERE {counts}) AS squares,
  sum(v) FILTER (WHERE in_scope IS NULL) AS withheld
FROM ({rows}) GROUP BY publisher, period HAVING sum(v) FILTER (WHERE {counts}) > 0"""


def sums_of(statistic: str, row: Sequence[Any], unit: str) -> Sums:
    """
    Sums of one body and year.

    Args:
        row: Columns of `sums_sql` after publisher and period.
        unit: `tonnes` of what `value` says in kilograms a pound; `pounds`, and all means and medians, are as they are.
    """
    low, high, base, unknown, squares, withheld = map(exact, row)
    whole = {"sum": Fraction(100_000 if unit == "tonnes" else 100), "mean": base, "median": Fraction(1)}[statistic]
    return Sums(
        0, int(unknown), int(base), low_part=low, high_part=high, whole=whole, squares=int(squares),
        withheld=int(withheld),
    )  # fmt: skip


def from_answers(payments: Sequence[tuple[str, int]], statistic: str, unit: str) -> Sums:
    """
    Sums of a worked example: pairs of a value and pence.

    A value is a number, a range such as `0.2 to 0.9` for what is only known to lie in it, or `unknown`.
    """
    known, unknown, others = [], 0, 0
    for value, pence in payments:
        ends = [Fraction(part) for part in value.split(" to ")] if value != "unknown" else []
        unknown += pence if len(ends) != 1 else 0
        others += pence if not ends else 0
        if ends:
            known.append((ends[0], ends[-1], pence))
    base = sum(pence for _, _, pence in known)
    if statistic == "median":
        reached, middle = 0, Fraction(0)
        for number, _, pence in sorted(known):
            if reached * 2 < base:
                middle = number
            reached += pence
        low = high = middle
    else:
        low = sum((start * pence for start, _, pence in known), Fraction(0))
        high = sum((end * pence for _, end, pence in known), Fraction(0))
    return sums_of(statistic, (low, high, base, unknown, sum(p * p for *_, p in known), 0), unit)
