"""Recompute what was paid to a supplier from the published payments, and say what it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dagster_project.stages.engine import connect, quoted
from dagster_project.stages.plan import Plan
from dagster_project.stages.suppliers import SUPPLIERS
from dagster_project.stages.unpacked import payments_hash, payments_in
from dagster_project.stages.verifying import NothingToVerify

#: Sums of a supplier over published payments. A name without a register entry is looked up by its spellings.
AGAIN = """
SELECT count(DISTINCT publisher) AS bodies, first_month, last_month,
       count(*) FILTER (dataset_kind = 'payments') AS payments,
       coalesce(sum(amount) FILTER (dataset_kind = 'payments'), 0)::DECIMAL(18, 2) AS amount,
       count(*) FILTER (dataset_kind = 'cards') AS card_payments,
       coalesce(sum(amount) FILTER (dataset_kind = 'cards'), 0)::DECIMAL(18, 2) AS card_amount
FROM (SELECT *, min(month) OVER () AS first_month, max(month) OVER () AS last_month FROM {payments} AS p
      WHERE payee_missing IS NULL AND payee_class NOT IN ('individual', 'redacted', 'unreadable') AND {mine})
GROUP BY ALL
"""
REGISTERED = "supplier_id = {supplier}"
NAMED = (
    "supplier_id IS NULL AND EXISTS (FROM {names} AS n WHERE n.supplier_id = {supplier} AND n.publisher = p.publisher "
    "AND n.payee = p.payee AND n.payee_class = p.payee_class)"
)
#: Published payments as rows of supplier_payments_by_body. A withheld service stands as such in that table.
BY_BODY = """
SELECT coalesce(p.supplier_id, n.supplier_id) AS supplier_id, p.publisher, CASE WHEN month IS NULL THEN 'undated' ELSE
         printf('%d-%02d', left(month, 4)::INT - (right(month, 2)::INT < 4)::INT, (left(month, 4)::INT - (right(month, 2)::INT < 4)::INT + 1) % 100)
       END AS period, dataset_kind,
       CASE WHEN '|' || withheld || '|' LIKE '%|department|%' THEN '[masked]' ELSE department END AS department,
       count(*) AS payments, sum(p.amount)::DECIMAL(18, 2) AS amount, min(month) AS first_month, max(month) AS last_month
FROM {payments} AS p
LEFT JOIN (FROM {names} WHERE supplier_id LIKE 'name-%') AS n
  ON p.supplier_id IS NULL AND n.publisher = p.publisher AND n.payee = p.payee AND n.payee_class = p.payee_class
WHERE payee_missing IS NULL AND p.payee_class NOT IN ('individual', 'redacted', 'unreadable')
GROUP BY ALL
"""
#: Sums of suppliers from that table.
SUMS = """
SELECT supplier_id, count(DISTINCT publisher) AS bodies,
       coalesce(sum(payments) FILTER (dataset_kind = 'payments'), 0)::BIGINT AS payments,
       coalesce(sum(amount) FILTER (dataset_kind = 'payments'), 0)::DECIMAL(18, 2) AS amount,
       coalesce(sum(payments) FILTER (dataset_kind = 'cards'), 0)::BIGINT AS card_payments,
       coalesce(sum(amount) FILTER (dataset_kind = 'cards'), 0)::DECIMAL(18, 2) AS card_amount,
       min(first_month) AS first_month, max(last_month) AS last_month
