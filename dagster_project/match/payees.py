"""Who was paid: each payee of one body, its class, and what a register or the published postcode says of its place."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from dagster_project.match.classes import ClassWords, payee_class
from dagster_project.match.names import name_key, postcode_key
from dagster_project.model.ids import content_key

#: What is published about a payee on its line; together they make one payee of a body.
IDENTITY = ["payee", "is_redacted", "payee_postcode", "company_number", "charity_number"]

PAYEE_COLUMNS = (
    "publisher", "payee_key", "payee", "payee_class", "class_rule", "supplier_id", "payee_lad_code", "payee_lad_source",
    "payments", "amount_pence",
)  # fmt: skip


@dataclass(frozen=True)
class Registers:
    """
    What registers say, looked up by key.

    Attributes:
        lad_of_postcode: Postcode without space to district code; only postcodes that were asked for.
        organisation: Name key to (supplier_id, postcode key), only where exactly one body of that name is registered.
    """

    lad_of_postcode: dict[str, str] = field(default_factory=dict)
    organisation: dict[str, tuple[str, str]] = field(default_factory=dict)


def name_payees(
    publisher: str, payments: pd.DataFrame, words: ClassWords, registers: Registers
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Name the payees of one body.

    Args:
        payments: The ledger's payments of the body.

    Returns:
        `payees` (columns `PAYEE_COLUMNS`), and the payments with `payee_key`, `supplier_id`, `payee_class`,
        `payee_lad_code`, `payee_lad_source` added; as many as before, in the same order.

    Place is never evidence for a match: a name is looked up whole, and the register's place is then a consequence.
    """
    group = payments.groupby(IDENTITY, sort=True, dropna=False)["amount_pence"]
    payees = group.agg(payments="size", amount_pence="sum").reset_index()
    identity = zip(payees["payee"], payees["is_redacted"], payees["payee_postcode"], payees["company_number"],
                   payees["charity_number"], strict=True)  # fmt: skip
    rows = [_payee(publisher, *values, words, registers) for values in identity]
    named = pd.DataFrame(rows, columns=list(PAYEE_COLUMNS[1:2] + PAYEE_COLUMNS[3:8]))
    payees = pd.concat([payees, named.astype("str")], axis=1)
    payees.insert(0, "publisher", publisher)
    payees["publisher"] = payees["publisher"].astype("str")
    added = ["payee_key", "supplier_id", "payee_class", "payee_lad_code", "payee_lad_source"]
    enriched = payments.merge(payees[[*IDENTITY, *added]], on=IDENTITY, how="left", validate="many_to_one")
    return payees[list(PAYEE_COLUMNS)], enriched


def _payee(
    publisher: str, payee: str, is_redacted: bool, postcode: str, company: str, charity: str, words: ClassWords,
    registers: Registers,
) -> tuple[str, str, str, str, str, str]:  # fmt: skip
    key = content_key((payee, str(is_redacted), postcode, company, charity))
    class_name, rule = payee_class(payee, is_redacted, publisher, words)
    printed = registers.lad_of_postcode.get(postcode_key(postcode), "")
    supplier_id, registered = "", ""
    if class_name == "supplier" and (entry := registers.organisation.get(name_key(payee))):
        supplier_id, registered = entry[0], registers.lad_of_postcode.get(entry[1], "")
    area = printed or registered
    source = "published postcode" if printed else "register" if registered else ""
    return key, class_name, rule, supplier_id, area, source
