"""Who was paid: each payee of one body, its class, the body it is, and what is known of its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from dagster_project.match.classes import ClassWords
from dagster_project.match.hidden import Hidden
from dagster_project.match.matching import Match
from dagster_project.match.names import postcode_key
from dagster_project.match.naming import Named, Payee, settle
from dagster_project.match.scoring import ACCEPTED, NONE
from dagster_project.model.ids import content_key

#: What is published about a payee on its line; together they make one payee of a body.
IDENTITY = ["payee", "is_redacted", "payee_postcode", "company_number", "charity_number"]

PAYEE_COLUMNS = (
    "publisher", "payee_key", "payee", "payee_class", "class_rule", "kind", "supplier_id", "registered_name", "match",
    "candidate_id", "confidence", "evidence", "method", "payee_lad_code", "payee_lad_source", "payments", "amount_pence",
)  # fmt: skip

#: What the payee itself, its postcode apart, is looked up by.
Asked = tuple[str, str, str]


@dataclass(frozen=True)
class Registers:
    """
    What registers say, looked up by key.

    Attributes:
        lad_of_postcode: Postcode without space to district code; only postcodes that were asked for.
        matches: Name, company number and charity number as published to what was found; nobody asked, nothing found.
        hidden: What names alone say of payees whose number was printed.
    """

    lad_of_postcode: Mapping[str, str] = field(default_factory=dict)
    matches: Mapping[Asked, Match] = field(default_factory=dict)
    hidden: Sequence[Hidden] = ()


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
    named = pd.DataFrame(rows, columns=[PAYEE_COLUMNS[1], *PAYEE_COLUMNS[3:15]])
    payees = pd.concat(
        [payees, named.astype({column: "str" for column in named.columns if column != "confidence"})], axis=1
    )
    payees.insert(0, "publisher", publisher)
    payees["publisher"] = payees["publisher"].astype("str")
    added = ["payee_key", "supplier_id", "payee_class", "payee_lad_code", "payee_lad_source"]
    enriched = payments.merge(payees[[*IDENTITY, *added]], on=IDENTITY, how="left", validate="many_to_one")
    return payees[list(PAYEE_COLUMNS)], enriched


def _payee(
    publisher: str, payee: str, is_redacted: bool, postcode: str, company: str, charity: str, words: ClassWords,
    registers: Registers,
) -> tuple[str, str, str, str, str, str, str, str, float, str, str, str, str]:  # fmt: skip
    key = content_key((payee, str(is_redacted), postcode, company, charity))
    found = registers.matches.get((payee, company, charity), Match(NONE))
    named: Named = settle(Payee(payee, is_redacted, publisher), found, words)
    body, match = named.match.body, named.match
    is_known = body is not None and match.outcome == ACCEPTED
    supplier = body.id if body and is_known else ""
    candidate = body.id if body and match.outcome != NONE else ""
    printed = registers.lad_of_postcode.get(postcode_key(postcode), "")
    registered = registers.lad_of_postcode.get(body.postcode, "") if body and is_known else ""
    area = printed or registered
    source = "published postcode" if printed else "register" if registered else ""
    return (
        key, named.payee_class, named.rule, named.kind, supplier, body.name if body and candidate else "", match.outcome,
        candidate, round(match.confidence, 3) if candidate else 0.0, match.evidence if candidate else "",
        match.method if candidate else "", area, source,
    )  # fmt: skip