FROM {by_body} GROUP BY supplier_id
"""
SAID = ("bodies", "first_month", "last_month", "payments", "amount", "card_payments", "card_amount")


def verify_supplier(plan: Plan, wanted: str) -> tuple[bool, str]:
    """
    Recompute the sums of one supplier from the payments of the package for all.

    Args:
        wanted: Id of its figure, as on its page.

    Returns:
        Whether they come out the same, and what to print.

    Raises:
        NothingToVerify: there is no such figure, or no package that it stands in.
    """
    packages = Path(plan.store.path("packages"))
    paths = {name: packages / place for name, place in (
        ("suppliers", f"{SUPPLIERS}/suppliers.parquet"), ("names", f"{SUPPLIERS}/supplier_names.parquet"),
    )}  # fmt: skip
    if missing := [str(path) for path in paths.values() if not path.is_file()]:
        raise NothingToVerify(f"There is no {missing[0]}. Make it: local-pound build --out {plan.out}")
    read = {name: f"read_parquet({quoted(str(path))})" for name, path in paths.items()}
    try:
        read["payments"] = payments_in(plan.store)
    except FileNotFoundError as error:
        raise NothingToVerify(f"There is no {error}. Make it: local-pound build --out {plan.out}") from error
    with connect() as engine:
        said = engine.execute(f"FROM {read['suppliers']} WHERE figure_id = ?", [wanted]).df().to_dict("records")
        if not said:
            raise NothingToVerify(f"No figure {wanted} in {paths['suppliers']}. It stands on the supplier's page.")
        supplier = str(said[0]["supplier_id"])
        mine = (NAMED if supplier.startswith("name-") else REGISTERED).format(supplier=quoted(supplier), **read)
        row = engine.execute(
            f"SELECT {', '.join(SAID)} FROM {read['suppliers']} WHERE figure_id = ?", [wanted]
        ).fetchone()
        again = engine.execute(f"SELECT {', '.join(SAID)} FROM ({AGAIN.format(mine=mine, **read)})").fetchone()
    version = plan.store.read_json(f"packages/{SUPPLIERS}/datapackage.json")["version"]
    return row == again, "\n".join(_report(wanted, said[0], row, again, version, payments_hash(plan.store)))


def sums_differ(plan: Plan, folder: Path) -> list[str]:
    """
    Rows of the package of suppliers that the published payments do not give.

    Args:
        folder: Of the package of suppliers.

    Raises:
        FileNotFoundError: no published payments are there.
    """
    places = {"names": folder / "supplier_names.parquet",
              "by_body": folder / "supplier_payments_by_body.parquet", "suppliers": folder / "suppliers.parquet"}  # fmt: skip
    read = {name: f"read_parquet({quoted(str(path))})" for name, path in places.items()}
    read["payments"] = payments_in(plan.store)
    columns = "supplier_id, bodies, payments, amount, card_payments, card_amount, first_month, last_month"
    pairs = (
        ("supplier_payments_by_body.parquet", f"FROM {read['by_body']}", BY_BODY.format(**read)),
        (
            "suppliers.parquet",
            f"SELECT {columns} FROM {read['suppliers']}",
            f"SELECT {columns} FROM ({SUMS.format(**read)})",
        ),
    )
    broken = []
    with connect() as engine:
        for name, said, again in pairs:
            for first, second, what in ((said, again, "is not what the payments give"), (again, said, "is not in it")):
                if row := engine.execute(f"({first}) EXCEPT ({second}) ORDER BY ALL LIMIT 1").fetchone():
                    broken.append(f"{name}: {', '.join(map(str, row))} {what}")
    return broken


def _report(wanted: str, supplier: Mapping[Any, Any], row: Any, again: Any, version: str, payments: str) -> list[str]:
    told = dict(zip(SAID, row, strict=True))
    differing = [
        f"{name} is {now}, said to be {was}" for name, was, now in zip(SAID, row, again or [None] * len(SAID), strict=True)
        if was != now
    ]  # fmt: skip
    return [
        f"Figure    {wanted}",
        f"Supplier  {supplier['name']} ({supplier['supplier_id']})",
        f"Period    {told['first_month'] or 'not known'} to {told['last_month'] or 'not known'}",
        f"Paid      £{told['amount']:,} in {told['payments']:,} payments by {told['bodies']:,} public bodies",
        f"Cards     £{told['card_amount']:,} in {told['card_payments']:,} payments",
        f"Link      {supplier['outcome']}, {supplier['method'] or 'no register entry'}",
        f"Package   suppliers {version}, from payments.parquet {payments}",
        "",
        f"DIFFERENT: recomputed from the published payments, {'; '.join(differing)}"
        if differing
        else "The same again.",
    ]
