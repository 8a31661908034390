"""
How long all measures take over synthetic payments, and whether time grows no faster than rows.

    python benchmarks/measures.py --millions 1 2 4
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

#: A body has a quarter of a million payments in four years, to some nine thousand payees a year of a pool for all: few of them
#: often, most of them seldom. A third of the payees are linked, half are placed.
PAYMENTS = """
COPY (
WITH drawn AS (
  SELECT i, {body} AS body, 20 + i % 4 AS year,
    CAST(floor(9000 * pow((hash(i) % 1000003) / 1000003.0, 2)) AS BIGINT) AS nth
  FROM range({body} * {each}, ({body} + 1) * {each}) AS r(i)
),
paid AS (SELECT *, hash(body * 9000 + nth) % {payees} AS payee_number FROM drawn)
SELECT
  'body-' || body AS publisher, '20' || year || '-' || (year + 1) AS period,
  '20' || year || '-' || lpad((4 + hash(i) % 9)::VARCHAR, 2, '0') AS month, 'payments' AS dataset_kind,
  'Payee number ' || payee_number AS payee,
  CASE WHEN payee_number % 3 = 0 THEN 'GB-COH-' || lpad(payee_number::VARCHAR, 8, '0') ELSE '' END AS supplier_id,
  CASE payee_number % 40 WHEN 0 THEN 'redacted' WHEN 1 THEN 'tax' ELSE 'supplier' END AS payee_class,
  CASE WHEN payee_number % 2 = 0 THEN 'E0600' || lpad((payee_number % 300)::VARCHAR, 4, '0') ELSE '' END AS payee_lad_code,
  'register' AS payee_lad_source, CAST(hash(i * 7) % 1000000 AS BIGINT) AS amount_pence,
  FALSE AS is_redacted, 'Care' AS department, 'Services' AS purpose, '' AS category, i::VARCHAR AS reference
FROM paid
) TO '{path}' (COMPRESSION zstd)
"""
#: What registers say of the linked payees, as the build's own tables hold it.
REGISTERS = """
CREATE TABLE linked AS SELECT 'GB-COH-' || lpad(i::VARCHAR, 8, '0') AS supplier_id, i FROM range({payees}) AS r(i) WHERE i % 3 = 0;
CREATE TABLE companies AS SELECT supplier_id, 'Payee number ' || i AS name,
  CASE i % 20 WHEN 0 THEN 'Community Interest Company' WHEN 1 THEN 'Public Limited Company' ELSE 'Private Limited Company' END AS category,
  CASE i % 4 WHEN 0 THEN 'MICRO ENTITY' WHEN 1 THEN 'SMALL' WHEN 2 THEN 'FULL' ELSE '' END AS accounts, '31/03/2023' AS made_up,
  lpad((1 + i % 96)::VARCHAR, 2, '0') || '110 - Something' AS sic, 'AB' || i % 90 || ' 1AA' AS postcode FROM linked;
CREATE TABLE pay_gaps AS SELECT supplier_id, (i % 40)::VARCHAR AS median_gap, '250 to 499' AS size, '30 March 2023' AS due
  FROM linked WHERE i % 30 = 0;
CREATE TABLE payment_practices AS SELECT supplier_id, '2022-12-31' AS period_end, (10 + i % 60)::VARCHAR AS days,
  (i % 100)::VARCHAR AS within_30 FROM linked WHERE i % 30 = 0;
CREATE TABLE slavery_statements AS SELECT supplier_id, '2023' AS year FROM linked WHERE i % 15 = 0;
CREATE TABLE deprivation AS SELECT 'AB' || i || ' 1AA' AS postcode, CASE WHEN i % 5 = 0 THEN 'deprived' ELSE '' END AS rank,
  'England' AS country FROM range(90) AS r(i);
CREATE TABLE emission_factors AS SELECT i || ' Industry' AS "group", {factors} FROM range(1, 97) AS r(i);
CREATE TABLE links AS SELECT DISTINCT publisher, supplier_id, 0.97::DOUBLE AS confidence FROM payments WHERE supplier_id <> '';
"""
AT_HAND = (
    "deprivation",
    "gender-pay-gap",
    "modern-slavery",
    "payment-practices",
    "emission-factors",
    "staff-in-accounts",
)
#: Payments of a body in four years.
EACH = 250_000


class Body:
    """A body as the figures read one."""

    kind, areas_served = "unitary", ()

    def __init__(self, at: int) -> None:
        self.lad_code = f"E0600{at % 300:04d}"


def write(millions: float, folder: Path) -> dict[str, Body]:
    """Write the payments of each body to a file of its own, as a build does; the bodies."""
    import duckdb

    rows = int(millions * 1e6)
    bodies = {f"body-{at}": Body(at) for at in range(max(rows // EACH, 1))}
    with duckdb.connect() as engine:
        for at in range(len(bodies)):
            sql = PAYMENTS.format(body=at, each=EACH, payees=max(rows // 32, 1000), path=folder / f"{at}.parquet")
            engine.execute(sql)
    return bodies


def run(bodies: dict[str, Body], folder: Path, memory: str) -> tuple[float, int]:
    """Seconds for all measures over the payments of a folder, and how many figures came out."""
    import duckdb
    import pandas as pd

    from dagster_project.measure import all_figures
    from dagster_project.stages.plan import Plan

    plan = Plan()
    with duckdb.connect(config={"memory_limit": memory, "threads": "2", "temp_directory": str(folder)}) as engine:
        classes = [(name, c.in_scope) for name, c in plan.classes.items()]
        frame = pd.DataFrame(classes, columns=["payee_class", "in_scope"]).astype({"in_scope": "boolean"})
        engine.register("classes", frame)
        areas = pd.DataFrame(
            [(slug, body.lad_code) for slug, body in bodies.items()], columns=["publisher", "lad_code"]
        )
        engine.register("areas", areas.astype("str"))
        begun = time.perf_counter()
        engine.execute(f"CREATE VIEW payments AS FROM read_parquet('{folder}/*.parquet')")
        factors = ", ".join(f"'0.{year % 7}' AS y{year}" for year in range(2015, 2024))
        engine.execute(REGISTERS.format(payees=max(len(bodies) * EACH // 32, 1000), factors=factors))
        figures = all_figures(engine, plan.measures, plan.denominators, bodies, True, AT_HAND)
        return time.perf_counter() - begun, len(figures)


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=float, nargs="+", default=[1, 2, 4])
    parser.add_argument("--memory", default="6GB")
    parser.add_argument("--folder", help="where the payments are written to, some 25 MB a million")
    asked = parser.parse_args()
    print("| million payments | figures | seconds | seconds a million | peak memory so far, MB |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for millions in asked.millions:
        with tempfile.TemporaryDirectory(dir=asked.folder) as place:
            bodies = write(millions, Path(place))
            seconds, figures = run(bodies, Path(place), asked.memory)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"| {millions:g} | {figures:,} | {seconds:.1f} | {seconds / millions:.1f} | {peak:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
