"""What kind of table it is: payments, cards, grants; or contracts, orders, budgets and pivots, which are no payments."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dagster_project.model.lines import TableReading
from dagster_project.model.words import Words
from dagster_project.tidy.grids import Grid, is_blank, text_of
from dagster_project.tidy.headings import Headings, normal
from dagster_project.tidy.tables import Span

FINE = ("", "")
SUMMARY = re.compile(r"\s*(?:grand total|row labels|column labels|(?:sum|count|average) of )", re.IGNORECASE)


def tell_kind(table: TableReading, texts: Iterable[str], words: Words) -> str:
    """
    `cards` or `grants` where titles, notes or names say so, or cards where merchants are paid, else `payments`.

    A column headed "Merchant Category" is no sign: the transparency code asks for it in every list of payments.
    """
    at = table.columns.get("payee", -1)
    payee = normal(table.headings[at]) if 0 <= at < len(table.headings) else ""
    headings = {normal(text) for text in table.headings}
    if "merchant" in payee.split() or headings & {"cardholder", "cardholder name", "card number"}:
        return "cards"
    joined = " ".join(f" {normal(text)} " for text in texts)
    for kind in ("cards", "grants"):
        if any(f" {sign} " in joined for sign in words.signs[kind]):
            return kind
    return "payments"


NET = re.compile(
    r"\b(?:net|exclusive|excluding|excludes|exclude|excl|exc|ex)(?: of)?(?: all| any)?(?: recoverable)? vat\b|\bvat excl"
)
GROSS = re.compile(
    r"\b(?:gross|inclusive|including|includes|include|incl|inc)(?: of)?(?: all| any)?(?: irrecoverable)? vat\b|\bvat incl"
)


def tell_basis(texts: Iterable[str]) -> str:
    """`net` or `gross` where titles or notes say whether amounts include VAT, and do not say both; else `""`."""
    joined = " | ".join(normal(text) for text in texts)
    net, gross = bool(NET.search(joined)), bool(GROSS.search(joined))
    return "" if net == gross else "net" if net else "gross"


def not_payments(
    grid: Grid, span: Span | None, table: TableReading | None, words: Words, look: Headings
) -> tuple[str, str]:
    """
    Why a grid or a table in it is no table of payments: code of the problem and a sentence; empty if it is one.

    Args:
        span, table: The table that was found; `None` where none was.
    """
    if span is None or table is None:
        return _no_table(grid, look)
    if not table.published.rows:
        return "nil-return", "The table has headings and no payments: a nil return."
    senses = [look.senses(text)[:1] for text in span.headings if text]
    fields = [s[0].field for s in senses if s]
    phrases = {normal(text) for text in span.headings if text}
    if fields.count("commitment") and not _has_real_amount(span, look):
        return "not-payments", "The amounts are values of orders or contracts, not payments."
    if fields.count("contract_life") >= 2 or sum(p in words.signs["contracts"] for p in phrases) >= 3:
        return "not-payments", "This is a register of contracts, not a list of payments."
    if _is_pivot(span, table):
        return "not-payments", "This is a summary by supplier, not a list of payments."
    return FINE


def _has_real_amount(span: Span, look: Headings) -> bool:
    at = span.layout.columns["amount"]
    return at < len(span.headings) and any(s.field == "amount" for s in look.senses(span.headings[at])[:1])


def _is_pivot(span: Span, table: TableReading) -> bool:
    """A sum per payee: no dates, nothing but payee and amount, each payee once, headed as a sum or closed by a total."""
    if "date" in table.columns or [f for f in table.columns if f not in ("payee", "amount")] or len(table.headings) > 3:
        return False
    payees = [p for p, kind in zip(table.text["payee"], table.row_class, strict=True) if kind in ("payment", "credit")]
    words = {word for text in span.headings for word in normal(text).split()}
    is_sum = bool(words & {"sum", "total"}) or "total" in table.row_class
    return is_sum and len(set(payees)) == len(payees)


def _no_table(grid: Grid, look: Headings) -> tuple[str, str]:
    filled = [row for row in grid.rows[:200] if not is_blank(row)]
    texts = [text_of(cell).lower() for row in filled for cell in row if cell != ""]
    if len(filled) < 20 and any(text.strip(" .:-").startswith("nil") or "nil return" in text for text in texts):
        return "nil-return", "The file says that there was nothing to publish: a nil return."
    if any(SUMMARY.match(text) for text in texts):
        return "not-payments", "This is a summary that adds up payments, not a list of them."
    rows = [[c for c in row if c != ""] for row in filled[:40]]
    # Sentences in a column of their own are no headings.
    fields = {f for row in rows if len(row) > 1 for f in look.fields(row)}
    if "amount" in fields and "payee" in fields and len(filled) < 4:
        return "nil-return", "The table has headings and no payments: a nil return."
    if "amount" in fields and "payee" not in fields:
        return "no-table", "There are amounts, but no column says who was paid."
    return "no-table", "No table of payments was found in it: no heading line with a payee and an amount."
