"""
How long all measures take over synthetic payments, and whether time grows no faster than rows.

    python benchmarks/measures.py --millions 1 2 4
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

#: One body a million rows and year a quarter of it; a payee is paid eight times, a third are linked, half placed.
PAYMENTS = """
CREATE TABLE payments AS SELECT
  'body-' || (i % {bodies}) AS publisher, '20' || (20 + i // {bodies} % 4) || '-' || (21 + i // {bodies} % 4) AS period,
  '20' || (20 + i // {bodies} % 4) || '-' || lpad((4 + hash(i) % 9)::VARCHAR, 2, '0') AS month, 'payments' AS dataset_kind,
  'Payee number ' || (hash(i) % {payees}) AS payee,
  CASE WHEN hash(i) % {payees} % 3 = 0 THEN 'GB-COH-' || lpad((hash(i) % {payees})::VARCHAR, 8, '0') ELSE '' END AS supplier_id,
  CASE hash(i) % {payees} % 40 WHEN 0 THEN 'redacted' WHEN 1 THEN 'tax' ELSE 'supplier' END AS payee_class,
  CASE WHEN hash(i) % {payees} % 2 = 0 THEN 'E0600' || lpad((hash(i) % {payees} % 300)::VARCHAR, 4, '0') ELSE '' END AS payee_lad_code,
  'register' AS payee_lad_source, CAST(hash(i * 7) % 1000000 AS BIGINT) AS amount_pence,
  FALSE AS is_redacted, 'Care' AS department, 'Services' AS purpose, '' AS category, i::VARCHAR AS reference
FROM range({rows}) AS r(i)
"""


class Body:
    """A body as the figures read one."""

    kind, areas_served = "unitary", ()

    def __init__(self, at: int) -> None:
        self.lad_code = f"E0600{at % 300:04d}"


def run(millions: float, memory: str) -> tuple[float, int]:
    """Seconds for all measures over so many millions of payments, and how many figures came out."""
    import duckdb
    import pandas as pd

    from dagster_project.measure import all_figures
    from dagster_project.stages.plan import Plan

    plan, rows = Plan(), int(millions * 1e6)
    bodies = {f"body-{at}": Body(at) for at in range(max(rows // 250_000, 4))}
    with duckdb.connect(config={"memory_limit": memory, "threads": "2"}) as engine:
        engine.execute(PAYMENTS.format(rows=rows, bodies=len(bodies), payees=max(rows // 32, 1000)))
        classes = [(name, c.in_scope) for name, c in plan.classes.items()]
        frame = pd.DataFrame(classes, columns=["payee_class", "in_scope"]).astype({"in_scope": "boolean"})
        engine.register("classes", frame)
        areas = pd.DataFrame(
            [(slug, body.lad_code) for slug, body in bodies.items()], columns=["publisher", "lad_code"]
        )
        engine.register("areas", areas.astype("str"))
        begun = time.perf_counter()
        figures = all_figures(engine, plan.measures, plan.denominators, bodies, True)
        return time.perf_counter() - begun, len(figures)


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=float, nargs="+", default=[1, 2, 4])
    parser.add_argument("--memory", default="6GB")
    asked = parser.parse_args()
    print("| million payments | figures | seconds | seconds a million | peak memory so far, MB |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for millions in asked.millions:
        seconds, figures = run(millions, asked.memory)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"| {millions:g} | {figures:,} | {seconds:.1f} | {seconds / millions:.1f} | {peak:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
